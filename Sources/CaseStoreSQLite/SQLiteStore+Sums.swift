import Foundation
import GRDB
import GRDBSQLite

/// Stores of older versions, whose pages have no sums.
extension SQLiteStore {
    /// Writes a copy of one consistent state to a file, whose pages have sums.
    ///
    /// - Parameters:
    ///   - path: of a file that is not there yet.
    ///   - progress: called now and then while it goes on.
    static func copy(_ source: String, to path: String, progress: (@Sendable () -> Void)? = nil) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw DatabaseError(
                resultCode: errno == ENOSPC ? .SQLITE_FULL : .SQLITE_CANTOPEN, message: "\(path): \(String(cString: strerror(errno)))")
        }
        Glibc.close(file)
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { db in ChecksumVFS.reserve(on: db.sqliteConnection) }
        // A connection of its own: readers and the writer go on.
        let queue = try DatabaseQueue(path: source, configuration: configuration)
        queue.inDatabase { ProgressSign.install(progress, on: $0) }
        try ChecksumVFS.expectingSums(at: path) { try queue.vacuum(into: path) }
        try queue.close()
    }

    /// Gives the pages of a store sums: brings its tables up to where that is noted, writes all of it to a new file, and puts that in its
    /// place once it is durable. Whatever stops it on the way, the store that was is there, and the next start begins anew.
    ///
    /// - Parameters:
    ///   - pool: all that have the store open; it is closed.
    ///   - directory: has room for the store a second time.
    ///   - keepsMark: whether the mark in the folder speaks of this file.
    static func addSums(
        _ pool: DatabasePool, in directory: StateDirectory, keepsMark: Bool, progress: (@Sendable () -> Void)?
    ) throws {
        let path = pool.path
        guard try !pool.read(SQLiteSchema.hasSums) else {
            throw StateDirectory.Unusable(description: "\(path) is damaged (its pages have lost their sums): restore it from a backup")
        }
        try SQLiteSchema.makeReadyForSums(pool)
        let part = BackupFile.newPath(in: directory)
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(part + suffix) } }
        try copy(path, to: part, progress: progress)
        let file = try DatabaseQueue(path: part)
        try SQLiteSchema.migrator.migrate(file)
        try file.close()
        try synchronize(part)
        try pool.writeWithoutTransaction { db in
            // What is in the log must not come to the new file: all is in the old one, then the word that no log is needed, then the end of
            // the log.
            try db.checkpoint(.full)
            if keepsMark { try noteWithoutLog(db, in: directory) }
            try db.checkpoint(.truncate)
        }
        try pool.close()
        guard rename(part, path) == 0 else {
            throw StateDirectory.Unusable(description: "\(path) cannot be replaced: \(String(cString: strerror(errno)))")
        }
        directory.synchronize()
    }

    private static func synchronize(_ path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { Glibc.close(file) }
        guard file >= 0, fsync(file) == 0 else { throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC, message: path) }
    }

    private static func noteWithoutLog(_ db: Database, in directory: StateDirectory) throws {
        guard var standing = try standing(db) else { return }
        standing.hasLog = false
        guard standing.write(in: directory) != nil else { throw StateDirectory.Unusable(noMarkIn: directory) }
    }
}
