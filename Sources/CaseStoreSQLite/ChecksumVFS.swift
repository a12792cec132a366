import Foundation
import GRDBSQLite
import Synchronization

/// A layer between SQLite and its files, which gives each page of a store its sum and looks at it whenever a page is read (`StoreFile.swift`).
///
/// It is the default of the process, made over the one that was: GRDB cannot name another. It has to do with the files of databases and
/// their logs alone; databases whose first page leaves no room for sums are passed through. The index of a log lies in memory, and pages
/// are never mapped into it.
enum ChecksumVFS {
    /// What SQLite answers where a page is not what was written (`SQLITE_IOERR_DATA`).
    static let damageCode: Int32 = SQLITE_IOERR | 32 << 8

    /// Makes it the default, once.
    static func register() {
        precondition(registered == SQLITE_OK, "SQLite has no files here: \(registered)")
    }

    /// Written once, before SQLite has it.
    fileprivate nonisolated(unsafe) static let lower = sqlite3_vfs_find(nil)!

    private static let registered: Int32 = {
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        // All but the opening of files is that of the one below, which finds what it keeps itself where it expects it.
        vfs.initialize(to: lower.pointee)
        vfs.pointee.zName = UnsafePointer(strdup("cased-sums"))
        vfs.pointee.pNext = nil
        vfs.pointee.szOsFile = Int32(OpenFile.lowerOffset) + lower.pointee.szOsFile
        vfs.pointee.xOpen = open
        return sqlite3_vfs_register(vfs, 1)
    }()

    // MARK: What is not what was written

    private static let damageKey = "cased.damage"

    /// Notes what is to be said of it: SQLite has only a code, and answers on the thread that asked.
    static func refuse(_ damage: String) -> Int32 {
        Thread.current.threadDictionary[damageKey] = damage
        return damageCode
    }

    /// What was found last on this thread; nil where all was well so far.
    static var damage: String? {
        Thread.current.threadDictionary[damageKey] as? String
    }

    // MARK: Files

    private struct FileNumber: Hashable {
        let device: dev_t
        let number: ino_t
    }

    /// Those that somebody has open, and how often.
    private static let files = Mutex<[FileNumber: (file: StoreFile, count: Int)]>([:])

    /// The file under a name, until it is let go as often as it was taken; nil where there is none.
    fileprivate static func take(_ path: UnsafePointer<CChar>) -> OpenFile.Content? {
        var entry = stat()
        guard stat(path, &entry) == 0 else { return nil }
        let number = FileNumber(device: entry.st_dev, number: entry.st_ino)
        let file = files.withLock { files in
            let file = files[number]?.file ?? StoreFile()
            files[number] = (file, (files[number]?.count ?? 0) + 1)
            return file
        }
        return OpenFile.Content(file: file) {
            files.withLock { files in
                guard let (file, count) = files[number] else { return }
                files[number] = count > 1 ? (file, count - 1) : nil
            }
        }
    }

    /// Calls `body` while each page that is written to a file gets a sum, also before the first one, which says so. The connection that
    /// writes has to leave room for it (`reserve`).
    static func expectingSums<Value>(at path: String, _ body: () throws -> Value) rethrows -> Value {
        register()
        guard let content = take(path) else { return try body() }
        content.file.expectSums()
        defer { content.letGo() }
        return try body()
    }

    /// Whether the pages of the database that a connection has open have sums.
    static func hasSums(_ connection: OpaquePointer?) -> Bool {
        withFile(of: connection) { OpenFile.file($0).hasSums(OpenFile.lower($0)) } ?? false
    }

    /// Reads a page from the file of a database, past SQLite's memory and its log.
    ///
    /// - Returns: `SQLITE_OK`, or SQLite's code of why not; `damageCode` where it is not what was written.
    static func read(_ page: Int64, of connection: OpaquePointer?) -> Int32 {
        withFile(of: connection) { file in
            withUnsafeTemporaryAllocation(byteCount: PageSum.pageSize, alignment: 8) {
                OpenFile.file(file).readMain(
                    OpenFile.lower(file), $0.baseAddress!, Int32(PageSum.pageSize), (page - 1) * Int64(PageSum.pageSize))
            }
        } ?? SQLITE_ERROR
    }

    private static func withFile<Value>(of connection: OpaquePointer?, _ body: (OpenFile.Pointer) -> Value) -> Value? {
        var file: OpenFile.Pointer?
        guard sqlite3_file_control(connection, nil, SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK, let file,
            file.pointee.pMethods == mainMethods
        else { return nil }
        return body(file)
    }

    /// Makes a connection leave room for sums in databases that it makes: its own, where that is empty, and copies.
    static func reserve(on connection: OpaquePointer?) {
        var size = CInt(PageSum.size)
        _ = withUnsafeMutablePointer(to: &size) { sqlite3_file_control(connection, nil, SQLITE_FCNTL_RESERVE_BYTES, $0) }
    }
}

/// The memory that SQLite has for an open file: ours, and then that of the layer below.
private struct OpenFile {
    final class Content {
        let file: StoreFile
        let letGo: () -> Void

        init(file: StoreFile, letGo: @escaping () -> Void) {
            (self.file, self.letGo) = (file, letGo)
        }
    }

    /// First, as SQLite has it.
    var base: sqlite3_file
    var content: Unmanaged<Content>

