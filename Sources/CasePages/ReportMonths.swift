import CaseWire
import WorkingTime

/// The twelve months whose figures stand below a report.
package enum ReportMonths {
    /// Each as its first day and that of the next one; the last is that of the period's end, or of today in the zone of the report.
    ///
    /// - Parameter result: what `sla.report` answers.
    package static func periods(of result: JSONValue) -> [(first: Day, next: Day)] {
        let last = result.cell("to").flatMap { Day($0) }.map { $0.advanced(by: -1) }
        guard let end = last ?? result.cell("today").flatMap({ Day($0) }) else { return [] }
        let (year, month, _) = end.components
        return (0..<12).reversed().compactMap { back in
            let index = year * 12 + month - 1 - back
            func first(_ index: Int) -> Day? { Day(year: index / 12, month: index % 12 + 1, day: 1) }
            // None comes before the first year or after the last one.
            guard let from = first(index), let to = first(index + 1) else { return nil }
            return (from, to)
        }
    }
}
