import CaseCore
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
        func family(_ name: String, _ type: String, _ help: String, suffix: String, _ member: String) -> String {
            let samples = rows.compactMap { row in
                row.cell(member).map { "cased_\(name)\(suffix){\(by)=\"\(Escaped.label(row.cell("name") ?? ""))\"} \($0)\n" }
            }
            let sentence = "\(help.prefix(1).uppercased())\(help.dropFirst())."
            return "# TYPE cased_\(name) \(type)\n# HELP cased_\(name) \(sentence)\n" + samples.joined()
        }
        return gauges.map { family("cases_\($0.name)", "gauge", $0.help, suffix: "", $0.name) }.joined()
            + counters.map { family($0.name, "counter", $0.help, suffix: "_total", $0.name) }.joined() + "# EOF\n"
    }
}
