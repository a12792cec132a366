import CaseCore
import CaseStore
import Evidence

/// What was read ahead of the state on which a commit is planned. Whoever has it holds the head, so that nobody else changes any of it; it is
/// let go as soon as something is written.
final class Foresight {
    private struct Asked: Hashable {
        let sql: String
        let values: [[UInt8]?]

        init(_ statement: Statement) {
            (sql, values) = (statement.sql, statement.values.map(\.bytes))
        }
    }

    /// Nil for a key that stands for nothing so far.
    private var answers: [IdempotencyKey: StoredAnswer?] = [:]
    /// Nil for a case that is not there.
    private var files: [CaseID: StoredFile?] = [:]
    /// Those of open cases that are written perhaps; nil for any other case.
    private var kinds: [CaseID: OpenSumChanges.Kind?] = [:]
    private var settings: [String: String]?
    private var found: [Asked: Rows] = [:]

    /// A longer file is read alone: a batch can name many cases. In bytes.
    private static let fileLimit: Int64 = 1 << 16
    /// More leaves are not read at once.
    static let leafLimit: Int64 = 1 << 16

    private static let settings = Statement("SELECT name, value FROM settings")

    /// Those that ask for all of it, in an order that `take` knows.
    static func statements(_ foreseen: Foreseen) -> [Statement] {
        var statements: [Statement] = []
        if !foreseen.keys.isEmpty {
            statements.append(
                Statement(
                    """
                    SELECT k.principal, k.key, k.digest, k.case_id, k.revision FROM unnest($1, $2) AS a (principal, key)
                    JOIN keys k ON k.principal = a.principal AND k.key = a.key
                    """, .texts(foreseen.keys.map(\.principal)), .texts(foreseen.keys.map(\.key))))
        }
        if !foreseen.cases.isEmpty {
            let ids = Parameter.integers(foreseen.cases.map(\.number))
            statements += [
                BatchWriter.kinds(ids),
                Statement(
                    """
                    SELECT \(StoredFile.columns), c.id FROM cases c \(StoredFile.tables)
                    WHERE c.id = ANY ($1) AND coalesce(octet_length(f.file), octet_length(j.event), 0) <= $2
                    """, ids, .integer(fileLimit)),
            ]
        }
        return statements + (foreseen.isWhole ? [settings] : []) + once(foreseen)
    }

    private static func once(_ foreseen: Foreseen) -> [Statement] {
        (foreseen.isWhole ? PostgreSQLSnapshot.once : []) + (foreseen.leavesAfter.map { [PostgreSQLSnapshot.leaves(after: $0)] } ?? [])
    }

    /// Takes in what the statements have returned.
    func take(_ rows: ArraySlice<Rows>, of foreseen: Foreseen) {
        var rows = rows
        if !foreseen.keys.isEmpty {
            for key in foreseen.keys { answers[key] = .some(nil) }
            for row in rows.removeFirst() {
                answers[IdempotencyKey(principal: row.text(0), key: row.text(1))] = StoredAnswer(
                    digest: row.bytes(2), id: CaseID(row.integer(3)), revision: Int(row.integer(4)))
            }
        }
        if !foreseen.cases.isEmpty {
            for id in foreseen.cases { (kinds[id], files[id]) = (.some(nil), .some(nil)) }
            for row in rows.removeFirst() {
                let id = CaseID(row.integer(0))
                kinds[id] = .some(BatchWriter.kind(row))
                // It is there, and may be too long.
                files[id] = nil
            }
            for row in rows.removeFirst() { files[CaseID(row.integer(StoredFile.columnCount))] = StoredFile(row, from: 0) }
        }
        if foreseen.isWhole {
            settings = Dictionary(uniqueKeysWithValues: rows.removeFirst().map { ($0.text(0), $0.text(1)) })
        }
        for (statement, rows) in zip(Foresight.once(foreseen), rows) { found[Asked(statement)] = rows }
    }

    // MARK: What it knows; nil where that was not foreseen

    func answer(_ key: IdempotencyKey) -> StoredAnswer?? {
        answers[key]
    }

    func file(_ id: CaseID) -> StoredFile?? {
        files[id]
    }

    func kind(_ id: CaseID) -> OpenSumChanges.Kind?? {
        kinds[id]
    }

    /// The leaf of the last event of a case, which is kept beside its file.
    func leaf(_ id: CaseID) throws(DamagedRecord) -> MerkleHash? {
        guard let leaf = files[id]??.leaf else { return nil }
        return try MerkleHash(kept: leaf, of: id)
    }

    func setting(_ name: String) -> String?? {
        settings.map { $0[name] }
    }

    func rows(_ statement: Statement) -> Rows? {
        found.isEmpty ? nil : found[Asked(statement)]
    }
}
