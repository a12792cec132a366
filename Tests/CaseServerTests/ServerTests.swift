import CaseClient
import CaseEngine
import CaseTesting
import CaseWire
import Foundation
import Synchronization
import Testing

@testable import CaseServer

/// The socket in this process, where it can be held at moments that a daemon passes through too fast to be caught.
@Suite("The server")
struct ServerTests {
    @Test(
        "P18, P23: The conformance transcripts hold in this process as over a daemon's socket",
        arguments: ["basics", "lifecycle", "idempotency", "watch", "clocks"])
    func transcripts(name: String) async throws {
        let local = try await LocalServer().withCatalog()
        let client = try local.client()
        let text = try String(contentsOfFile: "\(SharedData.project)/protocol/conformance/\(name).io", encoding: .utf8)
        try Transcript(text).play(send: { try client.send($0) }, receive: { try client.receive() })
        try await local.stop()
    }

    @Test("P5: A client that has finished sending gets every reply, however large and however many, and only then the end")
    func halfClosed() async throws {
        let local = try await LocalServer().withCatalog()
        let filler = try local.client()
        let title = String(repeating: "long ", count: 200)
        for number in 0..<300 { _ = try filler.call("case.submit", SmallOffice.submission("\(title)\(number)")).get() }
        func lines(_ count: Int, _ method: String, _ params: JSONValue) -> [[UInt8]] {
            (0..<count).map { Request(id: .number(literal: "\($0)"), method: method, params: params).line }
        }
        // One reply that is longer than any buffer of the socket, several of them, and many small ones.
        for requests in [
            lines(1, "case.list", .of(["limit": 300])), lines(8, "case.list", .of(["limit": 300])),
            lines(500, "case.submit", SmallOffice.submission(title)),
        ] {
            let client = try local.client()
            try client.sendRaw(Array(requests.joined(separator: [10])) + [10])
            client.finishSending()
            for number in requests.indices {
                let reply = try JSONReader.read(client.receive())
                #expect(reply["id"]?.integer == Int64(number) && reply["result"] != nil, "\(requests.count) requests")
            }
            #expect(throws: Client.Unreachable.self) { try client.receive() }
        }
        try await local.stop()
    }

    @Test("A plan over many cases tells how far it is, to whoever asks for that, and ends with its client")
    func plan() async throws {
        let local = try await LocalServer().withCatalog()
        let filler = try local.client()
        let submission = Request(id: .number(literal: "1"), method: "case.submit", params: SmallOffice.submission()).line
        for _ in 0..<25 {
            try filler.sendRaw(Array(Array(repeating: submission, count: 100).joined(separator: [10])) + [10])
            for _ in 0..<100 { _ = try filler.receive() }
        }

        var files = SmallOffice.files()
        files["calendar.toml"]! += "[[calendar.cn.holiday]]\nname = \"declared\"\non = 2026-12-29\n"
        let client = try local.client()
        var told: [JSONValue] = []
        client.onNotification = { told.append($0) }
        let quiet = try client.call("catalog.plan", SmallOffice.parameter(files)).get()
        #expect(told.isEmpty)
        let asked = JSONValue.object(SmallOffice.parameter(files).members! + [.init("progress", .bool(true))])
        #expect(try client.call("catalog.plan", asked).get() == quiet)
        #expect(told == [.of(["id": 2, "cases": 2000, "of": 2500])])

        // One who leaves at the first word gets no answer, and is no fault.
        let isWaiting = Mutex(true)
        let caller = Caller(
            .number(literal: "1"), isWaiting: { isWaiting.withLock { $0 } }, send: { _ in isWaiting.withLock { $0 = false } })
        let reader = Reader(local.engine, limits: [])
        let parameters = try Parameters(asked, of: "catalog.plan")
        let outcome = await withCheckedContinuation { continuation in
            reader.answer(.catalogPlan, parameters, peer: Peer(uid: 0), caller: caller) { continuation.resume(returning: $0) }
        }
        guard case .failure(let error) = outcome else {
            Issue.record("the plan went on")
            return
        }
        #expect(error.kind == "server.draining" && !isWaiting.withLock { $0 })
        try await local.stop()
    }

