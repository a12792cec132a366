import ArgumentParser
import CaseCore
import CaseWire
import FoundationEssentials
import Glibc

/// How a list is shown; the same options wherever there is one.
struct Output: ParsableArguments {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, wide, json, jsonl, csv
        /// For reports only.
        case openmetrics, html
    }

    @Option(name: [.customShort("o"), .customLong("output")], help: "table, wide, json, jsonl or csv; reports also openmetrics and html.")
    var format: Format?
    @Option(help: ArgumentHelp("Only these columns, in this order, with commas between.", valueName: "names"))
    var columns: String?
    @Flag(name: [.customLong("utc"), .customLong("iso")], help: "Show instants as they are, in UTC, also on a terminal.")
    var isUTC = false
    @Flag(help: "Never call a pager.")
    var noPager = false
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

    init(
        _ name: String, number: Bool = false, wide: Bool = false, instant: Bool = false, deadline: Bool = false,
        _ value: (@Sendable (JSONValue) -> String?)? = nil
    ) {
        self.name = name
        isNumber = number
        isWide = wide
        isInstant = instant || deadline
        isDeadline = deadline
        self.value = value ?? { $0.cell(name) }
    }

    /// The same, in every table.
    var always: Column {
        Column(name, number: isNumber, instant: isInstant, deadline: isDeadline, value)
    }

    var heading: String {
        name.replacing("_", with: " ").uppercased()
    }
}

/// Records that are shown as a table, as JSON or as CSV.
struct Listing {
    let columns: [Column]
    let records: [JSONValue]
    /// What stands below a table.
    var footer = ""

    func show(_ output: Output, _ server: Server, whole: JSONValue) throws {
        let chosen = try chosen(output)
        let format = output.format ?? (server.json ? .json : .table)
        switch format {
        case .json:
            StandardOutput.data(
                Listing.text(chosen.map { columns in .array(records.map { Listing.projected($0, columns) }) } ?? whole) + "\n")
        case .csv:
            StandardOutput.data(CSV.row((chosen ?? columns).map(\.name)))
            write(format, chosen)
        case .jsonl: write(format, chosen)
        case .table: Terminal.page(try table(chosen ?? columns.filter { !$0.isWide }, output, server), isAllowed: !output.noPager)
        case .openmetrics, .html:
            throw Failure(
                code: .usage, message: "this is no report: it has no form \(output.format!.rawValue)",
                hint: "table, wide, json, jsonl or csv")
        case .wide: Terminal.page(try table(chosen ?? columns, output, server), isAllowed: !output.noPager)
        }
    }

    /// The columns that were asked for; nil for those that the list has by itself.
    func chosen(_ output: Output) throws -> [Column]? {
        try output.columns.map(columns(named:))
    }

    /// Writes the records as lines for programs: as rows of CSV, or as JSON.
    func write(_ format: Output.Format, _ chosen: [Column]?) {
        for record in records {
            StandardOutput.data(
                format == .csv
                    ? CSV.row((chosen ?? columns).map { $0.value(record) ?? "" })
                    : Listing.text(chosen.map { Listing.projected(record, $0) } ?? record) + "\n")
        }
    }

    private func table(_ columns: [Column], _ output: Output, _ server: Server) throws -> String {
        let local = try LocalTime(server, isWanted: Terminal.isTerminal && !output.isUTC && columns.contains(where: \.isInstant))
        var table = Table(columns.map(\.heading), numbers: columns.filter(\.isNumber).map(\.heading))
        for record in records {
            table.add(
                columns.map { column in
                    let value = column.value(record)
                    guard column.isInstant, let local, let value else { return value }
                    return local.text(value, isEnd: column.isDeadline) ?? value
                })
        }
        return table.text + (local.map { "\n\n" + $0.remark } ?? "") + footer
    }

    private func columns(named names: String) throws -> [Column] {
        try names.split(separator: ",").map { part in
            let name = part.trimmingCharacters(in: .whitespaces)
            guard let column = columns.first(where: { $0.name == name }) else {
                let known = columns.map(\.name)
                throw Failure(
                    code: .usage, message: "there is no column \(name)",
                    hint: Likeness.nearest(name, among: known).map { "did you mean \($0)?" } ?? "one of \(known.joined(separator: ", "))")
            }
            return column
        }
    }

    static func projected(_ record: JSONValue, _ columns: [Column]) -> JSONValue {
        .object(columns.map { column in .init(column.name, record[column.name] ?? column.value(record).map(JSONValue.string) ?? .null) })
    }

    static func text(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.bytes { $0.value(value) }, as: UTF8.self)
    }
}

/// Comma-separated values by RFC 4180.
enum CSV {
    static func row(_ fields: [String]) -> String {
        fields.map(Escaped.csv).joined(separator: ",") + "\r\n"
    }
}
