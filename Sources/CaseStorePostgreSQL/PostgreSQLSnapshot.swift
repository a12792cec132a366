import CaseCore
import CaseStore
import WorkingTime

/// The state that one transaction sees. That begins with the first query: both go in one round trip.
final class PostgreSQLSnapshot: StoreSnapshot {
    private let session: Session
    /// Until when the read may go on; nil for one that is not cut.
    private let end: ContinuousClock.Instant?
    /// Whether it is still waited for.
    private let isWanted: () -> Bool
    /// Whether the transaction has begun.
    private var hasBegun: Bool
    /// What was read ahead.
    private let foresight: Foresight
    /// Whether somebody holds the head meanwhile, so that another transaction sees the same state.
    private let isHeld: Bool
    private let knownCommitCount: Int64?

    private static let begin = Statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    /// The state that a transaction sees which somebody else begins and ends.
    init(openOn session: Session) {
        (self.session, end, isWanted, hasBegun) = (session, nil, { true }, true)
        (foresight, isHeld, knownCommitCount) = (Foresight(), false, nil)
    }

    /// - Parameters:
    ///   - end: by then the read is cut; nil where it is not.
    ///   - isWanted: asked again and again.
    init(_ session: Session, until end: ContinuousClock.Instant? = nil, isWanted: @escaping () -> Bool = { true }) {
        (self.session, self.end, self.isWanted, hasBegun) = (session, end, isWanted, false)
        (foresight, isHeld, knownCommitCount) = (Foresight(), false, nil)
    }

    /// The state behind a lock of the head that is held.
    ///
    /// - Parameters:
    ///   - foresight: what was read with the lock.
    ///   - commitCount: what the head says.
    init(_ session: Session, behind foresight: Foresight, commitCount: Int64) {
        (self.session, end, isWanted, hasBegun) = (session, nil, { true }, false)
        (self.foresight, isHeld, knownCommitCount) = (foresight, true, commitCount)
    }

    /// Ends the transaction where one was begun.
    func leave() {
        if hasBegun { session.leave() }
    }

    /// Runs a query that is written down in the sources.
    func rows(_ sql: String, _ values: Parameter...) throws -> Rows {
        try rows(Statement(sql, values: values))
    }

    /// Runs a query that was put together for a filter.
    func rows(_ sql: String, filteredBy values: [Parameter]) throws -> Rows {
        try rows(Statement(sql, values: values, isKept: false))
    }

    func rows(_ statement: Statement) throws -> Rows {
        try foresight.rows(statement) ?? run([statement])[0]
    }

    /// A database that does not say soon that a transaction has begun, which waits for nothing, does not answer.
    private func run(_ statements: [Statement]) throws -> [Rows] {
        // A read of many short queries is cut as well as one of a long one.
        guard isWanted() else { throw SessionFault.unwanted }
        let now = ContinuousClock.now
        if let end, now >= end { throw SessionFault.lost("it took too long") }
        let opening = hasBegun ? nil : (statement: PostgreSQLSnapshot.begin, until: now + PostgreSQLStore.openLimit)
        hasBegun = true
        let fault: SessionFault
        do throws(SessionFault) {
            return try session.run(statements, opening: opening, until: end ?? now + PostgreSQLStore.answerLimit, isWanted: isWanted)
        } catch {
            fault = error
        }
        // A read that took too long is cut, whatever the database does.
        guard case .lost = fault, end.map({ ContinuousClock.now < $0 }) ?? true else { throw fault }
        throw StoreFault.interrupted("\(fault)")
    }

    func foresee(_ foreseen: Foreseen) throws {
        let statements = Foresight.statements(foreseen)
        guard !statements.isEmpty else { return }
        do {
            foresight.take(try run(statements)[...], of: foreseen)
        } catch let fault as SessionFault where fault.isDamage && isHeld {
            // Whoever asks for what is damaged hears of it, and nobody else. The next transaction sees the same state.
            leave()
            hasBegun = false
        }
    }

    func requireWhole() throws(StoreFault) {
        if session.isGivenUp { throw .interrupted("the state that was read was lost on the way") }
    }

    /// Takes rows until there are enough of them.
    func page<Element>(_ rows: Rows, _ limit: PageLimit, _ read: (Rows.Row) throws -> (Element, byteCount: Int)) throws -> [Element] {
        var (elements, total): ([Element], Int) = ([], 0)
        while elements.count < rows.count, limit.allows(more: elements.count, bytes: total) {
            let (element, byteCount) = try read(rows[elements.count])
            elements.append(element)
            total += byteCount
        }
        return elements
    }

