import CaseCore
import CasePages
import CaseWire

/// A report in the OpenMetrics text format, for the node exporter's textfile directory.
enum Metrics {
    /// What is open now: members of a report's row.
    private static let gauges = ["open", "warned", "overdue"].map { name in
        (name: name, help: ReportRow.members.flatMap(\.shapes).first { $0.name == name }!.summary)
    }

    private static let counters = Measure.allCases.map { (name: $0.rawValue, help: $0.summary) }

    static func text(_ result: JSONValue, by: String) -> String {
        let rows = result["rows"]?.array ?? []
        func labels(_ row: JSONValue) -> [(name: String, value: String)] { [(by, row.cell("name") ?? "")] }
        func family(_ name: String, _ type: MetricFamily.Kind, _ help: String, suffix: String = "", _ member: String) -> String {
            var family = MetricFamily(name, type, help)
            for row in rows {
                if let value = row.cell(member) { family.add(suffix, labels(row), value) }
            }
            return family.text
        }
        var handling = MetricFamily(
            "handling_working_days", .histogram, "how many working days the decided cases took", unit: "working_days")
        for row in rows {
            for bound in row["handling_within"]?.members ?? [] {
                handling.add("_bucket", labels(row) + [("le", "\(bound.name).0")], row["handling_within"]?.cell(bound.name) ?? "0")
            }
            let count = row.cell("decided") ?? "0"
            handling.add("_bucket", labels(row) + [("le", "+Inf")], count)
            handling.add("_count", labels(row), count)
            handling.add("_sum", labels(row), row.cell("handling_days") ?? "0")
        }
        return gauges.map { family("cases_\($0.name)", .gauge, $0.help, $0.name) }.joined()
            + counters.map { family($0.name, .counter, $0.help, suffix: "_total", $0.name) }.joined() + handling.text + "# EOF\n"
    }
}

/// Samples of one name. Its kinds and lines are those that both OpenMetrics and the older text format of Prometheus know, which the node
/// exporter reads.
struct MetricFamily {
    enum Kind: String { case gauge, counter, histogram }

    private let name: String
    private(set) var text: String

    /// - Parameters:
    ///   - name: without the program's, and with its unit where there is one.
    ///   - help: what it is, in words that begin small and have no end.
    init(_ name: String, _ kind: Kind, _ help: String, unit: String? = nil) {
        self.name = "cased_\(name)"
        text = "# TYPE \(self.name) \(kind.rawValue)\n"
        if let unit { text += "# UNIT \(self.name) \(unit)\n" }
        text += "# HELP \(self.name) \(Escaped.label("\(help.prefix(1).uppercased())\(help.dropFirst())."))\n"
    }

    mutating func add(_ suffix: String = "", _ labels: [(name: String, value: String)] = [], _ value: String) {
        let shown = labels.map { "\($0.name)=\"\(Escaped.label($0.value))\"" }.joined(separator: ",")
        text += name + suffix + (shown.isEmpty ? "" : "{\(shown)}") + " \(value)\n"
    }
}
