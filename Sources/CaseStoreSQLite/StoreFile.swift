import GRDBSQLite
import Synchronization

/// A file that SQLite has open, by as many connections as it likes: what they have to know of each other.
final class StoreFile: Sendable {
    enum Kind {
        /// The file of a database.
        case main
        /// Its log.
        case log
    }

    /// Whether its pages have sums. False as long as nothing says so: then the first page is looked at again.
    private let hasSums = Atomic(false)
    /// Held while a page is written, and while one is read again that was not what it should be.
    private let writing = Mutex(())
    private let frames = LogFrames()

    /// From now on each page that is written gets a sum: SQLite can write others before it writes the first one, which says so.
    func expectSums() {
        hasSums.store(true, ordering: .sequentiallyConsistent)
    }

    typealias LowerFile = UnsafeMutablePointer<sqlite3_file>

    // MARK: The file of a database

    /// Reads bytes of pages that are what was written, or says `SQLITE_IOERR_DATA`.
    ///
    /// SQLite reads the head of a file (100 bytes), or its change counter (16 bytes), before it knows whether the log has a newer first page:
    /// after a cut only that one may be whole. It asks the page itself before it believes either, so these are passed on as they are.
    func readMain(_ file: LowerFile, _ buffer: UnsafeMutableRawPointer, _ count: Int32, _ offset: Int64) -> Int32 {
        let isHead = offset == 0 && count == 100 || offset == 24 && count == 16
        guard !isHead, hasSums(file) else { return file.read(buffer, count, offset) }
        let size = Int64(PageSum.pageSize)
        if Int(count) == PageSum.pageSize, offset % size == 0 { return readPage(file, buffer, offset / size + 1) }
        return withUnsafeTemporaryAllocation(byteCount: PageSum.pageSize, alignment: 8) { page in
            var done: Int64 = 0
            while done < count {
                let (number, start) = ((offset + done) / size + 1, (offset + done) % size)
                let code = readPage(file, page.baseAddress!, number)
                guard code == SQLITE_OK else { return code }
                let part = min(size - start, Int64(count) - done)
                (buffer + Int(done)).copyMemory(from: page.baseAddress! + Int(start), byteCount: Int(part))
                done += part
            }
            return SQLITE_OK
        }
    }

    private func readPage(_ file: LowerFile, _ page: UnsafeMutableRawPointer, _ number: Int64) -> Int32 {
        let offset = (number - 1) * Int64(PageSum.pageSize)
        var code = file.read(page, Int32(PageSum.pageSize), offset)
        guard code == SQLITE_OK, !PageSum.fits(page, number) else { return code }
        // Whoever reads a page beside the pages that SQLite keeps can have met one half written.
        code = writing.withLock { _ in file.read(page, Int32(PageSum.pageSize), offset) }
        guard code == SQLITE_OK, !PageSum.fits(page, number) else { return code }
        return ChecksumVFS.refuse("page \(number) of the store is not what was written")
    }

    func writeMain(_ file: LowerFile, _ bytes: UnsafeRawPointer, _ count: Int32, _ offset: Int64) -> Int32 {
        let size = Int64(PageSum.pageSize)
        guard Int(count) == PageSum.pageSize, offset % size == 0 else { return file.write(bytes, count, offset) }
        if offset == 0 { hasSums.store(PageSum.isSaid(by: bytes), ordering: .sequentiallyConsistent) }
        guard hasSums(file) else { return file.write(bytes, count, offset) }
        // SQLite does not say that its bytes may be changed: it keeps pages, and writes them to its log as well.
        return withUnsafeTemporaryAllocation(byteCount: PageSum.pageSize, alignment: 8) { page in
            page.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: PageSum.pageSize))
            PageSum.put(PageSum.of(page.baseAddress!, offset / size + 1), in: page.baseAddress!)
            return writing.withLock { _ in file.write(page.baseAddress!, count, offset) }
        }
    }

    func hasSums(_ file: LowerFile) -> Bool {
        if hasSums.load(ordering: .sequentiallyConsistent) { return true }
        let isMeant = withUnsafeTemporaryAllocation(byteCount: PageSum.pageSize, alignment: 8) { page in
            file.read(page.baseAddress!, Int32(PageSum.pageSize), 0) == SQLITE_OK && PageSum.isMeant(by: page.baseAddress!)
        }
        if isMeant { expectSums() }
        return isMeant
    }

    // MARK: Its log

    func readLog(_ file: LowerFile, _ buffer: UnsafeMutableRawPointer, _ count: Int32, _ offset: Int64) -> Int32 {
        let code = file.read(buffer, count, offset)
        guard code == SQLITE_OK else { return code }
        let damage = frames.damage(in: buffer, Int(count), at: offset) { file.read($0, Int32($1), $2) == SQLITE_OK }
        return damage.map { ChecksumVFS.refuse("frame \($0) of the store's log is not what was written") } ?? SQLITE_OK
    }

    func writeLog(_ file: LowerFile, _ bytes: UnsafeRawPointer, _ count: Int32, _ offset: Int64) -> Int32 {
        // A writing that fails leaves what nobody knows: SQLite writes it again, or cuts it off.
        frames.noteWriting(bytes, Int(count), at: offset)
        return file.write(bytes, count, offset)
    }

    func noteLogLength(_ size: Int64) {
        frames.noteLength(size)
    }
}

extension UnsafeMutablePointer<sqlite3_file> {
    var methods: sqlite3_io_methods { pointee.pMethods.pointee }

    fileprivate func read(_ buffer: UnsafeMutableRawPointer, _ count: Int32, _ offset: Int64) -> Int32 {
        methods.xRead(self, buffer, count, offset)
    }

    fileprivate func write(_ bytes: UnsafeRawPointer, _ count: Int32, _ offset: Int64) -> Int32 {
        methods.xWrite(self, bytes, count, offset)
    }
}
