import CaseCore
import CaseStore
import CaseStoreSQLite
import CaseTesting
import Crypto
import Foundation
import GRDB
import Testing
import WorkingTime

@Suite("The store's contract")
struct StoreContractTests {
    @Test(
        "A checkpoint that finds no space is not the commit's failure: what was committed is there, also after a restart",
        .enabled(if: geteuid() == 0, "a small disk is mounted for it, which takes root"))
    func checkpointWithoutSpace() throws {
        let folder = TemporaryDirectory()
        // The log and the file do not fit beside each other.
        func command(_ words: String...) throws { #expect(try Program("/usr/bin/env", words).status == 0, "\(words)") }
        try command("mount", "-t", "tmpfs", "-o", "size=6m", "cased-test", folder.path)
        defer { _ = try? Program("/usr/bin/env", ["umount", folder.path]) }
        let store = try SQLiteStore(try StateDirectory(folder.path), logPageLimit: 900)
        func batch(_ number: Int) -> Batch {
            var batch = Batch()
            batch.journal = [
                JournalRow(
                    id: CaseID(Int64(number)), revision: 1, at: Instant(seconds: 0), event: [UInt8](repeating: 7, count: 30_000))
            ]
            return batch
        }
        // A batch is taken, or refused with nothing of it there.
        var committed: Set<Int> = []
        var refusedCount = 0
        for number in 1...400 {
            do throws(StoreFault) {
                try store.commit(batch(number))
                committed.insert(number)
            } catch StoreFault.full {
                refusedCount += 1
            }
        }
        #expect(refusedCount > 0 && committed.count > 50)
        func present(_ store: SQLiteStore) throws -> Set<Int> {
            Set(try store.read { snapshot in try (1...400).filter { try snapshot.lastRevision(of: CaseID(Int64($0))) == 1 } })
        }
        #expect(try present(store) == committed)
        // A power cut, seen from the next start: another process has the files as they are.
        let other = TemporaryDirectory()
        for name in ["cased.sqlite", "cased.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(other.path)/\(name)")
        }
        let again = try SQLiteStore(try StateDirectory(other.path))
        #expect(try present(again) == committed)
        try again.close()
        try? store.close()
    }

    @Test(
        "A stop on a full disk leaves a store that opens again with everything in it; on the full disk it opens later or says that there is no room",
        .enabled(if: geteuid() == 0, "a small disk is mounted for it, which takes root"))
    func stopWithoutSpace() throws {
        let folder = TemporaryDirectory()
        func command(_ words: String...) throws { #expect(try Program("/usr/bin/env", words).status == 0, "\(words)") }
        try command("mount", "-t", "tmpfs", "-o", "size=6m", "cased-test", folder.path)
        defer { _ = try? Program("/usr/bin/env", ["umount", folder.path]) }
        let directory = try StateDirectory("\(folder.path)/state")
        func open() throws -> SQLiteStore { try SQLiteStore(directory) }
        var batch = Batch()
        batch.settings = ["epoch": "e"]
        var store = try open()
        try store.commit(batch)
        for round in 1...3 {
            batch.settings = ["round": "\(round)"]
            try store.commit(batch)
            _ = try Program("/usr/bin/env", ["dd", "if=/dev/zero", "of=\(folder.path)/filler", "bs=4096"])
            try store.close()
            do {
                store = try open()
                #expect(try store.read { try $0.setting("round") } == "\(round)")
                try store.close()
            } catch let error as StateDirectory.Unusable {
                #expect(error.mayPass && error.description.contains("make room"), "\(error)")
            }
            #expect(unlink("\(folder.path)/filler") == 0)
            store = try open()
            #expect(try store.read { try $0.setting("round") } == "\(round)")
        }
        try store.close()
    }

    @Test(
        "An opening that is refused takes nothing away: it is refused the same way again, and the log stays",
        arguments: [
            ("INSERT INTO grdb_migrations VALUES ('99: from the future')", "written by a newer cased"),
            ("CREATE TRIGGER t AFTER INSERT ON journal BEGIN SELECT 1; END", "changed by hand"),
        ])
    func refusedOpening(change: String, sign: String) throws {
        let (folder, other) = (TemporaryDirectory(), TemporaryDirectory())
        let store = try SQLiteStore(try StateDirectory(folder.path))
        var batch = Batch()
        batch.settings = ["epoch": "e"]
        try store.commit(batch)
        let hand = try DatabaseQueue(path: store.path)
        try hand.write { try $0.execute(sql: change) }
        // As a kill leaves it.
        for name in ["cased.sqlite", "cased.sqlite-wal", "cased.witness"] {
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(other.path)/\(name)")
        }
        let log = URL(fileURLWithPath: "\(other.path)/cased.sqlite-wal")
        let before = try Data(contentsOf: log)
        for _ in 0..<3 {
            #expect { try SQLiteStore(try StateDirectory(other.path)) } throws: { "\($0)".contains(sign) }
            #expect(try Data(contentsOf: log) == before)
        }
        try hand.close()
        try store.close()
    }

    @Test("SQLite keeps it", arguments: StoreSuite.checks)
    func sqlite(check: StoreSuite) throws {
        let directory = TemporaryDirectory()
        let store = try SQLiteStore(try StateDirectory(directory.path))
        try check.check(store)
        try store.close()
    }

    @Test("So does the store in memory that other tests stand on", arguments: StoreSuite.checks)
    func memory(check: StoreSuite) throws {
        try check.check(MemoryStore())
    }
}

@Suite("The SQLite store")
struct SQLiteStoreTests {
    @Test("Commits are durable: the writing connection keeps synchronous=FULL")
    func synchronous() throws {
        let directory = TemporaryDirectory()
        let store = try SQLiteStore(try StateDirectory(directory.path))
        #expect(try store.synchronousModes() == [2])
        try store.close()
    }

