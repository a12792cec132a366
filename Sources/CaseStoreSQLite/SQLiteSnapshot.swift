import CaseCore
import CaseStore
import Foundation
import GRDB
import WorkingTime

/// The state that one read transaction sees.
struct SQLiteSnapshot: StoreSnapshot {
    let db: Database

    func file(_ id: CaseID) throws -> [UInt8]? {
        var query = try Binder("SELECT \(SQLiteSnapshot.file) FROM cases c LEFT JOIN files f ON f.case_id = c.id WHERE c.id = ?", on: db)
        defer { query.reset() }
        query.put(id.number)
        guard try query.step() else { return nil }
        guard let bytes = query.optionalBytes(0) else { throw LostFile(id) }
        return bytes
    }

    /// The file of a case, or its first event where that is all; null where the file is lost.
    private static let file = """
        coalesce(f.file, (SELECT j.event FROM journal j WHERE j.case_id = c.id AND j.revision = 1
            AND NOT EXISTS (SELECT 1 FROM journal n WHERE n.case_id = c.id AND n.revision > 1)))
        """

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
                SELECT c.id, \(SQLiteSnapshot.file) AS file, d.due_at FROM \(conditions.tables(drivenByDue: sort == .due))
                LEFT JOIN files f ON f.case_id = c.id
                WHERE \(conditions.sql) ORDER BY \(order) LIMIT ?
                """, arguments: conditions.arguments + [limit.rows])
        return try page(rows, limit) { row in
            let due = (row["due_at"] as Int64?).map { Instant(milliseconds: $0) }
            let id = CaseID(row["id"] as Int64)
            let stored: Data? = row["file"]
            guard let file = stored else { throw LostFile(id) }
            return ((CaseCursor(id: id, due: sort == .due ? due : nil), Array(file)), file.count)
        }
    }

    /// Takes rows until there are enough of them.
    private func page<Element>(_ rows: RowCursor, _ limit: PageLimit, _ read: (Row) throws -> (Element, byteCount: Int)) throws -> [Element]
    {
        var (elements, total): ([Element], Int) = ([], 0)
        while limit.allows(more: elements.count, bytes: total), let row = try rows.next() {
            let (element, byteCount) = try read(row)
            elements.append(element)
            total += byteCount
        }
        return elements
    }

    private func entries(_ sql: String, _ arguments: StatementArguments, _ limit: PageLimit) throws -> [JournalEntry] {
        let rows = try Row.fetchCursor(
            try db.cachedStatement(sql: "SELECT seq, case_id, revision, event FROM journal WHERE \(sql) LIMIT ?"),
            arguments: arguments + [limit.rows])
        return try page(rows, limit) { row in
            let event = row["event"] as Data
            let entry = JournalEntry(seq: row["seq"], id: CaseID(row["case_id"]), revision: row["revision"], event: Array(event))
            return (entry, event.count)
        }
    }

    func count(_ filter: CaseFilter) throws -> Int {
        let conditions = Conditions(filter)
        return try Int.fetchOne(
            db, sql: "SELECT count(*) FROM \(conditions.tables(drivenByDue: false)) WHERE \(conditions.sql)",
            arguments: conditions.arguments) ?? 0
    }

    func journal(of id: CaseID, after revision: Int, _ limit: PageLimit) throws -> [JournalEntry] {
        try entries("case_id = ? AND revision > ? AND revision > 0 ORDER BY revision", [id.number, revision], limit)
    }

    func readings(of id: CaseID, after number: Int, _ limit: PageLimit) throws -> [JournalEntry] {
        try entries("case_id = ? AND revision < ? AND revision < 0 ORDER BY revision DESC", [id.number, -number], limit)
    }

    func lastRevision(of id: CaseID, before instant: Instant) throws -> Int {
        try Int.fetchOne(
            try db.cachedStatement(
                sql: "SELECT revision FROM journal WHERE case_id = ? AND revision > 0 AND at < ? ORDER BY revision DESC LIMIT 1"),
            arguments: [id.number, instant.milliseconds]) ?? 0
    }

    func readingCount(of id: CaseID) throws -> Int {
        let last = try Int.fetchOne(
            try db.cachedStatement(sql: "SELECT min(revision) FROM journal WHERE case_id = ?"), arguments: [id.number])
        return max(0, -(last ?? 0))
    }

    func journal(after seq: Int64, _ limit: PageLimit) throws -> [JournalEntry] {
        try entries("seq > ? AND case_id > 0 ORDER BY seq", [seq], limit)
    }

    func lastSeq() throws -> Int64 {
        try Int64.fetchOne(try db.cachedStatement(sql: "SELECT max(seq) FROM journal")) ?? 0
    }

    func lastRevision(of id: CaseID) throws -> Int {
        try Int.fetchOne(
            try db.cachedStatement(sql: "SELECT max(revision) FROM journal WHERE case_id = ?"), arguments: [id.number]) ?? 0
    }

    func journalHead(before instant: Instant) throws -> JournalHead? {
        // From the end of that day, which has a row of its own, the place is near.
        try Row.fetchOne(
            db,
            sql: """
                SELECT seq, event FROM journal
                WHERE seq <= (SELECT seq FROM journal_heads WHERE day <= ? ORDER BY day DESC LIMIT 1) AND at < ? ORDER BY seq DESC LIMIT 1
                """, arguments: [JournalHead.day(of: instant), instant.milliseconds]
        ).map { JournalHead(seq: $0["seq"], event: Array($0["event"] as Data)) }
    }

    func lastNoticeSeq() throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT max(seq) FROM notices") ?? 0
    }

    func notices(_ filter: NoticeFilter, newestFirst: Bool, after: Int64?, _ limit: PageLimit) throws -> [StoredNotice] {
        var conditions = Conditions(filter)
        if let after { conditions.add(newestFirst ? "n.seq < ?" : "n.seq > ?", after) }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT n.* FROM notices n LEFT JOIN cases c ON c.id = n.case_id WHERE \(conditions.sql)
                ORDER BY n.seq\(newestFirst ? " DESC" : "") LIMIT ?
                """, arguments: conditions.arguments + [limit.rows])
        return try page(rows, limit) { row in
            let notice = try SQLiteSnapshot.stored(row)
            return (notice, notice.byteCount)
        }
    }

    func notice(_ seq: Int64) throws -> StoredNotice? {
        try Row.fetchOne(try db.cachedStatement(sql: "SELECT * FROM notices WHERE seq = ?"), arguments: [seq]).map(SQLiteSnapshot.stored)
    }

    private static func stored(_ row: Row) throws -> StoredNotice {
        guard let addressee = Addressee(rawValue: row["addressee"]) else {
            throw DamagedRow(description: "to whom a notice goes is damaged: \(row["addressee"] as String)")
        }
        let taken = (row["taken_at"] as Int64?).map {
            TakenNotice(at: Instant(milliseconds: $0), by: row["taken_by"] as String? ?? "")
        }
        return StoredNotice(
            seq: row["seq"],
            row: NoticeRow(
                id: CaseID(row["case_id"]), revision: row["revision"], at: Instant(milliseconds: row["at"]),
                event: row["event"], notice: Notice(addressee: addressee, recipient: row["recipient"])), taken: taken)
    }

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
                counts: try Measure.allCases.indices.map { try SQLiteSnapshot.count(row[$0 + 1], "figures") })
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
                    try SQLiteSnapshot.count(row["working_days"], "working days"): try SQLiteSnapshot.count(row["count"], "figures")
                ]
                rollups[row["key"], default: Rollup()].add(
                    isNet ? Rollup(counts: none, netHandling: part) : Rollup(counts: none, handling: part))
            }
        }
        return rollups
    }

    /// A number of something that there is a number of: what somebody wrote into the file ends in no overflow.
    static func count(_ number: Int64, _ what: String) throws -> Int {
        guard (0...Int.countLimit).contains(number) else { throw DamagedRow(description: "\(what) in the store are damaged: \(number)") }
        return Int(number)
    }

    func catalog(version: Int?) throws -> StoredCatalog? {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM catalogs WHERE version = coalesce(?, (SELECT max(version) FROM catalogs))",
                arguments: [version])
        else { return nil }
        let number: Int = row["version"]
        let files = try Row.fetchAll(db, sql: "SELECT name, text FROM catalog_files WHERE version = ?", arguments: [number])
        return StoredCatalog(
            version: number, at: Instant(milliseconds: row["at"]), by: row["by"], zones: row["zones"],
            files: Dictionary(uniqueKeysWithValues: files.map { ($0["name"], $0["text"]) }))
    }

    func setting(_ name: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM settings WHERE name = ?", arguments: [name])
    }
}

