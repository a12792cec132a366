/// The frame of a page: no script, nothing from elsewhere.
enum Page {
    static func html(title: String, language: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="\(language)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(Escaped.html(title))</title>
        <style>
        body { font: 16px/1.5 "Noto Serif", "Noto Serif CJK SC", "Source Han Serif SC", Georgia, serif; color: #1a1a1a; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; }
        h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 2px solid #8a1c1c; padding-bottom: .2rem; }
        table { border-collapse: collapse; width: 100%; font-size: .92rem; }
        th { text-align: left; font-weight: 600; border-bottom: 1px solid #1a1a1a; padding: .35rem .8rem .35rem 0; }
        td { vertical-align: top; border-bottom: 1px solid #d5d0c8; padding: .35rem .8rem .35rem 0; }
        td:first-child { min-width: 8rem; } figcaption { margin-bottom: .5rem; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.5rem; }
        dt { font-weight: 600; } dd { margin: 0; }
        .tiles { display: flex; flex-wrap: wrap; gap: 1.2rem 2.4rem; margin: 1.4rem 0; }
        .tiles div { display: flex; flex-direction: column; } .tiles b { font-size: 1.7rem; line-height: 1.2; } .tiles span { color: #555; font-size: .88rem; }
        figure { margin: .6rem 0; } svg { width: 100%; height: auto; font-size: 14px; } svg text { fill: #1a1a1a; }
        .legend { display: flex; gap: 1.2rem; font-size: .85rem; } .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; print-color-adjust: exact; }
        @media print { body { margin: 0; max-width: none; font-size: 10pt; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
        </style>
        </head>
        <body>
        \(body)</body>
        </html>
        """
    }

    /// - Parameters:
    ///   - grouped: how many of the first columns are the name of a group: cells of rows that share them become one.
    ///   - numbers: the columns that are set flush right.
    static func table(_ headings: [String], _ rows: [[String]], grouped: Int = 0, numbers: Range<Int> = 0..<0) -> String {
        func attributes(_ column: Int) -> String { numbers.contains(column) ? " class=\"number\"" : "" }
        let head = headings.enumerated().map { "<th scope=\"col\"\(attributes($0))>\(Escaped.html($1))</th>" }.joined()
        var body = ""
        for (place, row) in rows.enumerated() {
            let name = row.prefix(grouped)
            let isContinued = grouped > 0 && place > 0 && rows[place - 1].prefix(grouped) == name
            let span = rows[place...].prefix { $0.prefix(grouped) == name }.count
            let cells = row.enumerated().compactMap { column, cell -> String? in
                guard column < grouped else { return "<td\(attributes(column))>\(Escaped.html(cell))</td>" }
                return isContinued ? nil : "<td rowspan=\"\(span)\">\(Escaped.html(cell))</td>"
            }
            body += "<tr>\(cells.joined())</tr>\n"
        }
        return "<table>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(body)</tbody>\n</table>\n"
    }
}
