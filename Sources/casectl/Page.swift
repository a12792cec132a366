import Mustache

/// Pages that need nothing else, neither a script nor anything from elsewhere: to send, to publish and to print. They are made from the
/// templates in `Templates`, which name what the contents below hold.
enum Page {
    /// - Parameters:
    ///   - template: the name of a file in `Templates`.
    ///   - content: a structure whose members are what the template names.
    static func html(_ template: String, _ content: some PageContent) -> String {
        guard let page = templates.render(content, withTemplate: template) else { preconditionFailure("there is no template \(template)") }
        return page
    }

    private static let templates: MustacheLibrary = {
        // The library's own escapes by character: a quote with a combining mark would pass.
        MustacheContentTypes.register(PageText(), named: "PAGE")
        let files = [
            "page": PackageResources.page_mustache, "table": PackageResources.table_mustache, "plot": PackageResources.plot_mustache,
            "duty-list": PackageResources.duty_list_mustache, "guide": PackageResources.guide_mustache,
            "report": PackageResources.report_mustache,
        ]
        return MustacheLibrary(
            templates: files.mapValues { bytes in
                do { return try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self)) } catch {
                    preconditionFailure("a template cannot be read: \(error)")
                }
            })
    }()

    private struct PageText: MustacheContentType {
        func escapeText(_ text: String) -> String { Escaped.html(text) }
    }
}

/// What stands on a page.
protocol PageContent {
    var title: String { get }
    /// By BCP 47.
    var language: String { get }
    /// What a page of a store for training says of itself; nil of any other.
    var training: String? { get }
}

/// A table as `table.mustache` shows it.
struct PageTable {
    let headings: [Cell]
    let rows: [Row]

    struct Cell {
        let text: String
        /// Set flush right.
        let isNumber: Bool
        /// How many rows it stands for; nil for its own.
        let span: Int?
    }

    struct Row {
        let cells: [Cell]
    }

    /// - Parameters:
    ///   - grouped: how many of the first columns are the name of a group: cells of rows that share them become one.
    ///   - numbers: the columns that are set flush right.
    init(_ headings: [String], _ rows: [[String]], grouped: Int = 0, numbers: Range<Int> = 0..<0) {
        self.headings = headings.enumerated().map { Cell(text: $1, isNumber: numbers.contains($0), span: nil) }
        self.rows = rows.enumerated().map { place, row in
            let name = row.prefix(grouped)
            let isContinued = grouped > 0 && place > 0 && rows[place - 1].prefix(grouped) == name
            let span = rows[place...].prefix { $0.prefix(grouped) == name }.count
            return Row(
                cells: row.enumerated().compactMap { column, text in
                    guard column < grouped else { return Cell(text: text, isNumber: numbers.contains(column), span: nil) }
                    return isContinued ? nil : Cell(text: text, isNumber: false, span: span)
                })
        }
    }
}