/// A row holds what no commit wrote.
struct DamagedRow: Error, CustomStringConvertible {
    let description: String
}

/// The conditions of a filter. Text is bound, never spliced in.
private struct Conditions {
    private var parts: [String] = []
    private(set) var arguments = StatementArguments()
    private var isDrivenByDue = false

    init() {}

    init(_ filter: ReportFilter) {
        equal("c.matter", filter.matter?.raw)
        equal("c.office", filter.office?.raw)
        equal("c.leader", filter.leader?.raw)
        equal("c.commissioner", filter.commissioner?.raw)
    }

    init(_ filter: CaseFilter) {
        guard case .all(let conditions) = filter.condition else { preconditionFailure("a filter is all of its conditions") }
        for condition in conditions { add(condition, at: filter.now) }
    }

    init(_ filter: NoticeFilter) {
        equal("n.recipient", filter.recipient)
        equal("n.addressee", filter.addressee?.rawValue)
        if let own = filter.own { add(ownNotices: own) }
        if let since = filter.since { add("n.at >= ?", since.milliseconds) }
        if let isTaken = filter.isTaken { add(isTaken ? "n.taken_at IS NOT NULL" : "n.taken_at IS NULL") }
        if let readScope = filter.readScope { add(noticesIn: readScope) }
    }