    @Test("What was committed is there when it is opened again, and the log is empty after a clean stop")
    func reopened() throws {
        let directory = TemporaryDirectory()
        do {
            let state = try StateDirectory(directory.path)
            let first = try SQLiteStore(state)
            var batch = Batch()
            batch.settings = ["name": "value"]
            try first.commit(batch)
            try first.close()
            let log = try? FileManager.default.attributesOfItem(atPath: state.databasePath + "-wal")
            #expect(log?[.size] as? Int ?? 0 == 0)
        }
        let second = try SQLiteStore(try StateDirectory(directory.path))
        #expect(try second.read { try $0.setting("name") } == "value")
        try second.close()
    }

    @Test("P16: A client's read that takes too long is cut, and the engine's never is")
    func cut() throws {
        let directory = TemporaryDirectory()
        let store = try SQLiteStore(try StateDirectory(directory.path), readLimit: 0)
        let count = 20_000
        var batch = Batch()
        batch.journal = (1...count).map { JournalRow(id: CaseID(1), revision: $0, at: Instant(seconds: 0), event: [1]) }
        try store.commit(batch)
        // More work than SQLite does between two looks at the limit.
        func long(_ reader: StoreReader) throws -> Int { try store.read(for: reader) { try $0.journal(after: 0, limit: count).count } }
        #expect(try long(.engine) == count)
        #expect(throws: DatabaseError.self) { try long(.client) }
        #expect(try long(.engine) == count, "and the engine reads on")
        try store.close()
    }

