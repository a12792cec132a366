import CaseClient
import CaseStore
import CaseTesting
import CaseWire
import Sockets
import Testing

@testable import CaseServer

@Suite("Following cases")
struct WatchTests {
    private func next(_ client: Client) throws -> JSONValue {
        let line = try JSONReader.read(client.receive())
        #expect(line["method"]?.string == "case.event" && line["id"] == nil)
        #expect(Transcript.undescribed(line) == nil)
        return line["params"]!
    }

    /// The next that is no bookmark.
    private func news(_ client: Client) throws -> JSONValue {
        while true {
            let params = try next(client)
            if params["type"] != "bookmark" { return params }
        }
    }

    /// Type and, of an event, case and name: `event C-1 accepted`.
    private func brief(_ params: JSONValue) -> String {
        let event = params["event"] ?? params
        return [params["type"]?.string, event["case"]?.string ?? event["case"]?["case"]?.string, event["event"]?.string]
            .compactMap { $0 }.joined(separator: " ")
    }

    private func act(
        _ client: Client, _ method: String, _ file: JSONValue, as person: String, _ more: KeyValuePairs<String, JSONValue> = [:]
    )
        throws
    {
        let members = [JSONValue.Member("case", file["case"]!), .init("acting", .string(person))] + more.map { .init($0.key, $0.value) }
        _ = try client.call(method, .object(members)).get()
    }

