import Foundation
import GRDB

/// A file that a backup was written to: whole, and of a form that this version reads.
package struct BackupFile {
    package struct Unfit: Error, CustomStringConvertible {
        package let description: String
    }

    /// The name of a file that is not there yet, and goes with the next start where nobody removes it.
    static func newPath(in directory: StateDirectory) -> String {
        "\(directory.path)/backup-\(UUID().uuidString).sqlite"
    }

    /// The copy that a restore works on; no backup that a person names is called so.
    private static let restoringName = "restoring.cased.sqlite"

    /// Whether a file in the folder is what a cut has left: a copy that the daemon made for somebody to fetch, or one that was being restored.
    static func isUnfinished(_ name: String) -> Bool {
        name.hasPrefix(restoringName)
            || name.wholeMatch(of: /backup-[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\.sqlite(-wal|-shm|-journal)?/) != nil
    }

    package let path: String
    /// The last place in its journal.
    package let lastSeq: Int64

    /// The file of a store that is made in a folder that has none; what was cut before it is taken away.
    ///
    /// - Throws: `StateDirectory.Unusable` where there is a store.
    init(madeIn directory: StateDirectory) throws {
        try BackupFile.requireNoStore(in: directory)
        (path, lastSeq) = ("\(directory.path)/\(BackupFile.restoringName)", 0)
        remove()
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw StateDirectory.Unusable(description: "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    func remove() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    /// Opens it and reads all of it, to see that nothing is missing.
    ///
    /// - Parameter source: what it is a copy of, as messages name it; by default itself.
    /// - Throws: `Unfit` with one sentence.
    package init(_ path: String, copiedFrom source: String? = nil) throws {
        self.path = path
        let name = source ?? path
        var configuration = Configuration()
        configuration.readonly = true
        ChecksumVFS.register()
        do {
            let file = try DatabaseQueue(path: path, configuration: configuration)
            lastSeq = try file.read { db in
                guard try !SQLiteSchema.migrator.hasBeenSuperseded(db) else {
                    throw Unfit(description: "\(name) was written by a newer cased: install that version or a later one")
                }
                guard try !SQLiteSchema.migrator.appliedMigrations(db).isEmpty else {
                    throw Unfit(description: "\(name) is no store of cased")
                }
                guard try SQLiteSchema.hasSums(db) == ChecksumVFS.hasSums(db.sqliteConnection) else {
                    throw Unfit(description: "\(name) is damaged (its pages have lost their sums): take another backup")
                }
                if ChecksumVFS.hasSums(db.sqliteConnection) { _ = try PageScrub.run(db, from: 1) }
                if let finding = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)"), finding != "ok" {
                    throw Unfit(description: "\(name) is damaged (\(finding)): take another backup")
                }
                return try Int64.fetchOne(db, sql: "SELECT max(seq) FROM journal") ?? 0
            }
            try file.close()
        } catch let error as PageScrub.Damage {
            throw Unfit(description: "\(name) is damaged (page \(error.page) is not what was written): take another backup")
        } catch let error as DatabaseError {
            let what = error.damage?.what ?? error.message ?? "\(error)"
            throw Unfit(description: "\(name) is no store of cased, or damaged (\(what)): take another backup")
        }
    }

    /// Copies a backup into a folder that has no store, makes the copy fit for use, and only then puts it where a daemon will find it.
    ///
    /// Whatever stops it on the way, and whenever, the folder still has no store: the last step is one rename.
    ///
    /// - Parameters:
    ///   - source: an ordinary file.
    ///   - prepare: checks and changes the store that the copy holds; its connections are closed afterwards.
    /// - Throws: `StateDirectory.Unusable`, `Unfit`, or what `prepare` throws, after which the folder is as it was.
    package static func restore<Value>(
        _ source: String, to directory: StateDirectory, prepare: (SQLiteStore) throws -> Value
    ) throws -> Value {
        try requireNoStore(in: directory)
        var log = stat()
        guard stat(source + "-wal", &log) != 0 || log.st_size == 0 else {
            throw Unfit(
                description:
                    "\(source) is no backup but a store that was not stopped: what came last stands in \(source)-wal. Start cased on its folder once, and stop it"
            )
        }
        let path = "\(directory.path)/\(restoringName)"
        func removeCopy() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) } }
        // What a restore that was cut has left, and nothing else: the backup itself can lie here.
        removeCopy()
        defer { removeCopy() }
        do {
            try copyBytes(from: source, to: path)
        } catch {
            let why = (error as? Unfit)?.description ?? error.localizedDescription
            throw StateDirectory.Unusable(description: "\(source) cannot be copied to \(directory.path) (\(why)): name a backup")
        }
        let file = try BackupFile(path, copiedFrom: source)
        let store = try SQLiteStore(directory, restoring: file)
        let value: Value
        do {
            value = try prepare(store)
            // A restore that is cut from here on leaves word that there was to be a store, and can be tried again.
            try store.vouch()
        } catch {
            try? store.close()
            throw error
        }
        // All that the log held is in the file afterwards.
        try store.close()
        // Whoever the folder belongs to can open the store from its first moment on.
        directory.giveToOwner()
        try file.takePlace(in: directory)
        return value
    }

    private static func requireNoStore(in directory: StateDirectory) throws(StateDirectory.Unusable) {
        // A log that was left behind would be taken for the copy's.
        for suffix in ["", "-wal", "-shm", "-journal"] where FileManager.default.fileExists(atPath: directory.databasePath + suffix) {
            throw StateDirectory.Unusable(
                description:
                    "\(directory.databasePath)\(suffix) exists: stop cased, and move the folder's files away before another store takes their place"
            )
        }
    }

    /// Becomes the store of its folder, from one moment to the next.
    func takePlace(in directory: StateDirectory) throws(StateDirectory.Unusable) {
        guard rename(path, directory.databasePath) == 0 else {
            throw StateDirectory.Unusable(description: "\(directory.databasePath) cannot be made: \(String(cString: strerror(errno)))")
        }
        directory.synchronize()
    }

    private static func copyBytes(from source: String, to copy: String) throws {
        guard FileManager.default.createFile(atPath: copy, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw Unfit(description: String(cString: strerror(errno)))
        }
        var entry = stat()
        guard stat(source, &entry) == 0 else { throw Unfit(description: String(cString: strerror(errno))) }
        guard entry.st_mode & S_IFMT == S_IFREG else { throw Unfit(description: "it is no ordinary file") }
        let input = try FileHandle(forReadingFrom: URL(fileURLWithPath: source))
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: copy))
        while let part = try input.read(upToCount: 1 << 20), !part.isEmpty { try output.write(contentsOf: part) }
        try output.synchronize()
        try output.close()
    }
}