    // MARK: What a store has once

    private static let lastCase = Statement("SELECT max(id) FROM cases")
    private static let earliestDeadline = Statement("SELECT min(next_at) FROM deadlines WHERE next_at IS NOT NULL")
    private static let olderAnswer = Statement("SELECT 1::bigint FROM answers LIMIT 1")

    /// What `Foreseen.isWhole` means beside the settings.
    static let once = [
        lastCase, earliestDeadline, olderAnswer, openSum, openSumsBySubmitter, lastPlace, newestCheckpoint, lastRevision(of: .server),
    ]

    // MARK: Cases

    func file(_ id: CaseID) throws -> [UInt8]? {
        if let file = foresight.file(id) { return try file?.bytes(of: id) }
        let row = try rows("SELECT \(StoredFile.columns) FROM cases c \(StoredFile.tables) WHERE c.id = $1", .integer(id.number)).first
        return try row.map { try StoredFile($0, from: 0).bytes(of: id) }
    }

    func files(
        _ filter: CaseFilter, sort: CaseSort, after: CaseCursor?, _ limit: PageLimit
    ) throws -> [(cursor: CaseCursor, file: [UInt8])] {
        var conditions = Conditions(filter)
        let order: String
        switch sort {
        case .number:
            order = "c.id"
            if let after { conditions.add("c.id > \(conditions.put(.integer(after.id.number)))") }
        case .numberDescending:
            order = "c.id DESC"
            if let after { conditions.add("c.id < \(conditions.put(.integer(after.id.number)))") }
        case .due:
            order = "d.due_at, d.case_id"
            conditions.add("d.due_at IS NOT NULL")
            if let after, let due = after.due {
                let place = "(\(conditions.put(.integer(due.milliseconds))), \(conditions.put(.integer(after.id.number))))"
                conditions.add("(d.due_at, d.case_id) > \(place)")
            }
        }
        // No more than fit are sent: files of a stretch have some kilobytes each.
        let count = conditions.put(.integer(Int64(limit.rows)))
        let found = try rows(
            """
            SELECT c.id, d.due_at, \(StoredFile.columns) FROM \(PostgreSQLSnapshot.cases) \(StoredFile.tables)
            WHERE \(conditions.sql) ORDER BY \(order) LIMIT \(count)
            """, filteredBy: conditions.values)
        return try page(found, limit) { row in
            let id = CaseID(row.integer(0))
            let file = try StoredFile(row, from: 2).bytes(of: id)
            return (
                (CaseCursor(id: id, due: sort == .due ? row.optionalInteger(1).map { Instant(milliseconds: $0) } : nil), file), file.count
            )
        }
    }

    static let cases = "cases c LEFT JOIN deadlines d ON d.case_id = c.id"

    func ids(_ filter: CaseFilter, after: CaseID?, through: CaseID?, limit: Int) throws -> [CaseID] {
        var conditions = Conditions(filter)
        if let after { conditions.add("c.id > \(conditions.put(.integer(after.number)))") }
        if let through { conditions.add("c.id <= \(conditions.put(.integer(through.number)))") }
        let count = conditions.put(.integer(Int64(limit)))
        return try rows(
            "SELECT c.id FROM \(PostgreSQLSnapshot.cases) WHERE \(conditions.sql) ORDER BY c.id LIMIT \(count)",
            filteredBy: conditions.values
        ).map { CaseID($0.integer(0)) }
    }

    func count(_ filter: CaseFilter) throws -> Int {
        let conditions = Conditions(filter)
        return Int(
            try rows("SELECT count(*) FROM \(PostgreSQLSnapshot.cases) WHERE \(conditions.sql)", filteredBy: conditions.values).first!
                .integer(0))
    }

    func lastCaseNumber() throws -> Int64 {
        try rows(PostgreSQLSnapshot.lastCase).first!.integer(0)
    }

    func lastClosedAt() throws -> Instant? {
        try rows("SELECT max(closed_at) FROM cases").first!.optionalInteger(0).map { Instant(milliseconds: $0) }
    }

    func runningCases(of matter: MatterID, after: CaseID?, limit: Int) throws -> [CaseID] {
        try rows(
            "SELECT id FROM cases WHERE matter = $1 AND running <> 0 AND id > $2 ORDER BY id LIMIT $3", .text(matter.raw),
            .integer(after?.number ?? 0), .integer(Int64(limit))
        ).map { CaseID($0.integer(0)) }
    }

