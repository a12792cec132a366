import CaseCore
import CaseStore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@testable import CaseEngine

@Suite("Who read cases by lists, and what they may do with them afterwards")
struct ListReadingTests {
    /// Every way of looking at cases without naming one.
    private static let methods =
        Query.allCases.filter { query in
            let description = Method.query(query).description
            let namesNone = !description.parameters.contains { $0.name == "case" && !$0.isOptional }
            return description.showsCases && namesNone && query != .get && query != .powers
        }.map { Method.query($0) } + [.stream(.watch)]

    /// Ada is an officer instead of an auditor.
    private static var afterwards: [String: String] {
        var files = SmallOffice.files(user: Harness.hall)
        files["audit.toml"] =
            "[post.second-officer]\nname = \"Second officer\"\noffice = \"permits\"\nholder = \"ada\"\n[person.ada]\nname = \"Ada\"\n"
        return files
    }

    private func look(_ harness: Harness, _ method: Method, uid: UInt32 = Harness.hall, as person: String? = "ada") async throws {
        let parameters = method == "catalog.plan" ? SmallOffice.parameter(Self.afterwards) : .object([])
        _ = try await harness.call(method, parameters, uid: uid, acting: person).get()
    }

    /// A store that is not for training, in which persons speak for themselves.
    private func realHarness() async throws -> (Harness, files: [String: String]) {
        let harness = try await Harness(time: SettableTime(Instant("2026-02-06T01:00:00Z")!), withCatalog: false, isTraining: false)
        var files = SmallOffice.files(user: Harness.hall)
        files["users.toml"] = "[user.\(Self.ada)]\nperson = \"ada\"\n[user.\(Self.otto)]\nperson = \"otto\"\n"
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        return (harness, files)
    }

    private static let (ada, otto): (UInt32, UInt32) = (4715, 4716)

    private func serverEvents(_ harness: Harness, named name: String) async throws -> [JSONValue] {
        try await harness.call("server.history", uid: Harness.admin).get()["events"]!.array!.filter { $0["event"]?.string == name }
    }

