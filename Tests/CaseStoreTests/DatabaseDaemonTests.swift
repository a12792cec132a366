import CaseClient
import CaseTesting
import CaseWire
import ChildProcesses
import Evidence
import Foundation
import Synchronization
import Testing

@testable import CaseStorePostgreSQL

@Suite(
    "A daemon on a database", .serialized, .enabled(if: PostgreSQLServer.isThere, Comment(rawValue: PostgreSQLServer.whereFrom)))
struct DatabaseDaemonTests {
    private let server = PostgreSQLServer.shared

    /// With a catalogue.
    private func daemon(on database: String, in directory: TemporaryDirectory, of server: PostgreSQLServer) throws -> DaemonProcess {
        let daemon = try DaemonProcess(
            in: directory, database: server.words(database, user: "daemon"), arguments: ["--node", "n1"])
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        return daemon
    }

    private func kind(_ outcome: Result<JSONValue, RemoteError>) -> String? {
        if case .failure(let error) = outcome { error.kind } else { nil }
    }

    // MARK: Life

    @Test("A case goes from its submission to a decision, and on after the daemon was killed, with a role that can make no table")
    func life() throws {
        let database = try server.database()
        let directory = TemporaryDirectory()
        var daemon = try daemon(on: database, in: directory, of: server)
        var client = try daemon.client()
        let file = try client.call("case.submit", SmallOffice.submission()).get()
        #expect(file["case"]?.string == "C-1")
        _ = try client.call("case.accept", .of(["case": "C-1", "acting": "otto", "idempotency_key": "k"])).get()
        daemon.kill()
        daemon = try DaemonProcess(in: directory, database: server.words(database, user: "daemon"))
        client = try daemon.client()
        let again = try client.call("case.accept", .of(["case": "C-1", "acting": "otto", "idempotency_key": "k"])).get()
        #expect(again["state"]?.string == "in-review", "the first answer is kept")
        _ = try client.call("case.recommend", .of(["case": "C-1", "acting": "otto", "recommendation": "grant", "opinion": "fit"])).get()
        let granted = try client.call("case.grant", .of(["case": "C-1", "acting": "lena", "reasons": "fit"])).get()
        #expect(granted["state"]?.string == "granted")
        #expect(daemon.terminate() == 0)
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/state"), "it needs no folder")
    }

    @Test("The status shows node, server, replication and that commits wait for nobody; a copy is refused with the word for it")
    func status() throws {
        let database = try server.database()
        let daemon = try daemon(on: database, in: TemporaryDirectory(), of: server)
        let standing = try daemon.client().call("server.status").get()["database"]
        #expect(standing?["node"] == "n1" && standing?["synchronous"] == false && standing?["port"] == "5432")
        #expect(standing?["host"]?.string == server.folder && standing?["standbys"]?.array == [])
        #expect(standing?["version"]?.string?.hasPrefix("15.") == true)
        let shown = try daemon.casectl("status")
        #expect(shown.status == 0 && shown.output.contains("port 5432, PostgreSQL 15."), "\(shown.output)\(shown.errors)")
        for sign in ["by the database's own tools", "commits wait for nobody", "! commits wait for no other server"] {
            #expect(shown.output.contains(sign), "\(shown.output)")
        }
        #expect(try daemon.casectl("status", "--check").status == 1)
        let chinese = try daemon.casectl(["status"], environment: ["LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"])
        for sign in ["由数据库自身的工具备份", "提交不等待任何其他服务器", "端口 5432，PostgreSQL 15.", "正在写入", "现在没有", "！提交不等待"] {
            #expect(chinese.output.contains(sign), "\(sign): \(chinese.output)\(chinese.errors)")
        }
        let copy = try daemon.casectl("backup", "\(daemon.socket).copy")
        #expect(copy.status != 0 && copy.errors.contains("copied by its own tools"), "\(copy.errors)")
        #expect(daemon.terminate() == 0)
    }