    private mutating func add(ownNotices own: OwnNotices) {
        func among(_ names: Set<String>) -> String {
            arguments += StatementArguments(names.sorted())
            return Conditions.list("n.recipient", names.count)
        }
        var ways: [String] = []
        if !own.names.isEmpty { ways.append("\(among(own.names)) AND n.addressee <> 'applicant'") }
        if own.coversAllApplicants {
            ways.append("n.addressee = 'applicant'")
        } else if !own.applicants.isEmpty {
            ways.append("\(among(own.applicants)) AND n.addressee = 'applicant'")
        }
        parts.append(ways.isEmpty ? "0" : "(\(ways.joined(separator: " OR ")))")
    }

    /// A condition of the core as one of the query. Where a column is null, what compares it is null, which is as good as no.
    mutating func add(_ condition: CaseCondition, at now: Instant) {
        if case .all(let inner) = condition {
            for one in inner { add(one, at: now) }
            return
        }
        if case .before(.due, _) = condition { isDrivenByDue = true }
        if case .through(.due, _) = condition { isDrivenByDue = true }
        parts.append(text(of: condition, at: now))
    }

    /// Notices of cases that are covered, and those of the server that are somebody's own.
    mutating func add(noticesIn readScope: ReadScope) {
        let cases = text(of: readScope.condition, at: Instant(seconds: 0))
        guard let addresses = readScope.addresses else { return parts.append("(n.case_id = 0 OR \(cases))") }
        arguments += StatementArguments(addresses.sorted())
        parts.append("(n.case_id > 0 AND \(cases) OR n.case_id = 0 AND \(Conditions.list("n.recipient", addresses.count)))")
    }

