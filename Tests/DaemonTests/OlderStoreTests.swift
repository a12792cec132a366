import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing

/// Stores that an older version wrote.
@Suite("Older stores")
struct OlderStoreTests {
    /// What a daemon of an older schema left behind, as SQL, and what it had been asked and had answered, line by line.
    private static let schemas = try! FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
    private static let folder = "\(SharedData.project)/Tests/DaemonTests/OlderStores"

    @Test(
        "A store of an older schema answers as it did then: each key to the byte, every case, history, order, notice and figure",
        .enabled(if: geteuid() == 0, "the stores were written for root"), arguments: schemas)
    func upgrade(schema: String) throws {
        let directory = TemporaryDirectory()
        let daemon = try started(schema, in: directory, hasBreaches: true)
        let client = try daemon.client()
        let lines = try String(contentsOfFile: "\(Self.folder)/\(schema).jsonl", encoding: .utf8).split(separator: "\n")
        #expect(!lines.isEmpty && lines.count.isMultiple(of: 2))
        for place in stride(from: 0, to: lines.count, by: 2) {
            try client.send(Array(lines[place].utf8))
            let reply = String(decoding: try client.receive(), as: UTF8.self)
            let method = try JSONReader.read(lines[place].utf8)["method"]?.string.flatMap { Method(rawValue: $0) }
            let isQuery = if case .query? = method { true } else { false }
            if schema == Self.schemas.last, !isQuery {
                #expect(reply == lines[place + 1], "\(lines[place])")
            } else {
                // Objects have got members since; of a command, the answer to a key is what it was.
                let (old, new) = (try JSONReader.read(lines[place + 1].utf8), try JSONReader.read(reply.utf8))
                let differences = Self.differences(from: old["result"]!, to: new["result"] ?? .null)
                #expect(differences.isEmpty, "\(lines[place]): \(differences)")
            }
        }
        // A list says of each case what the case itself says.
        for file in try client.call("case.list", .of(["limit": 1000])).get()["cases"]!.array! {
            #expect(try client.call("case.get", .of(["case": file["case"]!])).get() == file)
        }
        // What is kept for lists, figures and restores is complete as well.
        let copy = "\(directory.path)/copy.sqlite"
        let backup = try Program("casectl", ["backup", copy], environment: ["CASED_SOCKET": daemon.socket])
        #expect(backup.status == 0, "\(backup.errors)")
        let restored = try Program("cased", ["--state-directory", "\(directory.path)/restored", "--restore", copy])
        #expect(restored.status == 0, "\(restored.errors)")
        #expect(daemon.terminate() == 0)
    }

    /// A daemon on a store of an older schema.
    ///
    /// - Parameter hasBreaches: whether deadlines are taken as they are. No older version knew that a breach is an event on every clock: else what
    ///   has passed in silence is told.
    private func started(_ schema: String, in directory: TemporaryDirectory, hasBreaches: Bool) throws -> DaemonProcess {
        let state = "\(directory.path)/state"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let known = hasBreaches ? "INSERT INTO settings VALUES('ladders', 'breach');" : ""
        let filled = try Program(
            "/usr/bin/python3",
            [
                "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[2]).executescript(open(sys.argv[1]).read() + sys.argv[3])",
                "\(Self.folder)/\(schema).sql", "\(state)/cased.sqlite", known,
            ])
        #expect(filled.status == 0, "\(filled.errors)")
        return try DaemonProcess(in: directory, manualClock: "2026-03-06T03:00:00Z")
    }

