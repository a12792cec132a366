import CaseCore
import CaseStore
import Evidence
import Foundation
import GRDB
import WorkingTime

// The tree over the journal: a leaf for each row, in its order.

extension SQLiteSnapshot {
    func journalGaps() throws -> [JournalGap] {
        try Row.fetchAll(try db.cachedStatement(sql: "SELECT seq, count FROM journal_gaps ORDER BY seq")).map {
            JournalGap(seq: $0["seq"], count: $0["count"])
        }
    }

    func hashes(level: Int, index: Int64, width: Int) throws -> [MerkleHash] {
        let stored = try Data.fetchOne(
            try db.cachedStatement(sql: "SELECT hashes FROM tiles WHERE level = ? AND place = ?"), arguments: [level, index])
        if let stored {
            guard let hashes = Tile.hashes(Array(stored)) else {
                throw DamagedRecord(.server, "tile \(index) of level \(level) is damaged")
            }
            return hashes
        }
        let first = index * Int64(Tile.span)
        guard level == 0 else {
            return try Data.fetchAll(
                try db.cachedStatement(sql: "SELECT root FROM tiles WHERE level = ? AND place >= ? ORDER BY place LIMIT ?"),
                arguments: [level - 1, first, width]
            ).map { try MerkleHash(kept: Array($0), of: .server) }
        }
        return try Data.fetchAll(
            try db.cachedStatement(sql: "SELECT leaf FROM journal WHERE seq >= ? ORDER BY seq LIMIT ?"),
            arguments: [try journalGaps().seq(ofLeaf: first), width]
        ).map { try MerkleHash(kept: Array($0), of: .server) }
    }

    func checkpoint(atLeast size: Int64?) throws -> CheckpointRow? {
        let order = size == nil ? "DESC" : "ASC"
        return try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT size, at, note FROM checkpoints WHERE size >= ? ORDER BY size \(order) LIMIT 1"),
            arguments: [size ?? 0]
        ).map { CheckpointRow(size: $0["size"], at: Instant(milliseconds: $0["at"]), note: Array($0["note"] as Data)) }
    }

    func recorded(after seq: Int64, _ limit: PageLimit) throws -> [RecordedEntry] {
        let rows = try Row.fetchCursor(
            try db.cachedStatement(
                sql: """
                    SELECT seq, case_id, revision, event, leaf, (SELECT o.opening FROM openings o WHERE o.seq = journal.seq) AS opening
                    FROM journal WHERE seq > ? ORDER BY seq LIMIT ?
                    """), arguments: [seq, limit.rows])
        return try page(rows, limit) { row in
            let id = CaseID(row["case_id"] as Int64)
            let event = try RecordedEvent(kept: Array(row["event"] as Data), (row["opening"] as Data?).map(Array.init), of: id)
            let leaf = try MerkleHash(kept: (row["leaf"] as Data?).map(Array.init), of: id)
            return (RecordedEntry(seq: row["seq"], id: id, revision: row["revision"], event: event, leaf: leaf), event.byteCount)
        }
    }

    /// That of the last event of a case; that of nothing where it has none.
    func lastLeaf(of id: CaseID) throws -> MerkleHash {
        let leaf = try Data.fetchOne(
            try db.cachedStatement(sql: "SELECT leaf FROM journal WHERE case_id = ? ORDER BY revision DESC LIMIT 1"),
            arguments: [id.number])
        return try leaf.map { try MerkleHash(kept: Array($0), of: id) } ?? .empty
    }
}
