import CaseCore
import CaseStore
import GRDB
import GRDBSQLite

/// Looks at pages as they lie in the file, one after the other, whether anything uses them or not.
enum PageScrub {
    /// A page that is not what was written.
    struct Damage: Error {
        let page: Int64
        /// Whether the disk did not give it.
        var isUnreadable = false

        var record: DamagedRecord {
            DamagedRecord(
                .server, isUnreadable ? "page \(page) of the store cannot be read" : "page \(page) of the store is not what was written")
        }
    }

    /// SQLite keeps its locks at this byte, and never uses the page around it.
    private static let lockPage = Int64(1 << 30 / PageSum.pageSize + 1)

    /// - Parameters:
    ///   - first: the page to begin with, from 1.
    ///   - limit: so many pages at most.
    /// - Returns: the page to go on with; nil where the file ends.
    /// - Throws: `Damage`, or why the file cannot be read.
    static func run(_ db: Database, from first: Int64, limit: Int64 = .max) throws -> Int64? {
        var page = first
        while page - first < limit {
            switch ChecksumVFS.read(page, of: db.sqliteConnection) {
            case SQLITE_OK: break
            case ResultCode.SQLITE_IOERR_SHORT_READ.rawValue: return nil
            case ChecksumVFS.damageCode where page == lockPage: break
            case ChecksumVFS.damageCode: throw Damage(page: page)
            case ResultCode.SQLITE_IOERR_READ.rawValue: throw Damage(page: page, isUnreadable: true)
            case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "page \(page) cannot be read")
            }
            page += 1
        }
        return page
    }
}

/// Errors of SQLite that say that the store is not what was written.
extension DatabaseError: DamageReport {
    package var damage: DamagedRecord? {
        switch resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            DamagedRecord(.server, "a part of the store is not what was written (\(message ?? "no store"))")
        case .SQLITE_IOERR where extendedResultCode.rawValue == ChecksumVFS.damageCode:
            DamagedRecord(.server, ChecksumVFS.damage ?? "a page of the store is not what was written")
        default: nil
        }
    }

    /// What it says of the store; itself where that is nothing of the kind.
    var told: any Error {
        if let damage { damage } else { self }
    }
}