    @Test(
        "Whoever read cases by a list, a count, a watch or a plan as an auditor has supervised them, after restarts too", arguments: methods
    )
    func kept(method: Method) async throws {
        let store = MemoryStore()
        var harness = try await Harness(store)
        let (seen, accepted) = (try await harness.submit("Seen"), try await harness.submit("Accepted"))
        _ = try await harness.on(accepted, "case.accept", as: "otto").get()
        try await look(harness, method)
        try await harness.advance(to: "2026-02-09T01:00:00Z")
        let unseen = try await harness.submit("Unseen")
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.afterwards), uid: Harness.admin).get()
        for restarts in 0..<3 {
            // A store from before this was kept has it in the server's history.
            if restarts == 2 { store.remove(setting: "list-readings") }
            if restarts > 0 { harness = try await Harness(store, withCatalog: false) }
            #expect(try await harness.on(seen, "case.accept", as: "ada").kind == "permission.four_eyes")
            #expect(try await harness.on(unseen, "case.can", ["command": "accept"], as: "ada").get()["permitted"] == true)
            let assigned = try await harness.on(accepted, "case.assign", ["handler": "ada"], as: "otto")
            #expect(assigned.kind == "permission.four_eyes", "nor by somebody else's word")
        }
    }

    @Test("A watch that goes on shows cases of later days: it goes on record each hour in which there is something to follow")
    func watch() async throws {
        let harness = try await Harness()
        let opening = try await withCheckedContinuation { continuation in
            harness.reader.openWatch(
                try! Parameters(.of(["acting": "ada"]), of: "case.watch"), peer: Peer(uid: Harness.hall), name: "w-1", heartbeat: 60_000
            ) { continuation.resume(returning: $0) }
        }.get()
        var watch = opening.watch
        var last: JSONValue?
        for day in ["2026-02-09", "2026-02-10", "2026-02-11"] {
            try await harness.advance(to: "\(day)T01:00:00Z")
            // The watch remembers it itself, however much else is remembered.
            for number in 0..<RecentReadings.limit {
                let reading = Reading.list("case.list", parameters: "\(number)")
                harness.engine.context.readings.note(
                    RecentReadings.Key(peer: Peer(uid: 1), acting: nil, changeCount: 0, reading: reading), at: harness.time.now)
            }
            for _ in 0..<2 {
                last = try await harness.submit()
                let (before, reader) = (watch, harness.reader)
                watch = try await withCheckedContinuation { continuation in
                    reader.record(before) { continuation.resume(returning: $0) }
                }.get()
                #expect(try !reader.feed.advance(&watch).isEmpty)
            }
        }
        #expect(try await serverEvents(harness, named: "cases-read").count == 4)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.afterwards), uid: Harness.admin).get()
        #expect(try await harness.on(last!, "case.accept", as: "ada").kind == "permission.four_eyes")
    }

    @Test("A watch of whoever becomes an auditor meanwhile shows nothing as one before that is on record")
    func becoming() async throws {
        let harness = try await Harness(withCatalog: false)
        let before = SmallOffice.files(user: Harness.hall).mapValues { $0.replacing("audits = true", with: "audits = false") }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(before), uid: Harness.admin).get()
        let reader = harness.reader
        var watch = try await withCheckedContinuation { continuation in
            reader.openWatch(
                try! Parameters(.of(["acting": "ada"]), of: "case.watch"), peer: Peer(uid: Harness.hall), name: "w-1", heartbeat: 60_000
            ) { continuation.resume(returning: $0) }
        }.get().watch
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(SmallOffice.files(user: Harness.hall)), uid: Harness.admin).get()
        let file = try await harness.submit()
        let seq = watch.seq
        #expect(try reader.feed.advance(&watch).isEmpty && watch.seq == seq, "it is shown nothing, and misses nothing")
        watch = try await withCheckedContinuation { [watch] continuation in reader.record(watch) { continuation.resume(returning: $0) } }
            .get()
        #expect(try await serverEvents(harness, named: "cases-read").count == 1)
        #expect(try !reader.feed.advance(&watch).isEmpty)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.afterwards), uid: Harness.admin).get()
        #expect(try await harness.on(file, "case.accept", as: "ada").kind == "permission.four_eyes")
    }

    @Test("A reading counts for the cases of the day after it; one within the hour is on record already")
    func span() {
        let (hour, start) = (Int64(3_600_000), Instant("2026-02-06T01:00:00Z")!)
        var readings = ListReadings()
        let (ada, all): (Participant, Set<Participant>) = (Participant(named: "ada"), [Participant(named: "ada"), Participant(user: 7)])
        readings.note(all, at: start)
        #expect(all.allSatisfy { readings.until[$0] == start.advanced(byMilliseconds: 24 * hour) })
        // What is asked again within an hour is not on record again, and shows the cases of then.
        for (hours, until) in [(1, 25), (22, 46), (23, 46), (24, 48), (100, 124)] as [(Int64, Int64)] {
            readings.note([ada], at: start.advanced(byMilliseconds: hours * hour + (hours == 23 ? 0 : 1)))
            let end = start.advanced(byMilliseconds: until * hour)
            #expect(readings.until[ada].map { $0 - end < 2 && $0 >= end } == true, "\(hours)")
        }
    }

    @Test(
        "In a store that is not for training the reader is known by unix user, and by the service that spoke for them, after a restart too")
    func speakers() async throws {
        let store = MemoryStore()
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]!.replace(#"["anyone"]"#, with: #"["ada"]"#)
        files["users.toml"] = "[user.\(Self.ada)]\nperson = \"ada\"\n[user.\(Self.otto)]\nperson = \"otto\"\n"
        func harness(_ withCatalog: Bool) async throws -> Harness {
            let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
            let harness = try await Harness(store, time: time, withCatalog: false, isTraining: false)
            if withCatalog { _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get() }
            return harness
        }
        var harness = try await harness(true)
        let file = try await harness.call("case.submit", SmallOffice.submission("Hers"), uid: Self.otto).get()
        _ = try await harness.call("case.list", uid: Self.ada).get()
        _ = try await harness.call("case.count", acting: "ada").get()
        // Her unix user is another officer's, who has another id and never had hers; the service speaks for the office.
        files["office.toml"]!.replace(#"["ada"]"#, with: #"["hana", "lena"]"#)
        files["office.toml"]!.replace("holder = \"otto\"", with: "holder = \"olga\"")
        files["more.toml"] = "[person.olga]\nname = \"Olga\"\n[user.4799]\nperson = \"ada\"\n"
        files["users.toml"] = "[user.\(Self.ada)]\nperson = \"olga\"\n"
        _ = try await harness.call(
            "catalog.apply", .object(SmallOffice.parameter(files).members! + [.init("allow_single_word", true)]), uid: Harness.admin
        ).get()
        _ = try await harness.call("catalog.confirm", uid: 4731, inAdminGroup: true).get()
        for restarts in 0..<3 {
            if restarts == 2 { store.remove(setting: "list-readings") }
            if restarts > 0 { harness = try await ListReadingTests.restarted(store) }
            let accept = JSONValue.of(["case": file["case"]!])
            #expect(try await harness.call("case.accept", accept, uid: Self.ada).kind == "permission.four_eyes")
            #expect(try await harness.call("case.accept", accept, acting: "hana").kind == "permission.service_side")
        }
    }

    private static func restarted(_ store: any CaseStore) async throws -> Harness {
        try await Harness(store, time: SettableTime(Instant("2026-02-06T02:00:00Z")!), withCatalog: false, isTraining: false)
    }

    @Test("Of a plan the digest is on record, not a whole catalogue")
    func plan() async throws {
        let harness = try await Harness()
        try await look(harness, "catalog.plan")
        let event = try await serverEvents(harness, named: "cases-read").last
        #expect(event?["data"]?["method"] == "catalog.plan" && event?["by"] == "ada")
        let parameters = try JSONReader.read(Array((event?["data"]?["parameters"]?.string ?? "").utf8))
        #expect(parameters["sha256"]?.string?.count == 64 && parameters["bytes"]?.integer ?? 0 > 1000)
    }

    @Test("A refusal says how a case stands: to an auditor or an admin it goes on record as a reading, once an hour")
    func refusals() async throws {
        let (harness, _) = try await realHarness()
        let file = try await harness.submit()
        func readings() async throws -> [JSONValue] {
            let all = JSONValue.of(["case": file["case"]!])
            return try await harness.call("case.history", all, uid: Harness.admin).get()["events"]!.array!.filter {
                $0["event"]?.string?.hasPrefix("read") == true && $0["data"]?["method"] != "case.history"
            }
        }
        for _ in 0..<2 {
            let inspect = JSONValue.of(["case": file["case"]!, "outcome": "in-order", "finding": "?"])
            #expect(try await harness.call("case.inspect", inspect, uid: Self.ada).kind == "state.not_allowed")
            let grant = JSONValue.of(["case": file["case"]!, "if_revision": .integer(7)])
            #expect(try await harness.call("case.grant", grant, uid: Harness.admin).kind == WireError.Code.conflict.standardKind)
            #expect(
                try await harness.call("case.grant", .of(["case": file["case"]!]), uid: Self.otto).kind == "permission.denied",
                "whose case it is")
        }
        let found = try await readings()
        #expect(found.map { $0["event"]! } == ["read", "read-by-admin"])
        #expect(found.map { $0["data"]!["method"]! } == ["case.inspect", "case.grant"])
    }

    @Test("Silence that is to grant a matter waits for a second word, and the matter takes no submissions meanwhile")
    func silence() async throws {
        var (harness, files) = try await realHarness()
        let before = try await harness.submit()
        files["matters.toml"]!.replace("leader = \"leader\"", with: "leader = \"leader\"\nsilence = \"grants\"", maxReplacements: 1)
        let plan = try await harness.call("catalog.plan", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(plan["waiting"]?.array?.compactMap { $0["key"]?.string } == ["silence"])
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await harness.call("case.submit", SmallOffice.submission("New")).kind == "catalog.unconfirmed")
        #expect(try await harness.call("case.accept", .of(["case": before["case"]!]), uid: Self.otto).kind == nil)
        _ = try await harness.call("catalog.confirm", uid: Self.ada).get()
        #expect(try await harness.call("case.submit", SmallOffice.submission("New")).kind == nil)
    }
}
