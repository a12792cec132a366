import CaseCore
import CaseStore
import GRDB
import WorkingTime

/// The sums of open cases as tables: see `OpenSumChanges`.
struct OpenSums {
    private static let names = "matter, office, leader, commissioner, submitter, state, warned, provisional, due_hour"

    private var changes = OpenSumChanges()

    // MARK: Writing

    /// Takes a case as it stands in the store out of its sum.
    mutating func remove(_ id: CaseID, _ db: Database) throws {
        var query = try Binder(
            """
            SELECT c.matter, c.office, c.leader, c.commissioner, coalesce(c.submitted_via, c.submitted_by, ''), c.state,
                c.warned, c.provisional, d.due_at
            FROM cases c LEFT JOIN deadlines d ON d.case_id = c.id WHERE c.id = ? AND c.running AND c.closed_at IS NULL
            """, on: db)
        defer { query.reset() }
        query.put(id.number)
        guard try query.step() else { return }
        changes.remove(
            OpenSumChanges.Kind(
                matter: query.text(0), office: query.text(1), leader: query.text(2), commissioner: query.text(3), submitter: query.text(4),
                state: query.text(5), warned: query.number(6), provisional: query.number(7), due: query.optionalNumber(8)))
    }

    /// Puts a case as it is written into its sum.
    mutating func add(_ row: CaseRow) {
        changes.add(row)
    }

    func write(_ db: Database) throws {
        let made = changes.made
        guard !made.isEmpty else { return }
        var upsert = try Binder(
            """
            INSERT INTO open_sums (\(OpenSums.names), count, first_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, first_id = min(first_id, excluded.first_id)
            """, on: db)
        func put(_ kind: OpenSumChanges.Kind, _ values: inout Binder) {
            for text in kind.texts { values.put(text) }
            for number in [kind.warned, kind.provisional, kind.dueHour] { values.put(number) }
        }
        for (kind, count, firstID) in made {
            put(kind, &upsert)
            upsert.put(count)
            upsert.put(firstID)
            try upsert.run()
        }
        var delete = try Binder(
            "DELETE FROM open_sums WHERE (\(OpenSums.names)) = (?, ?, ?, ?, ?, ?, ?, ?, ?) AND count = 0", on: db)
        for (kind, count, _) in made where count < 0 {
            put(kind, &delete)
            try delete.run()
        }
    }

    /// Counts all anew, as the cases stand.
    static func recount(_ db: Database) throws {
        let (hour, never) = (OpenSumChanges.hour, OpenSumChanges.never)
        try db.execute(
            sql: """
                DELETE FROM open_sums;
                INSERT INTO open_sums
                    SELECT c.matter, c.office, c.leader, c.commissioner, coalesce(c.submitted_via, c.submitted_by, ''), c.state, c.warned,
                        c.provisional, coalesce((d.due_at + \(hour - 1)) / \(hour), \(never)), count(*), min(c.id)
                    FROM cases c LEFT JOIN deadlines d ON d.case_id = c.id WHERE c.running AND c.closed_at IS NULL
                    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
                """)
    }

    // MARK: Reading

    static func count(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT coalesce(sum(count), 0) FROM open_sums") ?? 0
    }

    /// How many each one has that submitted some.
    static func countsBySubmitter(_ db: Database) throws -> [String: Int] {
        var query = try Binder("SELECT submitter, sum(count) FROM open_sums GROUP BY submitter", on: db)
        defer { query.reset() }
        var counts: [String: Int] = [:]
        while try query.step() { counts[query.text(0)] = Int(query.number(1)) }
        return counts
    }

    /// The open cases by a key.
    ///
    /// - Parameter conditions: on the columns of `c` that a report goes by.
    static func sums(
        by key: ReportKey, _ conditions: (sql: String, arguments: StatementArguments), now: Instant, _ db: Database
    ) throws -> [String: OpenSum] {
        let (key, hour) = (key.rawValue, OpenSumChanges.hour)
        let lastHour = now.milliseconds / hour
        var groups: [String: OpenSumGroup] = [:]
        for row in try Row.fetchAll(
            db,
            sql: """
                SELECT c.\(key) AS key, state, sum(count) AS count, sum(count * provisional) AS provisional, sum(count * warned) AS warned,
                    sum(count * (due_hour <= ?)) AS overdue, sum(count * (due_hour <= ?) * warned) AS both
                FROM open_sums c WHERE \(conditions.sql) GROUP BY 1, 2
                """, arguments: [lastHour, lastHour] + conditions.arguments)
        {
            guard let state = State(rawValue: row["state"]) else {
                throw DamagedRow(description: "a state is damaged: \(row["state"] as String)")
            }
            func count(_ column: String) throws -> Int { try Int(kept: row[column], "sums of open cases") }
            groups[row["key"], default: OpenSumGroup()].add(
                state, count: try count("count"), provisional: try count("provisional"), warned: try count("warned"),
                overdue: try count("overdue"), both: try count("both"))
        }
        // Of the hour that has begun.
        for row in try Row.fetchAll(
            db,
            sql: """
                SELECT c.\(key) AS key, count(*) AS count, sum(c.warned) AS warned FROM deadlines d JOIN cases c ON c.id = d.case_id
                WHERE d.due_at > ? AND d.due_at <= ? AND c.running AND c.closed_at IS NULL AND \(conditions.sql) GROUP BY 1
                """, arguments: [lastHour * hour, now.milliseconds] + conditions.arguments)
        {
            groups[row["key"], default: OpenSumGroup()].fallDue(row["count"], warned: row["warned"])
        }
        for row in try Row.fetchAll(
            db,
            sql: """
                SELECT matter, office, leader, commissioner, min(first_id) AS first_id, c.\(key) AS key FROM open_sums c
                WHERE \(conditions.sql) GROUP BY 1, 2, 3, 4
                """, arguments: conditions.arguments)
        {
            guard
                let first = try Row.fetchOne(
                    try db.cachedStatement(
                        sql: """
                            SELECT id, submitted_at FROM cases WHERE matter = ? AND office = ? AND leader = ? AND commissioner = ?
                                AND running AND closed_at IS NULL AND id >= ? ORDER BY id LIMIT 1
                            """),
                    arguments: [
                        row["matter"] as String, row["office"] as String, row["leader"] as String, row["commissioner"] as String,
                        row["first_id"] as Int64,
                    ])
            else { continue }
            groups[row["key"], default: OpenSumGroup()].note(CaseID(first["id"]), at: Instant(milliseconds: first["submitted_at"]))
        }
        return groups.compactMapValues(\.sum)
    }
}