    /// In bytes; a multiple of what anything is aligned to.
    static let lowerOffset = 32

    typealias Pointer = UnsafeMutablePointer<sqlite3_file>

    static func lower(_ file: Pointer) -> Pointer {
        (UnsafeMutableRawPointer(file) + lowerOffset).assumingMemoryBound(to: sqlite3_file.self)
    }

    static func content(_ file: Pointer) -> Content {
        UnsafeMutableRawPointer(file).assumingMemoryBound(to: OpenFile.self).pointee.content.takeUnretainedValue()
    }

    static func file(_ file: Pointer) -> StoreFile {
        content(file).file
    }
}

/// Opens a file as the layer below does; that of a database, or of a log, with sums.
private let open:
    @convention(c) (
        UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, UnsafeMutablePointer<sqlite3_file>?, Int32, UnsafeMutablePointer<Int32>?
    ) -> Int32 = { _, name, file, flags, outFlags in
        let (lower, file) = (ChecksumVFS.lower, file!)
        guard let name, flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL) != 0 else {
            return lower.pointee.xOpen(lower, name, file, flags, outFlags)
        }
        let under = OpenFile.lower(file)
        file.pointee.pMethods = nil
        let code = lower.pointee.xOpen(lower, name, under, flags, outFlags)
        guard code == SQLITE_OK, let content = ChecksumVFS.take(name) else {
            // The one below can ask to be closed although it could not be opened.
            if under.pointee.pMethods != nil { _ = under.methods.xClose(under) }
            return code == SQLITE_OK ? SQLITE_CANTOPEN : code
        }
        UnsafeMutableRawPointer(file).initializeMemory(
            as: OpenFile.self,
            to: OpenFile(
                base: sqlite3_file(pMethods: flags & SQLITE_OPEN_WAL != 0 ? logMethods : mainMethods),
                content: .passRetained(content)))
        return SQLITE_OK
    }

/// Alive as long as the process; the second version, which has no mapped pages.
private nonisolated(unsafe) let mainMethods: UnsafePointer<sqlite3_io_methods> = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    methods.initialize(to: passed)
    methods.pointee.xRead = { OpenFile.file($0!).readMain(OpenFile.lower($0!), $1!, $2, $3) }
    methods.pointee.xWrite = { OpenFile.file($0!).writeMain(OpenFile.lower($0!), $1!, $2, $3) }
    return UnsafePointer(methods)
}()

private nonisolated(unsafe) let logMethods: UnsafePointer<sqlite3_io_methods> = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    methods.initialize(to: passed)
    methods.pointee.xRead = { OpenFile.file($0!).readLog(OpenFile.lower($0!), $1!, $2, $3) }
    methods.pointee.xWrite = { OpenFile.file($0!).writeLog(OpenFile.lower($0!), $1!, $2, $3) }
    methods.pointee.xTruncate = { file, size in
        OpenFile.file(file!).noteLogLength(size)
        return OpenFile.lower(file!).methods.xTruncate(OpenFile.lower(file!), size)
    }
    return UnsafePointer(methods)
}()

/// All that is the same for every file.
private var passed: sqlite3_io_methods {
    var methods = sqlite3_io_methods()
    methods.iVersion = 2
    methods.xClose = { file in
        let under = OpenFile.lower(file!)
        let code = under.methods.xClose(under)
        let content = UnsafeMutableRawPointer(file!).assumingMemoryBound(to: OpenFile.self).pointee.content.takeRetainedValue()
        content.letGo()
        file!.pointee.pMethods = nil
        return code
    }
    methods.xTruncate = { OpenFile.lower($0!).methods.xTruncate(OpenFile.lower($0!), $1) }
    methods.xSync = { OpenFile.lower($0!).methods.xSync(OpenFile.lower($0!), $1) }
    methods.xFileSize = { OpenFile.lower($0!).methods.xFileSize(OpenFile.lower($0!), $1) }
    methods.xLock = { OpenFile.lower($0!).methods.xLock(OpenFile.lower($0!), $1) }
    methods.xUnlock = { OpenFile.lower($0!).methods.xUnlock(OpenFile.lower($0!), $1) }
    methods.xCheckReservedLock = { OpenFile.lower($0!).methods.xCheckReservedLock(OpenFile.lower($0!), $1) }
    methods.xFileControl = { OpenFile.lower($0!).methods.xFileControl(OpenFile.lower($0!), $1, $2) }
    methods.xSectorSize = { OpenFile.lower($0!).methods.xSectorSize(OpenFile.lower($0!)) }
    methods.xDeviceCharacteristics = { OpenFile.lower($0!).methods.xDeviceCharacteristics(OpenFile.lower($0!)) }
    methods.xShmMap = { OpenFile.lower($0!).methods.xShmMap(OpenFile.lower($0!), $1, $2, $3, $4) }
    methods.xShmLock = { OpenFile.lower($0!).methods.xShmLock(OpenFile.lower($0!), $1, $2, $3) }
    methods.xShmBarrier = { OpenFile.lower($0!).methods.xShmBarrier(OpenFile.lower($0!)) }
    methods.xShmUnmap = { OpenFile.lower($0!).methods.xShmUnmap(OpenFile.lower($0!), $1) }
    return methods
}
