import CaseWire
import WorkingTime

/// A report as a page that needs nothing else: to send, to publish and to print.
package struct ReportPage {
    private let result: JSONValue
    private let heading: ReportHeading
    private let months: [(first: Day, total: JSONValue)]
    private let overdue: OverdueCases
    private let language: Language
    private let words: ReportWords

    /// - Parameter months: the first day of each, and the figures of all its cases together.
    package init(
        _ result: JSONValue, heading: ReportHeading, months: [(first: Day, total: JSONValue)], overdue: OverdueCases, _ language: Language
    ) {
        self.result = result
        self.heading = heading
        self.months = months
        self.overdue = overdue
        self.language = language
        words = language.reportWords
    }

    private var rows: [JSONValue] {
        result["rows"]?.array ?? []
    }

    private var total: JSONValue {
        result["total"] ?? .null
    }

    package var html: String {
        Page.html("report", content)
    }

    /// What `report.mustache` names.
    package var content: some PageContent {
        Content(
            title: words.title, language: language.rawValue, training: language.training(result),
            facts: heading.facts.map { PageFact($0.label, [$0.value]) }, emptiness: heading.emptiness, former: heading.former,
            tiles: tiles,
            sections: (heading.emptiness == nil ? [timeliness] : []) + [openCases] + overdueCases + [lastMonths] + figures)
    }

    private struct Content: PageContent {
        let title: String
        let language: String
        let training: String?
        let facts: [PageFact]
        let emptiness: String?
        let former: String?
        let tiles: [Tile]
        let sections: [Section]
    }

    private struct Tile {
        let figure: String
        let label: String
    }

    private struct Section {
        let heading: String
        let remark: String?
        let bars: Bars?
        let table: PageTable?

        init(_ heading: String, remark: String? = nil, bars: Bars? = nil, table: PageTable? = nil) {
            self.heading = heading
            self.remark = remark
            self.bars = bars
            self.table = table
        }
    }

    /// What happened within the period, where something did, and what is so now.
    private var tiles: [Tile] {
        let period = heading.emptiness == nil ? ["received", "decided", "rate", "handling_median", "handling_net_median"] : []
        return (period + ["open", "overdue"]).map { name in
            let label = language.labelled(words.columns[name] ?? name, words.units[name])
            let besides = name == "rate" ? language.besides(overdue: count(total, "overdue")) : nil
            return Tile(figure: figure(total, name) ?? "–", label: label + (besides ?? ""))
        }
    }

    private func figure(_ row: JSONValue, _ name: String) -> String? {
        name == "rate" ? Percent.text(row["in_time_permille"]?.integer) : row.cell(name)
    }

    // MARK: Tables

    private var figures: [Section] {
        guard heading.emptiness == nil else { return [] }
        let counts = ["received", "open", "overdue", "decided", "in_time", "promise_missed", "late", "rate"]
        return [
            Section(words.figures, remark: words.figuresRemark, table: table(counts + ReportWords.handling)),
            Section(words.signs, remark: words.signsRemark, table: table(ReportWords.signs)),
        ]
    }

    private func table(_ names: [String]) -> PageTable {
        func cells(_ row: JSONValue, _ title: String) -> [String] {
            [title] + names.map { figure(row, $0) ?? "–" }
        }
        return PageTable(
            [PageTable.Heading(words.keys[result.cell("by") ?? ""] ?? "")]
                + names.map { name in
                    let (text, unit) = (words.columns[name] ?? name, words.units[name])
                    return PageTable.Heading(text, unit: unit, label: language.labelled(text, unit), isNumber: true)
                },
            rows.map { cells($0, $0.cell("title") ?? "") } + [cells(total, words.total)], hasTotal: true)
    }

    private var overdueCases: [Section] {
        guard let remark = language.remark(on: overdue) else { return [] }
        let headings = [words.number, words.matter, words.state, words.waitsFor, words.clock, words.due, words.late]
        let rows = overdue.entries.map { entry in
            [
                entry.file, entry.matter, entry.state.map(language.state) ?? "–", language.waitsFor(entry) ?? "–",
                entry.clock.map(language.clock) ?? "–", language.due(entry, amongZones: heading.zoneCount),
                language.late(entry),
            ]
        }
        let table = PageTable(headings.map { PageTable.Heading($0) }, rows, isNarrow: true)
        return [Section(words.overdueCases, remark: remark, table: rows.isEmpty ? nil : table)]
    }

    // MARK: Plots

    private func count(_ row: JSONValue, _ name: String) -> Int {
        Int(row[name]?.integer ?? 0)
    }

    private func legend(_ names: [String]) -> [String] {
        names.map { words.columns[$0] ?? $0 }
    }

    private var timeliness: Section {
        let names = ["in_time", "promise_missed", "late"]
        let rows = rows.map { row in Bars.Row(label: row.cell("title") ?? "", values: names.map { count(row, $0) }) }
        return Section(words.timeliness, bars: .stacked(rows, legend: legend(names)))
    }

    /// Overdue ones are bad, warned ones middling, the rest good.
    private var openCases: Section {
        let rows = rows.map { row in
            let (open, warned, overdue) = (count(row, "open"), count(row, "warned"), count(row, "overdue"))
            return Bars.Row(label: row.cell("title") ?? "", values: [open - warned - overdue, warned, overdue])
        }
        return Section(words.openCases, bars: .stacked(rows, legend: [words.onTrack] + legend(["warned", "overdue"])))
    }

    private var lastMonths: Section {
        let names = ["received", "decided", "late"]
        let rows = months.map { month in
            Bars.Row(label: language.month(month.first), values: names.map { count(month.total, $0) })
        }
        return Section(words.months, bars: .grouped(rows, legend: legend(names)))
    }
}
