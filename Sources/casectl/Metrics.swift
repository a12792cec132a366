import CaseWire

/// A report in the OpenMetrics text format, for the node exporter's textfile directory.
enum Metrics {
    private static let gauges: [(name: String, help: String)] = [
        ("open", "Cases that are open."), ("warned", "Open cases with a warning behind them that are not overdue."),
        ("overdue", "Open cases with an overdue clock."),
    ]

    private static let counters: [(name: String, help: String)] = [
        ("received", "Cases that were submitted."), ("granted", "Cases that were granted."), ("refused", "Cases that were refused."),
        ("deemed_granted", "Cases that silence granted."), ("closed_otherwise", "Cases that were declined, withdrawn or lapsed."),
        ("in_time", "Cases that were decided within the promise."),
        ("promise_missed", "Cases that were decided within the statutory time and after the promise."),
        ("late", "Cases that were decided after the statutory time."), ("pauses", "Suspensions."),
        ("extensions", "Extensions of a decision clock."), ("corrections", "Requests for missing materials."),
        ("pauses_near_breach", "Suspensions on the last day or in the last twentieth of a decision or promise clock."),
        ("same_day_pauses", "Suspensions that ended on the day on which they began."),
        ("repeated_corrections", "Requests for missing materials after the first of a case."),
        ("last_moment_decisions", "Decisions on the last day or in the last twentieth of the decision clock."),
    ]

    static func text(_ result: JSONValue, by: String) -> String {
        let rows = result["rows"]?.array ?? []
        func family(_ name: String, _ type: String, _ help: String, suffix: String, _ member: String) -> String {
            let samples = rows.compactMap { row in
                row.cell(member).map { "cased_\(name)\(suffix){\(by)=\"\(Escaped.label(row.cell("name") ?? ""))\"} \($0)\n" }
            }
            return "# TYPE cased_\(name) \(type)\n# HELP cased_\(name) \(help)\n" + samples.joined()
        }
        return gauges.map { family("cases_\($0.name)", "gauge", $0.help, suffix: "", $0.name) }.joined()
            + counters.map { family($0.name, "counter", $0.help, suffix: "_total", $0.name) }.joined() + "# EOF\n"
    }
}
