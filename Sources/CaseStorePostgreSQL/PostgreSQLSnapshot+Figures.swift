import CaseCore
import CaseStore
import WorkingTime

// Sums over cases, open ones and those of the days that are over.

extension PostgreSQLSnapshot {
    static let openSum = Statement("SELECT sum(count)::bigint FROM open_sums")
    static let openSumsBySubmitter = Statement("SELECT submitter, sum(count)::bigint FROM open_sums GROUP BY submitter")

    func openCount() throws -> Int {
        try Int(kept: rows(PostgreSQLSnapshot.openSum).first!.integer(0), "sums of open cases")
    }

    func openCounts() throws -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: try rows(PostgreSQLSnapshot.openSumsBySubmitter).map {
                ($0.text(0), try Int(kept: $0.integer(1), "sums of open cases"))
            })
    }

    func openSums(by key: ReportKey, _ filter: ReportFilter, now: Instant) throws -> [String: OpenSum] {
        let lastHour = now.milliseconds / OpenSumChanges.hour
        var groups: [String: OpenSumGroup] = [:]
        var conditions = Conditions(filter, after: [.integer(lastHour)])
        for row in try rows(
            """
            SELECT c.\(key.rawValue), state, sum(count)::bigint, sum(count * provisional)::bigint, sum(count * warned)::bigint,
                coalesce(sum(count) FILTER (WHERE due_hour <= $1), 0)::bigint,
                coalesce(sum(count * warned) FILTER (WHERE due_hour <= $1), 0)::bigint
            FROM open_sums c WHERE \(conditions.sql) GROUP BY 1, 2
            """, filteredBy: conditions.values
        ) {
            guard let state = State(rawValue: row.text(1)) else { throw DamagedRow(description: "a state is damaged: \(row.text(1))") }
            let counts = try (2...6).map { try Int(kept: row.integer($0), "sums of open cases") }
            groups[row.text(0), default: OpenSumGroup()].add(
                state, count: counts[0], provisional: counts[1], warned: counts[2], overdue: counts[3], both: counts[4])
        }
        // Of the hour that has begun.
        conditions = Conditions(filter, after: [.integer(lastHour * OpenSumChanges.hour), .integer(now.milliseconds)])
        for row in try rows(
            """
            SELECT c.\(key.rawValue), count(*), sum(c.warned)::bigint FROM deadlines d JOIN cases c ON c.id = d.case_id
            WHERE d.due_at > $1 AND d.due_at <= $2 AND c.running <> 0 AND c.closed_at IS NULL AND \(conditions.sql) GROUP BY 1
            """, filteredBy: conditions.values
        ) {
            groups[row.text(0), default: OpenSumGroup()].fallDue(
                try Int(kept: row.integer(1), "deadlines"), warned: try Int(kept: row.integer(2), "warnings"))
        }
        conditions = Conditions(filter)
        for row in try rows(
            """
            SELECT s.key, o.id, o.submitted_at FROM (SELECT matter, office, leader, commissioner, c.\(key.rawValue) AS key,
                    min(first_id) AS first_id FROM open_sums c WHERE \(conditions.sql) GROUP BY 1, 2, 3, 4) s
            CROSS JOIN LATERAL (SELECT id, submitted_at FROM cases
                WHERE matter = s.matter AND office = s.office AND leader = s.leader AND commissioner = s.commissioner
                    AND running <> 0 AND closed_at IS NULL AND id >= s.first_id ORDER BY id LIMIT 1) o
            """, filteredBy: conditions.values
        ) {
            groups[row.text(0), default: OpenSumGroup()].note(CaseID(row.integer(1)), at: Instant(milliseconds: row.integer(2)))
        }
        return groups.compactMapValues(\.sum)
    }

    func rollups(by key: ReportKey, _ filter: ReportFilter, from: Day?, to: Day?) throws -> [String: Rollup] {
        let days: [Parameter] = [.integer(from.map { Int64($0.number) } ?? .min), .integer(to.map { Int64($0.number) } ?? .max)]
        let conditions = Conditions(filter, after: days)
        let sums = Measure.allCases.map { "sum(\($0.rawValue))::bigint" }.joined(separator: ", ")
        var rollups: [String: Rollup] = [:]
        for row in try rows(
            "SELECT c.\(key.rawValue), \(sums) FROM rollups c WHERE day >= $1 AND day < $2 AND \(conditions.sql) GROUP BY 1",
            filteredBy: conditions.values
        ) {
            rollups[row.text(0)] = Rollup(counts: try Measure.allCases.indices.map { try Int(kept: row.integer($0 + 1), "figures") })
        }
        let none = Array(repeating: 0, count: Measure.allCases.count)
        for (table, isNet) in [("handling", false), ("net_handling", true)] {
            for row in try rows(
                """
                SELECT c.\(key.rawValue), working_days, sum(count)::bigint FROM \(table) c
                WHERE day >= $1 AND day < $2 AND \(conditions.sql) GROUP BY 1, 2
                """, filteredBy: conditions.values
            ) {
                let part = [try Int(kept: row.integer(1), "working days"): try Int(kept: row.integer(2), "figures")]
                rollups[row.text(0), default: Rollup()].add(
                    isNet ? Rollup(counts: none, netHandling: part) : Rollup(counts: none, handling: part))
            }
        }
        return rollups
    }
}
