import CaseStore
import CaseStoreSQLite
import CaseTesting
import Foundation
import GRDB
import Testing

@Suite("The store's contract")
struct StoreContractTests {
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
