/// Pages that need nothing else, neither a script nor anything from elsewhere: to send, to publish and to print. They are made from the
/// templates in `Templates`, which name what the contents below hold.
package enum Page {
    /// - Parameters:
    ///   - template: the name of a file in `Templates`.
    ///   - content: a structure whose members are what the template names.
    package static func html(_ template: String, _ content: some PageContent) -> String {
        templates.html(template, content)
    }

    private static let templates = PageTemplates()
}

/// What stands on a page.
package protocol PageContent {
    var title: String { get }
    /// By BCP 47.
    var language: String { get }
    /// What a page of a store for training says of itself; nil of any other.
    var training: String? { get }
}

/// A page of facts, and of tables each under a heading.
package struct TablePage: PageContent {
    package let title: String
    package let language: String
    package let training: String?
    package let facts: [PageFact]
    package let sections: [Section]

    package init(title: String, language: String, training: String?, facts: [PageFact], sections: [Section]) {
        (self.title, self.language, self.training, self.facts, self.sections) = (title, language, training, facts, sections)
    }

    package struct Section {
        package let heading: String
        package let remark: String?
        package let table: PageTable

        package init(heading: String, remark: String?, table: PageTable) {
            (self.heading, self.remark, self.table) = (heading, remark, table)
        }
    }
}

/// One of the texts of a cell or a fact, which stand one below the other.
package struct PageItem {
    package let text: String
    /// Another page, relative to this one.
    package let link: String?

    package init(text: String, link: String? = nil) {
        self.text = text
        self.link = link
    }
}

/// Something that is said with its name, as `facts.mustache` shows it.
package struct PageFact {
    package let label: String
    package let items: [PageItem]

    package init(_ label: String, _ texts: [String]) {
        self.label = label
        items = texts.map { PageItem(text: $0) }
    }
}

/// A table as `table.mustache` shows it. On a narrow screen each row is a card, on which the heads of the columns stand beside the cells.
package struct PageTable {
    package let headings: [Heading]
    package let rows: [Row]
    /// Whether the heads of its rows are short.
    package let isNarrow: Bool

    package struct Heading {
        package let text: String
        package let unit: String?
        /// What stands beside a cell on a card.
        package let label: String
        /// Set flush right.
        package let isNumber: Bool

        package init(_ text: String, unit: String? = nil, label: String? = nil, isNumber: Bool = false) {
            self.text = text
            self.unit = unit
            self.label = label ?? text
            self.isNumber = isNumber
        }
    }

    package struct Cell {
        package let items: [PageItem]
        package let isNumber: Bool
        /// The head of its row.
        package let isHead: Bool
        package let label: String
    }

    package struct Row {
        package let cells: [Cell]
        package let isTotal: Bool
    }

    /// - Parameters:
    ///   - rows: in the order of the headings; the first cell is the head of its row.
    ///   - hasTotal: whether the last row is the sum of those before it.
    package init(_ headings: [Heading], _ rows: [[[PageItem]]], hasTotal: Bool = false, isNarrow: Bool = false) {
        self.headings = headings
        self.isNarrow = isNarrow
        self.rows = rows.enumerated().map { place, row in
            Row(
                cells: zip(headings, row).enumerated().map { column, cell in
                    let heading = cell.0
                    return Cell(
                        items: cell.1, isNumber: heading.isNumber, isHead: column == 0, label: heading.label)
                }, isTotal: hasTotal && place == rows.count - 1)
        }
    }

    /// A table of plain texts.
    package init(_ headings: [Heading], _ rows: [[String]], hasTotal: Bool = false, isNarrow: Bool = false) {
        self.init(headings, rows.map { $0.map { [PageItem(text: $0)] } }, hasTotal: hasTotal, isNarrow: isNarrow)
    }
}
