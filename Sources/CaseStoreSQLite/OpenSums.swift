import CaseCore
import CaseStore
import GRDB
import WorkingTime

/// How many open cases there are of each kind, kept with each commit: a case goes out of the sum in which it was, and into the one in which it
/// is. What is overdue depends on the present: whole hours are sums, and of the hour that has begun the cases are counted.
struct OpenSums {
    private static let hour: Int64 = 3_600_000
    /// That of a case that waits for nothing.
    private static let never: Int64 = 1 << 53
    private static let names = "matter, office, leader, commissioner, submitter, state, warned, provisional, due_hour"

    /// The row of the table in which a case is counted.
    private struct Kind: Hashable {
        let matter, office, leader, commissioner, submitter, state: String
        var warned: Int64
        var provisional: Int64
        var dueHour: Int64

        var texts: [String] {
            [matter, office, leader, commissioner, submitter, state]
        }
    }

    /// Where its columns are among the values of a case.
    private struct Places {
        let matter = CaseColumn.matter.place
        let office = CaseColumn.office.place
        let leader = CaseColumn.leader.place
        let commissioner = CaseColumn.commissioner.place
        let state = CaseColumn.state.place
        let submittedVia = CaseColumn.submittedVia.place
        let submittedBy = CaseColumn.submittedBy.place
        let running = CaseColumn.running.place
        let closedAt = CaseColumn.closedAt.place
        let warned = CaseColumn.warned.place
        let provisional = CaseColumn.provisional.place
    }

    private static let places = Places()

    /// What is added to a row, below zero what is taken away; and the lowest number that was added.
    private var changes: [Kind: (count: Int64, firstID: Int64)] = [:]

    private static func dueHour(_ due: Int64?) -> Int64 {
        due.map { ($0 + hour - 1) / hour } ?? never
    }

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
        let kind = Kind(
            matter: query.text(0), office: query.text(1), leader: query.text(2), commissioner: query.text(3), submitter: query.text(4),
            state: query.text(5), warned: query.number(6), provisional: query.number(7),
            dueHour: OpenSums.dueHour(query.optionalNumber(8)))
        changes[kind, default: (0, .max)].count -= 1
    }

    /// Puts a case as it is written into its sum.
    mutating func add(_ row: CaseRow) {
        let places = OpenSums.places
        guard row.values[places.running] == .integer(1), row.values[places.closedAt] == .null else { return }
        func text(_ place: Int) -> String? { if case .text(let text) = row.values[place] { text } else { nil } }
        func number(_ place: Int) -> Int64 { if case .integer(let number) = row.values[place] { number } else { 0 } }
        let kind = Kind(
            matter: text(places.matter) ?? "", office: text(places.office) ?? "", leader: text(places.leader) ?? "",
            commissioner: text(places.commissioner) ?? "", submitter: text(places.submittedVia) ?? text(places.submittedBy) ?? "",
            state: text(places.state) ?? "", warned: number(places.warned), provisional: number(places.provisional),
            dueHour: OpenSums.dueHour(row.due?.milliseconds))
        func count(_ change: inout (count: Int64, firstID: Int64)) {
            change = (change.count + 1, min(change.firstID, row.id.number))
        }
        count(&changes[kind, default: (0, .max)])
    }

    func write(_ db: Database) throws {
        let changes = changes.filter { $0.value.count != 0 || $0.value.firstID != .max }
        guard !changes.isEmpty else { return }
        var upsert = try Binder(
            """
            INSERT INTO open_sums (\(OpenSums.names), count, first_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, first_id = min(first_id, excluded.first_id)
            """, on: db)
        func put(_ kind: Kind, _ values: inout Binder) {
            for text in kind.texts { values.put(text) }
            for number in [kind.warned, kind.provisional, kind.dueHour] { values.put(number) }
        }
        for (kind, change) in changes {
            put(kind, &upsert)
            upsert.put(change.count)
            upsert.put(change.firstID)
            try upsert.run()
        }
        var delete = try Binder(
            "DELETE FROM open_sums WHERE (\(OpenSums.names)) = (?, ?, ?, ?, ?, ?, ?, ?, ?) AND count = 0", on: db)
        for (kind, change) in changes where change.count < 0 {
            put(kind, &delete)
            try delete.run()
        }
    }

    /// Counts all anew, as the cases stand.
    static func recount(_ db: Database) throws {
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
        let rows = try Row.fetchAll(db, sql: "SELECT submitter, sum(count) AS count FROM open_sums GROUP BY submitter")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0["submitter"], $0["count"]) })
    }

    /// The open cases by a key.
    ///
    /// - Parameter conditions: on the columns of `c` that a report goes by.
    static func sums(
        by key: ReportKey, _ conditions: (sql: String, arguments: StatementArguments), now: Instant, _ db: Database
    ) throws -> [String: OpenSum] {
        let (key, lastHour) = (key.rawValue, now.milliseconds / hour)
        var groups: [String: Group] = [:]
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
            func count(_ column: String) throws -> Int { try SQLiteSnapshot.count(row[column], "sums of open cases") }
            groups[row["key"], default: Group()].add(
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
            groups[row["key"], default: Group()].fallDue(row["count"], warned: row["warned"])
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
            groups[row["key"], default: Group()].note(CaseID(first["id"]), at: Instant(milliseconds: first["submitted_at"]))
        }
        return groups.compactMapValues(\.sum)
    }

    private struct Group {
        private var queues: [State: Int] = [:]
        private var (overdue, warned, both, provisional) = (0, 0, 0, 0)
        private var oldest: (id: CaseID, at: Instant)?

        mutating func add(_ state: State, count: Int, provisional: Int, warned: Int, overdue: Int, both: Int) {
            queues[state, default: 0] += count
            self.provisional += provisional
            self.warned += warned
            self.overdue += overdue
            self.both += both
        }

        mutating func fallDue(_ count: Int, warned: Int) {
            overdue += count
            both += warned
        }

        mutating func note(_ id: CaseID, at instant: Instant) {
            if oldest.map({ id < $0.id }) ?? true { oldest = (id, instant) }
        }

        var sum: OpenSum? {
            oldest.map {
                OpenSum(
                    queues: queues, overdue: overdue, warned: warned - both, provisional: provisional, oldest: $0.id,
                    oldestSubmittedAt: $0.at)
            }
        }
    }
}
