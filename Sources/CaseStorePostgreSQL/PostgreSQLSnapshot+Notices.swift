import CaseCore
import CaseStore
import WorkingTime

// What somebody was told.

extension PostgreSQLSnapshot {
    private static let columns = "n.seq, n.case_id, n.revision, n.at, n.event, n.addressee, n.recipient, n.taken_at, n.taken_by"

    func lastNoticeSeq() throws -> Int64 {
        try rows("SELECT max(seq) FROM notices").first!.integer(0)
    }

    func notices(_ filter: NoticeFilter, newestFirst: Bool, after: Int64?, _ limit: PageLimit) throws -> [StoredNotice] {
        var conditions = Conditions(filter)
        if let after { conditions.add("n.seq \(newestFirst ? "<" : ">") \(conditions.put(.integer(after)))") }
        let count = conditions.put(.integer(Int64(limit.rows)))
        let found = try rows(
            """
            SELECT \(PostgreSQLSnapshot.columns) FROM notices n LEFT JOIN cases c ON c.id = n.case_id WHERE \(conditions.sql)
            ORDER BY n.seq\(newestFirst ? " DESC" : "") LIMIT \(count)
            """, filteredBy: conditions.values)
        return try page(found, limit) { row in
            let notice = try PostgreSQLSnapshot.stored(row)
            return (notice, notice.byteCount)
        }
    }

    func notice(_ seq: Int64) throws -> StoredNotice? {
        try rows("SELECT \(PostgreSQLSnapshot.columns) FROM notices n WHERE n.seq = $1", .integer(seq)).first.map(PostgreSQLSnapshot.stored)
    }

    private static func stored(_ row: Rows.Row) throws -> StoredNotice {
        guard let addressee = Addressee(rawValue: row.text(5)) else {
            throw DamagedRow(description: "to whom a notice goes is damaged: \(row.text(5))")
        }
        let taken = row.optionalInteger(7).map { TakenNotice(at: Instant(milliseconds: $0), by: row.text(8)) }
        return StoredNotice(
            seq: row.integer(0),
            row: NoticeRow(
                id: CaseID(row.integer(1)), revision: Int(row.integer(2)), at: Instant(milliseconds: row.integer(3)), event: row.text(4),
                notice: Notice(addressee: addressee, recipient: row.text(6))), taken: taken)
    }
}
