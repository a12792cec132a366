import CaseWire

/// A report as a page that needs nothing else: to send, to publish and to print.
struct ReportPage {
    private let result: JSONValue
    private let months: [(month: String, total: JSONValue)]
    private let language: Language
    private let words: ReportWords

    init(_ result: JSONValue, months: [(month: String, total: JSONValue)], language: Language) {
        self.result = result
        self.months = months
        self.language = language
        words = language.reportWords
    }

    private var rows: [JSONValue] {
        result["rows"]?.array ?? []
    }

    private var total: JSONValue {
        result["total"] ?? .null
    }

    var html: String {
        var body = "<h1>\(Escaped.html(words.title))</h1>\n<p>\(Escaped.html(period))</p>\n"
        body += tiles
        body += "<h2>\(Escaped.html(words.timeliness))</h2>\n" + Plot.stacked(rows.map(timeliness), legend: timelinessLegend)
        body += "<h2>\(Escaped.html(words.openCases))</h2>\n" + Plot.stacked(rows.map(openness), legend: opennessLegend)
        body += "<h2>\(Escaped.html(words.months))</h2>\n" + Plot.columns(months.map(month), legend: monthLegend)
        body += "<h2>\(Escaped.html(words.figures))</h2>\n"
        body += table([
            "received", "open", "overdue", "decided", "in_time", "promise_missed", "late", "rate", "handling_median", "handling_p90",
        ])
        body += "<h2>\(Escaped.html(words.signs))</h2>\n<p>\(Escaped.html(words.signsRemark))</p>\n"
        body += table([
            "pauses", "pauses_near_breach", "same_day_pauses", "extensions", "corrections", "repeated_corrections", "last_moment_decisions",
        ])
        return Page.html(title: words.title, language: language.rawValue, body: body)
    }

    private var period: String {
        let at = result.cell("at") ?? ""
        let ends = [result.cell("from").map { "\(words.from) \($0)" }, result.cell("to").map { "\(words.before) \($0)" }].compactMap { $0 }
        return (ends.isEmpty ? words.allTime : ends.joined(separator: " ")) + " · \(words.asOf) \(at)"
    }

    private var tiles: String {
        let figures: [(String, String?)] = [
            (words.columns["received"]!, total.cell("received")), (words.columns["decided"]!, total.cell("decided")),
            (words.columns["rate"]!, Percent.text(total["in_time_permille"]?.integer)),
            (words.columns["handling_median"]!, total.cell("handling_median")), (words.columns["open"]!, total.cell("open")),
            (words.columns["overdue"]!, total.cell("overdue")),
        ]
        let cells = figures.map { "<div><b>\(Escaped.html($0.1 ?? "–"))</b><span>\(Escaped.html($0.0))</span></div>" }.joined()
        return "<div class=\"tiles\">\(cells)</div>\n"
    }

    private func table(_ names: [String]) -> String {
        func cells(_ row: JSONValue, _ title: String) -> [String] {
            [title] + names.map { ($0 == "rate" ? Percent.text(row["in_time_permille"]?.integer) : row.cell($0)) ?? "–" }
        }
        return Page.table(
            [words.keys[result.cell("by") ?? ""] ?? ""] + names.map { words.columns[$0] ?? $0 },
            rows.map { cells($0, $0.cell("title") ?? "") } + [cells(total, words.total)], numbers: 1..<(names.count + 1))
    }

    // MARK: What is plotted

    private func figure(_ row: JSONValue, _ name: String) -> Int {
        Int(row[name]?.integer ?? 0)
    }

    private func timeliness(_ row: JSONValue) -> Plot.Bar {
        Plot.Bar(label: row.cell("title") ?? "", values: ["in_time", "promise_missed", "late"].map { figure(row, $0) })
    }

    private var timelinessLegend: [String] {
        ["in_time", "promise_missed", "late"].map { words.columns[$0]! }
    }

