import CaseCore
import CaseStore
import Evidence
import Foundation
import GRDB
import WorkingTime

// What happened, in the order in which it was recorded.

extension SQLiteSnapshot {
    private func entries(_ sql: String, _ arguments: StatementArguments, _ limit: PageLimit) throws -> [JournalEntry] {
        let rows = try Row.fetchCursor(
            try db.cachedStatement(
                sql: """
                    SELECT seq, case_id, revision, event, leaf, (SELECT o.opening FROM openings o WHERE o.seq = journal.seq) AS opening
                    FROM journal WHERE \(sql) LIMIT ?
                    """),
            arguments: arguments + [limit.rows])
        return try page(rows, limit) { row in
            let (id, seq) = (CaseID(row["case_id"] as Int64), row["seq"] as Int64)
            let recorded = try RecordedEvent(kept: Array(row["event"] as Data), (row["opening"] as Data?).map(Array.init), of: id)
            let leaf = try MerkleHash(kept: (row["leaf"] as Data?).map(Array.init), of: id)
            let entry = try JournalEntry(seq: seq, id: id, revision: row["revision"], recorded, leaf: leaf)
            return (entry, entry.event.count)
        }
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
}
