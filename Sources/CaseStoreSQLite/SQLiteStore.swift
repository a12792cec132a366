import CaseStore
import Foundation
import GRDB
import GRDBSQLite
import Synchronization
import WorkingTime

/// The embedded store: SQLite in WAL mode with `synchronous=FULL`, one connection that writes and checkpoints, readers that only read.
package final class SQLiteStore: CaseStore {
    private let directory: StateDirectory
    package let path: String
    private let pool: DatabasePool
    /// The engine's own connection for reading: clients cannot use it up, and nothing cuts it.
    private let engineReads: DatabaseQueue
    /// A client's read that takes longer is cut, so that the log can be reused; in seconds.
    private let readLimit: Double
    private let place: StorePlace
    private let lastUpkeepFault = Mutex<String?>(nil)
    /// A copy that is made fit for use is vouched for only when it takes its place.
    private let isRestoring: Bool
    /// Used on the writing connection's queue only.
    private nonisolated(unsafe) var mark: (StoreMark, StoreMarkFile)?
    /// Whether the log holds what was erased since. Written on the writing connection's queue.
    private let logHoldsErased = Atomic(false)
    /// The same beyond the process.
    static let logHoldsErasedSetting = "log-holds-erased"

    private let logPageLimit: Int32

    /// At this length of the log, in pages, a checkpoint does not wait for a moment of rest.
    package static let logPageLimit: Int32 = 16_000
    /// A shorter log is left alone, even at rest.
    private static let restPageLimit: Int32 = 1_000
    package static let readerLimit = 8
    package static let readLimit: Double = 20
    private static let busyMilliseconds: CInt = 5_000

    /// Opens the store of a folder, and makes or migrates it where needed.
    ///
    /// - Throws: `StateDirectory.Unusable` with one sentence that says what to mend.
    ///
    /// - Parameters:
    ///   - copy: a copy in the folder that is made fit for use; by default the folder's own file.
    ///   - logPageLimit: at this length of the log a checkpoint does not wait for a moment of rest.
    ///   - readLimit: after so many seconds a client's read is cut.
    ///   - progress: called now and then while a long migration goes on.
    package init(
        _ directory: StateDirectory, restoring copy: BackupFile? = nil, logPageLimit: Int32 = SQLiteStore.logPageLimit,
        readLimit: Double = SQLiteStore.readLimit, progress: (@Sendable () -> Void)? = nil
    ) throws {
        self.directory = directory
        self.logPageLimit = logPageLimit
        self.readLimit = readLimit
        let path = copy?.path ?? directory.databasePath
        self.path = path
        isRestoring = copy != nil
        if copy == nil {
            directory.removeUnfinishedBackups()
            var entry = stat()
            if stat(path, &entry) != 0 || entry.st_size == 0 { try StoreMark.check(nil, in: directory) }
            try StoreMark.checkLog(in: directory)
            // Its log is made with the same permissions.
            Glibc.close(Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
        }
        ChecksumVFS.register()
        var configuration = Configuration()
        configuration.label = "cased.store"
        configuration.maximumReaderCount = SQLiteStore.readerLimit
        configuration.busyMode = .timeout(Double(SQLiteStore.busyMilliseconds) / 1000)
        // Threads of a higher priority are not to be had in the sandbox.
        configuration.qos = .default
        configuration.prepareDatabase { db in
            ChecksumVFS.reserve(on: db.sqliteConnection)
            // Whoever closes last leaves the log where it is: an opening that is refused takes nothing away.
            var keepsLog: CInt = 1
            _ = withUnsafeMutablePointer(to: &keepsLog) { sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, $0) }
            // In KiB. Sorting for a report spills to a file, so that memory does not grow with the number of cases.
            try db.execute(sql: "PRAGMA cache_size = -2048")
            try db.execute(sql: "PRAGMA temp_store = FILE")
            db.add(function: SQLiteStore.folded)
        }
        do {
            var pool = try SQLiteStore.open(path, configuration)
            let isNewer = try pool.read { try SQLiteSchema.migrator.hasBeenSuperseded($0) }
            guard !isNewer else {
                throw StateDirectory.Unusable(
                    description: "\(path) was written by a newer cased: install that version or a later one")
            }
            if copy == nil { try StoreMark.check(try pool.read(SQLiteStore.standing), in: directory) }
            pool.writeWithoutTransaction { ProgressSign.install(progress, on: $0) }
            if !pool.writeWithoutTransaction({ ChecksumVFS.hasSums($0.sqliteConnection) }) {
                try SQLiteStore.addSums(pool, in: directory, keepsMark: copy == nil, progress: progress)
                pool = try SQLiteStore.open(path, configuration)
                pool.writeWithoutTransaction { ProgressSign.install(progress, on: $0) }
            }
            try SQLiteSchema.make(pool)
            try pool.write { try $0.execute(sql: SQLiteSchema.fillTexts) }
            pool.writeWithoutTransaction { ProgressSign.install(nil, on: $0) }
            // A trigger would act with every commit, a missing index would let a second event of a revision in.
            if let difference = try pool.read(SQLiteSchema.differences).first {
                throw StateDirectory.Unusable(
                    description: "\(path) was changed by hand: its \(difference); restore it from a backup, or undo the change")
            }
            configuration.readonly = true
            engineReads = try DatabaseQueue(path: path, configuration: configuration)
            place = try pool.writeWithoutTransaction { try StorePlace(directory, path, $0) }
            self.pool = pool
            logHoldsErased.store(try pool.read { try SQLiteStore.notesErased($0) }, ordering: .relaxed)
        } catch let error as StateDirectory.Unusable {
            throw error
        } catch {
            throw StateDirectory.Unusable(opening: path, error)
        }
        guard try synchronousModes().allSatisfy({ $0 == 2 }) else {
            throw StateDirectory.Unusable(description: "SQLite does not keep synchronous=FULL: use another SQLite library")
        }
    }

    private static func open(_ path: String, _ configuration: Configuration) throws -> DatabasePool {
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            // GRDB sets NORMAL once the connection is prepared; FULL is what makes a commit durable.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA cache_size = -8192")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            // What is deleted or written over is zeros in the file, and not only free.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        return pool
    }

    /// SQLite's own `lower` knows the letters of ASCII alone.
    private static let folded = DatabaseFunction("folded", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).map { String(decoding: CaseTexts.folded($0), as: UTF8.self) }
    }

    /// The `synchronous` of the writing connection; 2 is FULL.
    package func synchronousModes() throws -> [Int] {
        [try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }]
    }

    package func commit(_ batch: Batch) throws(StoreFault) {
        do {
            try commit { part in try part(batch) }
        } catch let fault as StoreFault {
            throw fault
        } catch let damage as DamagedRecord {
            throw .damaged(damage)
        } catch {
            throw .unknown("\(error)")
        }
    }

    package func commit(inParts build: (@escaping (Batch) throws -> Void) throws -> Void) throws {
        var (isCommitting, isErasing) = (false, false)
        do {
            try pool.writeWithoutTransaction { db in
                try db.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
                let seq: Int64
                do {
                    try build { batch in
                        if !batch.erasures.isEmpty { isErasing = true }
                        try BatchWriter(db).write(batch)
                    }
                    seq = try SQLiteStore.lastSeq(db)
                    // What goes to files that nobody finds any more is lost.
                    guard place.isIntact else { throw StoreFault.gone("\(path) or its log is no longer the file that was opened") }
                    isCommitting = true
                    try db.cachedStatement(sql: "COMMIT").execute()
                } catch {
                    if db.isInsideTransaction { try db.execute(sql: "ROLLBACK") }
                    throw error
                }
                // The batch is durable, whatever becomes of the checkpoint: one that cannot be made now is made later.
                if place.log.newPageCount >= logPageLimit { tryCheckpoint(db) } else { noteMark(db, seq) }
                if isErasing {
                    logHoldsErased.store(true, ordering: .relaxed)
                    tryTruncate(db)
                }
            }
        } catch let error as DatabaseError {
            // Whoever met a damaged page on the way has committed nothing.
            if !isCommitting, let damage = error.damage { throw damage }
            switch error.resultCode {
            case .SQLITE_FULL: throw StoreFault.full
            case .SQLITE_CONSTRAINT: throw StoreFault.conflict(error.message ?? "a constraint")
            default: throw StoreFault.unknown("\(error)")
            }
        }
    }

    package func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        do {
            return switch reader {
            case .engine:
                try engineReads.inDatabase { db in
                    try db.cachedStatement(sql: "BEGIN DEFERRED").execute()
                    defer { try? db.cachedStatement(sql: "COMMIT").execute() }
                    return try body(SQLiteSnapshot(db: db))
                }
            case .client:
                try pool.read { db in
                    let cut = ReadCut(seconds: readLimit)
                    cut.install(on: db)
                    defer { cut.remove(from: db) }
                    return try body(SQLiteSnapshot(db: db))
                }
            }
        } catch let error as DatabaseError {
            throw error.told
        }
    }

    /// Reads tables as they are, on one consistent state.
    func look<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            return try engineReads.inDatabase { db in
                var value: Value?
                try db.inTransaction(.deferred) {
                    value = try body(db)
                    return .commit
                }
                return value!
            }
        } catch let error as DatabaseError {
            throw error.told
        }
    }

    /// Writes tables as they are, of a store that nobody finds yet.
    func fill(_ body: (Database) throws -> Void) throws {
        precondition(isRestoring, "a store that is in use is written by batches")
        do {
            try pool.writeWithoutTransaction { db in
                try db.inTransaction {
                    try body(db)
                    return .commit
                }
                if place.log.newPageCount >= logPageLimit { tryCheckpoint(db) }
            }
        } catch let error as DatabaseError {
            if error.resultCode == .SQLITE_FULL { throw StoreFault.full }
            throw error.told
        }
    }

    package func scrub(from page: Int64, limit: Int) throws -> Int64? {
        func look(from page: Int64) throws -> Int64? {
            try engineReads.inDatabase { try PageScrub.run($0, from: page, limit: Int64(limit)) }
        }
        do {
            return try look(from: page)
        } catch let damage as PageScrub.Damage {
            // A page that a cut has left half written is whole in the log, and nobody reads it elsewhere.
            do {
                guard try pool.writeWithoutTransaction(checkpoint) else { return damage.page }
                return try look(from: damage.page)
            } catch let damage as PageScrub.Damage {
                throw damage.record
            } catch let error as DatabaseError {
                throw error.told
            }
        }
    }

    package func backup() throws -> StoreBackup {
        let path = BackupFile.newPath(in: directory)
        do {
            try SQLiteStore.copy(self.path, to: path)
            return StoreBackup(path: path, lastSeq: try BackupFile(path).lastSeq)
        } catch {
            unlink(path)
            guard let error = error as? DatabaseError else { throw error }
            if error.resultCode == .SQLITE_FULL { throw StoreFault.full }
            throw error.told
        }
    }

    package var byteCount: Int64 {
        ["", "-wal"].reduce(0) { sum, suffix in
            var entry = stat()
            return stat(path + suffix, &entry) == 0 ? sum + Int64(entry.st_size) : sum
        }
    }

    package func rest() {
        guard logHoldsErased.load(ordering: .relaxed) || place.log.newPageCount >= SQLiteStore.restPageLimit else { return }
        // A checkpoint that cannot be made now is made later; the log is complete without it.
        pool.writeWithoutTransaction { if logHoldsErased.load(ordering: .relaxed) { tryTruncate($0) } else { tryCheckpoint($0) } }
    }

    package var upkeepFault: String? {
        lastUpkeepFault.withLock { $0 }
    }

    package var isInPlace: Bool {
        place.isIntact
    }

    package func close() throws {
        try engineReads.close()
        try pool.writeWithoutTransaction { db in
            // All is in the file, then the word that no log is needed, then the end of the log. Where there is no room for the word, the
            // log stays.
            if logHoldsErased.load(ordering: .relaxed) { try? SQLiteStore.forgetErased(db) }
            guard (try? db.checkpoint(.full)) != nil, writeMark(db, hasLog: false) else { return }
            _ = try db.checkpoint(.truncate)
        }
        try pool.close()
    }

    /// Vouches for a copy that is about to take its place.
    ///
    /// - Throws: where the mark cannot be written: the one before would call the copy another store.
    func vouch() throws {
        guard let standing = try pool.read(SQLiteStore.standing), standing.write(in: directory) != nil else {
            throw StateDirectory.Unusable(noMarkIn: directory)
        }
    }

    /// How far a store has come; nil where it is none yet.
    static func standing(_ db: Database) throws -> StoreMark? {
        guard try db.tableExists("journal"), let epoch = try String.fetchOne(db, sql: "SELECT value FROM settings WHERE name = 'epoch'")
        else { return nil }
        return StoreMark(epoch: epoch, seq: try lastSeq(db))
    }

    private static func lastSeq(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(try db.cachedStatement(sql: "SELECT max(seq) FROM journal")) ?? 0
    }

    /// The store is durable as it stands: so is the word of that from here on. One that cannot be written is written after the next commit.
    ///
    /// - Returns: whether it is durable, or none is needed.
    @discardableResult
    private func writeMark(_ db: Database, hasLog: Bool = true) -> Bool {
        guard !isRestoring, place.isIntact, var standing = try? SQLiteStore.standing(db) else { return true }
        standing.hasLog = hasLog
        mark = standing.write(in: directory).map { (standing, $0) }
        lastUpkeepFault.withLock { $0 = mark == nil ? "the mark beside the store cannot be written" : nil }
        return mark != nil
    }

    /// Says how far the store has come with a commit.
    private func noteMark(_ db: Database, _ seq: Int64) {
        guard let (before, file) = mark else { return _ = writeMark(db) }
        file.put(StoreMark(epoch: before.epoch, seq: seq, hasLog: true))
    }

    /// - Returns: whether all of the log is in the file now.
    private func checkpoint(_ db: Database) throws -> Bool {
        let (length, done) = try db.checkpoint(.passive)
        place.log.note(length: Int32(length), inFile: Int32(done))
        lastUpkeepFault.withLock { $0 = nil }
        writeMark(db)
        return done >= length
    }

    /// Takes what was erased out of the log, by taking away the log: all of it is in the file first, then the word that none is needed. Where
    /// somebody reads there still, a later moment of rest does it.
    private func tryTruncate(_ db: Database) {
        do {
            guard place.isIntact, try checkpoint(db), writeMark(db, hasLog: false) else { return }
            // A reader is not waited for: commands would wait as well.
            sqlite3_busy_timeout(db.sqliteConnection, 0)
            defer { sqlite3_busy_timeout(db.sqliteConnection, SQLiteStore.busyMilliseconds) }
            _ = try db.checkpoint(.truncate)
            place.log.note(length: 0, inFile: 0)
            logHoldsErased.store(false, ordering: .relaxed)
            try SQLiteStore.forgetErased(db)
            writeMark(db)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            writeMark(db)
        } catch {
            lastUpkeepFault.withLock { $0 = "what was erased cannot be taken out of the log: \(error)" }
        }
    }

    private static func notesErased(_ db: Database) throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT count(*) FROM settings WHERE name = ?", arguments: [logHoldsErasedSetting]) ?? false
    }

    private static func forgetErased(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM settings WHERE name = ?", arguments: [logHoldsErasedSetting])
    }

    private func tryCheckpoint(_ db: Database) {
        do {
            _ = try checkpoint(db)
        } catch {
            lastUpkeepFault.withLock { $0 = "the log cannot be brought into the file: \(error)" }
        }
    }
}