    @Test(
        "What an older version let pass in silence is told late, once for each running clock that is past its end; what was said stays",
        .enabled(if: geteuid() == 0, "the stores were written for root"), arguments: schemas)
    func breaches(schema: String) throws {
        var histories: [[String: [JSONValue]]] = []
        var overdue: [String: Set<String>] = [:]
        for hasBreaches in [true, false] {
            let directory = TemporaryDirectory()
            let daemon = try started(schema, in: directory, hasBreaches: hasBreaches)
            let client = try daemon.client()
            while try client.call("server.info").get()["reprojection"]?.isNull == false {}
            // A moment later, what is due has passed.
            _ = try client.call("clock.advance", .of(["to": "2026-03-06T03:00:01Z"])).get()
            let files = try client.call("case.list", .of(["limit": 1000])).get()["cases"]!.array!
            var events: [String: [JSONValue]] = [:]
            for file in files {
                let id = file["case"]!.string!
                // Events of then are not described any more.
                try client.send(Array(#"{"jsonrpc":"2.0","id":1,"method":"case.history","params":{"case":"\#(id)"}}"#.utf8))
                events[id] = try JSONReader.read(try client.receive())["result"]?["events"]?.array
            }
            histories.append(events)
            for file in files where hasBreaches {
                overdue[file["case"]!.string!] = Set(
                    file["clocks"]!.array!.filter { $0["overdue"]?.bool == true && $0["due"]?.string != nil }.compactMap {
                        $0["clock"]?.string
                    })
            }
            #expect(daemon.terminate() == 0)
        }
        #expect(!histories[0].isEmpty && histories[0].keys.sorted() == histories[1].keys.sorted())
        var toldCount = 0
        for (file, before) in histories[0] {
            let after = histories[1][file]!
            #expect(Array(after.prefix(before.count)).map { $0["event"] } == before.map { $0["event"] }, "\(file)")
            for event in after.dropFirst(before.count) {
                #expect(event["event"] == "rung-passed" && event["data"]?["late"] == true, "\(file): \(event)")
                toldCount += 1
            }
            for clock in overdue[file] ?? [] where !["intake", "correction"].contains(clock) {
                #expect(after.contains { $0["event"] == "rung-passed" && $0["data"]?["clock"]?.string == clock }, "\(file): \(clock)")
            }
        }
        #expect(toldCount > 0)
    }

    /// What an older answer says and a new one says otherwise, or no longer.
    private static func differences(from old: JSONValue, to new: JSONValue, at path: String = "") -> [String] {
        if let members = old.members, new.members != nil {
            return members.flatMap { differences(from: $0.value, to: new[$0.name] ?? .null, at: "\(path).\($0.name)") }
        }
        if let values = old.array, let others = new.array, values.count == others.count {
            return zip(values, others).enumerated().flatMap { differences(from: $1.0, to: $1.1, at: "\(path)[\($0)]") }
        }
        return old == new ? [] : ["\(path): \(old), now \(new)"]
    }

    @Test("Of a case whose row does not say who examined it, the journal does: they still never decide it")
    func examiners() throws {
        let files = SmallOffice.files()
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        var client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        _ = try client.call("case.accept", .of(["case": "C-1", "unassigned": true, "acting": "otto"])).get()
        _ = try client.call("case.recommend", .of(["case": "C-1", "recommendation": "grant", "opinion": "fine", "acting": "hana"])).get()
        // Otto becomes the leader.
        var later = files
        later["office.toml"]!.replace("holder = \"otto\"", with: "holder = \"nell\"")
        later["office.toml"]!.replace("holder = \"lena\"", with: "holder = \"otto\"")
        later["office.toml"]! += "[person.nell]\nname = \"Nell\"\n"
        _ = try client.call("catalog.apply", SmallOffice.parameter(later)).get()
        #expect(daemon.terminate() == 0)

        // As version 0.1 wrote it.
        try ChangedStore.run(
            """
            import hashlib, json, sqlite3, sys
            store = sqlite3.connect(sys.argv[1])
            (row,) = store.execute("SELECT file FROM files WHERE case_id = 1").fetchone()
            (leaf,) = store.execute("SELECT leaf FROM journal WHERE case_id = 1 ORDER BY revision DESC LIMIT 1").fetchone()
            file = json.loads(row)
            assert file.pop("examiners") == ["hana", "otto"], row
            for name in ("submitters", "approvers", "supervisors", "recusers"): file.pop(name, None)
            row = json.dumps(file, separators=(",", ":")).encode()
            whole = hashlib.sha256(b"cased-file-v1\\n" + leaf + row).digest()
            store.execute("UPDATE files SET file = ?, sum = ? WHERE case_id = 1", (row, whole))
            store.commit()
            """, on: "\(directory.path)/state/cased.sqlite")

        daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        client = try daemon.client()
        let grant = try client.call("case.grant", .of(["case": "C-1", "acting": "otto"]))
        guard case .failure(let error) = grant else {
            Issue.record("who accepted the case decided it")
            return
        }
        #expect(error.kind == "permission.four_eyes")
        // A copy of it passes the comparison with its journal.
        let copy = "\(directory.path)/copy.sqlite"
        let backup = try Program("casectl", ["backup", copy], environment: ["CASED_SOCKET": daemon.socket])
        #expect(backup.status == 0, "\(backup.errors)")
        let restored = try Program("cased", ["--state-directory", "\(directory.path)/restored", "--restore", copy])
        #expect(restored.status == 0, "\(restored.errors)")
        // Somebody else can.
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try client.call("case.grant", .of(["case": "C-1", "acting": "lena"])).get()
        #expect(daemon.terminate() == 0)
    }
}
