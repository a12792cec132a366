import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

@Suite("Bad input")
struct BadInputTests {
    private static let info = Array(#"{"jsonrpc":"2.0","id":"alive","method":"server.info"}"#.utf8)

    private func isAlive(_ client: Client) throws -> Bool {
        try client.send(Self.info)
        return try JSONReader.read(client.receive())["id"]?.string == "alive"
    }

    @Test(
        "P2: Each case of JSONTestSuite without a line feed is accepted or refused over the socket, bare and inside a request",
        .enabled(if: SharedData.has("conformance/JSONTestSuite"), "JSONTestSuite is not beside the project"))
    func suite() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        let root = SharedData.path("conformance/JSONTestSuite")
        let names = (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".json") }
        var count = 0
        func isRefused(_ line: [UInt8]) throws -> Bool {
            try client.send(line)
            let reply = try JSONReader.read(client.receive())
            return reply["error"]?["code"]?.integer == -32700 || reply["error"]?["code"]?.integer == 5413
        }
        for name in names.sorted() {
            let text = try SharedData.bytes("conformance/JSONTestSuite/\(name)")
            let kind = (name as NSString).lastPathComponent.prefix(2)
            let isBlank = text.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            guard !text.contains(10), ["y_", "n_", "i_"].contains(String(kind)) else { continue }
            count += 1
            let inside = Array(#"{"jsonrpc":"2.0","id":1,"method":"case.count","params":"#.utf8) + text + [UInt8(ascii: "}")]
            for line in isBlank ? [inside] : [text, inside] {
                let wasRefused = try isRefused(line)
                switch kind {
                case "y_" where name.contains("duplicated_key"): #expect(wasRefused, "\(name)")
                case "y_": #expect(!wasRefused, "\(name)")
                case "n_": #expect(wasRefused, "\(name)")
                default: break
                }
            }
        }
        #expect(try isAlive(client) && count > 250, "\(count) cases")
        #expect(daemon.terminate() == 0)
    }