    /// Overdue ones are red, warned ones yellow, the rest green.
    private func openness(_ row: JSONValue) -> Plot.Bar {
        let (open, warned, overdue) = (figure(row, "open"), figure(row, "warned"), figure(row, "overdue"))
        return Plot.Bar(label: row.cell("title") ?? "", values: [open - warned - overdue, warned, overdue])
    }

    private var opennessLegend: [String] {
        [words.onTrack, words.columns["warned"]!, words.columns["overdue"]!]
    }

    private func month(_ entry: (month: String, total: JSONValue)) -> Plot.Bar {
        Plot.Bar(label: entry.month, values: ["received", "decided", "late"].map { figure(entry.total, $0) })
    }

    private var monthLegend: [String] {
        ["received", "decided", "late"].map { words.columns[$0]! }
    }
}

/// Plots as SVG that is part of a page. Each series has a hue and a pattern, so that it is told apart in grey and in print.
enum Plot {
    struct Bar {
        let label: String
        let values: [Int]
    }

    /// For good, middling and bad: told apart also by people who see no red or green.
    private static let fills = ["#2f6f9f", "#e0b040", "#a02020"]
    private static let neutral = ["#9db7c9", "#2f6f9f", "#a02020"]

    /// A bar a row, its parts one after the other, with the sum behind it.
    static func stacked(_ bars: [Bar], legend: [String]) -> String {
        let largest = max(1, bars.map { $0.values.reduce(0, +) }.max() ?? 1)
        let (left, width, step) = (260, 640, 30)
        var shapes = ""
        for (place, bar) in bars.enumerated() {
            let y = place * step
            shapes += text(left - 12, y + 19, bar.label, anchor: "end", limit: 17)
            var x = left
            for (part, value) in bar.values.enumerated() where value > 0 {
                let length = max(1, value * width / largest)
                shapes += rectangle(x, y + 4, length, 20, fills[part], "\(legend[part]): \(value)")
                x += length
            }
            shapes += text(x + 8, y + 19, "\(bar.values.reduce(0, +))", anchor: "start")
        }
        return figure(width: 1000, height: max(1, bars.count) * step, shapes, legend: legend, fills)
    }

    /// Columns side by side for each label.
    static func columns(_ bars: [Bar], legend: [String]) -> String {
        let largest = max(1, bars.flatMap(\.values).max() ?? 1)
        let (height, step, width) = (180, 1000 / max(1, bars.count), 20)
        var shapes = "<line x1=\"0\" y1=\"200\" x2=\"1000\" y2=\"200\" stroke=\"#1a1a1a\"/>\n"
        for (place, bar) in bars.enumerated() {
            let middle = place * step + step / 2
            shapes += text(middle, 220, bar.label, anchor: "middle")
            for (part, value) in bar.values.enumerated() where value > 0 {
                let x = middle + (part * 2 - bar.values.count) * width / 2
                let length = max(1, value * height / largest)
                shapes += rectangle(x, 200 - length, width - 2, length, neutral[part], "\(bar.label), \(legend[part]): \(value)")
                if value == largest { shapes += text(x + width / 2, 194 - length, "\(value)", anchor: "middle") }
            }
        }
        return figure(width: 1000, height: 230, shapes, legend: legend, neutral)
    }

    private static func figure(width: Int, height: Int, _ shapes: String, legend: [String], _ fills: [String]) -> String {
        let keys = zip(legend, fills).map { "<span><i style=\"background:\($1)\"></i>\(Escaped.html($0))</span>" }.joined()
        return """
            <figure><figcaption class="legend">\(keys)</figcaption>
            <svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(Escaped.html(legend.joined(separator: ", ")))">
            \(shapes)</svg></figure>

            """
    }

    private static func rectangle(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ fill: String, _ title: String) -> String {
        "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(fill)\"><title>\(Escaped.html(title))</title></rect>\n"
    }

    private static func text(_ x: Int, _ y: Int, _ text: String, anchor: String, limit: Int = .max) -> String {
        // Wide characters take two columns of the limit.
        let shown = limit == .max ? text : Terminal.cut(text, to: limit * 2)
        return "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(Escaped.html(shown))</text>\n"
    }
}