    func runningCounts() throws -> [MatterID: RunningCount] {
        let found = try rows(
            "SELECT matter, count(*), count(*) FILTER (WHERE closed_at IS NULL) FROM cases WHERE running <> 0 GROUP BY matter")
        return Dictionary(
            uniqueKeysWithValues: found.map {
                (MatterID($0.text(0)), RunningCount(running: Int($0.integer(1)), open: Int($0.integer(2))))
            })
    }

    // MARK: Deadlines

    func due(at instant: Instant, limit: Int) throws -> [CaseID] {
        try rows(
            "SELECT case_id FROM deadlines WHERE next_at <= $1 ORDER BY next_at, case_id LIMIT $2", .integer(instant.milliseconds),
            .integer(Int64(limit))
        ).map { CaseID($0.integer(0)) }
    }

    func nextDeadline() throws -> Instant? {
        try rows(PostgreSQLSnapshot.earliestDeadline).first!.optionalInteger(0).map { Instant(milliseconds: $0) }
    }

    // MARK: Answers, catalogue, settings

    func answer(_ key: IdempotencyKey) throws -> StoredAnswer? {
        if let answer = foresight.answer(key) { return answer }
        return try rows(
            "SELECT digest, case_id, revision FROM keys WHERE principal = $1 AND key = $2", .text(key.principal), .text(key.key)
        )
        .first.map { StoredAnswer(digest: $0.bytes(0), id: CaseID($0.integer(1)), revision: Int($0.integer(2))) }
    }

    func olderAnswer(_ key: String, uid: UInt32) throws -> StoredAnswer? {
        try rows("SELECT digest, case_id, revision FROM answers WHERE uid = $1 AND key = $2", .integer(Int64(uid)), .text(key))
            .first.map { StoredAnswer(digest: $0.bytes(0), id: CaseID($0.integer(1)), revision: Int($0.integer(2))) }
    }

    func hasOlderAnswers() throws -> Bool {
        try !rows(PostgreSQLSnapshot.olderAnswer).isEmpty
    }

    func commitCount() throws -> Int64 {
        if let knownCommitCount { return knownCommitCount }
        guard let row = try rows("SELECT commits, moved FROM head").first else { return 0 }
        guard row.integer(1) == 0 else { throw StoreFault.gone("it was moved to another place") }
        return row.integer(0)
    }

    func catalog(version: Int?) throws -> StoredCatalog? {
        guard
            let row = try rows(
                "SELECT version, at, by, zones FROM catalogs WHERE version = coalesce($1, (SELECT max(version) FROM catalogs))",
                .integer(version.map(Int64.init))
            ).first
        else { return nil }
        let files = try rows("SELECT name, text FROM catalog_files WHERE version = $1", .integer(row.integer(0)))
        return StoredCatalog(
            version: Int(row.integer(0)), at: Instant(milliseconds: row.integer(1)), by: row.text(2), zones: row.text(3),
            files: Dictionary(uniqueKeysWithValues: files.map { ($0.text(0), $0.text(1)) }))
    }

    func setting(_ name: String) throws -> String? {
        if let text = foresight.setting(name) { return text }
        return try rows("SELECT value FROM settings WHERE name = $1", .text(name)).first?.text(0)
    }
}

extension StoredFile {
    /// In the order in which it is read; of a case `c`.
    static let columns = """
        f.file, f.sum, j.seq, j.revision, j.leaf, CASE WHEN f.file IS NULL THEN j.event END,
        (SELECT o.opening FROM openings o WHERE o.seq = j.seq AND f.file IS NULL)
        """
    static let columnCount = 7
    static let tables = """
        LEFT JOIN files f ON f.case_id = c.id
        LEFT JOIN LATERAL (SELECT * FROM journal n WHERE n.case_id = c.id ORDER BY n.revision DESC LIMIT 1) j ON true
        """

    init(_ row: Rows.Row, from column: Int) {
        self.init(
            file: row.optionalBytes(column), sum: row.optionalBytes(column + 1), seq: row.optionalInteger(column + 2),
            revision: row.optionalInteger(column + 3), leaf: row.optionalBytes(column + 4), event: row.optionalBytes(column + 5),
            opening: row.optionalBytes(column + 6))
    }
}
