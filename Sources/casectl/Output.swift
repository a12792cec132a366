import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import FoundationEssentials
import Glibc

/// How a list is shown; the same options wherever there is one.
struct Output: ParsableArguments {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, wide, json, jsonl, csv
        /// For reports only.
        case openmetrics, html

        /// Those of every list; what reports have besides is said where they are.
        static let allValueStrings = [Format.table, .wide, .json, .jsonl, .csv].map(\.rawValue)
    }

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(Say.text("table, wide, json, jsonl or csv.")),
        completion: .custom { words, _, prefix in
            let isReport = words.drop { $0 != "sla" }.dropFirst().first == "report"
            return (isReport ? Format.allCases.map(\.rawValue) : Format.allValueStrings).filter { $0.hasPrefix(prefix) }
        })
    var format: Format?
    @Option(help: ArgumentHelp(Say.text("Only these columns, in this order, with commas between."), valueName: "names"))
    var columns: String?
    @Option(
        help: ArgumentHelp(
            Say.text("Order by this column, -column for the greatest first; several with commas between."), valueName: "columns"))
    var sort: String?
    @Option(help: ArgumentHelp(Say.text("In a table, put what has the same in this column together."), valueName: "column"))
    var groupBy: String?
    @Flag(
        name: [.customLong("utc"), .customLong("iso")],
        help: ArgumentHelp(Say.text("Show instants as they are, in UTC, also on a terminal.")))
    var isUTC = false
    @Flag(help: ArgumentHelp(Say.text("Never call a pager.")))
    var noPager = false
    @OptionGroup var csv: CSVForm

    func validate() throws {
        switch format {
        case .openmetrics, .html:
            guard sort == nil, groupBy == nil, columns == nil else {
                throw ValidationError("-o \(format!.rawValue) has no columns: leave --sort, --group-by and --columns out")
            }
        case .json, .jsonl, .csv:
            guard groupBy == nil else { throw ValidationError("--group-by is for a table; --sort \(groupBy!) puts them together here") }
        case .table, .wide, nil: break
        }
        if columns?.split(separator: ",", omittingEmptySubsequences: false).contains("") == true {
            throw ValidationError("--columns has a name that is empty")
        }
        try csv.validate(isCSV: format == .csv)
    }

    /// Whether anything was asked for.
    var isGiven: Bool {
        format != nil || columns != nil || sort != nil || groupBy != nil || isUTC || noPager || csv.raw || csv.bom
    }

    /// Whether a report in this form lists the overdue cases below its figures.
    func listsOverdue(_ server: Server) -> Bool {
        !server.json && [.table, .wide, .html, nil].contains(format)
    }

    /// The form that was asked for, be it by `--json`.
    func format(_ server: Server) throws -> Format {
        guard !server.json || format == nil || format == .json else {
            throw Failure(
                code: .usage, message: "--json is -o json, and -o \(format!.rawValue) is another form", hint: "leave one of them out")
        }
        return format ?? (server.json ? .json : .table)
    }

    /// The order that was asked for, groups first; nil for that of the list.
    ///
    /// - Parameter identity: what tells records apart that are alike.
    func ordering(among columns: [Column], identity: [Column] = []) throws -> Ordering? {
        let names = (groupBy.map { [$0] } ?? []) + (sort?.split(separator: ",").map(String.init) ?? [])
        return names.isEmpty ? nil : try Ordering(names, among: columns, identity: identity)
    }
}

/// A column of a list: how it is called, and what stands in it.
struct Column: Sendable {
    let name: String
    let isNumber: Bool
    /// Left out of a table unless it is wide.
    let isWide: Bool
    let isInstant: Bool
    /// Whether something ends at that instant.
    let isDeadline: Bool
    let value: @Sendable (JSONValue) -> String?
    /// What an order by the column compares.
    private(set) var orderedBy: @Sendable (JSONValue) -> String?
    /// What stands in it, as people say it: by default a word of the trade in their language.
    private(set) var said: @Sendable (String) -> String
    /// What people see of a record, where that is more than its text said otherwise; hears how instants are said.
    private(set) var seen: (@Sendable (JSONValue, Times) -> String?)?