    @Test("A catalogue that is no TOML is refused with file, line and mend by plan, apply and check, and the daemon lives on")
    func catalogues() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        // A key of so many parts filled the memory of a machine.
        let dotted = String(repeating: "a.", count: 100_000) + "a"
        for text in [
            "[审批处]", "[office]\n[office.审批处]\n", "name = “x”", "x = [1,", "x = 2026-02-30", "[[a]", dotted + " = 1", "[\(dotted)]",
        ] {
            var files = SmallOffice.files()
            files["torn.toml"] = text
            for method in ["catalog.plan", "catalog.apply"] {
                guard case .failure(let error) = try client.call(method, SmallOffice.parameter(files)) else {
                    Issue.record("\(method) took \(text)")
                    continue
                }
                #expect(error.details["findings"]?.array?.first?.string?.hasPrefix("torn.toml:") == true, "\(method), \(text): \(error)")
            }
            let folder = TemporaryDirectory()
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/torn.toml"))
            let check = try Program("casectl", ["catalog", "check", folder.path])
            #expect(check.status == 1 && (check.output + check.errors).contains("torn.toml:"), "\(text): \(check.output)\(check.errors)")
        }
        #expect(try isAlive(client))
        #expect(daemon.terminate() == 0)
    }

    @Test("A thousand hostile connections leave memory bounded, and others are served")
    func hostile() throws {
        allowManyFiles()
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        let text = String(repeating: "long ", count: 2000)
        for _ in 0..<60 { _ = try client.call("case.submit", SmallOffice.submission(text: text)).get() }
        let before = try resident(daemon)
        let half = Array(repeating: UInt8(ascii: "x"), count: (1 << 20) - 1)
        let list =
            Array(repeating: Request(id: .null, method: "case.list", params: nil).line, count: 4)
            .joined(separator: [10]) + [10]
        let follow = Request(id: .null, method: "case.watch", params: .of(["from": "start"])).line + [10]
        var connections: [Client] = []
        for number in 0..<1000 {
            let hostile = try daemon.client()
            hostile.setSendTimeout(milliseconds: 50)
            switch number % 4 {
            // A line that does not end, requests whose replies nobody reads, a watch that nobody reads, nothing at all.
            case 0: try? hostile.sendRaw(half)
            case 1: try? hostile.sendRaw(Array(list))
            case 2: try? hostile.sendRaw(follow)
            default: break
            }
            connections.append(hostile)
            if number % 100 == 0 { #expect(try isAlive(client)) }
        }
        for number in 0..<50 { _ = try client.call("case.submit", SmallOffice.submission("More \(number)")).get() }
        let after = try resident(daemon)
        print("hostile: resident \(before / 1024) MiB before, \(after / 1024) MiB with 1,000 hostile connections")
        #expect(after - before < 400 * 1024, "\(before) KiB grew to \(after) KiB")
        connections = []
        #expect(try isAlive(client))
        #expect(daemon.terminate() == 0)
    }

    @Test("P12: Ten thousand connections: as many as are allowed are served, the others are told to come again, and nothing breaks")
    func connections() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        allowManyFiles()
        let first = try daemon.client()
        #expect(try isAlive(first))
        var (kept, refusedCount) = ([Client](), 0)
        for _ in 0..<10_000 {
            let client = try daemon.client()
            try? client.send(Self.info)
            let reply = try JSONReader.read(client.receive())
            if reply["result"] != nil {
                kept.append(client)
            } else {
                #expect(reply["error"]?["code"]?.integer == 4429)
                #expect((reply["error"]?["data"]?["details"]?["retry_after_ms"]?.integer ?? 0) > 0)
                refusedCount += 1
            }
        }
        #expect(kept.count == 1023 && refusedCount == 10_000 - 1023)
        #expect(try isAlive(first) && isAlive(kept.last!))
        #expect(daemon.terminate() == 0)
    }

    /// As many open files as the machine lets this process have.
    private func allowManyFiles() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// In KiB.
    private func resident(_ daemon: DaemonProcess) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(daemon.processID)/status", encoding: .utf8)
        return try #require(status.firstMatch(of: /VmRSS:\s+([0-9]+) kB/).flatMap { Int($0.1) })
    }

    @Test("P31: A request that is cut at any byte is read whole, and each method answers only with errors that its description lists")
    func everyCut() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        let line = Self.info + [10]
        for cut in 1..<line.count {
            try client.sendRaw(Array(line[..<cut]))
            try client.sendRaw(Array(line[cut...]))
            #expect(try JSONReader.read(client.receive())["id"]?.string == "alive", "cut at \(cut)")
        }
        for method in Method.allCases {
            for params in [JSONValue.object([]), .array([]), .of(["case": "C-9", "x": "y"]), .of(["case": "C-9"])] {
                guard case .failure(let error) = try client.call(method.rawValue, params) else { continue }
                #expect(method.errors.contains { $0.rawValue == error.code }, "\(method.rawValue): \(error)")
            }
        }
        daemon.terminate()
    }

    @Test("P2: Any bytes get an error or are ignored as blank, and the connection lives on")
    func bytes() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        var random = SeededRandom(seed: 7)
        for round in 0..<400 {
            var line: [UInt8]
            if round % 2 == 0 {
                line = (0..<Int.random(in: 1...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            } else {
                // Close to a request, but wrong in one place.
                line = Request(id: .number(literal: "1"), method: "case.submit", params: SmallOffice.submission()).line
                line[Int.random(in: 0..<line.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            line.removeAll { $0 == 10 }
            let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            try client.send(line)
            if !isBlank {
                let reply = try JSONReader.read(client.receive())
                #expect(reply["error"] != nil || reply["result"] != nil || reply.array != nil)
            }
        }
        #expect(try isAlive(client))
        #expect(daemon.terminate() == 0)
    }

    @Test("P1: Framing: lines in pieces, several at once, CR LF, too long, NUL, a byte order mark, and a last line without its end")
    func framing() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        for byte in Self.info + [13, 10] { try client.sendRaw([byte]) }
        #expect(try JSONReader.read(client.receive())["id"]?.string == "alive")
        try client.sendRaw([10, 32, 10] + Self.info + [10] + Self.info + [10])
        for _ in 0..<2 { #expect(try JSONReader.read(client.receive())["id"]?.string == "alive") }

        for (line, code) in [
            ([0], -32700), ([0xEF, 0xBB, 0xBF] + Self.info, -32700), (Array(repeating: UInt8(ascii: "x"), count: 1 << 20), -32700),
            (Array(repeating: UInt8(ascii: "x"), count: 1 << 20 + 1), 5413), (Array(repeating: UInt8(ascii: " "), count: 3 << 20), 5413),
            (Array(String(repeating: "[", count: 65).utf8), -32700),
        ] as [([UInt8], Int64)] {
            try client.send(line)
            #expect(try JSONReader.read(client.receive())["error"]?["code"]?.integer == code, "a line of \(line.count) bytes")
            #expect(try isAlive(client))
        }

        try client.sendRaw(Self.info)
        client.finishSending()
        #expect(try JSONReader.read(client.receive())["id"]?.string == "alive", "half-closed, and answered")
        #expect(throws: Client.Unreachable.self) { try client.receive() }
    }

    @Test(
        "P6: The examples of the JSON-RPC 2.0 specification get the replies that it shows",
        .enabled(if: SharedData.has("conformance/jsonrpc_spec_examples.json"), "the examples are not beside the project"))
    func specification() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let examples = try JSONReader.read(SharedData.bytes("conformance/jsonrpc_spec_examples.json")).array!
        #expect(examples.count >= 15)
        for example in examples {
            let client = try daemon.client()
            try client.send(Array(example["send"]!.string!.replacing("\n", with: " ").utf8))
            client.finishSending()
            let reply = try? JSONReader.read(client.receive())
            let expected = example["expect"]!
            if expected.isNull {
                #expect(reply == nil, "\(example["name"]!)")
                continue
            }
            // The methods of the examples do not exist here: where they answer, this server says so.
            func essence(_ value: JSONValue) -> [String] {
                (value.array ?? [value]).map { "\($0["id"] ?? "none") \($0["error"]?["code"]?.integer ?? -32601)" }
            }
            #expect(reply.map(essence) == essence(expected), "\(example["name"]!)")
        }
    }

    @Test("P4: Requests of one connection are answered in their order, reads after the writes before them")
    func order() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 0..<60 {
            let request =
                number % 3 == 2
                ? Request(id: .number(literal: "\(number)"), method: "case.count", params: nil)
                : Request(id: .number(literal: "\(number)"), method: "case.submit", params: SmallOffice.submission())
            try client.send(request.line)
        }
        var submitted: Int64 = 0
        for number in 0..<60 {
            let reply = try JSONReader.read(client.receive())
            #expect(reply["id"]?.integer == Int64(number))
            if number % 3 == 2 { #expect(reply["result"]?["count"]?.integer == submitted) } else { submitted += 1 }
        }
    }

    @Test("Lists by light and by overdue find exactly the cases that show it")
    func lightsInLists() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        var random = SeededRandom(seed: 11)
        var seen: Set<String> = []
        for step in 0..<60 {
            let file = try client.call("case.submit", SmallOffice.submission("\(step)")).get()["case"]!
            for (method, members) in [
                ("case.accept", ["acting": "otto"]),
                ("case.suspend", ["acting": "otto", "kind": "hearing", "basis": "x", "expected": "9 hours"]),
                ("case.withdraw", [:]),
            ] as [(String, KeyValuePairs<String, JSONValue>)] where Bool.random(using: &random) {
                _ = try client.call(method, .object([.init("case", file)] + members.map { .init($0.key, $0.value) }))
            }
            let now = Instant(try client.call("server.info").get()["now"]!.string!)!
            _ = try client.call("clock.advance", .of(["to": .string(now.advanced(byMilliseconds: 70_000_000).description)])).get()
            guard step % 10 == 9 else { continue }
            let all = try client.call("case.list", .of(["limit": .integer(1000)])).get()["cases"]!.array!
            func list(_ filter: KeyValuePairs<String, JSONValue>) throws -> [JSONValue] {
                try client.call("case.list", .of(["limit": .integer(1000), "filter": .object(filter.map { .init($0.key, $0.value) })]))
                    .get()["cases"]!.array!
            }
            for light in ["green", "yellow", "red", "none"] {
                let shown = all.filter { $0["light"]?.string == light }
                if !shown.isEmpty { seen.insert(light) }
                #expect(try list(["light": .string(light)]) == shown, "\(light) after \(step) steps")
            }
            #expect(try list(["overdue": .bool(true)]) == all.filter { $0["light"]?.string == "red" })
        }
        #expect(seen == ["green", "yellow", "red", "none"], "the cases showed \(seen) only")
    }

    @Test("P7: A reader that never reads does not hold up others")
    func deafReader() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let deaf = try daemon.client()
        let discover = Array((#"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"# + "\n").utf8)
        // More than any buffer holds: what is not read back pressure keeps out.
        for _ in 0..<100 { try deaf.sendRaw(discover) }
        #expect(try isAlive(try daemon.client()))
        for _ in 0..<100 { #expect(try JSONReader.read(deaf.receive())["result"] != nil) }
    }

    @Test("What a person must mend ends cased with 78 and one sentence")
    func exit78() throws {
        func run(_ arguments: [String]) throws -> Program { try Program("cased", arguments) }
        let directory = TemporaryDirectory()
        let file = "\(directory.path)/file"
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.createDirectory(atPath: "\(directory.path)/damaged", withIntermediateDirectories: true)
        try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: "\(directory.path)/damaged/cased.sqlite"))
        let socket = "\(directory.path)/s.sock"
        let state = "\(directory.path)/state2"
        for (arguments, sentence) in [
            (["--socket", socket], "give --state-directory"),
            (["--state-directory", state], "give --socket"),
            (["--state-directory", file, "--socket", socket], "cannot be made"),
            (["--state-directory", "\(directory.path)/damaged", "--socket", socket], "restore it from a backup"),
            (["--state-directory", state, "--socket", file], "is no socket"),
            (["--state-directory", state, "--socket", "/tmp/\(String(repeating: "x", count: 120))"], "choose a shorter one"),
            (["--state-directory", state, "--socket", "/nowhere/at/all.sock"], "check --socket"),
        ] {
            let program = try run(arguments)
            #expect(program.status == 78, "\(arguments)")
            #expect(program.errors.contains(sentence) && program.errors.split(separator: "\n").count == 1, "\(program.errors)")
        }
        #expect(try run(["--manual-clock", "tomorrow"]).status == 64)

        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        #expect(try run(["--state-directory", "\(directory.path)/state", "--socket", socket]).errors.contains("in use by another cased"))
        #expect(try run(["--state-directory", state, "--socket", daemon.socket]).errors.contains("another server answers"))
        daemon.terminate()
        let wrongClock = try run(["--state-directory", "\(directory.path)/state", "--socket", socket])
        #expect(wrongClock.status == 78 && wrongClock.errors.contains("made with a manual clock"))
    }
}
