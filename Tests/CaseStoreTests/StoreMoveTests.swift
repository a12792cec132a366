import CaseCore
import CaseEngine
import CaseSimulation
import CaseStore
import CaseTesting
import CaseWire
import ChildProcesses
import Foundation
import Logging
import Testing
import WorkingTime

@testable import CaseStorePostgreSQL
@testable import CaseStoreSQLite

@Suite(
    "A store that moves", .serialized, .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
struct StoreMoveTests {
    private let server = PostgreSQLServer.shared
    private let directory = TemporaryDirectory()

    private func path(_ name: String) -> String {
        "\(directory.path)/\(name)"
    }

    /// A database as the command line names it, with the role of the daemon.
    private func target(_ database: String) -> String {
        "postgresql://daemon@/\(database)?host=\(server.folder)"
    }

    /// A life with gaps, texts that hold U+0000, long ones, and what an older version kept.
    private static let made: String = {
        let directory = TemporaryDirectory()
        directory.keepUntilExit()
        try! make(in: "\(directory.path)/state")
        return "\(directory.path)/state"
    }()

    private static func make(in folder: String) throws {
        let store = try SQLiteStore(StateDirectory(folder))
        let life = try Simulation.run(SimulationStep.life(1, count: 400), beside: store)
        #expect(life.events.count > 20)
        _ = try Restoration(store)
        var batch = Batch()
        batch.settings = ["a\0b": "c\0d", "long": String(repeating: "案", count: 1 << 20), "empty": ""]
        try store.commit(batch)
        try store.close()
    }

    private func makeStore(in folder: String) throws {
        try FileManager.default.copyItem(atPath: StoreMoveTests.made, toPath: folder)
    }

    /// All rows of a store's file, by table, as they are.
    private func rows(of folder: String) throws -> [String: [StoredRow]] {
        let source = try FolderSource(folder)
        defer { source.close() }
        var rows: [String: [StoredRow]] = [:]
        for table in try source.tables() {
            rows[table.name] = []
            try source.eachPage(of: table) { rows[table.name]! += $0 }
        }
        rows["settings"]?.removeAll { $0.contains(.bytes(Array(MovedStore.settingName.utf8))) }
        return rows
    }

    private func refusal(_ body: () throws -> Void) throws -> String {
        "\(try #require(throws: (any Error).self, performing: body))"
    }

    /// A turn of a machine on a store.
    private func ask(_ machine: inout EngineMachine, _ method: Method, _ params: JSONValue) throws -> JSONValue {
        nonisolated(unsafe) var outcome: Outcome?
        let request = WriteRequest(peer: Peer(uid: getuid()), try #require(try WriteRequest.Work(method, params))) { outcome = $0 }
        while !machine.turn([request]).isEmpty {}
        return try JSONReader.read(try #require(outcome).get())
    }

    private func machine(_ store: any CaseStore) throws -> EngineMachine {
        var log = Logger(label: "test")
        log.logLevel = .critical
        return try EngineMachine(store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: log)
    }

    // MARK: There and back

    @Test("Each table and each column of one kind of store has its counterpart in the other")
    func counterparts() throws {
        let folder = try FolderDestination(path("a"))
        let database = try DatabaseDestination(target(server.database()))
        let (own, other) = (try folder.tables(), try database.tables())
        #expect(own == other)
        #expect(own.contains { $0.name == "answers" } && own.contains { $0.name == "catalog_files" })
    }

    @Test("A life goes to a database, to another one, to a folder and to another one: each row of each table is what it was")
    func thereAndBack() throws {
        try makeStore(in: path("a"))
        let before = try rows(of: path("a"))
        for table in ["journal", "journal_gaps", "openings", "tiles", "cases", "files", "texts", "keys", "notices", "catalogs", "rollups"] {
            #expect(before[table]?.isEmpty == false, "\(table)")
        }
        let (first, second) = (try server.database(), try server.database())
        let source = try FolderSource(path("a"))
        let move = try StoreMove(from: source, to: DatabaseDestination(target(first)))
        source.close()
        #expect(move.caseCount > 0 && move.entryCount == Int64(before["journal"]!.count))
        #expect(move.rowCount == before.values.reduce(0) { $0 + $1.count })
        let (journal, notices) = (
            try server.number("SELECT max(seq) FROM journal", on: first), try server.number("SELECT max(seq) FROM notices", on: first)
        )
        let given = try server.number("SELECT journal_seq FROM head", on: first)
        #expect(given == journal)
        #expect(try server.number("SELECT notice_seq FROM head", on: first) == notices)
        let other = try StoreMove(from: DatabaseSource(target(first)), to: DatabaseDestination(target(second)))
        #expect(other.root == move.root && other.rowCount == move.rowCount)
        _ = try StoreMove(from: DatabaseSource(target(second)), to: FolderDestination(path("b")))
        #expect(try rows(of: path("b")) == before)
        let last = try FolderSource(path("b"))
        _ = try StoreMove(from: last, to: FolderDestination(path("c")))
        last.close()
        #expect(try rows(of: path("c")) == before)
    }

    @Test("What an older version kept of keys is found in a database as well")
    func olderKeys() throws {
        let target = try DatabaseDestination(target(server.database()))
        let row = try #require(try target.tables().first { $0.name == "answers" })
        #expect(row.columns.map(\.name) == ["at", "case_id", "digest", "key", "revision", "uid"])
        try target.write([[.integer(1), .integer(2), .bytes([3]), .bytes([0x61, 0]), .integer(4), .integer(5)]], to: row)
        let (hasSome, found, other) = try target.read(for: .engine) { snapshot in
            (
                try snapshot.hasOlderAnswers(), try snapshot.olderAnswer("a\0", uid: 5), try snapshot.olderAnswer("a", uid: 5)
            )
        }
        #expect(hasSome && other == nil && found == StoredAnswer(digest: [3], id: CaseID(2), revision: 4))
    }

    @Test("The daemon goes on with the same numbers, there and back: keys have their first answers, and a watch its cursor")
    func goesOn() throws {
        let clock = "2026-02-06T01:00:00Z"
        var daemon = try DaemonProcess(in: directory, manualClock: clock)
        var client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        _ = try client.call("case.submit", SmallOffice.submission(text: String(repeating: "x", count: 3000))).get()
        _ = try client.call("case.withdraw", .of(["case": "C-2", "reason": "built elsewhere"])).get()
        _ = try client.call("clock.advance", .of(["to": "2027-04-01T00:00:00Z"])).get()
        for person in ["ada", "lena"] {
            let erased = try daemon.casectl("erase-personal", "C-2", "--reason", "kept for a year", "--yes", "--as", person)
            #expect(erased.status == 0, "\(erased.errors)")
        }
        let first = try client.call("case.submit", SmallOffice.submission(key: "k-1")).get()
        let log = try daemon.casectl("evidence", "checkpoint").output.split(separator: "\n").first
        let watcher = try daemon.client()
        _ = try watcher.call("case.watch", .of(["from": "start"])).get()
        let cursor = try #require(try JSONReader.read(watcher.receive())["params"]?["cursor"])
        let next = try JSONReader.read(watcher.receive())["params"]?["event"]
        daemon.terminate()

        let database = try server.database()
        let away = try Program("cased", ["--copy-store", path("state"), "--to", target(database)])
        try #require(away.status == 0 && away.errors.contains("each case is what its journal says"), "\(away.errors)")
        let moved = try Program("cased", ["--state-directory", path("state"), "--socket", path("s"), "--manual-clock", clock])
        #expect(
            moved.status == 78 && moved.errors.contains("this store was moved to \(target(database)): start cased there"), "\(moved.errors)"
        )

        let store = try PostgreSQLStore(DatabaseTarget(target(database)))
        var machine = try machine(store)
        #expect(try ask(&machine, "case.submit", SmallOffice.submission(key: "k-1")) == first)
        #expect(try ask(&machine, "case.submit", SmallOffice.submission(key: "k-2"))["case"] == "C-4")

        let back = try Program("cased", ["--copy-store", target(database), "--to", path("back")])
        #expect(back.status == 0 && back.errors.contains("the head of \(target(database)) is held"), "\(back.errors)")
        // Whoever still has the database open writes nothing there any more.
        #expect(try refusal { try store.commit(Batch()) }.contains("the store was taken away: it was moved to another place"))
        let missed = try refusal { _ = try self.machine(store) }
        #expect(missed.contains("this store was moved to \(path("back"))"), "\(missed)")
        store.close()

        try FileManager.default.copyItem(atPath: path("state/cased.log-key"), toPath: path("back/cased.log-key"))
        daemon = try DaemonProcess(in: directory, state: path("back"), manualClock: clock)
        client = try daemon.client()
        #expect(try client.call("case.submit", SmallOffice.submission(key: "k-1")).get() == first)
        #expect(try client.call("case.submit", SmallOffice.submission(key: "k-2")).get()["case"] == "C-4")
        #expect(try client.call("case.submit", SmallOffice.submission()).get()["case"] == "C-5")
        #expect(try daemon.casectl("evidence", "checkpoint").output.split(separator: "\n").first == log)
        let again = try daemon.client()
        _ = try again.call("case.watch", .of(["from": cursor])).get()
        #expect(try JSONReader.read(again.receive())["params"]?["event"] == next)
        let look = try daemon.casectl("evidence", "scrub")
        #expect(look.status == 0, "\(look.output)\(look.errors)")
        #expect(daemon.terminate() == 0)
    }

    @Test("What a witness has seen holds over a move, there and back: no start with less, and each start with all of it")
    func witnessed() throws {
        func start(_ state: String) throws -> DaemonProcess {
            try DaemonProcess(
                in: directory, state: state, manualClock: "2026-02-06T01:00:00Z", arguments: ["--witnessed", path("witnessed")])
        }
        /// Adds to the journal, and hands what there is to the witness, who compares it with what they have.
        func witness(_ daemon: DaemonProcess) throws {
            _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
            let program = try daemon.casectl("evidence", "witness", "--witnessed", path("witnessed"), "--exec", "true")
            #expect(program.status == 0 && program.output.contains("1 of them new"), "\(program.output)\(program.errors)")
            #expect(daemon.terminate() == 0)
        }
        var daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        #expect(try daemon.casectl("evidence", "witness", "--witnessed", path("witnessed"), "--exec", "true").status == 0)
        try witness(daemon)
        try FileManager.default.copyItem(atPath: path("state"), toPath: path("older"))
        daemon = try start(path("state"))
        try witness(daemon)
        // Where the log's key goes with the store, the log is the same one for the witness.
        try FileManager.default.createDirectory(atPath: path("keys"), withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: path("state/cased.log-key"), toPath: path("keys/cased.log-key"))
        let keys = ["CREDENTIALS_DIRECTORY": path("keys")]
        func move(_ from: String, _ to: String) throws {
            let program = try Program("cased", ["--copy-store", from, "--to", to])
            try #require(program.status == 0, "\(program.errors)")
        }
        func inDatabase(_ database: String) throws -> DaemonProcess {
            try DaemonProcess(
                in: directory, database: server.words(database, user: "daemon"), manualClock: "2026-02-06T01:00:00Z",
                arguments: ["--witnessed", path("witnessed")], environment: keys)
        }
        let (database, stale) = (try server.database(), try server.database())
        try move(path("state"), target(database))
        daemon = try inDatabase(database)
        try witness(daemon)
        // A copy from before is a store, and lacks what was witnessed.
        try move(path("older"), target(stale))
        let refused = #expect(throws: DaemonProcess.Failed.self) { try inDatabase(stale) }
        #expect(
            refused?.description.contains("entries of its journal were witnessed, and it has") == true, "\(String(describing: refused))")
        try move(target(database), path("back"))
        try FileManager.default.copyItem(atPath: path("keys/cased.log-key"), toPath: path("back/cased.log-key"))
        daemon = try start(path("back"))
        try witness(daemon)
        try move(target(stale), path("stale"))
        let again = #expect(throws: DaemonProcess.Failed.self) { try start(path("stale")) }
        #expect(again?.description.contains("entries of its journal were witnessed, and it has") == true, "\(String(describing: again))")
    }

    // MARK: What is refused

    @Test("A place that holds a store is none to go to, and a store that was moved goes nowhere else")
    func places() throws {
        func refused(_ from: String, _ to: String) throws -> String {
            let program = try Program("cased", ["--copy-store", from, "--to", to])
            #expect(program.status != 0)
            return program.errors
        }
        try makeStore(in: path("a"))
        try makeStore(in: path("b"))
        let database = try server.database()
        #expect(try refused(path("a"), path("b")).contains("exists: stop cased, and move the folder's files away"))
        #expect(try refused(path("a"), path("a")).contains("name another place"))
        #expect(try refused(path("none"), path("c")).contains("there is no store in \(path("none"))"))
        #expect(!FileManager.default.fileExists(atPath: path("none")))
        #expect(try refused(target(database), path("c")).contains("there is no store in \(target(database))"))
        #expect(try refused(path("a"), target(server.emptyDatabase())).contains("it has no tables of cased: "))
        #expect(try refused("postgresql://cased:word@db/cased", path("c")).contains("named with a password"))
        #expect(try refused("postgresql://db/cased?password=word", path("c")).contains("named with a password"))
        #expect(try refused("postgresql://db/cased?nothing=1", path("c")).contains("cannot be read"))
        #expect(try refused(path("a"), "").contains("no place is named"))
        #expect(try refused(path("a"), "dbname=\(database)").contains("is no folder's path: write a database as postgresql://"))
        #expect(try Program("cased", ["--copy-store", path("a")]).status == 64)
        try server.run("INSERT INTO settings (name, value) VALUES ('a', 'b')", on: database)
        #expect(try refused(path("a"), target(database)).contains("holds a store: name one whose tables are made and empty"))
        let moved = try Program("cased", ["--copy-store", path("a"), "--to", path("c")])
        #expect(moved.status == 0, "\(moved.errors)")
        #expect(try refused(path("a"), path("d")).contains("was moved to \(path("c")): move that one, or finish that move"))
    }

    @Test("A store that somebody uses is not moved")
    func used() throws {
        try makeStore(in: path("a"))
        let state = try StateDirectory(path("a"))
        #expect(try refusal { _ = try FolderSource(path("a")) }.contains("is in use by another cased"))
        withExtendedLifetime(state) {}
        let database = try server.database()
        let holder = try server.session(database, user: "daemon")
        try holder.run(script: "BEGIN; SELECT 1 FROM head FOR UPDATE", until: .now + .seconds(60))
        #expect(try refusal { _ = try DatabaseDestination(target(database)) }.contains("somebody else holds the head"))
    }

    @Test(
        "Damage is refused with what is damaged, and the store stays where it is",
        arguments: [
            ("UPDATE files SET file = overlay(file placing '\\x20' from 2) WHERE case_id = 2", "C-2"),
            ("DELETE FROM files WHERE case_id = 2", "C-2"),
            ("UPDATE journal SET event = event || '\\x20' WHERE case_id = 3 AND revision = 1", "C-3"),
            ("UPDATE journal SET leaf = sha256('\\x00') WHERE case_id = 3 AND revision = 1", "C-3"),
            ("DELETE FROM openings WHERE seq = (SELECT seq FROM journal WHERE case_id = 3 AND revision = 1)", "C-3"),
            ("UPDATE tiles SET hashes = overlay(hashes placing '\\x0001' from 9) WHERE level = 0 AND place = 0", "tile 0 of level 0"),
            ("UPDATE settings SET value = convert_to('1.' || repeat('A', 43) || '=', 'UTF8') WHERE name = 'tree'", "tree"),
        ])
    func damage(change: String, sign: String) throws {
        try makeStore(in: path("a"))
        let database = try server.database()
        let source = try FolderSource(path("a"))
        _ = try StoreMove(from: source, to: DatabaseDestination(target(database)))
        source.close()
        try server.run(change, on: database)
        let program = try Program("cased", ["--copy-store", target(database), "--to", path("b")])
        #expect(program.status == 78 && program.errors.contains(sign), "\(program.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("b/cased.sqlite")))
        #expect(try server.number("SELECT moved FROM head", on: database) == 0)
    }

    // MARK: Moves that are cut

    /// Begins a move that stops at a lock, ends it there, and lets the lock go.
    private func cut(_ signal: Int32, _ words: [String], _ database: String, _ lock: String) throws {
        let holder = try server.session(database)
        try holder.run(script: "BEGIN; \(lock)", until: .now + .seconds(60))
        let move = try ChildProcess("\(DaemonProcess.programs)/cased", words, errors: .file(path("errors")))
        _ = try server.wait(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = '\(database)' AND usename = 'daemon' AND wait_event_type = 'Lock'
            """)
        move.send(signal)
        #expect(move.waitOrKill() != 0)
        // The database finds out that nobody waits any more.
        _ = try server.wait(
            "SELECT (count(*) = 0)::int::bigint FROM pg_stat_activity WHERE datname = '\(database)' AND usename = 'daemon'")
        try holder.run(script: "ROLLBACK", until: .now + .seconds(60))
    }

    @Test("A move to a database that is killed leaves the store where it is, and nothing there", arguments: [SIGKILL, SIGINT])
    func cutAway(signal: Int32) throws {
        try makeStore(in: path("a"))
        let before = try rows(of: path("a"))
        let database = try server.database()
        let words = ["--copy-store", path("a"), "--to", target(database)]
        for table in ["cases", "journal", "settings", "texts"] {
            try cut(signal, words, database, "LOCK TABLE \(table) IN SHARE MODE")
            #expect(try server.number("SELECT journal_seq FROM head", on: database) == 0)
            for table in PostgreSQLSchema.storeTables {
                #expect(try server.number("SELECT count(*) FROM \(table)", on: database) == 0, "\(table)")
            }
            let store = try SQLiteStore(StateDirectory(path("a")))
            #expect(try store.read { try $0.setting(MovedStore.settingName) } == nil)
            try store.close()
        }
        let program = try Program("cased", words)
        #expect(program.status == 0, "\(program.errors)")
        #expect(try Program("cased", ["--copy-store", target(database), "--to", path("b")]).status == 0)
        #expect(try rows(of: path("b")) == before)
    }

    @Test("A move from a database that is killed leaves the store where it is, and nothing that starts", arguments: [SIGKILL, SIGINT])
    func cutBack(signal: Int32) throws {
        try makeStore(in: path("a"))
        let before = try rows(of: path("a"))
        let database = try server.database()
        let away = try Program("cased", ["--copy-store", path("a"), "--to", target(database)])
        #expect(away.status == 0, "\(away.errors)")
        let words = ["--copy-store", target(database), "--to", path("b")]
        // Before anything is copied, in the midst, and when the store is to leave.
        for lock in [
            "LOCK TABLE files IN ACCESS EXCLUSIVE MODE", "LOCK TABLE texts IN ACCESS EXCLUSIVE MODE", "LOCK TABLE settings IN SHARE MODE",
        ] {
            try cut(signal, words, database, lock)
            try #require(!FileManager.default.fileExists(atPath: path("b/cased.sqlite")))
            #expect(try server.number("SELECT moved FROM head", on: database) == 0)
        }
        // The word that there was to be a store is there, and no store.
        let start = try Program("cased", ["--state-directory", path("b"), "--socket", path("s")])
        #expect(start.status == 78 && start.errors.contains("is missing or empty"), "\(start.errors)")
        let program = try Program("cased", words)
        #expect(program.status == 0, "\(program.errors)")
        #expect(try rows(of: path("b")) == before)
    }

    @Test(
        "A move that is cut when the store has left, and is not there yet, is finished by the same words; until then neither place starts")
    func cutBetween() throws {
        try makeStore(in: path("a"))
        let before = try rows(of: path("a"))
        let database = try server.database()
        // The last step waits for a lock that somebody has.
        try server.run(
            """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON settings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()
            """, on: database)
        let words = ["--copy-store", path("a"), "--to", target(database)]
        try cut(SIGKILL, words, database, "SELECT pg_advisory_xact_lock(7)")
        try #require(try server.number("SELECT count(*) FROM journal", on: database) == 0)
        let start = try Program("cased", ["--state-directory", path("a"), "--socket", path("s")])
        #expect(start.status == 78 && start.errors.contains("where nothing has come there, give --copy-store once more"), "\(start.errors)")
        let program = try Program("cased", words)
        #expect(program.status == 0, "\(program.errors)")
        #expect(try server.number("SELECT count(*) FROM settings WHERE name = 'moved-to'", on: database) == 0)
        #expect(try Program("cased", ["--copy-store", target(database), "--to", path("b")]).status == 0)
        #expect(try rows(of: path("b")) == before)
    }
}