    init(
        _ name: String, number: Bool = false, wide: Bool = false, instant: Bool = false, deadline: Bool = false,
        _ value: (@Sendable (JSONValue) -> String?)? = nil
    ) {
        self.name = name
        isNumber = number
        isWide = wide
        isInstant = instant || deadline
        isDeadline = deadline
        let value = value ?? { $0.cell(name) }
        self.value = value
        orderedBy = value
        said = { Say.cell(name, $0) }
    }

    /// The same, where something else than the text tells which comes first.
    func ordered(by key: @escaping @Sendable (JSONValue) -> String?) -> Column {
        var column = self
        column.orderedBy = key
        return column
    }

    /// The same, where people say otherwise what programs read.
    func said(_ words: @escaping @Sendable (String) -> String) -> Column {
        var column = self
        column.said = words
        return column
    }

    /// The same, where people see something else than programs read.
    func seen(_ words: @escaping @Sendable (JSONValue, Times) -> String?) -> Column {
        var column = self
        column.seen = words
        return column
    }

    /// The same, in every table.
    var always: Column {
        var column = Column(name, number: isNumber, instant: isInstant, deadline: isDeadline, value).ordered(by: orderedBy).said(said)
        column.seen = seen
        return column
    }

    var heading: String {
        name.replacing("_", with: " ").uppercased()
    }
}

extension Column {
    /// What stands in it, as people see it.
    func shown(_ record: JSONValue, _ times: Times) -> String? {
        if let seen { return seen(record, times) }
        return value(record).map { text in isInstant ? times(text, isEnd: isDeadline) : said(text) }
    }

    /// As programs read it; instants have milliseconds always, so that they sort as texts.
    func machineValue(_ record: JSONValue) -> String {
        let text = value(record) ?? ""
        guard isInstant, let end = text.firstIndex(of: "Z"), !text[..<end].contains(".") else { return text }
        return text[..<end] + ".000" + text[end...]
    }
}

extension [Column] {
    /// The column of a name; refused with the nearest one where there is none.
    func named(_ name: String) throws -> Column {
        if let column = first(where: { $0.name == name }) { return column }
        throw Failure(code: .usage, message: "there is no column \(name)", hint: Likeness.hint(name, among: map(\.name)))
    }
}

/// Records that are shown as a table, as JSON or as CSV.
struct Listing {
    let columns: [Column]
    let records: [JSONValue]
    /// What stands below a table.
    var footer = ""
    /// Whether there are more records before these, or behind them.
    var isPart = false

    /// - Parameters:
    ///   - whole: the JSON document without chosen columns.
    ///   - member: which of its members holds the records, so that they come in the order that was asked for; nil where that is none.
    ///   - isOrdered: whether the records are in that order.
    func show(_ output: Output, _ server: Server, whole: JSONValue, member: String? = nil, isOrdered: Bool = false) throws {
        let chosen = try chosen(output)
        let format = try output.format(server)
        if !isOrdered, let ordering = try output.ordering(among: columns) {
            let records = ordering.sorted(records)
            return try Listing(columns: columns, records: records, footer: footer)
                .show(output, server, whole: member.map { whole.replacing($0, with: .array(records)) } ?? whole, isOrdered: true)
        }
        switch format {
        case .json:
            StandardOutput.data(
                Listing.text(chosen.map { columns in .array(records.map { Listing.projected($0, columns) }) } ?? whole) + "\n")
        case .csv:
            StandardOutput.data(output.csv.head((chosen ?? columns).map(\.name)))
            write(output, format, chosen)
        case .jsonl: write(output, format, chosen)
        case .table:
            Terminal.page(try table(chosen ?? columns.filter { !$0.isWide }, output, server), isAllowed: !output.noPager, isTable: true)
        case .openmetrics, .html:
            throw Failure(
                code: .usage, message: "this is no report: it has no form \(output.format!.rawValue)",
                hint: "table, wide, json, jsonl or csv")
        case .wide: Terminal.page(try table(chosen ?? columns, output, server), isAllowed: !output.noPager, isTable: true)
        }
    }