extension StateDirectory.Unusable {
    fileprivate static func damaged(_ path: String, _ why: String) -> StateDirectory.Unusable {
        let folder = (path as NSString).deletingLastPathComponent
        return StateDirectory.Unusable(
            description:
                "\(path) cannot be opened (\(why)): restore it from a backup; keep the files of \(folder), which show what was lost")
    }

    init(noMarkIn directory: StateDirectory) {
        self.init(description: "\(directory.path)/cased.witness cannot be written: make room", mayPass: true)
    }

    /// Why a store cannot be opened or read, and what mends that.
    package init(opening path: String, _ error: any Error) {
        if let damage = (error as? any DamageReport)?.damage {
            self = .damaged(path, damage.what)
            return
        }
        var code = (error as? DatabaseError)?.resultCode
        if case StoreFault.full = error { code = .SQLITE_FULL }
        switch code {
        case .SQLITE_FULL?, .SQLITE_IOERR?:
            self.init(
                description: "\(path) cannot be opened now (\(error)): make room, or look at the disk; nothing is lost by this",
                mayPass: true)
        case .SQLITE_CANTOPEN?, .SQLITE_READONLY?, .SQLITE_PERM?, .SQLITE_AUTH?:
            self.init(
                description:
                    "\(path) cannot be read and written (\(error)): give it and its folder to the user of cased, and let the disk be written"
            )
        default: self = .damaged(path, "\(error)")
        }
    }
}

/// Ends a read that holds its snapshot for too long, or for which nobody waits any more.
private final class ReadCut {
    private let end: DispatchTime

    init(seconds: Double) {
        end = .now() + seconds
    }

    func install(on db: Database) {
        sqlite3_progress_handler(
            db.sqliteConnection, 10_000,
            { context in
                DispatchTime.now() > Unmanaged<ReadCut>.fromOpaque(context!).takeUnretainedValue().end || !ReadTurn.isWanted ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    func remove(from db: Database) {
        sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil)
    }
}
