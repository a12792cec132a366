import CaseCore
import CaseStore
import Foundation
import GRDB
import WorkingTime

/// The state that one read transaction sees.
struct SQLiteSnapshot: StoreSnapshot {
    let db: Database

    func file(_ id: CaseID) throws -> [UInt8]? {
        var query = try Binder("SELECT \(StoredFile.columns) FROM cases c \(StoredFile.tables) WHERE c.id = ?", on: db)
        defer { query.reset() }
        query.put(id.number)
        guard try query.step() else { return nil }
        return try StoredFile(
            file: query.optionalBytes(0), sum: query.optionalBytes(1), seq: query.optionalNumber(2), revision: query.optionalNumber(3),
            leaf: query.optionalBytes(4), event: query.optionalBytes(5), opening: query.optionalBytes(6)
        ).bytes(of: id)
    }

    func answer(_ key: IdempotencyKey) throws -> StoredAnswer? {
        try answer("SELECT digest, case_id, revision FROM keys WHERE principal = ? AND key = ?") { query in
            query.put(key.principal)
            query.put(key.key)
        }
    }

    func olderAnswer(_ key: String, uid: UInt32) throws -> StoredAnswer? {
        try answer("SELECT digest, case_id, revision FROM answers WHERE uid = ? AND key = ?") { query in
            query.put(Int64(uid))
            query.put(key)
        }
    }

    func hasOlderAnswers() throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM answers)") ?? false
    }

    private func answer(_ sql: String, _ bind: (inout Binder) -> Void) throws -> StoredAnswer? {
        var query = try Binder(sql, on: db)
        defer { query.reset() }
        bind(&query)
        guard try query.step() else { return nil }
        return StoredAnswer(digest: query.bytes(0), id: CaseID(query.number(1)), revision: Int(query.number(2)))
    }

    func due(at instant: Instant, limit: Int) throws -> [CaseID] {
        try Int64.fetchAll(
            try db.cachedStatement(
                sql: "SELECT case_id FROM deadlines WHERE next_at <= ? ORDER BY next_at, case_id LIMIT ?"),
            arguments: [instant.milliseconds, limit]
        ).map(CaseID.init)
    }

    func nextDeadline() throws -> Instant? {
        try Int64.fetchOne(try db.cachedStatement(sql: "SELECT min(next_at) FROM deadlines WHERE next_at IS NOT NULL")).map {
            Instant(milliseconds: $0)
        }
    }

    func lastCaseNumber() throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT max(id) FROM cases") ?? 0
    }

    func openCount() throws -> Int {
        try OpenSums.count(db)
    }

    func openCounts() throws -> [String: Int] {
        try OpenSums.countsBySubmitter(db)
    }

    func lastClosedAt() throws -> Instant? {
        try Int64.fetchOne(db, sql: "SELECT max(closed_at) FROM cases").map { Instant(milliseconds: $0) }
    }

    func runningCases(of matter: MatterID, after: CaseID?, limit: Int) throws -> [CaseID] {
        try Int64.fetchAll(
            try db.cachedStatement(sql: "SELECT id FROM cases WHERE matter = ? AND running AND id > ? ORDER BY id LIMIT ?"),
            arguments: [matter.raw, after?.number ?? 0, limit]
        ).map(CaseID.init)
    }

    func runningCounts() throws -> [MatterID: RunningCount] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT matter, count(*) AS running, sum(closed_at IS NULL) AS open FROM cases WHERE running GROUP BY matter")
        return Dictionary(
            uniqueKeysWithValues: rows.map { (MatterID($0["matter"]), RunningCount(running: $0["running"], open: $0["open"])) })
    }

    func ids(_ filter: CaseFilter, after: CaseID?, through: CaseID?, limit: Int) throws -> [CaseID] {
        var conditions = Conditions(filter)
        if let after { conditions.add("c.id > ?", after.number) }
        if let through { conditions.add("c.id <= ?", through.number) }
        return try Int64.fetchAll(
            db, sql: "SELECT c.id FROM \(conditions.tables(drivenByDue: false)) WHERE \(conditions.sql) ORDER BY c.id LIMIT ?",
            arguments: conditions.arguments + [limit]
        ).map(CaseID.init)
    }

    func files(
        _ filter: CaseFilter, sort: CaseSort, after: CaseCursor?, _ limit: PageLimit
    ) throws -> [(cursor: CaseCursor, file: [UInt8])] {
        var conditions = Conditions(filter)
        let order: String
        switch sort {
        case .number:
            order = "c.id"
            if let after { conditions.add("c.id > ?", after.id.number) }
        case .numberDescending:
            order = "c.id DESC"
            if let after { conditions.add("c.id < ?", after.id.number) }
        case .due:
            order = "d.due_at, d.case_id"
            conditions.add("d.due_at IS NOT NULL")
            if let after, let due = after.due {
                conditions.add("(d.due_at, d.case_id) > (?, ?)", due.milliseconds, after.id.number)
            }
        }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT c.id, d.due_at, \(StoredFile.columns) FROM \(conditions.tables(drivenByDue: sort == .due))
                \(StoredFile.tables)
                WHERE \(conditions.sql) ORDER BY \(order) LIMIT ?
                """, arguments: conditions.arguments + [limit.rows])
        return try page(rows, limit) { row in
            let due = (row["due_at"] as Int64?).map { Instant(milliseconds: $0) }
            let id = CaseID(row["id"] as Int64)
            func bytes(_ name: String) -> [UInt8]? { (row[name] as Data?).map(Array.init) }
            let file = try StoredFile(
                file: bytes("file"), sum: bytes("sum"), seq: row["last_seq"], revision: row["last_revision"], leaf: bytes("leaf"),
                event: bytes("event"), opening: bytes("opening")
            ).bytes(of: id)
            return ((CaseCursor(id: id, due: sort == .due ? due : nil), file), file.count)
        }
    }

    /// Takes rows until there are enough of them.
    func page<Element>(_ rows: RowCursor, _ limit: PageLimit, _ read: (Row) throws -> (Element, byteCount: Int)) throws -> [Element] {
        var (elements, total): ([Element], Int) = ([], 0)
        while limit.allows(more: elements.count, bytes: total), let row = try rows.next() {
            let (element, byteCount) = try read(row)
            elements.append(element)
            total += byteCount
        }
        return elements
    }

    func count(_ filter: CaseFilter) throws -> Int {
        let conditions = Conditions(filter)
        return try Int.fetchOne(
            db, sql: "SELECT count(*) FROM \(conditions.tables(drivenByDue: false)) WHERE \(conditions.sql)",
            arguments: conditions.arguments) ?? 0
    }

    func catalog(version: Int?) throws -> StoredCatalog? {
        var row = try Binder(
            "SELECT version, at, by, zones FROM catalogs WHERE version = coalesce(?, (SELECT max(version) FROM catalogs))", on: db)
        defer { row.reset() }
        row.put(version.map(Int64.init))
        guard try row.step() else { return nil }
        var texts = try Binder("SELECT name, text FROM catalog_files WHERE version = ?", on: db)
        defer { texts.reset() }
        texts.put(row.number(0))
        var files: [String: String] = [:]
        while try texts.step() { files[texts.text(0)] = texts.text(1) }
        return StoredCatalog(
            version: Int(row.number(0)), at: Instant(milliseconds: row.number(1)), by: row.text(2), zones: row.text(3), files: files)
    }

    func setting(_ name: String) throws -> String? {
        var query = try Binder("SELECT value FROM settings WHERE name = ?", on: db)
        defer { query.reset() }
        query.put(name)
        return try query.step() ? query.text(0) : nil
    }
}
