import CaseCore
import CaseStore
import Evidence
import Foundation
import GRDB

// The tree over the journal: a leaf for each row, in its order.

extension SQLiteSnapshot {
    private func gaps() throws -> [JournalGap] {
        try Row.fetchAll(try db.cachedStatement(sql: "SELECT seq, count FROM journal_gaps ORDER BY seq")).map {
            JournalGap(seq: $0["seq"], count: $0["count"])
        }
    }

    func journalGaps() throws -> [JournalGap] {
        try gaps()
    }

    func hashes(level: Int, index: Int64, width: Int) throws -> [MerkleHash] {
        let stored = try Data.fetchOne(
            try db.cachedStatement(sql: "SELECT hashes FROM tiles WHERE level = ? AND place = ?"), arguments: [level, index])
        if let stored {
            guard let hashes = Tile.hashes(Array(stored)) else { throw DamagedRecord(.server, "tile \(index) of level \(level) is damaged") }
            return hashes
        }
        let first = index * Int64(Tile.span)
        guard level == 0 else {
            return try Data.fetchAll(
                try db.cachedStatement(sql: "SELECT root FROM tiles WHERE level = ? AND place >= ? ORDER BY place LIMIT ?"),
                arguments: [level - 1, first, width]
            ).map { try MerkleHash(kept: Array($0), of: .server) }
        }
        return try Row.fetchAll(
            try db.cachedStatement(
                sql: "SELECT leaf, CASE WHEN leaf IS NULL THEN event END AS event FROM journal WHERE seq >= ? ORDER BY seq LIMIT ?"),
            arguments: [try gaps().seq(ofLeaf: first), width]
        ).map { row in
            if let leaf = row["leaf"] as Data? { return try MerkleHash(kept: Array(leaf), of: .server) }
            return RecordedEvent(text: Array(row["event"] as Data)).leaf
        }
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
            let leaf = try (row["leaf"] as Data?).map { try MerkleHash(kept: Array($0), of: id) }
            return (RecordedEntry(seq: row["seq"], id: id, revision: row["revision"], event: event, leaf: leaf), event.text.count)
        }
    }

    /// The leaf of a row of an older version, which has none beside it: where the tree has its tile, from there; else its own.
    func treeLeaf(_ seq: Int64, of id: CaseID, text: [UInt8]) throws -> MerkleHash {
        let (tile, place) = try gaps().leaf(of: seq).quotientAndRemainder(dividingBy: Int64(Tile.span))
        let stored = try Data.fetchOne(
            try db.cachedStatement(sql: "SELECT hashes FROM tiles WHERE level = 0 AND place = ?"), arguments: [tile])
        guard let stored else { return RecordedEvent(text: text).leaf }
        guard let hashes = Tile.hashes(Array(stored)) else { throw DamagedRecord(id, "the tile of an event is damaged") }
        return hashes[Int(place)]
    }

    /// That of the last event of a case; that of nothing where it has none.
    func lastLeaf(of id: CaseID) throws -> MerkleHash {
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: "SELECT seq, leaf, event FROM journal WHERE case_id = ? ORDER BY revision DESC LIMIT 1"), arguments: [id.number])
        guard let row else { return .empty }
        if let leaf = row["leaf"] as Data? { return try MerkleHash(kept: Array(leaf), of: id) }
        return try treeLeaf(row["seq"], of: id, text: Array(row["event"] as Data))
    }
}