    /// The columns that were asked for; nil for those that the list has by itself.
    func chosen(_ output: Output) throws -> [Column]? {
        try output.columns.map(columns(named:))
    }

    /// Writes the records as lines for programs: as rows of CSV, or as JSON.
    func write(_ output: Output, _ format: Output.Format, _ chosen: [Column]?) {
        for record in records {
            StandardOutput.data(
                format == .csv
                    ? output.csv.row((chosen ?? columns).map { $0.machineValue(record) })
                    : Listing.text(chosen.map { Listing.projected(record, $0) } ?? record) + "\n")
        }
    }

    private func table(_ columns: [Column], _ output: Output, _ server: Server) throws -> String {
        let isLocal = Terminal.isTerminal && !output.isUTC && columns.contains { $0.isInstant || $0.seen != nil }
        let times = Times(try LocalTime(server, isWanted: isLocal))
        var table = Table(columns.map(\.heading), numbers: columns.filter(\.isNumber).map(\.heading))
        for record in records {
            table.add(columns.map { $0.shown(record, times) })
        }
        var remark = ""
        // -o wide has all.
        if Terminal.isTerminal, output.format != .wide {
            (table, remark) = table.fitted(to: Terminal.size.columns, mayDrop: output.columns == nil)
        }
        let text = try output.groupBy.map { try grouped(table.lines, by: self.columns.named($0), times) } ?? table.text
        return text + (remark.isEmpty ? "" : "\n\n" + remark) + times.remark + footer
    }

    /// The lines of a table with a heading over those that have the same in a column, and how many these are.
    private func grouped(_ lines: [String], by column: Column, _ times: Times) -> String {
        var text = lines[0]
        var first = 0
        while first < records.count {
            let value = column.value(records[first])
            let end = records[first...].firstIndex { column.value($0) != value } ?? records.count
            // Of a group at the end of a part there can be more.
            let isWhole = !isPart || first > 0 && end < records.count
            text +=
                "\n\n\(Terminal.plain(column.shown(records[first], times) ?? "-")): \(end - first)\(isWhole ? "" : "…")\n"
                + lines[(first + 1)...end].joined(separator: "\n")
            first = end
        }
        return text
    }

    private func columns(named names: String) throws -> [Column] {
        try names.split(separator: ",").map { try columns.named($0.trimmingCharacters(in: .whitespaces)) }
    }

    static func projected(_ record: JSONValue, _ columns: [Column]) -> JSONValue {
        .object(columns.map { column in .init(column.name, record[column.name] ?? column.value(record).map(JSONValue.string) ?? .null) })
    }

    static func text(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.bytes { $0.value(value) }, as: UTF8.self)
    }
}

/// How CSV is written.
struct CSVForm: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            Say.text("In CSV, leave texts as they are that a spreadsheet would take for formulas; by default they begin with a quote.")))
    var raw = false
    @Flag(help: ArgumentHelp(Say.text("Begin CSV with a byte order mark, by which spreadsheets know UTF-8.")))
    var bom = false

    /// Refuses what would be ignored.
    func validate(isCSV: Bool) throws {
        guard isCSV || !raw && !bom else { throw ValidationError("--raw and --bom are for CSV") }
    }

    func row(_ fields: [String]) -> String {
        CSV.row(fields, isRaw: raw)
    }

    /// What stands before the first row.
    func head(_ names: [String]) -> String {
        (bom ? "\u{FEFF}" : "") + CSV.row(names)
    }
}

extension JSONValue {
    /// An object with another value for a member that it has.
    func replacing(_ name: String, with value: JSONValue) -> JSONValue {
        members.map { members in .object(members.map { $0.name == name ? .init(name, value) : $0 }) } ?? self
    }
}
