import Foundation
import GRDB
import GRDBSQLite

/// The files of a store that is open, and whether they are still where a start would find them.
final class StorePlace: Sendable {
    let log = WriteAheadLog()
    private let directory: StateDirectory
    private let file: FileIdentity
    private let logFile: FileIdentity
    /// In bytes.
    private let frameSize: Int64

    /// - Parameters:
    ///   - path: of the store's file, open for writing on `db`.
    init(_ directory: StateDirectory, _ path: String, _ db: Database) throws {
        self.directory = directory
        file = try FileIdentity(path)
        logFile = try FileIdentity(path + "-wal")
        frameSize = try Int64.fetchOne(db, sql: "PRAGMA page_size")! + 24
        log.watch(db)
    }

    /// Whether what goes to the store now is found by a start: its file and its log have their names, the log is no shorter than what was
    /// written, and the lock that keeps others away is the one that is held.
    var isIntact: Bool {
        file.isInPlace(atLeast: 0) && logFile.isInPlace(atLeast: Int64(log.pageCount) * frameSize) && directory.isLocked
    }
}

/// Which file it is, whatever it is called.
struct FileIdentity {
    private let path: String
    private let device: dev_t
    private let number: ino_t

    init(_ path: String) throws {
        var entry = stat()
        guard stat(path, &entry) == 0 else { throw CocoaError(.fileNoSuchFile) }
        (self.path, device, number) = (path, entry.st_dev, entry.st_ino)
    }

    /// - Parameter size: so many bytes it has to have.
    func isInPlace(atLeast size: Int64) -> Bool {
        var entry = stat()
        return stat(path, &entry) == 0 && entry.st_dev == device && entry.st_ino == number && entry.st_size >= size
    }
}

/// How long the log has grown, as SQLite tells after each commit, and how much of it is in the file.
final class WriteAheadLog: @unchecked Sendable {
    // Written on the writing connection's queue only. Others have a racy glance: `rest`, where any value will do, and whoever looks whether
    // the log is in its place, where it is at most what was written.

    /// All of it, in pages.
    private(set) var pageCount: Int32 = 0
    /// Of these, how many the last checkpoint has brought into the file.
    private var pagesInFile: Int32 = 0

    /// What a checkpoint could bring into the file.
    var newPageCount: Int32 {
        pageCount - pagesInFile
    }

    func watch(_ db: Database) {
        _ = sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, pages in
                Unmanaged<WriteAheadLog>.fromOpaque(context!).takeUnretainedValue().grew(to: pages)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// It begins anew once all of it is in the file and nobody reads there.
    private func grew(to pages: Int32) {
        if pages < pageCount { pagesInFile = 0 }
        pageCount = pages
    }

    func note(length: Int32, inFile: Int32) {
        (pageCount, pagesInFile) = (max(0, length), max(0, inFile))
    }
}