    @Test("Whoever follows over restarts hears why nothing follows any more, and does not wait for ever")
    func damaged() async throws {
        let store = FaultyStore(MemoryStore())
        let local = try await LocalServer(store: store).withCatalog()
        _ = try local.client().call("case.submit", SmallOffice.submission()).get()
        store.failReads(DamagedRecord(.server, "page 17 of the store is not what was written"))
        var place = "start"
        let said = #expect(throws: RemoteError.self) {
            try PatientClient(path: local.path, patience: 30).follow([:], from: &place, timeout: { 60_000 }) { _ in true }
        }
        #expect(said?.kind == "evidence.damaged")
        store.failReads(nil)
        try await local.stop()
    }

    @Test(
        "P33: Whoever follows hears of an erasure; whoever goes on from before it hears what is left, also where it was read a moment ago")
    func erasure() async throws {
        let local = try await LocalServer(isOnDisk: true).withCatalog()
        let (office, watcher) = (try local.client(), try local.client())
        let opened = try watcher.call("case.watch", .of(["filter": .of(["case": "C-1"])])).get()
        _ = try office.call("case.submit", SmallOffice.submission()).get()
        _ = try office.call("case.withdraw", .of(["case": "C-1", "reason": "built elsewhere"])).get()
        let submitted = try news(watcher)
        #expect(submitted["event"]?["data"]?["title"] == "Warehouse 7" && submitted["event"]?["erased"] == nil)
        #expect(try brief(news(watcher)) == "event C-1 withdrawn")
        _ = try office.call("clock.advance", .of(["to": "2027-03-01T00:00:00Z"])).get()
        for person in ["ada", "lena"] {
            _ = try office.call("case.erase_personal", .of(["case": "C-1", "reason": "kept for a year", "acting": .string(person)])).get()
        }
        #expect(try news(watcher)["event"]?["data"]?["erased"] == false)
        #expect(try news(watcher)["event"]?["data"]?["erased"] == true)
        let other = try local.client()
        _ = try other.call("case.watch", .of(["from": opened["cursor"]!])).get()
        let again = try news(other)
        #expect(again["event"]?["data"]?["title"] == "erased" && again["event"]?["erased"] == true)
        #expect(again["event"]?["commitment"] == submitted["event"]?["commitment"] && again["cursor"] == submitted["cursor"])
        #expect(try news(other)["event"]?["data"]?["reason"] == "erased")
        try await local.stop()
    }

    @Test("P25: A snapshot, its end, then each event as it becomes durable; a cursor goes on behind what it came with")
    func follows() async throws {
        let local = try await LocalServer().withCatalog()
        let (office, watcher) = (try local.client(), try local.client())
        let file = try office.call("case.submit", SmallOffice.submission()).get()
        let opened = try watcher.call("case.watch", .of(["snapshot": .bool(true)])).get()
        #expect(opened["watch"]?.string == "w-1")
        #expect(try brief(next(watcher)) == "snapshot C-1")
        #expect(try next(watcher)["cursor"] == opened["cursor"])
        try act(office, "case.accept", file, as: "otto")
        let accepted = try next(watcher)
        #expect(brief(accepted) == "event C-1 accepted" && accepted["event"]?["revision"]?.integer == 2)
        try act(office, "case.note", file, as: "hana", ["text": "seen"])
        #expect(try brief(next(watcher)) == "event C-1 noted")
        // Somebody else goes on behind `accepted`.
        let other = try local.client()
        _ = try other.call("case.watch", .of(["from": accepted["cursor"]!])).get()
        #expect(try brief(next(other)) == "event C-1 noted")
        // Ended, it hears no more; the reply comes in its place.
        let stopped = try watcher.call("watch.stop", .of(["watch": "w-1"])).get()
        #expect(stopped["cursor"] != nil)
        try act(office, "case.note", file, as: "hana", ["text": "again"])
        #expect(try watcher.call("server.info").get()["open"]?.integer == 1)
        #expect(try brief(next(other)) == "event C-1 noted")
        // Those that are left are told where they end when the server stops.
        try await local.stop()
        let last = try next(other)
        #expect(last["type"]?.string == "closed" && last["reason"]?.string == "server.draining" && last["cursor"] != nil)
    }

    @Test("P24: A filter lets through what comes into it and what leaves it, as the case stood then, however late it is read")
    func filtered() async throws {
        let local = try await LocalServer().withCatalog()
        let office = try local.client()
        let first = try office.call("case.submit", SmallOffice.submission("First")).get()
        let second = try office.call("case.submit", SmallOffice.submission("Second")).get()
        let filter = JSONValue.of(["filter": .of(["state": "in-review", "text": "first"]), "from": "start"])
        let early = try local.client()
        _ = try early.call("case.watch", filter).get()
        try act(office, "case.note", first, as: "hana", ["text": "before it comes in"])
        try act(office, "case.accept", first, as: "otto")
        try act(office, "case.accept", second, as: "otto")
        try act(office, "case.note", first, as: "hana", ["text": "within"])
        try act(office, "case.recommend", first, as: "otto", ["recommendation": "grant", "opinion": "x"])
        try act(office, "case.note", first, as: "hana", ["text": "after"])
        let late = try local.client()
        _ = try late.call("case.watch", filter).get()
        for watcher in [early, late] {
            #expect(
                try (0..<3).map { _ in try brief(news(watcher)) } == ["event C-1 accepted", "event C-1 noted", "event C-1 recommended"])
        }
        try await local.stop()
        #expect(try brief(news(early)) == "closed" && brief(news(late)) == "closed")
    }

    @Test("P6, P25: A watch that is opened within a batch speaks behind the replies to the batch")
    func withinBatch() async throws {
        let local = try await LocalServer().withCatalog()
        let client = try local.client()
        for _ in 0..<30 { _ = try client.call("case.submit", SmallOffice.submission()).get() }
        let list = #"{"jsonrpc":"2.0","id":2,"method":"case.list"}"#
        let watch = #"{"jsonrpc":"2.0","id":1,"method":"case.watch","params":{"from":"start"}}"#
        try client.send(Array("[\(watch)\(String(repeating: ",\(list)", count: 20))]".utf8))
        let first = try JSONReader.read(client.receive())
        #expect(first.array?.count == 21 && first.array?[0]["result"]?["watch"] == "w-1")
        #expect(try brief(next(client)) == "event C-1 submitted")
        try await local.stop()
    }

    @Test("P5: A client that asks nothing more is done with the last word of its watch, whoever ends it")
    func halfClosed() async throws {
        let local = try await LocalServer().withCatalog()
        let (client, admin) = (try local.client(), try local.client())
        _ = try client.call("case.watch").get()
        client.finishSending()
        let params = SmallOffice.parameter(SmallOffice.files(user: 54_321)).members! + [.init("without_users", .bool(true))]
        _ = try admin.call("catalog.apply", .object(params)).get()
        while true {
            guard let params = try? next(client) else { Issue.record("it ended without a word"); break }
            if params["type"] == "closed" { break }
        }
        #expect(throws: (any Error).self) { try client.receive() }
        try await local.stop()
    }

    @Test("P24: Watches of single cases hear of these and of nothing else, through whatever happens to others, and of who may read")
    func resting() async throws {
        let local = try await LocalServer().withCatalog()
        let (office, watcher) = (try local.client(), try local.client())
        let files = try (0..<8).map { try office.call("case.submit", SmallOffice.submission("T \($0)")).get() }
        let names = try files.map { file in
            try watcher.call("case.watch", .of(["filter": .of(["case": file["case"]!])])).get()["watch"]!
        }
        var heard: [String: [String]] = [:]
        func hear(_ params: JSONValue) {
            guard let event = params["event"] else { return }
            heard[event["case"]!.string!, default: []].append(event["data"]!["text"]!.string!)
        }
        watcher.onNotification = hear
        for round in 0..<5 {
            for file in files[4...] { try act(office, "case.note", file, as: "hana", ["text": .string("others \(round)")]) }
            try act(office, "case.note", files[round % 2], as: "hana", ["text": .string("heard \(round)")])
            // Those whose cases have most of it go, one by one.
            if round < 4 { _ = try watcher.call("watch.stop", .of(["watch": names[7 - round]])).get() }
        }
        while heard["C-1", default: []].count < 3 || heard["C-2", default: []].count < 2 { hear(try next(watcher)) }
        #expect(heard["C-1"] == ["heard 0", "heard 2", "heard 4"] && heard["C-2"] == ["heard 1", "heard 3"])
        #expect(heard["C-3"] == nil && heard["C-4"] == nil)
        try await local.stop()
    }

    @Test("P24: A watch of what is mine follows the duty from one to the other, and leaves a case with the event that ends it")
    func mine() async throws {
        let local = try await LocalServer().withCatalog()
        let (office, leader) = (try local.client(), try local.client())
        _ = try leader.call("case.watch", .of(["filter": .of(["mine": true]), "acting": "lena"])).get()
        let file = try office.call("case.submit", SmallOffice.submission()).get()
        try act(office, "case.accept", file, as: "hana")
        try act(office, "case.note", file, as: "hana", ["text": "nobody else's"])
        try act(office, "case.recommend", file, as: "hana", ["recommendation": "grant", "opinion": "in order"])
        try act(office, "case.grant", file, as: "lena")
        try act(office, "case.note", file, as: "hana", ["text": "hers no more"])
        let other = try office.call("case.submit", SmallOffice.submission()).get()
        try act(office, "case.accept", other, as: "hana")
        try act(office, "case.recommend", other, as: "hana", ["recommendation": "refuse", "opinion": "not in order"])
        var heard: [String] = []
        while heard.count < 3 { if let event = try next(leader)["event"] { heard.append(event["event"]!.string!) } }
        #expect(heard == ["recommended", "granted", "recommended"])
        try await local.stop()
    }

    @Test(
        "P27, P28: A quiet watch gets bookmarks, and a client that does not read is told that its watch has ended; others are not held up")
    func heartbeat() async throws {
        var limits = ServerLimits()
        limits.heartbeatMilliseconds = 20
        limits.outputBytes = 4096
        let local = try await LocalServer(limits).withCatalog()
        let quiet = try local.client()
        let cursor = try quiet.call("case.watch").get()["cursor"]
        let bookmark = try next(quiet)
        #expect(bookmark["type"]?.string == "bookmark" && bookmark["cursor"] == cursor)
        let deaf = try local.client()
        try deaf.send(Array(#"{"jsonrpc":"2.0","id":1,"method":"case.watch","params":{"from":"start"}}"#.utf8))
        let office = try local.client()
        let text = JSONValue.string(String(repeating: "x", count: 20_000))
        let file = try office.call("case.submit", SmallOffice.submission()).get()
        func hear() throws { while try next(quiet)["type"]?.string != "event" {} }
        try hear()
        for _ in 0..<40 {
            try act(office, "case.note", file, as: "hana", ["text": text])
            try hear()
        }
        // Once it reads, it hears what it had been sent, whole, and why and where that ends; its connection answers on.
        var last = try JSONReader.read(deaf.receive())
        while last["params"]?["type"] != "closed" { last = try JSONReader.read(deaf.receive()) }
        #expect(last["params"]?["reason"] == "reader.slow" && last["params"]?["cursor"] != nil)
        #expect(try deaf.call("server.info").get()["open"] == 1)
        try await local.stop()
    }

    @Test("P25, P29: Cursors of another store, snapshots behind a cursor and too many watches are refused")
    func refused() async throws {
        var limits = ServerLimits()
        limits.watchesPerConnection = 2
        let local = try await LocalServer(limits).withCatalog()
        let client = try local.client()
        func kind(_ params: KeyValuePairs<String, JSONValue>) throws -> String? {
            if case .failure(let error) = try client.call("case.watch", .of(params)) { error.kind } else { nil }
        }
        let cursor = try client.call("case.watch").get()["cursor"]!
        #expect(try kind(["from": "another.1"]) == "cursor.expired")
        let epoch = cursor.string!.prefix { $0 != "." }
        #expect(try kind(["from": .string("\(epoch).99999")]) == "cursor.expired")
        #expect(try kind(["from": "yesterday"]) == "params.invalid")
        #expect(try kind(["from": cursor, "snapshot": .bool(true)]) == "params.invalid")
        #expect(try kind(["heartbeat": "1 working-days"]) == "params.invalid")
        #expect(try kind([:]) == nil)
        #expect(try kind([:]) == "rate.limited")
        _ = try client.call("watch.stop", .of(["watch": "w-1"])).get()
        #expect(try kind([:]) == nil)
        try await local.stop()
    }

    @Test("P13: Requests beyond the rate are told when to come again, and the bucket fills with time")
    func rate() {
        var limit = RateLimit(perSecond: 10, at: 0)
        for _ in 0..<10 { #expect(limit.take(at: 0) == nil) }
        #expect(limit.take(at: 0) == 100)
        #expect(limit.take(at: 50_000_000) == 50)
        #expect(limit.take(at: 100_000_000) == nil)
        #expect(!limit.isFull(at: 200_000_000) && limit.isFull(at: 1_100_000_000))
    }
}
