import CaseCore
import CaseStore
import GRDB
import WorkingTime

// Sums over cases, open ones and those of the days that are over.

extension SQLiteSnapshot {
    func openSums(by key: ReportKey, _ filter: ReportFilter, now: Instant) throws -> [String: OpenSum] {
        let conditions = Conditions(filter)
        return try OpenSums.sums(by: key, (conditions.sql, conditions.arguments), now: now, db)
    }

    func rollups(by key: ReportKey, _ filter: ReportFilter, from: Day?, to: Day?) throws -> [String: Rollup] {
        let conditions = Conditions(filter)
        let arguments = [from?.number ?? Int.min, to?.number ?? Int.max] + conditions.arguments
        let sums = Measure.allCases.map { "sum(\($0.rawValue))" }.joined(separator: ", ")
        var rollups: [String: Rollup] = [:]
        for row in try Row.fetchAll(
            db, sql: "SELECT \(key.rawValue) AS key, \(sums) FROM rollups c WHERE day >= ? AND day < ? AND \(conditions.sql) GROUP BY 1",
            arguments: arguments)
        {
            rollups[row["key"]] = Rollup(
                counts: try Measure.allCases.indices.map { try Int(kept: row[$0 + 1], "figures") })
        }
        let none = Array(repeating: 0, count: Measure.allCases.count)
        for (table, isNet) in [("handling", false), ("net_handling", true)] {
            for row in try Row.fetchAll(
                db,
                sql: """
                    SELECT \(key.rawValue) AS key, working_days, sum(count) AS count FROM \(table) c
                    WHERE day >= ? AND day < ? AND \(conditions.sql) GROUP BY 1, 2
                    """,
                arguments: arguments)
            {
                let part = [
                    try Int(kept: row["working_days"], "working days"): try Int(kept: row["count"], "figures")
                ]
                rollups[row["key"], default: Rollup()].add(
                    isNet ? Rollup(counts: none, netHandling: part) : Rollup(counts: none, handling: part))
            }
        }
        return rollups
    }
}
