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
        Page.html(
            "report",
            Content(
                title: words.title, language: language.rawValue, training: language.training(result), period: period, tiles: tiles,
                sections: [
                    Section(words.timeliness, plot: Plot.stacked(rows.map(timeliness), legend: timelinessLegend)),
                    Section(words.openCases, plot: Plot.stacked(rows.map(openness), legend: opennessLegend)),
                    Section(words.months, plot: Plot.columns(months.map(month), legend: monthLegend)),
                    Section(
                        words.figures,
                        table: table([
                            "received", "open", "overdue", "decided", "in_time", "promise_missed", "late", "rate", "handling_median",
                            "handling_p90",
                        ])),
                    Section(
                        words.signs, remark: words.signsRemark,
                        table: table([
                            "pauses", "pauses_near_breach", "same_day_pauses", "extensions", "corrections", "repeated_corrections",
                            "last_moment_decisions",
                        ])),
                ]))
    }

    private struct Content: PageContent {
        let title: String
        let language: String
        let training: String?
        let period: String
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
        let plot: Plot?
        let table: PageTable?

        init(_ heading: String, remark: String? = nil, plot: Plot? = nil, table: PageTable? = nil) {
            self.heading = heading
            self.remark = remark
            self.plot = plot
            self.table = table
        }
    }

    private var period: String {
        let at = result.cell("at") ?? ""
        let ends = [result.cell("from").map { "\(words.from) \($0)" }, result.cell("to").map { "\(words.before) \($0)" }].compactMap { $0 }
        return (ends.isEmpty ? words.allTime : ends.joined(separator: " ")) + " · \(words.asOf) \(at)"
    }

    private var tiles: [Tile] {
        let figures: [(String, String?)] = [
            (words.columns["received"]!, total.cell("received")), (words.columns["decided"]!, total.cell("decided")),
            (words.columns["rate"]!, Percent.text(total["in_time_permille"]?.integer)),
            (words.columns["handling_median"]!, total.cell("handling_median")), (words.columns["open"]!, total.cell("open")),
            (words.columns["overdue"]!, total.cell("overdue")),
        ]
        return figures.map { Tile(figure: $0.1 ?? "–", label: $0.0) }
    }

    private func table(_ names: [String]) -> PageTable {
        func cells(_ row: JSONValue, _ title: String) -> [String] {
            [title] + names.map { ($0 == "rate" ? Percent.text(row["in_time_permille"]?.integer) : row.cell($0)) ?? "–" }
        }
        return PageTable(
            [words.keys[result.cell("by") ?? ""] ?? ""] + names.map { words.columns[$0] ?? $0 },
            rows.map { cells($0, $0.cell("title") ?? "") } + [cells(total, words.total)], numbers: 1..<(names.count + 1))
    }

    // MARK: What is plotted

    private func figure(_ row: JSONValue, _ name: String) -> Int {
        Int(row[name]?.integer ?? 0)
    }

    private func timeliness(_ row: JSONValue) -> Plot.Entry {
        Plot.Entry(label: row.cell("title") ?? "", values: ["in_time", "promise_missed", "late"].map { figure(row, $0) })
    }

    private var timelinessLegend: [String] {
        ["in_time", "promise_missed", "late"].map { words.columns[$0]! }
    }

    /// Overdue ones are red, warned ones yellow, the rest green.
    private func openness(_ row: JSONValue) -> Plot.Entry {
        let (open, warned, overdue) = (figure(row, "open"), figure(row, "warned"), figure(row, "overdue"))
        return Plot.Entry(label: row.cell("title") ?? "", values: [open - warned - overdue, warned, overdue])
    }

    private var opennessLegend: [String] {
        [words.onTrack, words.columns["warned"]!, words.columns["overdue"]!]
    }

    private func month(_ entry: (month: String, total: JSONValue)) -> Plot.Entry {
        Plot.Entry(label: entry.month, values: ["received", "decided", "late"].map { figure(entry.total, $0) })
    }

    private var monthLegend: [String] {
        ["received", "decided", "late"].map { words.columns[$0]! }
    }
}
