import CaseCore
import CaseStore

/// What tests ask of small stores: as much as there is.
extension StoreSnapshot {
    package func journal(of id: CaseID) throws -> [JournalEntry] {
        try journal(of: id, after: 0, PageLimit(rows: .max, bytes: .max))
    }

    package func readings(of id: CaseID) throws -> [JournalEntry] {
        try readings(of: id, after: 0, PageLimit(rows: .max, bytes: .max))
    }

    package func journal(after seq: Int64, limit: Int) throws -> [JournalEntry] {
        try journal(after: seq, PageLimit(rows: limit, bytes: .max))
    }

    package func files(
        _ filter: CaseFilter, sort: CaseSort, after: CaseCursor?, limit: Int
    ) throws -> [(cursor: CaseCursor, file: [UInt8])] {
        try files(filter, sort: sort, after: after, PageLimit(rows: limit, bytes: .max))
    }

    package func notices(recipient: String?, readScope: ReadScope?, after: Int64, limit: Int) throws -> [StoredNotice] {
        var filter = NoticeFilter(readScope: readScope)
        filter.recipient = recipient
        return try notices(filter, newestFirst: false, after: after, PageLimit(rows: limit, bytes: .max))
    }
}