    @Test("P16: While all reads stand still, server.info is answered and commands are carried out")
    func readsStandStill() async throws {
        let store = FaultyStore(MemoryStore())
        let local = try await LocalServer(store: store).withCatalog()
        store.hold(true)
        let readers = try (0..<8).map { _ in try local.client() }
        for reader in readers { try reader.send(Request(id: .number(literal: "1"), method: "case.count", params: .of([:])).line) }
        let client = try local.client()
        client.setTimeout(milliseconds: 30_000)
        for number in 1...20 {
            #expect(try client.call("server.info").get()["name"] == "cased")
            #expect(try client.call("case.submit", SmallOffice.submission("\(number)")).get()["case"]?.string == "C-\(number)")
        }
        store.hold(false)
        for reader in readers { #expect(try JSONReader.read(reader.receive())["result"]?["count"] == 20) }
        try await local.stop()
    }

    @Test("P5: A client that has finished sending goes on hearing what it watches", arguments: [false, true])
    func halfClosedWatch(hasSnapshot: Bool) async throws {
        let local = try await LocalServer().withCatalog()
        let client = try local.client()
        let params = JSONValue.of(["snapshot": .bool(hasSnapshot)])
        try client.send(Request(id: .number(literal: "1"), method: "case.watch", params: params).line)
        client.finishSending()
        #expect(try JSONReader.read(client.receive())["result"]?["watch"] == "w-1")
        if hasSnapshot { #expect(try JSONReader.read(client.receive())["params"]?["type"] == "snapshot-end") }
        let other = try local.client()
        for number in 1...3 {
            _ = try other.call("case.submit", SmallOffice.submission("\(number)")).get()
            #expect(try JSONReader.read(client.receive())["params"]?["event"]?["case"]?.string == "C-\(number)")
        }
        try await local.stop()
    }

    @Test("While it stops, an open connection is told 4503 for reads and for commands, and nobody new gets in")
    func draining() async throws {
        let local = try await LocalServer().withCatalog()
        let client = try local.client()
        _ = try client.call("server.info").get()
        await local.server.drain()
        await local.engine.stop()
        for (method, params) in [("case.submit", SmallOffice.submission()), ("server.info", .object([]))] {
            guard case .failure(let error) = try client.call(method, params) else {
                Issue.record("\(method) was carried out")
                continue
            }
            #expect(error.code == 4503 && error.kind == "server.draining" && error.isRetryable, "\(method)")
        }
        #expect(throws: Client.Unreachable.self) { try local.client() }
        try await local.server.stop()
        #expect(throws: Client.Unreachable.self) { try client.receive() }
    }

    @Test("P12: A connection beyond the limit is told 4429 and closed; when one goes, the next gets in")
    func connectionLimit() async throws {
        var limits = ServerLimits()
        limits.connectionsPerUser = 2
        let local = try await LocalServer(limits)
        var clients = try (0..<2).map { _ in try local.client() }
        for client in clients { _ = try client.call("server.info").get() }
        let third = try local.client()
        #expect(try JSONReader.read(third.receive())["error"]?["code"]?.integer == 4429)
        #expect(throws: Client.Unreachable.self) { try third.receive() }
        clients.removeLast()
        // The server hears of the departure in its own time.
        while case .failure(let error) = try local.client().call("server.info") { #expect(error.code == 4429) }
        try await local.stop()
    }

    @Test("P14: Beyond what all clients may leave unfinished a long line is told 4429 and passed over, and the connection lives on")
    func inputBudget() async throws {
        var limits = ServerLimits()
        limits.inputBytesTotal = 32 << 10
        let local = try await LocalServer(limits)
        let client = try local.client()
        try client.sendRaw(Array(repeating: UInt8(ascii: "x"), count: 200_000))
        #expect(try JSONReader.read(client.receive())["error"]?["code"]?.integer == 4429)
        try client.sendRaw([10])
        _ = try client.call("server.info").get()
        try await local.stop()
    }

    @Test("P14: A user who holds more than their share gives it up, and nobody else does, whatever all hold together")
    func shares() {
        let budget = MemoryBudget(limit: 100, userLimit: 60)
        budget.add(70, for: 1)
        budget.add(20, for: 2)
        #expect([1, 2, 3].map(budget.isExceeded(by:)) == [true, false, false], "of one's own")
        budget.add(-20, for: 1)
        budget.add(40, for: 3)
        // All hold 110; in equal parts each would have 33.
        #expect([1, 2, 3, 4].map(budget.isExceeded(by:)) == [true, false, true, false], "of what is for all")
        for (user, bytes) in [(1, 50), (2, 20), (3, 40)] as [(UInt32, Int)] { budget.add(-bytes, for: user) }
        #expect([1, 2, 3].allSatisfy { !budget.isExceeded(by: $0) })
    }

    @Test("P14: While the requests of a user take too much, the next lines of their connections wait, and then go on")
    func heldLines() async throws {
        var limits = ServerLimits()
        limits.requestBytesPerUser = 1
        let local = try await LocalServer(limits).withCatalog()
        let clients = try (0..<4).map { _ in try local.client() }
        let lines = ["server.info", "case.count", "case.list", "calendar.nothing"].map { #"{"jsonrpc":"2.0","id":1,"method":"\#($0)"}"# }
        for client in clients {
            // Nobody is waited for here: where lines are forgotten, nothing comes any more.
            client.setTimeout(milliseconds: 20_000)
            try client.send(Array(Array(repeating: lines.joined(separator: "\n"), count: 25).joined(separator: "\n").utf8))
        }
        for client in clients {
            for number in 0..<100 {
                let reply = try JSONReader.read(client.receive())
                #expect((reply["error"] != nil) == (number % 4 == 3))
            }
        }
        try await local.stop()
    }

    @Test("P15: Beyond what may wait untaken, the client that takes the least is closed, and others are served")
    func outputBudget() async throws {
        var limits = ServerLimits()
        limits.outputBytesTotal = 1 << 19
        let local = try await LocalServer(limits).withCatalog()
        let client = try local.client()
        let text = String(repeating: "long ", count: 3000)
        for _ in 0..<100 { _ = try client.call("case.submit", SmallOffice.submission(text: text)).get() }
        // A megabyte of a reply, of which the socket's buffer holds a part.
        let deaf = try local.client()
        try deaf.send(Request(id: .null, method: "case.list", params: nil).line)
        #expect(throws: Client.Unreachable.self) { while true { _ = try deaf.receive() } }
        #expect(try client.call("server.info").get()["open"]?.integer == 100)
        try await local.stop()
    }
}
