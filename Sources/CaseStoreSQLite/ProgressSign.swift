import GRDB
import GRDBSQLite

/// Tells that a long statement goes on, as often as SQLite has done some work for it.
enum ProgressSign {
    private final class Sign {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Lives as long as the process: it is installed a few times at most.
    static func install(_ body: (@Sendable () -> Void)?, on db: Database) {
        guard let body else { return sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
        sqlite3_progress_handler(
            db.sqliteConnection, 1_000_000,
            { context in
                Unmanaged<Sign>.fromOpaque(context!).takeUnretainedValue().body()
                return 0
            }, Unmanaged.passRetained(Sign(body)).toOpaque())
    }
}
