import CaseCore
import CaseStore
import CaseTesting
import Foundation
import GRDB
import Synchronization
import Testing
import WorkingTime

@testable import CaseStoreSQLite

/// Stores of which single bits are other ones than were written.
@Suite("Sums of pages")
struct PageSumTests {
    // MARK: A small store

    private static func batch(_ numbers: Range<Int64>, size: Int = 3000) -> Batch {
        var batch = Batch()
        for number in numbers {
            let at = Instant(seconds: number)
            let text = [UInt8]("{\"n\":\(number),\"text\":\"\(String(repeating: "x\(number)", count: size / 4))\"}".utf8)
            batch.journal.append(JournalRow(id: CaseID(number), revision: 1, at: at, event: text))
            batch.cases.append(CaseRow(number, file: text, submittedAt: at, next: at, due: at))
            batch.answers.append(
                AnswerRow(
                    key: IdempotencyKey(principal: "hall", key: "k\(number)"), at: at,
                    answer: StoredAnswer(digest: [1, 2, 3], id: CaseID(number), revision: 1)))
        }
        batch.settings = ["epoch": "e", "last": "\(numbers.upperBound)"]
        return batch
    }

    /// A store of which all is in its file.
    private static func stopped(_ folder: TemporaryDirectory, count: Int64 = 30) throws -> String {
        let store = try SQLiteStore(try StateDirectory(folder.path))
        for number in 1...count { try store.commit(batch(number..<number + 1)) }
        try store.close()
        return store.path
    }

    private struct Unsound: Error {}