    @Test("The status says who follows the primary, how far behind and whether commits wait for it, to a role that may see it")
    func standbys() throws {
        let own = try PostgreSQLServer()
        let folder = TemporaryDirectory()
        let daemon = try daemon(on: own.database(), in: folder, of: own)
        // It takes the log of the primary, and says what is durable, as a standby does.
        let keeper = try ChildProcess(
            "/usr/lib/postgresql/15/bin/pg_receivewal", ["--directory", folder.path, "--no-loop", "--synchronous"],
            environment: ["PGHOST": own.folder, "PGUSER": "postgres", "PGAPPNAME": "keeper"], errors: .file("\(folder.path)/keeper.log"))
        _ = try own.wait("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
        let hidden = try daemon.casectl("status")
        #expect(hidden.output.contains("one is there; its role may not see more"), "\(hidden.output)\(hidden.errors)")
        #expect(!hidden.output.contains("none is there"), "\(hidden.output)")
        try own.run("GRANT pg_read_all_stats TO daemon")
        try own.run("ALTER SYSTEM SET synchronous_standby_names = 'keeper'")
        try own.run("SELECT pg_reload_conf()")
        _ = try own.wait("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
        let client = try daemon.client()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        let standing = try client.call("server.status").get()["database"]
        #expect(standing?["synchronous"] == true && standing?["standbys"]?.array?.count == 1)
        let standby = standing?["standbys"]?.array?.first
        #expect(standby?["name"] == "keeper" && standby?["awaited"] == true && standby?["behind_bytes"]?.integer != nil)
        let shown = try daemon.casectl("status")
        #expect(shown.output.contains("keeper, which commits wait for, ") && !shown.output.contains("! commits"), "\(shown.output)")
        let chinese = try daemon.casectl(["status"], environment: ["LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"])
        #expect(chinese.output.contains("keeper，提交等待其确认，落后 "), "\(chinese.output)")
        keeper.send(SIGKILL)
        keeper.waitOrKill()
        _ = try own.wait("SELECT 1 - count(*) FROM pg_stat_replication")
        let alone = try daemon.casectl("status", "--check")
        #expect(alone.status == 1 && alone.output.contains("! commits wait for a standby, and none is there"), "\(alone.output)")
        daemon.kill()
    }

    @Test("The status says who holds the head, and not who waits for it")
    func holder() throws {
        let database = try server.database()
        let store = try PostgreSQLStore(DatabaseTarget(server.words(database, user: "daemon"), node: "n2"))
        let alike = try DatabaseTarget(server.words(server.database(), user: "daemon"), node: "n4").open(for: .seconds(30))
        try alike.run(script: "BEGIN; SELECT * FROM head FOR UPDATE", until: .now + .seconds(30))
        #expect(try store.standing().holder == nil, "another database of the server, whose tables have the same numbers")
        let holder = try DatabaseTarget(server.words(database, user: "daemon"), node: "n1").open(for: .seconds(30))
        let other = try DatabaseTarget(server.words(database, user: "daemon"), node: "n3")
        try holder.run(script: "BEGIN; SELECT * FROM head FOR UPDATE", until: .now + .seconds(30))
        let waiting = Beside {
            try other.open(for: .seconds(30)).run(script: "SELECT * FROM head FOR UPDATE", until: .now + .seconds(60))
        }
        _ = try server.wait("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '\(database)'")
        #expect(try store.standing().holder?.node == "n1")
        try holder.run(script: "COMMIT", until: .now + .seconds(30))
        try waiting.value()
        store.close()
    }

    // MARK: A database that is away

    @Test("While the database is stopped everything is refused with the word for it, which is said once; then all goes on by itself")
    func outage() throws {
        let own = try PostgreSQLServer()
        let daemon = try daemon(on: own.database(), in: TemporaryDirectory(), of: own)
        let client = try daemon.client()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        try own.restart { _ in
            for _ in 1...3 {
                #expect(try kind(client.call("case.submit", SmallOffice.submission())) == "store.unreachable")
                #expect(try kind(client.call("case.count")) == "store.unreachable")
            }
            let status = try client.call("server.status").get()
            #expect(status["store_fault"]?["refuses_commands"] == true && status["lights"]?.isNull == true)
            #expect(status["database"]?.isNull == true && status["store_bytes"]?.isNull == true)
            let shown = try daemon.casectl("status", "--check")
            #expect(shown.status == 2 && shown.output.contains("it cannot be reached"), "\(shown.output)\(shown.errors)")
            #expect(try daemon.casectl("list").status == 75)
        }
        while try client.call("server.status").get()["store_fault"]?.isNull == false {}
        #expect(try client.call("case.count").get()["count"] == 1)
        #expect(try client.call("case.submit", SmallOffice.submission()).get()["case"] == "C-2")
        let lines = daemon.log.split(separator: "\n")
        #expect(lines.count { $0.contains("the store cannot be reached: ") } == 1, "\(daemon.log)")
        #expect(lines.count { $0.contains("the store can be reached again") } == 1, "\(daemon.log)")
        #expect(daemon.terminate() == 0)
    }

    @Test("A manual clock that is moved while the database is away stops with the word for it, and goes on from there")
    func manualClock() throws {
        let own = try PostgreSQLServer()
        let database = try own.database()
        let directory = TemporaryDirectory()
        let manual = try DaemonProcess(
            in: directory, database: own.words(database, user: "daemon"), manualClock: "2026-02-06T01:00:00Z")
        let client = try manual.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        let far = JSONValue.of(["to": "2026-06-01T00:00:00Z"])
        try own.restart { _ in
            let refused = try client.call("clock.advance", far)
            #expect(kind(refused) == "store.unreachable")
        }
        while try client.call("server.status").get()["store_fault"]?.isNull == false {}
        _ = try client.call("clock.advance", far).get()
        #expect(try client.call("case.get", .of(["case": "C-1"])).get()["state"]?.string == "in-review", "accepted by silence, once")
        #expect(manual.terminate() == 0)
    }

    @Test("Whoever submits all the while, under keys, loses nothing that was acknowledged by a stop or a crash of the database")
    func busy() throws {
        let own = try PostgreSQLServer()
        let daemon = try daemon(on: own.database(), in: TemporaryDirectory(), of: own)
        let isEnough = Atomic(false)
        let socket = daemon.socket
        let acknowledged = Beside { () throws -> [String: String] in
            var (answers, number, isRefused): ([String: String], Int, Bool) = ([:], 0, false)
            let client = try Client(path: socket)
            while !isEnough.load(ordering: .sequentiallyConsistent) {
                number += isRefused ? 0 : 1
                let members = SmallOffice.submission("\(number)").members ?? []
                let submission = JSONValue.object(members + [.init("idempotency_key", .string("k\(number)"))])
                switch try client.call("case.submit", submission) {
                case .success(let file): (answers["\(number)"], isRefused) = (file["case"]?.string, false)
                case .failure(let error):
                    guard error.kind == "store.unreachable" else { throw error }
                    isRefused = true
                }
            }
            return answers
        }
        let client = try daemon.client()
        for isCrash in [false, true] {
            try own.restart(isCrash: isCrash) { _ in
                let refused = try client.call("case.count")
                #expect(kind(refused) == "store.unreachable")
            }
            while kind(try client.call("case.count")) != nil {}
            while try client.call("server.status").get()["store_fault"]?.isNull == false {}
        }
        isEnough.store(true, ordering: .sequentiallyConsistent)
        let answers = try acknowledged.value()
        #expect(!answers.isEmpty && Set(answers.values).count == answers.count)
        for (title, id) in answers {
            #expect(try client.call("case.get", .of(["case": .string(id)])).get()["title"]?.string == title)
        }
        let count = try client.call("case.count").get()["count"]?.integer
        #expect(count == Int64(answers.count) || count == Int64(answers.count + 1), "the last one may not have been heard of")
        for sign in ["not what was recorded", "a deadline cannot be passed", "a command failed", "a read failed"] {
            #expect(!daemon.log.contains(sign), "\(daemon.log)")
        }
        #expect(daemon.terminate() == 0)
    }

    @Test("A database that hangs, and refuses nothing, is refused for as well, and all goes on once it does")
    func hanging() throws {
        let own = try PostgreSQLServer()
        let daemon = try daemon(on: own.database(), in: TemporaryDirectory(), of: own)
        let client = try daemon.client()
        try own.pausing {
            for method in ["case.count", "case.submit"] {
                let refused = try client.call(method, method == "case.submit" ? SmallOffice.submission() : .object([]))
                #expect(kind(refused) == "store.unreachable", "\(method): \(refused)")
            }
        }
        while try client.call("server.status").get()["store_fault"]?.isNull == false {}
        #expect(try client.call("case.submit", SmallOffice.submission()).get()["case"] == "C-1")
        #expect(daemon.terminate() == 0)
    }

    @Test("Whoever goes while something is read for their watch is no fault of anybody, and nothing is said of it")
    func goneWatcher() throws {
        let database = try server.database()
        let daemon = try daemon(on: database, in: TemporaryDirectory(), of: server)
        _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
        let holder = try server.session(database)
        try holder.run(script: "BEGIN; LOCK TABLE files IN ACCESS EXCLUSIVE MODE", until: .now + .seconds(60))
        let waiting = "FROM pg_stat_activity WHERE datname = '\(database)' AND wait_event_type = 'Lock'"
        do {
            let watcher = try daemon.client()
            _ = try watcher.call("case.watch", .of(["snapshot": true])).get()
            _ = try server.wait("SELECT count(*) \(waiting)")
        }
        _ = try server.wait("SELECT (count(*) = 0)::int::bigint \(waiting)")
        try holder.run(script: "ROLLBACK", until: .now + .seconds(60))
        // Others hear all of it.
        let other = try daemon.client()
        _ = try other.call("case.watch", .of(["snapshot": true])).get()
        #expect(try JSONReader.read(other.receive())["params"]?["case"]?["case"] == "C-1")
        #expect(daemon.terminate() == 0)
        #expect(!daemon.log.contains("a watch could not be read on"), "\(daemon.log)")
    }

    @Test("Whoever waits with a limit hears that the time is over also while the database is away")
    func limitedWait() throws {
        let own = try PostgreSQLServer()
        let daemon = try daemon(on: own.database(), in: TemporaryDirectory(), of: own)
        _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
        try own.restart { _ in
            #expect(try kind(daemon.client().call("case.count")) == "store.unreachable")
            let waited = try daemon.casectl("wait", "C-1", "--for", "decided", "--timeout", "1s")
            #expect(waited.status == 75 && waited.errors.contains("C-1 is not decided after 1s"), "\(waited.errors)")
        }
        daemon.kill()
    }

    @Test("A daemon from which the store was moved away ends, also where nobody asks it for anything")
    func movedAway() throws {
        let (database, folder) = (try server.database(), TemporaryDirectory())
        let daemon = try daemon(on: database, in: folder, of: server)
        let moved = try Program(
            "\(DaemonProcess.programs)/cased",
            ["--copy-store", "postgresql://daemon@/\(database)?host=\(server.folder)", "--to", "\(folder.path)/moved"])
        #expect(moved.status == 0, "\(moved.errors)")
        #expect(daemon.wait() == 78, "\(daemon.log)")
        #expect(daemon.log.contains("the store was taken away"))
    }

    @Test("The watchdog hears that all is well also while the database is away: to end the daemon would not bring it back")
    func watchdog() throws {
        let own = try PostgreSQLServer()
        let database = try own.database()
        let daemon = try DaemonProcess(
            in: TemporaryDirectory(), database: own.words(database, user: "daemon"), watchdogMicroseconds: 3_000_000)
        func hear() { while daemon.watchdogPings() == 0 {} }
        hear()
        try own.restart { _ in for _ in 1...3 { hear() } }
        for _ in 1...2 { hear() }
        #expect(daemon.terminate() == 0)
    }

    // MARK: The page

    @Test("docs/cluster.md: its commands make roles, tables and a key, and a dump of a store is a store")
    func page() throws {
        let own = try PostgreSQLServer()
        let folder = TemporaryDirectory()
        let page = try String(contentsOfFile: "\(SharedData.project)/docs/cluster.md", encoding: .utf8)
        #expect(page.split(separator: "\n").first { $0.hasPrefix("**") }?.contains("Patroni 3.0.2 with etcd's v3 interface") == true)
        let blocks = page.matches(of: /```sh\n((?s:.*?))```/).map { String($0.1).replacing("db1,db2,db3", with: own.folder) }
        #expect(blocks.count == 5)
        // Later blocks go on from what the first one has set.
        let settings = try #require(blocks[0].split(separator: "\n").first)
        func run(_ script: String) throws {
            let paths = "PATH=\(DaemonProcess.programs):/usr/lib/postgresql/15/bin:$PATH PGUSER=postgres"
            let program = try Program(
                "/bin/bash", ["-c", "set -euo pipefail\nexport \(paths)\ncd '\(folder.path)'\n\(settings)\n\(script)"])
            #expect(program.status == 0, "\(script): \(program.output)\(program.errors)")
        }
        for block in blocks[...2] { try run(block) }
        chmod("\(folder.path)/cased.log-key", 0o400)
        func start(_ database: String) throws -> DaemonProcess {
            try DaemonProcess(
                in: folder, database: "dbname=\(database) user=cased", environment: ["PGHOST": own.folder])
        }
        var daemon = try start("cased")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        _ = try daemon.client().call("case.submit", SmallOffice.submission("Dumped")).get()
        try run(blocks[3])
        #expect(daemon.terminate() == 0)
        daemon = try start("restored")
        #expect(try daemon.client().call("case.get", .of(["case": "C-1"])).get()["title"] == "Dumped")
        #expect(daemon.terminate() == 0)

        // The move, from a folder of ours to a database of ours, and without a service.
        let place = TemporaryDirectory()
        let state = "\(place.path)/state"
        daemon = try DaemonProcess(in: place, state: state)
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        _ = try daemon.client().call("case.submit", SmallOffice.submission("Moved")).get()
        #expect(daemon.terminate() == 0)
        try run("createdb --owner=cased-owner moved\ncased --make-tables cased --store 'dbname=moved user=cased-owner'")
        let move = blocks[4].split(separator: "\n").filter { !$0.hasPrefix("systemctl ") }.joined(separator: "\n")
        try run(
            move.replacing("/var/lib/cased", with: state)
                .replacing("postgresql://cased@db.example/cased", with: "'postgresql://cased@/moved?host=\(own.folder)'"))
        daemon = try start("moved")
        #expect(try daemon.client().call("case.get", .of(["case": "C-1"])).get()["title"] == "Moved")
        #expect(daemon.terminate() == 0)
    }

    // MARK: What a person must mend

    private func refusal(_ arguments: [String], environment: [String: String] = [:]) throws -> (status: Int32, errors: String) {
        let directory = TemporaryDirectory()
        let program = try Program("cased", ["--socket", "\(directory.path)/s"] + arguments, environment: environment)
        return (program.status, program.errors)
    }

    @Test("A database that cannot be used is named with its mend and ends the start with 78, one that is away with 75")
    func refused() throws {
        func expect(_ status: Int32, _ sentence: String, _ arguments: String..., by: [String: String] = [:]) throws {
            let refused = try refusal(arguments, environment: by)
            #expect(refused.status == status && refused.errors.contains(sentence), "\(arguments): \(refused.errors)")
        }
        let (database, empty) = (try server.database(), try server.emptyDatabase())
        try expect(78, "named with a password", "--store", "postgresql://daemon:secret@db1/\(database)")
        try expect(78, "named with a password", "--check-config", "--store", "host=db1 password=secret")
        #expect(try !refusal(["--store", "host=db1 password=secret"]).errors.contains("secret"))
        #expect(try refusal(["--check-config", "--store", "host=/nowhere"]).status == 0, "it is looked at, and nobody is asked")
        try expect(78, "it has no tables of cased: let its owner run cased --make-tables ROLE", "--store", server.words(empty))
        try expect(78, "lets cased not in", "--store", server.words("nowhere"))
        // Each of several servers says so.
        try expect(78, "lets cased not in", "--store", "host=\(server.folder),\(server.folder) dbname=nowhere user=daemon")
        try expect(75, "the database cannot be reached", "--store", "host=\(server.folder),/nowhere dbname=nowhere user=daemon")
        try expect(75, "the database cannot be reached", "--store", "host=/nowhere dbname=cased")
        try expect(78, "there is no credential cased.log-key", "--store", server.words(database, user: "daemon"))
        try expect(78, "either in a folder or in a database", "--state-directory", "/nowhere", "--store", "dbname=cased")
        try expect(78, "a backup is restored to a state directory", "--restore", "copy", "--store", "dbname=cased")
        try expect(
            78, "there is no store in the database", "--training", "--require-store", "--store", server.words(database, user: "daemon"))
        try expect(78, "no database is named", "--make-tables", "daemon")
        #expect(try refusal(["--node", "a b"]).status == 64)
        try server.run("REVOKE INSERT ON journal FROM daemon", on: database)
        try expect(78, "its role daemon lacks a right (GRANT INSERT ON journal)", "--store", server.words(database, user: "daemon"))
    }

    @Test("The file of options can name it, and the command line has precedence")
    func options() throws {
        let directory = TemporaryDirectory()
        let config = "\(directory.path)/cased.toml"
        func check(_ text: String, _ arguments: String...) throws -> (status: Int32, errors: String) {
            try Data(text.utf8).write(to: URL(fileURLWithPath: config))
            return try refusal(["--check-config", "--config", config] + arguments)
        }
        #expect(try check("store = \"postgresql://cased@db1,db2,db3/cased\"\nnode = \"n1\"").status == 0)
        #expect(try check("store = \"postgresql://cased:x@db1/cased\"").status == 78)
        #expect(try check("store = \"postgresql://cased:x@db1/cased\"", "--store", "host=db1").status == 0)
        let node = try check("node = \"a b\"")
        #expect(node.status == 78 && node.errors.contains("is no name of a node"))
    }

    @Test("Tables are made once by a role that may, and again without a change; whoever lacks the right hears it")
    func tables() throws {
        _ = try server.database()
        let database = try server.emptyDatabase()
        let made = try refusal(["--make-tables", "daemon", "--store", server.words(database)])
        #expect(
            made.status == 0 && made.errors.contains("what was missing is made") && made.errors.contains("1: cases, journal"),
            "\(made.errors)")
        let again = try refusal(["--make-tables", "daemon", "--store", server.words(database)])
        #expect(again.status == 0 && again.errors.contains("all tables were there"), "\(again.errors)")
        let daemon = try daemon(on: database, in: TemporaryDirectory(), of: server)
        #expect(daemon.terminate() == 0)
        let poor = try server.emptyDatabase()
        let refused = try refusal(["--make-tables", "daemon", "--store", server.words(poor, user: "daemon")])
        #expect(refused.status == 78 && refused.errors.contains("the tables cannot be made: "), "\(refused.errors)")
        let nobody = try refusal(["--make-tables", "nobody", "--store", server.words(database)])
        #expect(nobody.status == 78 && nobody.errors.contains("there is no role nobody in the database"), "\(nobody.errors)")
    }

    @Test("The owner's tables can lie in a schema of their own, which the daemon's role then sees")
    func schema() throws {
        _ = try server.database()
        let database = try server.emptyDatabase()
        try server.run("CREATE SCHEMA own; ALTER DATABASE \(database) SET search_path = own", on: database)
        #expect(try refusal(["--make-tables", "daemon", "--store", server.words(database)]).status == 0)
        let daemon = try daemon(on: database, in: TemporaryDirectory(), of: server)
        #expect(daemon.terminate() == 0)
    }

    @Test("The password comes from a file or a credential, and a wrong one is for a person to mend; the log's key is a credential")
    func credentials() throws {
        let own = try PostgreSQLServer()
        let database = try own.database()
        try own.run("ALTER ROLE daemon PASSWORD 'right'")
        try own.restart { data in
            let rules = try String(contentsOfFile: "\(data)/pg_hba.conf", encoding: .utf8)
            try Data("local all daemon scram-sha-256\n\(rules)".utf8).write(to: URL(fileURLWithPath: "\(data)/pg_hba.conf"))
        }
        let folder = TemporaryDirectory()
        func write(_ text: String, _ name: String, mode: mode_t) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
            chmod("\(folder.path)/\(name)", mode)
        }
        try write("*:*:*:daemon:right\n", "right", mode: 0o600)
        try write("*:*:*:daemon:wrong\n", "wrong", mode: 0o600)
        let words = own.words(database, user: "daemon")
        for environment in [[:], ["PGPASSFILE": "\(folder.path)/wrong"]] {
            let refused = try refusal(["--training", "--store", words], environment: environment)
            #expect(refused.status == 78 && !refused.errors.contains("LOCATION"), "\(refused.errors)")
        }
        let daemon = try DaemonProcess(
            in: TemporaryDirectory(), database: words, environment: ["PGPASSFILE": "\(folder.path)/right"])
        #expect(daemon.terminate() == 0)
        // A list of who may read a credential shows as rights of its group, for which libpq would pass over it.
        try write("*:*:*:daemon:right\n", "cased.pgpass", mode: 0o440)
        let key = SSHPrivateKey(comment: "cased")
        try write(key.file, "cased.log-key", mode: 0o400)
        let other = try own.database()
        let real = try DaemonProcess(
            in: TemporaryDirectory(), database: own.words(other, user: "daemon"), isTraining: false,
            environment: ["CREDENTIALS_DIRECTORY": folder.path])
        let evidence = try real.client().call("server.status").get()["evidence"]
        #expect(evidence?["key_place"] == "the credential cased.log-key")
        #expect(real.terminate() == 0)
    }
}
