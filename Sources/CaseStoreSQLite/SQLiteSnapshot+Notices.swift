import CaseCore
import CaseStore
import Foundation
import GRDB
import WorkingTime

// What somebody was told.

extension SQLiteSnapshot {
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
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: "SELECT * FROM notices WHERE seq = ?"), arguments: [seq])
        return try page(rows, PageLimit(rows: 1, bytes: 1)) { (try SQLiteSnapshot.stored($0), 0) }.first
    }

    /// - Parameter row: the one that a query is at: what GRDB copies of a text ends at U+0000.
    private static func stored(_ row: Row) throws -> StoredNotice {
        func text(_ column: String) -> String { (row[column] as Data?).map { String(decoding: $0, as: UTF8.self) } ?? "" }
        guard let addressee = Addressee(rawValue: row["addressee"]) else {
            throw DamagedRow(description: "to whom a notice goes is damaged: \(row["addressee"] as String)")
        }
        let taken = (row["taken_at"] as Int64?).map {
            TakenNotice(at: Instant(milliseconds: $0), by: text("taken_by"))
        }
        return StoredNotice(
            seq: row["seq"],
            row: NoticeRow(
                id: CaseID(row["case_id"]), revision: row["revision"], at: Instant(milliseconds: row["at"]),
                event: text("event"), notice: Notice(addressee: addressee, recipient: text("recipient"))), taken: taken)
    }
}
