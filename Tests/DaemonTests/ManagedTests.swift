import CaseClient
import CaseTesting
import CaseWire
import ChildProcesses
import Foundation
import Testing

/// What the daemon tells whoever manages it, without a systemd.
@Suite("A managed daemon")
struct ManagedTests {
    @Test("Options that cannot be used are named with file, line and mend, and nothing is started")
    func options() throws {
        let directory = TemporaryDirectory()
        for (text, sign) in [
            ("log-levle = \"info\"", "there is no option log-levle"), ("log-level = \"loud\"", "there is no log-level \"loud\""),
            ("largest-clock-step = 5", "a value of the wrong kind"), ("largest-clock-step = \"5 working-days\"", "is no length"),
            ("\nadmin-group = ", "line 2"), ("[审批处]", "line 1: 审批处 stands without quotes"), ("log-level = “info”", "line 1"),
            ("admin-group = \"nobody-has-it\"", "there is no unix group nobody-has-it"),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory.path)/cased.toml"))
            let program = try Program("cased", ["--check-config", "--config", "\(directory.path)/cased.toml"])
            #expect(program.status == 78 && program.errors.contains(sign.replacing("\"", with: "\\\"")), "\(text): \(program.errors)")
            #expect(program.errors.hasPrefix("<2>"), "a line for whoever reads priorities")
        }
    }

    @Test("The watchdog is told that all is well, and SIGHUP takes new options while clients go on")
    func watchdog() throws {
        let directory = TemporaryDirectory()
        let config = "\(directory.path)/cased.toml"
        try Data("log-level = \"info\"\n".utf8).write(to: URL(fileURLWithPath: config))
        let daemon = try DaemonProcess(in: directory, arguments: ["--config", config], environment: ["WATCHDOG_USEC": "3000000"])
        let client = try daemon.client()
        while try client.call("server.status").get()["watchdog"]?.members == nil {}
        try Data("log-level = \"warning\"\n".utf8).write(to: URL(fileURLWithPath: config))
        kill(daemon.processID, SIGHUP)
        while !daemon.log.contains("options read anew") {}
        for (text, sign) in [("log-level = 1\n", "a value of the wrong kind"), ("[审批处]\n", "审批处 stands without quotes")] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: config))
            kill(daemon.processID, SIGHUP)
            while !daemon.log.contains("options stay as they were: \(config)") || !daemon.log.contains(sign) {}
        }
        #expect(try client.call("case.count").get()["count"] == 0)
        #expect(daemon.terminate() == 0)
        #expect(!daemon.log.contains("stopped"), "notices are below the new level")
    }

    @Test("casectl status --check exits as monitoring expects it: 0 well, 1 look, 3 no answer")
    func check() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        func check() throws -> Program { try Program("casectl", ["status", "--check"], environment: ["CASED_SOCKET": daemon.socket]) }
        let client = try daemon.client()
        let empty = try check()
        #expect(empty.status == 1 && empty.output.contains("! there is no catalogue"), "\(empty.output)")
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        #expect(try check().status == 0)
        _ = try client.call("clock.advance", .of(["to": "2026-08-01T01:00:00Z"])).get()
        let overdue = try client.call("server.status").get()["lights"]?["red"]?.integer ?? 0
        let look = try check()
        #expect(overdue > 0 && look.status == 1 && look.output.contains("! \(overdue) cases are overdue"), "\(look.output)")
        daemon.terminate()
        let gone = try check()
        #expect(gone.status == 3 && gone.output.hasPrefix("UNKNOWN: "))
    }

    @Test(
        "Whoever may not connect is told of the group, and not to look whether it runs",
        .enabled(if: geteuid() == 0, "another user is taken for it"))
    func denied() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory)
        let program = try Program(
            "/usr/bin/setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", "\(DaemonProcess.programs)/casectl", "--version",
            ])
        guard program.status == 0 else { return print("skipped: others may not start the programs where they lie") }
        let status = try Program(
            "/usr/bin/setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", "\(DaemonProcess.programs)/casectl", "status", "--socket",
                daemon.socket,
            ])
        #expect(status.status == 69 && status.errors.contains("in the group of the socket"), "\(status.errors)")
        daemon.terminate()
    }

    @Test("In a socket that was inherited as many clients wait as systemd was told")
    func backlog() throws {
        let directory = TemporaryDirectory()
        // What systemd does: it listens, and hands the socket over as descriptor 3.
        let systemd = try Program(
            "/usr/bin/python3",
            [
                "-c",
                """
                import os, signal, socket, sys, time
                path, program, state = sys.argv[1:]
                listener = socket.socket(socket.AF_UNIX); listener.bind(path); listener.listen(4096)
                child = os.fork()
                if child == 0:
                    os.dup2(listener.fileno(), 3); os.set_inheritable(3, True)
                    os.execve(program, [program, "--state-directory", state], {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())})
                client = socket.socket(socket.AF_UNIX); client.settimeout(60); client.connect(path)
                client.sendall(b'{"jsonrpc":"2.0","id":1,"method":"server.info"}\\n')
                assert client.recv(65536)
                os.kill(child, signal.SIGSTOP)
                os.waitpid(child, os.WUNTRACED)
                waiting = []
                try:
                    while len(waiting) < 800:
                        one = socket.socket(socket.AF_UNIX); one.setblocking(False); one.connect(path)
                        waiting.append(one)
                except BlockingIOError: pass
                os.kill(child, signal.SIGKILL)
                print(len(waiting))
                """, "\(directory.path)/s", "\(DaemonProcess.programs)/cased", "\(directory.path)/state",
            ])
        #expect(systemd.output == "800\n", "\(systemd.errors)")
    }

    @Test("casectl status --check says 2 where a deadline that is due does not pass, whatever the cause")
    func standstill() throws {
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory)
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        _ = try client.call("case.accept", .of(["case": "C-1", "acting": "otto"])).get()
        #expect(daemon.terminate() == 0)
        // What is left of the case cannot be read, and its deadline has come.
        try ChangedStore.run(
            "import sqlite3, sys; s = sqlite3.connect(sys.argv[1]); s.execute('DELETE FROM files'); s.execute('UPDATE deadlines SET next_at = 0'); s.commit()",
            on: "\(directory.path)/state/cased.sqlite")
        daemon = try DaemonProcess(in: directory)
        let check = try Program("casectl", ["status", "--check"], environment: ["CASED_SOCKET": daemon.socket])
        #expect(check.status == 2 && check.output.contains("! deadlines stand still: one has been due since 1970"), "\(check.output)")
        // However many ask for it, the log does not say it each time.
        let asking = try daemon.client()
        for _ in 0..<100 { #expect(throws: RemoteError.self) { try asking.call("case.get", .of(["case": "C-1"])).get() } }
        let said = daemon.log.split(separator: "\n").count { $0.contains("the store is not what was recorded") }
        #expect((1...20).contains(said), "\(said) lines")
        daemon.terminate()
    }

    @Test("casectl backup and cased --restore: a copy of a running server becomes a store; another one stays as it is")
    func backup() throws {
        let (first, second) = (TemporaryDirectory(), TemporaryDirectory())
        let daemon = try DaemonProcess(in: first)
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
        let copy = "\(first.path)/copy.sqlite"
        let made = try Program("casectl", ["backup", copy], environment: ["CASED_SOCKET": daemon.socket])
        #expect(made.status == 0 && made.output.contains("all events through"), "\(made.errors)")
        let permissions = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
        #expect(permissions == 0o600)
        let nowhere = try Program("casectl", ["backup", "\(first.path)/none/copy"], environment: ["CASED_SOCKET": daemon.socket])
        #expect(nowhere.status == 73 && nowhere.errors.contains("cannot be written"))
        daemon.terminate()

        let restore = ["--state-directory", "\(second.path)/state", "--restore", copy]
        let restored = try Program("cased", restore)
        #expect(restored.status == 0 && restored.errors.contains("each case is what its journal says"), "\(restored.errors)")
        #expect(try Program("cased", restore).status == 78, "a store is never overwritten")
        let again = try DaemonProcess(in: second)
        #expect(try again.client().call("case.count").get()["count"] == 1)
        again.terminate()
    }

    @Test("A store that has lost its end or itself is no new beginning, and one that is taken away takes no more commands")
    func lostStore() throws {
        let folder = TemporaryDirectory()
        let state = "\(folder.path)/state"
        let clock = "2026-02-06T01:00:00Z"
        func start() throws -> DaemonProcess { try DaemonProcess(in: folder, manualClock: clock) }
        func refusal() throws -> String {
            let program = try Program("cased", ["--state-directory", state, "--socket", "\(folder.path)/s", "--manual-clock", clock])
            #expect(program.status == 78, "\(program.errors)")
            return program.errors
        }
        func file(_ body: (String) throws -> Void) rethrows {
            for name in ["cased.sqlite", "cased.sqlite-wal", "cased.sqlite-shm"] { try body(name) }
        }
        var daemon = try start()
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        #expect(daemon.terminate() == 0)
        try FileManager.default.copyItem(atPath: "\(state)/cased.sqlite", toPath: "\(folder.path)/old")
        daemon = try start()
        for number in 0..<5 { _ = try daemon.client().call("case.submit", SmallOffice.submission("\(number)")).get() }
        #expect(daemon.terminate() == 0)
        try FileManager.default.copyItem(atPath: "\(state)/cased.sqlite", toPath: "\(folder.path)/new")

        func put(_ name: String?) throws {
            file { try? FileManager.default.removeItem(atPath: "\(state)/\($0)") }
            if let name { try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(state)/cased.sqlite") }
        }
        try Data().write(to: URL(fileURLWithPath: "\(folder.path)/empty"))
        for (name, sign) in [(nil, "is missing or empty"), ("empty", "is missing or empty"), ("old", "ends at event")]
            as [(String?, String)]
        {
            try put(name)
            for _ in 0..<2 { #expect(try refusal().contains(sign), "\(name ?? "none")") }
        }
        // Somebody else's store.
        let other = TemporaryDirectory()
        let stranger = try DaemonProcess(in: other, manualClock: clock)
        _ = try stranger.client().call("catalog.apply", SmallOffice.parameter()).get()
        stranger.terminate()
        try FileManager.default.copyItem(atPath: "\(other.path)/state/cased.sqlite", toPath: "\(folder.path)/strange")
        try put("strange")
        #expect(try refusal().contains("is another store"))
        // The mend that the sentence names.
        try put("old")
        try FileManager.default.removeItem(atPath: "\(state)/cased.witness")
        daemon = try start()
        #expect(try daemon.client().call("case.count").get()["count"] == 0)
        #expect(daemon.terminate() == 0)
        try put("new")
        daemon = try start()

        // Replaced underneath, and taken away.
        for isReplaced in [true, false] {
            let client = try daemon.client()
            _ = try client.call("case.submit", SmallOffice.submission("kept")).get()
            try FileManager.default.moveItem(atPath: "\(state)/cased.sqlite", toPath: "\(folder.path)/away")
            if isReplaced { try FileManager.default.copyItem(atPath: "\(folder.path)/old", toPath: "\(state)/cased.sqlite") }
            #expect(throws: Client.Unreachable.self) { try client.call("case.submit", SmallOffice.submission("lost")).get() }
            #expect(daemon.terminate() == 78 && daemon.log.contains("taken away"), "\(daemon.log)")
            if isReplaced { try FileManager.default.removeItem(atPath: "\(state)/cased.sqlite") }
            try FileManager.default.moveItem(atPath: "\(folder.path)/away", toPath: "\(state)/cased.sqlite")
            daemon = try start()
        }
        #expect(try daemon.client().call("case.count").get()["count"] == 7, "five, and two that were kept")
        daemon.terminate()
    }

    @Test(
        "A log or a lock that is taken away, replaced or cut underneath is found before anything more is acknowledged, and also where nobody asks",
        arguments: ["cased.sqlite-wal moved", "cased.sqlite-wal replaced", "cased.sqlite-wal cut", "lock moved", "lock replaced"],
        [true, false])
    func takenUnderneath(what: String, isAsked: Bool) throws {
        let words = what.split(separator: " ")
        let folder = TemporaryDirectory()
        let daemon = try DaemonProcess(in: folder, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 0..<5 { _ = try client.call("case.submit", SmallOffice.submission("\(number)")).get() }
        let path = "\(folder.path)/state/\(words[0])"
        switch words[1] {
        case "cut": #expect(truncate(path, 5000) == 0)
        case let how:
            try FileManager.default.moveItem(atPath: path, toPath: "\(folder.path)/away")
            if how == "replaced" { try FileManager.default.copyItem(atPath: "\(folder.path)/away", toPath: path) }
        }
        // Whoever asks nothing hears the end.
        client.setTimeout(milliseconds: 20_000)
        #expect(throws: Client.Unreachable.self) {
            if isAsked { _ = try client.call("case.submit", SmallOffice.submission("lost")).get() } else { _ = try client.receive() }
        }
        #expect(daemon.terminate() == 78 && daemon.log.contains("taken away"), "\(daemon.log)")
    }

    @Test("The server's files are ordinary files with one name: others would read them by another", arguments: ["link", "name", "pipe"])
    func privateFiles(what: String) throws {
        for name in ["cased.sqlite", "cased.sqlite-wal", "cased.witness", "lock"] {
            let folder = TemporaryDirectory()
            let daemon = try DaemonProcess(in: folder, manualClock: "2026-02-06T01:00:00Z")
            _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
            daemon.kill()
            let path = "\(folder.path)/state/\(name)"
            switch what {
            case "name": #expect(link(path, "\(folder.path)/other") == 0)
            case "link":
                try FileManager.default.moveItem(atPath: path, toPath: "\(folder.path)/other")
                #expect(symlink("\(folder.path)/other", path) == 0)
            default: #expect(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
            }
            let program = try Program(
                "cased",
                ["--state-directory", "\(folder.path)/state", "--socket", "\(folder.path)/s", "--manual-clock", "2026-02-06T01:00:00Z"])
            #expect(program.status == 78 && program.errors.contains("/state"), "\(name): \(program.status) \(program.errors)")
        }
    }

    @Test("A log that is lost or damaged is missed; one whose last transaction was cut is not")
    func lostLog() throws {
        let clock = "2026-02-06T01:00:00Z"
        let folder = TemporaryDirectory()
        let daemon = try DaemonProcess(in: folder, manualClock: clock)
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        // Few enough for the log not to be begun anew meanwhile.
        for number in 0..<40 { _ = try client.call("case.submit", SmallOffice.submission("\(number)")).get() }
        daemon.kill()
        let log = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/state/cased.sqlite-wal"))
        let frameSize = 4096 + 24
        #expect(log.count > 100 * frameSize)
        // Where the journal had come to.
        let mark = try JSONReader.read(Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/state/cased.witness")))
        let count = try #require(mark["seq"]?.integer)

        /// A copy of what the kill left, with another log.
        func copy(_ log: Data?) throws -> TemporaryDirectory {
            let other = TemporaryDirectory()
            try FileManager.default.createDirectory(atPath: "\(other.path)/state", withIntermediateDirectories: true)
            for name in ["cased.sqlite", "cased.witness"] {
                try FileManager.default.copyItem(atPath: "\(folder.path)/state/\(name)", toPath: "\(other.path)/state/\(name)")
            }
            try log?.write(to: URL(fileURLWithPath: "\(other.path)/state/cased.sqlite-wal"))
            return other
        }
        func flipped(_ offset: Int) -> Data {
            var log = log
            log[offset] ^= 16
            return log
        }
        // In the head, in the head of a frame, in its salts, in a page, near the end but for the last transaction.
        let places = [2, 20, 32 + 5 * frameSize, 32 + 5 * frameSize + 9, 32 + 40 * frameSize + 2000, log.count - 30 * frameSize]
        for (damaged, sign) in places.map({ (flipped($0), "is damaged at frame") }) + [(nil, "is missing"), (Data(), "is missing")]
            as [(Data?, String)]
        {
            let other = try copy(damaged)
            for _ in 0..<2 {
                let program = try Program(
                    "cased", ["--state-directory", "\(other.path)/state", "--socket", "\(other.path)/s", "--manual-clock", clock])
                #expect(program.status == 78 && program.errors.contains(sign), "\(sign): \(program.status) \(program.errors)")
            }
        }
        // A cut at any place within the last transaction, and the whole log. Where the transaction was acknowledged, its loss is found;
        // where it was not, as after a power cut, the mark knows nothing of it.
        for cut in [log.count, log.count - 1, log.count - 2000, log.count - frameSize + 10, log.count - frameSize] {
            let other = try copy(log.prefix(cut))
            if cut < log.count {
                let program = try Program(
                    "cased", ["--state-directory", "\(other.path)/state", "--socket", "\(other.path)/s", "--manual-clock", clock])
                #expect(
                    program.status == 78 && program.errors.contains("ends at event \(count - 1), and it had come to \(count)"),
                    "\(program.errors)")
                let mark = "\(other.path)/state/cased.witness"
                let text = try String(contentsOfFile: mark, encoding: .utf8)
                #expect(text.contains("\"seq\":\(count)"))
                try text.replacing("\"seq\":\(count)", with: "\"seq\":\(count - 1)").write(
                    toFile: mark, atomically: true, encoding: .utf8)
                // The refused opening has looked into the log, and left it.
                try log.prefix(cut).write(to: URL(fileURLWithPath: "\(other.path)/state/cased.sqlite-wal"))
            }
            let again = try DaemonProcess(in: other, manualClock: clock)
            let count = try again.client().call("case.count").get()["count"]!.integer!
            #expect(cut == log.count ? count == 40 : count >= 39)
            #expect(again.terminate() == 0)
            let once = try DaemonProcess(in: other, manualClock: clock)
            #expect(try once.client().call("case.count").get()["count"]?.integer == count)
            once.terminate()
        }
    }

    @Test("A restore that is killed, at any moment, leaves no store or a whole one; and so does one that is refused")
    func killedRestore() throws {
        let first = TemporaryDirectory()
        let daemon = try DaemonProcess(in: first, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 0..<400 { _ = try client.call("case.submit", SmallOffice.submission("\(number)")).get() }
        let copy = "\(first.path)/copy.sqlite"
        #expect(try Program("casectl", ["backup", copy], environment: ["CASED_SOCKET": daemon.socket]).status == 0)
        daemon.terminate()

        /// Whether the folder has a store; where it has, the store is whole, and knows that it was restored.
        func isRestored(_ folder: TemporaryDirectory) throws -> Bool {
            guard FileManager.default.fileExists(atPath: "\(folder.path)/state/cased.sqlite") else { return false }
            let again = try DaemonProcess(in: folder, manualClock: "2026-02-06T01:00:00Z")
            let client = try again.client()
            #expect(try client.call("case.count").get()["count"] == 400)
            #expect(try client.call("server.history").get()["events"]?.array?.contains { $0["event"] == "restored" } == true)
            #expect(again.terminate() == 0)
            return true
        }
        func arguments(_ folder: TemporaryDirectory, _ copy: String) -> [String] {
            ["--state-directory", "\(folder.path)/state", "--restore", copy]
        }

        var killed: Set<String> = []
        // Killed when a file appears, each in its turn, and once it is there.
        for sign in ["lock", "restoring.cased.sqlite", "restoring.cased.sqlite-wal", "cased.witness", "cased.sqlite", "cased.sqlite"] {
            let folder = TemporaryDirectory()
            let state = "\(folder.path)/state"
            #expect(mkdir(state, 0o700) == 0)
            // Where root restores, the store is the user's whose folder it is.
            let owner: uid_t = geteuid() == 0 ? 65534 : geteuid()
            #expect(chown(state, owner, gid_t.max) == 0)
            let restoring = try ChildProcess("\(DaemonProcess.programs)/cased", arguments(folder, copy))
            while restoring.isRunning, access("\(state)/\(sign)", F_OK) != 0 {}
            if restoring.isRunning { killed.insert(sign) }
            restoring.send(SIGKILL)
            restoring.waitOrKill()
            var entry = stat()
            if stat("\(state)/cased.sqlite", &entry) == 0 { #expect(entry.st_uid == owner, "killed at \(sign)") }
            if try !isRestored(folder) {
                // It is tried again, as the page says.
                #expect(try Program("cased", arguments(folder, copy)).status == 0)
                #expect(try isRestored(folder))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: state).allSatisfy { !$0.hasPrefix("restoring") })
        }
        #expect(killed.isSuperset(of: ["lock", "restoring.cased.sqlite", "restoring.cased.sqlite-wal"]), "\(killed)")

        // What a person has put there is left alone, also where it is the backup itself; a log that was left behind is not the copy's.
        let own = TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: "\(own.path)/state", withIntermediateDirectories: true)
        for name in ["backup-mine.sqlite", "backup-2026.sqlite", "cased.before-upgrade.sqlite"] {
            try FileManager.default.copyItem(atPath: copy, toPath: "\(own.path)/state/\(name)")
        }
        // Where root restores into somebody's folder, only the store becomes theirs.
        if geteuid() == 0 { #expect(chown("\(own.path)/state", 65534, gid_t.max) == 0) }
        try Data("left".utf8).write(to: URL(fileURLWithPath: "\(own.path)/state/cased.sqlite-wal"))
        let blocked = try Program("cased", arguments(own, "\(own.path)/state/backup-2026.sqlite"))
        #expect(blocked.status == 78 && blocked.errors.contains("cased.sqlite-wal exists"), "\(blocked.errors)")
        try FileManager.default.removeItem(atPath: "\(own.path)/state/cased.sqlite-wal")
        #expect(try Program("cased", arguments(own, "\(own.path)/nowhere")).status == 78)
        #expect(try Program("cased", arguments(own, "\(own.path)/state/backup-2026.sqlite")).status == 0)
        #expect(try isRestored(own))
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(own.path)/state")
        for name in ["backup-mine.sqlite", "backup-2026.sqlite", "cased.before-upgrade.sqlite"] {
            #expect(left.contains(name), "\(left)")
            var entry = stat()
            #expect(stat("\(own.path)/state/\(name)", &entry) == 0 && entry.st_uid == geteuid(), "\(name) was given away")
        }

        // A copy from which something was taken.
        for (change, sign) in [
            ("DELETE FROM journal WHERE case_id = 399", "its journal lacks rows that the tree over it has"),
            ("DELETE FROM cases WHERE id = 400", "the journal knows 400 cases, and there are 399"),
            (
                "DELETE FROM journal WHERE case_id = 200; DELETE FROM cases WHERE id = 200; DELETE FROM deadlines WHERE case_id = 200",
                "tile 0 of level 0 is not that of the journal"
            ),
            ("UPDATE cases SET state = 'granted' WHERE id = 7", "what lists say of C-7"),
            ("DELETE FROM catalog_files WHERE name = 'matters.toml'", "take another backup"),
            ("DELETE FROM catalogs", "take another backup"),
        ] {
            let folder = TemporaryDirectory()
            let other = "\(folder.path)/copy.sqlite"
            try FileManager.default.copyItem(atPath: copy, toPath: other)
            try ChangedStore.run(
                "import sqlite3, sys; s = sqlite3.connect(sys.argv[1]); s.executescript(sys.argv[2]); s.commit()", on: other, change)
            for _ in 0..<2 {
                let refused = try Program("cased", arguments(folder, other))
                #expect(refused.status == 78 && refused.errors.contains(sign), "\(change): \(refused.status) \(refused.errors)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/state") == ["lock"])
            }
        }
    }
}