    @Test("P16: What is read for somebody who has gone ends, and the next read of the same connection goes on as usual")
    func abandoned() throws {
        let directory = TemporaryDirectory()
        let store = try SQLiteStore(try StateDirectory(directory.path))
        let count = 20_000
        var batch = Batch()
        batch.journal = (1...count).map { JournalRow(id: CaseID(1), revision: $0, at: Instant(seconds: 0), event: [1]) }
        try store.commit(batch)
        func long() throws -> Int { try store.read { try $0.journal(after: 0, limit: count).count } }
        ReadTurn(isWanted: { false }).run { #expect(throws: DatabaseError.self) { try long() } }
        ReadTurn(isWanted: { true }).run { #expect((try? long()) == count) }
        #expect(try long() == count)
        try store.close()
    }

    @Test("Every measure has its column, made by a migration that does not ask the code")
    func measures() throws {
        let directory = TemporaryDirectory()
        let state = try StateDirectory(directory.path)
        try SQLiteStore(state).close()
        let columns = try DatabaseQueue(path: state.databasePath).read { try $0.columns(in: "rollups").map(\.name) }
        #expect(Set(columns).isSuperset(of: Measure.allCases.map(\.rawValue)))
    }

    @Test(
        "A store with a trigger, a view, a table, a column or an index of others, or without one of its own, is not opened, nor is a copy of it restored",
        arguments: [
            "CREATE TRIGGER quiet AFTER INSERT ON journal BEGIN DELETE FROM journal WHERE seq = new.seq; END",
            "CREATE VIEW everything AS SELECT * FROM cases", "CREATE TABLE others (a)", "ALTER TABLE cases ADD COLUMN extra TEXT",
            "CREATE INDEX slow ON cases (matter)", "DROP INDEX running_cases", "DROP TABLE handling",
            "DROP INDEX ordered_cases; CREATE INDEX ordered_cases ON cases (id)",
        ])
    func changedByHand(sql: String) throws {
        let directory = TemporaryDirectory()
        let state = try StateDirectory(directory.path)
        try SQLiteStore(state).close()
        let queue = try DatabaseQueue(path: state.databasePath)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        #expect { try SQLiteStore(state) } throws: { "\($0)".contains("was changed by hand: its ") }
        let other = TemporaryDirectory()
        unlink(state.databasePath + "-wal")
        #expect {
            try BackupFile.restore(state.databasePath, to: try StateDirectory(other.path)) { _ in Issue.record("it was opened") }
        } throws: {
            "\($0)".contains("was changed by hand: its ")
        }
        // A store whose log is beside it is no backup: what came last would be left behind.
        try Data(count: 5000).write(to: URL(fileURLWithPath: state.databasePath + "-wal"))
        let third = TemporaryDirectory()
        #expect {
            try BackupFile.restore(state.databasePath, to: try StateDirectory(third.path)) { _ in }
        } throws: {
            "\($0)".contains("is no backup but a store that was not stopped")
        }
    }

    @Test("Migrations are numbered and frozen: what a file says is what it said when a store was first made by it")
    func frozen() throws {
        let folder = "\(SharedData.project)/Sources/CaseStoreSQLite/Migrations"
        let lines = try FileManager.default.contentsOfDirectory(atPath: folder).sorted {
            $0.count == $1.count ? $0 < $1 : $0.count < $1.count
        }.map { name in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
            return "\(SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())  \(name)\n"
        }
        let frozen = try String(contentsOfFile: "\(SharedData.project)/Tests/CaseStoreTests/migrations.sha256", encoding: .utf8)
        #expect(lines.joined() == frozen, "add a file with the next number, and its line; never change one")
        let directory = TemporaryDirectory()
        let state = try StateDirectory(directory.path)
        try SQLiteStore(state).close()
        let applied = try DatabaseQueue(path: state.databasePath).read {
            try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations")
        }
        #expect(applied.map { $0.prefix { $0 != ":" } } == lines.indices.map { "\($0 + 1)" })
    }

    @Test("A state directory that lets others in is closed", arguments: [0o755, 0o777, 0o750, 0o711])
    func privateFolder(mode: Int) throws {
        let directory = TemporaryDirectory()
        let path = "\(directory.path)/state"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(chmod(path, mode_t(mode)) == 0)
        try SQLiteStore(try StateDirectory(path)).close()
        for name in ["", "/cased.sqlite", "/lock"] {
            var entry = stat()
            #expect(stat(path + name, &entry) == 0 && entry.st_mode & 0o077 == 0, "\(name)")
        }
    }

    @Test("A second process cannot open a state directory that is in use")
    func locked() throws {
        let directory = TemporaryDirectory()
        let first = try StateDirectory(directory.path)
        #expect { try StateDirectory(directory.path) } throws: { error in
            "\(error)".contains("in use by another cased: stop that one first")
        }
        withExtendedLifetime(first) {}
    }

    @Test("A store of a newer version is refused, and so is a file that is no store")
    func unreadable() throws {
        let newer = TemporaryDirectory()
        let state = try StateDirectory(newer.path)
        try SQLiteStore(state).close()
        let queue = try DatabaseQueue(path: state.databasePath)
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: from the future')") }
        try queue.close()
        #expect { try SQLiteStore(state) } throws: { "\($0)".contains("written by a newer cased") }

        let damaged = TemporaryDirectory()
        let other = try StateDirectory(damaged.path)
        try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: other.databasePath))
        #expect { try SQLiteStore(other) } throws: { "\($0)".contains("restore it from a backup") }
    }
}