    /// Binds what it compares with, in the order of the text.
    private mutating func text(of condition: CaseCondition, at now: Instant) -> String {
        func name(_ instant: CaseCondition.CaseInstant) -> String {
            switch instant {
            case .due: "d.due_at"
            case .column(let column): "c.\(column.name)"
            }
        }
        func comparison(_ instant: CaseCondition.CaseInstant, _ sign: String, _ moment: CaseCondition.Moment) -> String {
            switch moment {
            case .at(let instant): arguments += [instant.milliseconds]
            case .now: arguments += [now.milliseconds]
            }
            return "\(name(instant)) \(sign) ?"
        }
        func joined(_ conditions: [CaseCondition], _ word: String, ifNone: String) -> String {
            let texts = conditions.map { text(of: $0, at: now) }
            return texts.isEmpty ? ifNone : Conditions.balanced(texts[...], word)
        }
        switch condition {
        case .isCase(let id):
            arguments += [id.number]
            return "c.id = ?"
        case .isAny(let column, let values):
            for value in values {
                switch value {
                case .text(let text): arguments += [text]
                case .integer(let number): arguments += [number]
                case .null: arguments += [nil as String?]
                }
            }
            return values.isEmpty ? "0" : Conditions.list("c.\(column.name)", values.count)
        case .lists(let column, let names):
            for name in names { arguments += [CaseCondition.listed([name])] }
            return names.isEmpty ? "0" : Conditions.balanced(names.map { _ in "instr(c.\(column.name), ?) > 0" }[...], "OR")
        case .isSet(let column): return "c.\(column.name)"
        case .isNull(let column): return "c.\(column.name) IS NULL"
        case .before(let instant, let moment): return comparison(instant, "<", moment)
        case .from(let instant, let moment): return comparison(instant, ">=", moment)
        case .through(let instant, let moment): return comparison(instant, "<=", moment)
        case .says(let text):
            let sought = Data(CaseTexts.folded(text))
            arguments += [sought, sought]
            return "EXISTS (SELECT 1 FROM texts t WHERE t.case_id = c.id AND (instr(t.title, ?) OR instr(t.applicant, ?)))"
        case .waits: return "0"
        case .all(let conditions): return joined(conditions, "AND", ifNone: "1")
        case .any(let conditions): return joined(conditions, "OR", ifNone: "0")
        case .not(.isSet(let column)): return "NOT c.\(column.name)"
        case .not(.isNull(let column)): return "c.\(column.name) IS NOT NULL"
        case .not(let inner): return "NOT coalesce(\(text(of: inner, at: now)), 0)"
        }
    }

    var sql: String {
        parts.isEmpty ? "1" : parts.joined(separator: " AND ")
    }

    /// A condition on what is due is answered from its index, others from the cases in order.
    func tables(drivenByDue: Bool) -> String {
        drivenByDue || isDrivenByDue
            ? "deadlines d CROSS JOIN cases c ON c.id = d.case_id" : "cases c LEFT JOIN deadlines d ON d.case_id = c.id"
    }

    mutating func add(_ part: String, _ values: (any DatabaseValueConvertible)?...) {
        parts.append(part)
        arguments += StatementArguments(values)
    }

    /// In pairs of pairs: SQLite takes no expression that is a thousand deep.
    private static func balanced(_ texts: ArraySlice<String>, _ word: String) -> String {
        guard texts.count > 1 else { return texts.first! }
        let middle = texts.startIndex + texts.count / 2
        return "(\(balanced(texts[..<middle], word)) \(word) \(balanced(texts[middle...], word)))"
    }

    private static func list(_ column: String, _ count: Int) -> String {
        count == 1 ? "\(column) = ?" : "\(column) IN (\(Array(repeating: "?", count: count).joined(separator: ", ")))"
    }

    private mutating func equal(_ column: String, _ value: String?) {
        if let value { add("\(column) = ?", value) }
    }
}

extension JournalHead {
    /// As the store counts days: from 1970, in UTC.
    static func day(of instant: Instant) -> Int64 {
        Int64(Zone.utc.day(of: instant).number)
    }
}