    /// All rows of all tables, after all indexes were compared with them.
    private static func content(_ path: String) throws -> [String] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.inDatabase(content)
    }

    private static func content(_ db: Database) throws -> [String] {
        guard try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") == "ok" else { throw Unsound() }
        let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        return try tables.flatMap { table in
            try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"").map { row in
                row.map { name, value in
                    if case .blob(let data) = value.storage { "\(name)=\(data.base64EncodedString())" } else { "\(name)=\(value)" }
                }
                .joined(separator: " ")
            }.sorted() + [table]
        }
    }

    /// Calls `body` while one bit of a file is another one.
    private static func flipped(_ path: String, _ offset: Int, bit: Int, _ body: () throws -> Void) throws {
        try flip(path, offset, bit: bit)
        defer { try? flip(path, offset, bit: bit) }
        try body()
    }

    private static func flip(_ path: String, _ offset: Int, bit: Int) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(offset))
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: [byte ^ UInt8(1) << UInt8(bit)])
    }

    private static func size(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    // MARK: At rest

    @Test("Whichever bit of a page flips, its sum changes; so it does in another place")
    func everyBit() {
        var random = SeededRandom(seed: 19)
        var page = (0..<PageSum.pageSize).map { _ in UInt8.random(in: 0...255, using: &random) }
        page.withUnsafeMutableBytes { page in
            PageSum.put(PageSum.of(page.baseAddress!, 17), in: page.baseAddress!)
            #expect(PageSum.fits(page.baseAddress!, 17) && !PageSum.fits(page.baseAddress!, 18))
            var missed = 0
            for place in 0..<PageSum.pageSize * 8 {
                page[place / 8] ^= 1 << UInt8(place % 8)
                if PageSum.fits(page.baseAddress!, 17) { missed += 1 }
                page[place / 8] ^= 1 << UInt8(place % 8)
            }
            #expect(missed == 0)
        }
    }

    @Test(
        "Of a store at rest, no bit of any page that flips is ever read, and a look at all pages finds each; of page 1, no bit of its head")
    func atRest() throws {
        let folder = TemporaryDirectory()
        let path = try Self.stopped(folder)
        let right = try Self.content(path)
        let pageCount = try Self.size(path) / PageSum.pageSize
        let seed = UInt64(Date().timeIntervalSince1970 * 1000)
        var random = SeededRandom(seed: seed)
        var places = (1..<pageCount).flatMap { page in
            ([0, 4087, 4095] + (0..<3).map { _ in Int.random(in: 0..<PageSum.pageSize, using: &random) }).map {
                (page * PageSum.pageSize + $0, Int.random(in: 0..<8, using: &random))
            }
        }
        places += (0..<800).map { ($0 / 8, $0 % 8) }
        places += (0..<40).map { _ in (Int.random(in: 100..<PageSum.pageSize, using: &random), Int.random(in: 0..<8, using: &random)) }
        #expect(pageCount > 30)
        var refused = 0
        for (offset, bit) in places {
            try Self.flipped(path, offset, bit: bit) {
                do {
                    #expect(try Self.content(path) == right, "bit \(bit) of byte \(offset) was served, seed \(seed)")
                } catch {
                    refused += 1
                }
                #expect(throws: (any Error).self, "bit \(bit) of byte \(offset), seed \(seed)") { try Self.lookedThrough(path) }
            }
        }
        // What nobody uses is not read.
        #expect(refused > places.count * 9 / 10, "\(refused) of \(places.count)")
        #expect(try Self.content(path) == right)
        #expect(throws: Never.self) { try Self.lookedThrough(path) }
    }

    private static func lookedThrough(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        try queue.inDatabase { db in
            guard ChecksumVFS.hasSums(db.sqliteConnection) else { throw Unsound() }
            _ = try PageScrub.run(db, from: 1)
        }
    }

    @Test(
        "A store with a damaged page says so, at its start or when it is read, and goes on with what is whole; a copy is neither made nor restored"
    )
    func damagedStore() throws {
        let folder = TemporaryDirectory()
        let path = try Self.stopped(folder)
        let pageCount = try Self.size(path) / PageSum.pageSize
        let healthy = TemporaryDirectory()
        try FileManager.default.copyItem(atPath: path, toPath: "\(healthy.path)/copy")
        let numbers: Range<Int64> = 1..<31
        func files(_ store: SQLiteStore) throws -> [[UInt8]?] {
            try store.read { snapshot in try numbers.map { try snapshot.file(CaseID($0)) } }
        }
        let whole = try SQLiteStore(try StateDirectory(folder.path))
        let right = try files(whole)
        try whole.close()
        var counts = (start: 0, read: 0, commit: 0, unmet: 0)
        for page in 1...pageCount {
            let other = TemporaryDirectory()
            let copy = "\(other.path)/cased.sqlite"
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            try Self.flipped(copy, (page - 1) * PageSum.pageSize + (page * 37) % PageSum.pageSize, bit: page % 8) {
                let target = TemporaryDirectory()
                #expect {
                    try BackupFile.restore(copy, to: try StateDirectory(target.path)) { _ in Issue.record("it was opened, page \(page)") }
                } throws: {
                    "\($0)".contains("damaged") && "\($0)".contains("take another backup")
                }
                let directory = try StateDirectory(other.path)
                let store: SQLiteStore
                do {
                    store = try SQLiteStore(directory)
                } catch let error as StateDirectory.Unusable {
                    #expect(error.description.contains("restore it from a backup") && !error.mayPass, "\(error)")
                    counts.start += 1
                    return
                }
                var isMet = false
                do { #expect(try files(store) == right, "page \(page)") } catch let damage as DamagedRecord {
                    #expect(damage.what == "page \(page) of the store is not what was written")
                    (isMet, counts.read) = (true, counts.read + 1)
                }
                do throws(StoreFault) { try store.commit(Self.batch(100..<101)) } catch {
                    guard case .damaged = error else { throw error }
                    (isMet, counts.commit) = (true, counts.commit + 1)
                }
                // What touches nothing of it is committed.
                var batch = Batch()
                batch.settings = ["a": "b"]
                do throws(StoreFault) { try store.commit(batch) } catch {
                    guard case .damaged = error else { throw error }
                    isMet = true
                }
                if !isMet { counts.unmet += 1 }
                #expect { try Self.scrubbed(store) } throws: { ($0 as? DamagedRecord)?.what.contains("page \(page) of the store") == true }
                // Indexes are made anew in a copy: it is whole, or is not made.
                do { try Self.lookedThrough(try store.backup().path) } catch {
                    #expect(error is DamagedRecord, "page \(page): \(error)")
                }
                try? store.close()
            }
        }
        #expect(counts.start > 0 && counts.read > 0 && counts.commit > 0, "\(counts)")
    }

    @Test("Of damaged stores that are read at once each names its own page")
    func manyDamaged() throws {
        let folder = TemporaryDirectory()
        let path = try Self.stopped(folder)
        let copies = TemporaryDirectory()
        let pageCount = try Self.size(path) / PageSum.pageSize
        // Each is a store of its own, of which another page is damaged.
        let damaged = (pageCount / 2..<pageCount).map { (page: $0, path: "\(copies.path)/\($0)") }
        for (page, copy) in damaged {
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            try Self.flip(copy, (page - 1) * PageSum.pageSize + 99, bit: 3)
        }
        let wrong = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: damaged.count * 4) { index in
            let (page, copy) = damaged[index % damaged.count]
            do {
                let queue = try DatabaseQueue(path: copy)
                defer { try? queue.close() }
                try queue.inDatabase { _ = try PageScrub.run($0, from: 1) }
                wrong.withLock { $0.append("page \(page) was not met") }
            } catch let damage as PageScrub.Damage {
                if damage.page != page || ChecksumVFS.damage?.contains("page \(page) ") != true {
                    wrong.withLock { $0.append("page \(page): \(damage.page), \(ChecksumVFS.damage ?? "nothing")") }
                }
            } catch {
                wrong.withLock { $0.append("page \(page): \(error)") }
            }
        }
        #expect(wrong.withLock { $0 } == [])
    }

    /// Looks at all pages, a few at a time.
    private static func scrubbed(_ store: SQLiteStore) throws {
        var page: Int64? = 1
        while let next = page {
            page = try store.scrub(from: next, limit: 7)
            try #require(page != next, "page \(next) cannot be judged")
        }
    }

    @Test("A flipped byte that says how much room sums have turns none of them off, and a store whose sums are gone is not opened")
    func switchedOff() throws {
        let folder = TemporaryDirectory()
        let path = try Self.stopped(folder, count: 1)
        try Self.flipped(path, 20, bit: 3) {
            let directory = try StateDirectory(folder.path)
            #expect { try SQLiteStore(directory) } throws: { "\($0)".contains("page 1 of the store is not what was written") }
        }
        // By whoever writes a store anew without room for them.
        let other = TemporaryDirectory()
        let rewritten = try Program(
            "/usr/bin/python3",
            [
                "-c",
                """
                import sqlite3, sys
                store, copy = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
                copy.executescript("\\n".join(store.iterdump()))
                """, path, "\(other.path)/cased.sqlite",
            ])
        #expect(rewritten.status == 0, "\(rewritten.errors)")
        let directory = try StateDirectory(other.path)
        #expect { try SQLiteStore(directory) } throws: { "\($0)".contains("its pages have lost their sums") }
        #expect { try BackupFile(directory.databasePath) } throws: { "\($0)".contains("its pages have lost their sums") }
    }

    @Test("Another program reads the store; what it writes there is noticed")
    func otherProgram() throws {
        let folder = TemporaryDirectory()
        let path = try Self.stopped(folder, count: 3)
        func python(_ sql: String) throws -> String {
            let program = try Program(
                "/usr/bin/python3",
                [
                    "-c", "import sqlite3, sys; s = sqlite3.connect(sys.argv[1]); print(s.execute(sys.argv[2]).fetchall()); s.commit()",
                    path,
                    sql,
                ])
            #expect(program.status == 0, "\(program.errors)")
            return program.output
        }
        #expect(try python("PRAGMA integrity_check").contains("ok"))
        let directory = try StateDirectory(folder.path)
        // Also while it is open: the pages of another process lie in the log with the log's own sums.
        let store = try SQLiteStore(directory)
        _ = try python("INSERT INTO settings VALUES ('other', 'program')")
        #expect(try store.read { try $0.setting("other") } == "program")
        try store.commit(Self.batch(4..<5))
        #expect(try store.read { try $0.setting("other") } == "program")
        try store.close()
        #expect(try Self.content(path).contains { $0.contains("program") })
        _ = try python("UPDATE settings SET value = 'changed' WHERE name = 'other'")
        do {
            let changed = try SQLiteStore(directory)
            defer { try? changed.close() }
            #expect(throws: DamagedRecord.self) { try Self.scrubbed(changed) }
        } catch {
            #expect("\(error)".contains("is not what was written"))
        }
    }

    // MARK: The log

    @Test(
        "In a log, no bit of a page that flips is ever read: neither of pages written here, nor of those that were found",
        arguments: [true, false])
    func log(isOwn: Bool) throws {
        let (own, found) = (TemporaryDirectory(), TemporaryDirectory())
        let writer = try SQLiteStore(try StateDirectory(own.path))
        try writer.commit(Self.batch(1..<8))
        for number in Int64(8)..<12 { try writer.commit(Self.batch(number..<number + 1)) }
        var (store, path) = (writer, writer.path)
        if !isOwn {
            for name in ["cased.sqlite", "cased.sqlite-wal", "cased.witness"] {
                try FileManager.default.copyItem(atPath: "\(own.path)/\(name)", toPath: "\(found.path)/\(name)")
            }
            store = try SQLiteStore(try StateDirectory(found.path))
            path = store.path
        }
        let right = try Self.content(path)
        let (log, frameSize) = (path + "-wal", 24 + PageSum.pageSize)
        let frameCount = (try Self.size(log) - 32) / frameSize
        var random = SeededRandom(seed: 7)
        var (refused, served) = (0, 0)
        for frame in 0..<frameCount {
            for place in [0, 4095] + (0..<4).map({ _ in Int.random(in: 0..<PageSum.pageSize, using: &random) }) {
                try Self.flipped(log, 32 + frame * frameSize + 24 + place, bit: place % 8) {
                    do {
                        #expect(try Self.content(path) == right, "byte \(place) of frame \(frame) was served")
                        served += 1
                    } catch {
                        refused += 1
                    }
                }
            }
        }
        // Of most pages a later frame is read.
        #expect(refused > 0 && served > 0, "\(refused) refused, \(served) right, of \(frameCount) frames")
        #expect(try Self.content(path) == right)
        try store.close()
        if !isOwn { try writer.close() }
    }

    @Test("A log that begins anew has other pages in the same places; what is brought from it into the file is what was written")
    func reset() throws {
        let folder = TemporaryDirectory()
        let store = try SQLiteStore(try StateDirectory(folder.path), logPageLimit: 40)
        for number in Int64(1)..<200 {
            try store.commit(Self.batch(number..<number + 1))
            #expect(try store.read { try $0.file(CaseID(number)) } != nil)
        }
        let log = store.path + "-wal"
        #expect(try Self.size(log) < 200 * PageSum.pageSize)
        try Self.scrubbed(store)
        // A damaged page of the log comes into no file.
        try store.commit(Self.batch(500..<505))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: log))
        for start in stride(from: 32, to: bytes.count, by: 24 + PageSum.pageSize) { bytes[start + 24 + 100] ^= 1 }
        let hand = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try hand.write(contentsOf: bytes)
        try hand.close()
        for number in Int64(501)..<560 { try? store.commit(Self.batch(number..<number + 1)) }
        #expect(store.upkeepFault?.contains("cannot be brought into the file") == true)
        #expect(throws: Never.self) { try Self.scrubbed(store) }
        try? store.close()
    }

    @Test("Pages that one transaction writes again and again in its log are read as they were written last")
    func rewritten() throws {
        let folder = TemporaryDirectory()
        let path = try Self.stopped(folder, count: 1)
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB)")
            try db.execute(sql: "BEGIN")
            for n in 1...300 { try db.execute(sql: "INSERT INTO t VALUES (?, zeroblob(1500))", arguments: [n]) }
            for round in 1...3 {
                for n in 1...300 {
                    try db.execute(sql: "UPDATE t SET b = ? WHERE n = ?", arguments: [Data(repeating: UInt8(round), count: 1500), n])
                }
                #expect(
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM t WHERE b = ?", arguments: [Data(repeating: UInt8(round), count: 1500)])
                        == 300)
            }
            try db.execute(sql: "COMMIT")
            #expect(try String.fetchOne(db, sql: "PRAGMA integrity_check") == "ok")
            try db.execute(sql: "BEGIN; UPDATE t SET b = zeroblob(10); ROLLBACK; DELETE FROM t WHERE n % 2")
            try db.checkpoint(.truncate)
            #expect(try PageScrub.run(db, from: 1) == nil)
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM t WHERE length(b) = 1500") == 150)
        }
        try queue.close()
    }

    @Test("Readers beside a writer and its checkpoints, and a look at all pages, never meet one that is not right")
    func race() throws {
        let folder = TemporaryDirectory()
        let store = try SQLiteStore(try StateDirectory(folder.path), logPageLimit: 30)
        let isDone = Atomic(false)
        let group = DispatchGroup()
        for _ in 0..<2 {
            DispatchQueue.global().async(group: group) {
                while !isDone.load(ordering: .relaxed) {
                    do {
                        _ = try store.read { snapshot in try (1...20).map { try snapshot.file(CaseID($0)) } }
                        _ = try OtherConnection.count(store.path)
                    } catch { Issue.record("a read: \(error)") }
                }
            }
        }
        DispatchQueue.global().async(group: group) {
            var page: Int64? = 1
            while !isDone.load(ordering: .relaxed) {
                do { page = try store.scrub(from: page ?? 1, limit: 5) } catch { Issue.record("a look: \(error)") }
            }
        }
        for round in Int64(0)..<150 {
            var batch = Self.batch(round % 20 + 1..<round % 20 + 2)
            batch.journal = []
            batch.answers = []
            try store.commit(batch)
        }
        isDone.store(true, ordering: .relaxed)
        group.wait()
        try store.close()
    }

    private enum OtherConnection {
        /// By a connection of its own, which looks at the head of the file first.
        static func count(_ path: String) throws -> Int {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.inDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM cases") ?? -1 }
        }
    }

    @Test(
        "Of a cut that has left a page half written in the file, the log has it whole: it is opened, read, looked at and mended",
        arguments: [1, 2, 5])
    func torn(page: Int) throws {
        let (folder, other) = (TemporaryDirectory(), TemporaryDirectory())
        let before = try Self.stopped(folder, count: 20)
        let old = try Data(contentsOf: URL(fileURLWithPath: before))
        let store = try SQLiteStore(try StateDirectory(folder.path))
        let hand = try DatabaseQueue(path: store.path)
        // Each page that is there is written anew.
        try hand.writeWithoutTransaction { try $0.execute(sql: "CREATE TABLE own (a); DROP TABLE own; VACUUM") }
        for name in ["cased.sqlite", "cased.sqlite-wal", "cased.witness"] {
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(other.path)/\(name)")
        }
        let right = try Self.content(store.path)
        try hand.close()
        try store.close()
        var file = try Data(contentsOf: URL(fileURLWithPath: "\(other.path)/cased.sqlite"))
        #expect(file.count == old.count)
        let start = (page - 1) * PageSum.pageSize
        file.replaceSubrange(start + 512..<start + 1024, with: Data(repeating: 0xAA, count: 512))
        try file.write(to: URL(fileURLWithPath: "\(other.path)/cased.sqlite"))
        let again = try SQLiteStore(try StateDirectory(other.path))
        #expect(try Self.content(again.path) == right)
        try Self.scrubbed(again)
        try again.close()
        #expect(try Self.content(again.path) == right)
    }

    // MARK: Stores without sums

    /// A store of schema 10, which was not stopped.
    private static func older(_ folder: TemporaryDirectory, count: Int = 40) throws -> String {
        let path = "\(folder.path)/cased.sqlite"
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0") }
        try SQLiteSchema.migrator.migrate(queue, upTo: SQLiteSchema.migrations[9].name)
        try queue.write { db in
            for number in 1...count {
                try db.execute(
                    sql: "INSERT INTO journal (case_id, revision, at, event) VALUES (?, 1, 0, ?)",
                    arguments: [number, Data("{\"n\":\(number),\"t\":\"\(String(repeating: "y", count: 3000))\"}".utf8)])
            }
            try db.execute(sql: "INSERT INTO settings VALUES ('epoch', 'old')")
        }
        for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + suffix, toPath: path + suffix + ".kept") }
        try queue.close()
        for suffix in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
            try FileManager.default.moveItem(atPath: path + suffix + ".kept", toPath: path + suffix)
        }
        return path
    }

    @Test("A store of an older version gets sums when it is opened, and is the same; its backup as well")
    func migrated() throws {
        let folder = TemporaryDirectory()
        ChecksumVFS.register()
        let path = try Self.older(folder)
        for _ in 0..<2 {
            let store = try SQLiteStore(try StateDirectory(folder.path))
            #expect(try store.read { try $0.setting("epoch") } == "old")
            #expect(try store.read { try $0.lastSeq() } == 40)
            #expect(try Self.content(path).contains { $0.contains("12: page sums") })
            try Self.scrubbed(store)
            let backup = try store.backup()
            try Self.lookedThrough(backup.path)
            unlink(backup.path)
            try store.close()
            try Self.lookedThrough(path)
        }
        var entry = stat()
        #expect(stat(path, &entry) == 0 && entry.st_mode & 0o077 == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasPrefix("backup-") })
    }

    @Test(
        "Where there is no room for a store a second time, it says so, is as it was, and is opened once there is",
        .enabled(if: geteuid() == 0, "a small disk is mounted for it, which takes root"))
    func migratedWithoutRoom() throws {
        let folder = TemporaryDirectory()
        func command(_ words: String...) throws { #expect(try Program("/usr/bin/env", words).status == 0, "\(words)") }
        try command("mount", "-t", "tmpfs", "-o", "size=6m", "cased-test", folder.path)
        defer { _ = try? Program("/usr/bin/env", ["umount", folder.path]) }
        let (directory, source) = (try StateDirectory("\(folder.path)/state"), TemporaryDirectory())
        ChecksumVFS.register()
        _ = try Self.older(source, count: 700)
        for name in ["cased.sqlite", "cased.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: "\(source.path)/\(name)", toPath: "\(folder.path)/state/\(name)")
        }
        for _ in 0..<2 {
            #expect { try SQLiteStore(directory) } throws: {
                ($0 as? StateDirectory.Unusable)?.mayPass == true && "\($0)".contains("make room")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).allSatisfy { !$0.hasPrefix("backup-") })
        }
        try command("mount", "-o", "remount,size=40m", folder.path)
        let store = try SQLiteStore(directory)
        #expect(try store.read { try $0.lastSeq() } == 700)
        try Self.scrubbed(store)
        try store.close()
    }
}
