import CaseCore
import CaseStore
import Evidence
import WorkingTime

// What happened, in the order in which it was recorded, and the tree over it.

extension PostgreSQLSnapshot {
    private static let recorded = """
        SELECT seq, case_id, revision, event, leaf, (SELECT o.opening FROM openings o WHERE o.seq = journal.seq) FROM journal
        """

    private func recorded(_ row: Rows.Row) throws -> RecordedEntry {
        let id = CaseID(row.integer(1))
        return RecordedEntry(
            seq: row.integer(0), id: id, revision: Int(row.integer(2)),
            event: try RecordedEvent(kept: row.bytes(3), row.optionalBytes(5), of: id),
            leaf: try MerkleHash(kept: row.optionalBytes(4), of: id))
    }

    private func entries(_ sql: String, _ limit: PageLimit, _ values: Parameter...) throws -> [JournalEntry] {
        let found = try rows(
            Statement(
                "\(PostgreSQLSnapshot.recorded) WHERE \(sql) LIMIT $\(values.count + 1)", values: values + [.integer(Int64(limit.rows))]))
        return try page(found, limit) { row in
            let recorded = try recorded(row)
            let entry = try JournalEntry(
                seq: recorded.seq, id: recorded.id, revision: recorded.revision, recorded.event, leaf: recorded.leaf)
            return (entry, entry.event.count)
        }
    }

    func journal(of id: CaseID, after revision: Int, _ limit: PageLimit) throws -> [JournalEntry] {
        try entries(
            "case_id = $1 AND revision > $2 AND revision > 0 ORDER BY revision", limit, .integer(id.number), .integer(Int64(revision)))
    }

    func readings(of id: CaseID, after number: Int, _ limit: PageLimit) throws -> [JournalEntry] {
        try entries(
            "case_id = $1 AND revision < $2 AND revision < 0 ORDER BY revision DESC", limit, .integer(id.number), .integer(Int64(-number)))
    }

    func journal(after seq: Int64, _ limit: PageLimit) throws -> [JournalEntry] {
        try entries("seq > $1 AND case_id > 0 ORDER BY seq", limit, .integer(seq))
    }

    func recorded(after seq: Int64, _ limit: PageLimit) throws -> [RecordedEntry] {
        let found = try rows(
            "\(PostgreSQLSnapshot.recorded) WHERE seq > $1 ORDER BY seq LIMIT $2", .integer(seq), .integer(Int64(limit.rows)))
        return try page(found, limit) { row in
            let entry = try recorded(row)
            return (entry, entry.event.byteCount)
        }
    }

    func lastRevision(of id: CaseID, before instant: Instant) throws -> Int {
        let row = try rows(
            "SELECT revision FROM journal WHERE case_id = $1 AND revision > 0 AND at < $2 ORDER BY revision DESC LIMIT 1",
            .integer(id.number), .integer(instant.milliseconds)
        ).first
        return row.map { Int($0.integer(0)) } ?? 0
    }

    static func lastRevision(of id: CaseID) -> Statement {
        Statement("SELECT max(revision) FROM journal WHERE case_id = $1", .integer(id.number))
    }

    func lastRevision(of id: CaseID) throws -> Int {
        Int(try rows(PostgreSQLSnapshot.lastRevision(of: id)).first!.integer(0))
    }

    func readingCount(of id: CaseID) throws -> Int {
        max(0, -Int(try rows("SELECT min(revision) FROM journal WHERE case_id = $1", .integer(id.number)).first!.integer(0)))
    }

    static let lastPlace = Statement("SELECT max(seq) FROM journal")

    func lastSeq() throws -> Int64 {
        try rows(PostgreSQLSnapshot.lastPlace).first!.integer(0)
    }

    func journalHead(before instant: Instant) throws -> JournalHead? {
        // From the end of that day, which has a row of its own, the place is near.
        try rows(
            """
            SELECT seq, event FROM journal
            WHERE seq <= (SELECT seq FROM journal_heads WHERE day <= $1 ORDER BY day DESC LIMIT 1) AND at < $2 ORDER BY seq DESC LIMIT 1
            """, .integer(JournalHead.day(of: instant)), .integer(instant.milliseconds)
        ).first.map { JournalHead(seq: $0.integer(0), event: $0.bytes(1)) }
    }

    /// No more than are read at once, and one that says that there are.
    static func leaves(after seq: Int64) -> Statement {
        Statement("SELECT leaf FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2", .integer(seq), .integer(Foresight.leafLimit + 1))
    }

    func leaves(after seq: Int64) throws -> [MerkleHash]? {
        let found = try rows(PostgreSQLSnapshot.leaves(after: seq))
        guard found.count <= Foresight.leafLimit else { return nil }
        return try found.map { try MerkleHash(kept: $0.bytes(0), of: .server) }
    }

    func journalGaps() throws -> [JournalGap] {
        try rows("SELECT seq, count FROM journal_gaps ORDER BY seq").map { JournalGap(seq: $0.integer(0), count: $0.integer(1)) }
    }

    func hashes(level: Int, index: Int64, width: Int) throws -> [MerkleHash] {
        if let stored = try rows("SELECT hashes FROM tiles WHERE level = $1 AND place = $2", .integer(Int64(level)), .integer(index)).first
        {
            guard let hashes = Tile.hashes(stored.bytes(0)) else {
                throw DamagedRecord(.server, "tile \(index) of level \(level) is damaged")
            }
            return hashes
        }
        let first = index * Int64(Tile.span)
        let found =
            try level > 0
            ? rows(
                "SELECT root FROM tiles WHERE level = $1 AND place >= $2 ORDER BY place LIMIT $3", .integer(Int64(level - 1)),
                .integer(first), .integer(Int64(width)))
            : rows(
                "SELECT leaf FROM journal WHERE seq >= $1 ORDER BY seq LIMIT $2", .integer(try journalGaps().seq(ofLeaf: first)),
                .integer(Int64(width)))
        return try found.map { try MerkleHash(kept: $0.bytes(0), of: .server) }
    }

    static let newestCheckpoint = Statement("SELECT size, at, note FROM checkpoints ORDER BY size DESC LIMIT 1")

    func checkpoint(atLeast size: Int64?) throws -> CheckpointRow? {
        let first = size.map {
            Statement("SELECT size, at, note FROM checkpoints WHERE size >= $1 ORDER BY size LIMIT 1", .integer($0))
        }
        return try rows(first ?? PostgreSQLSnapshot.newestCheckpoint).first.map {
            CheckpointRow(size: $0.integer(0), at: Instant(milliseconds: $0.integer(1)), note: $0.bytes(2))
        }
    }
}
