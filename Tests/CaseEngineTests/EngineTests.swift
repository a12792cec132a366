import CaseCore
import CaseEngine
import CaseStore
import CaseTesting
import CaseWire
import Logging
import Testing
import WorkingTime

@Suite("The engine")
struct EngineTests {
    @Test("A case goes through one office and one leader to a decision")
    func lifecycle() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        #expect(file["state"]?.string == "submitted" && file["case"]?.string == "C-1")
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "in order"], as: "otto").get()
        let decided = try await harness.on(file, "case.grant", as: "lena").get()
        #expect(decided["state"]?.string == "granted" && decided["timeliness"]?.string == "in-time")
        let names = try await harness.history(file).map { "\($0["event"]!.string!) \($0["by"]!.string!)" }
        #expect(names == ["submitted hall", "accepted otto", "recommended otto", "granted lena"])
    }

    /// Steps of a random life.
    private static let steps: [(Method, KeyValuePairs<String, JSONValue>)] = [
        ("case.accept", [:]), ("case.request_correction", ["missing": .array(["form"])]), ("case.correct", ["materials": .array(["form"])]),
        ("case.recommend", ["recommendation": "grant", "opinion": "x"]), ("case.return", ["reason": "x"]), ("case.grant", [:]),
        ("case.suspend", ["kind": "hearing", "basis": "x", "expected": "3 working-days"]), ("case.resume", [:]),
        ("case.note", ["text": "x"]),
        ("case.extend", ["clock": "decision", "by": "5 working-days", "reason": "x"]), ("case.deliver", ["how": "x"]),
        ("case.assign", ["handler": "hana"]),
    ]

    @Test("The stored case is the fold of its journal, whatever is asked", arguments: 0..<8)
    func fold(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let harness = try await Harness()
        for number in 0..<6 { _ = try await harness.submit("Case \(number)") }
        for _ in 0..<120 {
            let id = JSONValue.of(["case": .string("C-\(Int.random(in: 1...6, using: &random))")])
            let (method, members) = Self.steps.randomElement(using: &random)!
            let person = ["otto", "hana", "lena", "bela", "cora", nil].randomElement(using: &random)!
            _ = try await harness.on(id, method, members, as: person)
            if Int.random(in: 0..<5, using: &random) == 0 {
                try await harness.advance(to: harness.time.now.advanced(byMilliseconds: 90_000_000).description)
            }
        }
        try harness.store.read { snapshot in
            for number in 1...6 {
                let id = CaseID(Int64(number))
                let events = try snapshot.journal(of: id).map { try Event(canonicalBytes: $0.event) }
                var folded = try #require(CaseFile(events[0]))
                for event in events.dropFirst() { folded.apply(event) }
                #expect(try folded == CaseFile(storedBytes: #require(try snapshot.file(id))), "seed \(seed), \(id)")
            }
        }
    }

    @Test(
        "P19, P23: Each key gets its first answer again, whatever became of the case, the catalogue and the clock since, and after a restart",
        arguments: 0..<6)
    func firstAnswers(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let store = MemoryStore()
        var harness = try await Harness(store)
        var asked: [(method: Method, params: JSONValue, person: String?, reply: JSONValue)] = []
        func ask(_ method: Method, _ members: [JSONValue.Member], as person: String?) async throws {
            let params = JSONValue.object(
                members + [.init("idempotency_key", .string("k-\(asked.count)-\(UInt64.random(in: 0...9, using: &random))"))])
            if let reply = try? await harness.call(method, params, acting: person).get() { asked.append((method, params, person, reply)) }
        }
        let calendars = ["2026-02-11", "2026-02-25", "2026-03-03"].map { day in
            ChangedRulesTests.files([
                ("calendar.toml", "[calendar.cn.week]", "[[calendar.cn.holiday]]\nname = \"declared\"\non = \(day)\n[calendar.cn.week]")
            ])
        }
        for number in 0..<6 { try await ask("case.submit", SmallOffice.submission("Case \(number)").members!, as: nil) }
        for step in 0..<150 {
            let (method, members) = Self.steps.randomElement(using: &random)!
            let file = JSONValue.Member("case", .string("C-\(Int.random(in: 1...6, using: &random))"))
            try await ask(
                method, [file] + members.map { .init($0.key, $0.value) },
                as: ["otto", "hana", "lena", "bela", "cora", nil].randomElement(using: &random)!)
            if Int.random(in: 0..<6, using: &random) == 0 {
                try await harness.advance(to: harness.time.now.advanced(byMilliseconds: 90_000_000).description)
            }
            if step % 40 == 39 {
                _ = try await harness.call(
                    "catalog.apply", SmallOffice.parameter(calendars[step / 40 % calendars.count]), uid: Harness.admin
                ).get()
            }
        }
        #expect(asked.count > 20)
        for _ in 0..<2 {
            for (method, params, person, reply) in asked {
                #expect(try await harness.call(method, params, acting: person).get() == reply, "seed \(seed): \(method.rawValue) \(params)")
            }
            let now = harness.time.now
            await harness.engine.stop()
            harness = try await Harness(store, now: now.description, withCatalog: false)
        }
        await harness.engine.stop()
    }

    @Test("The first answer to a key stays the peer's when the person for whom it acted has left the catalogue")
    func answerOfSomebodyGone() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        let first = try await harness.on(file, "case.accept", ["idempotency_key": "k"], as: "otto").get()
        let files = SmallOffice.files(user: Harness.hall).mapValues { $0.replacing("otto", with: "oskar") }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(try await harness.on(file, "case.accept", ["idempotency_key": "k"], as: "otto").get() == first)
        #expect(try await harness.on(file, "case.note", ["text": "x"], as: "otto").kind == "person.not_found")
    }

    @Test("P19: The same key gets the first answer to the byte; with other content it is refused")
    func idempotency() async throws {
        let harness = try await Harness()
        let first = try await harness.submit("A", key: "k")
        try await harness.advance(to: "2026-02-09T00:00:00Z")
        #expect(try await harness.submit("A", key: "k") == first)
        #expect(try await harness.call("case.submit", SmallOffice.submission("B", key: "k")).kind == "idempotency.key_reused")
        #expect(try await harness.call("case.count").get()["count"]?.integer == 1)
        let other = try await harness.call("case.submit", SmallOffice.submission("B", key: "k"), uid: Harness.admin)
        #expect(other.kind == "permission.denied", "keys of other users do not answer; an admin submits nothing")
    }

    @Test("P19: A key is kept for thirty days, and forgotten after them")
    func retention() async throws {
        let harness = try await Harness()
        let first = try await harness.submit("A", key: "k")
        harness.time.advance(to: harness.time.now.advanced(byMilliseconds: 30 * 86_400_000 - 1000))
        _ = try await harness.submit("B")
        #expect(try await harness.submit("A", key: "k") == first)
        harness.time.advance(to: harness.time.now.advanced(byMilliseconds: 62_000))
        _ = try await harness.submit("C")
        #expect(try await harness.submit("A", key: "k")["case"] != first["case"])
    }

    @Test("P19: A key stands for what is meant, of whoever speaks by whatever unix user; another one's key of the same name is another")
    func keysByMeaning() async throws {
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"]! +=
            "[user.4788]\nservice = \"hall\"\n[service.desk]\nname = \"Desk\"\nacts-for = [\"anyone\"]\n[user.4789]\nservice = \"desk\"\n"
        let harness = try await Harness(withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let first = try await harness.submit("A", key: "k")
        let params = SmallOffice.submission("A", key: "k")
        let other = JSONValue.object(
            (params.members ?? []).reversed().map { member in
                member.name == "applicant" ? .init(member.name, .object(member.value.members!.reversed())) : member
            } + [.init("fields", .object([])), .init("area", .null), .init("channel", "online")])
        #expect(try await harness.call("case.submit", other).get() == first)
        #expect(try await harness.call("case.submit", other, uid: 4788).get() == first)
        #expect(try await harness.call("case.submit", other, uid: 4789).get()["case"] != first["case"])
        #expect(try await harness.call("case.submit", SmallOffice.submission("B", key: "k"), uid: 4788).kind == "idempotency.key_reused")
        // For another person it is another request.
        #expect(try await harness.call("case.submit", params, acting: "otto").kind == "idempotency.key_reused")
    }

    @Test("P26: A snapshot comes in parts, however many cases there are, and what happens meanwhile is told behind it")
    func longSnapshot() async throws {
        let harness = try await Harness()
        let count = 3 * PageLimit.stretch.rows + 1
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count { group.addTask { _ = try await harness.submit("\(number)") } }
            try await group.waitForAll()
        }
        let parameters = try Parameters(.of(["snapshot": .bool(true)]), of: "case.watch")
        var watch = try await withCheckedContinuation { continuation in
            harness.reader.openWatch(parameters, peer: Peer(uid: Harness.hall), name: "w-1", heartbeat: 60_000) {
                continuation.resume(returning: $0)
            }
        }.get().watch
        var (parts, types): ([Int], [String]) = ([], [])
        while watch.isBehind(harness.engine.view.lastSeq) {
            let lines = try harness.reader.feed.advance(&watch).map { try JSONReader.read($0)["params"]! }
            parts.append(lines.count)
            types += lines.map { "\($0["type"]!.string!) \($0["case"]?["case"]?.string ?? $0["event"]?["case"]?.string ?? "")" }
            if parts.count == 1 { _ = try await harness.submit("Meanwhile") }
        }
        #expect(parts.allSatisfy { $0 <= PageLimit.stretch.rows + 1 } && parts.count > 3)
        let all = (1...count + 1).map { "snapshot C-\($0)" }
        #expect(types == all + ["snapshot-end ", "event C-\(count + 1)"])
    }

    @Test("Many requests under one key at the same time make one case")
    func concurrentDuplicates() async throws {
        let harness = try await Harness()
        let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
            for _ in 0..<50 { group.addTask { try await harness.submit("A", key: "k") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0 == answers[0] })
        #expect(try await harness.call("case.count").get()["count"]?.integer == 1)
    }

    @Test("A full disk refuses cleanly and ends when space returns")
    func full() async throws {
        let store = FaultyStore(MemoryStore())
        let harness = try await Harness(store)
        let file = try await harness.submit()
        store.fail(.full)
        #expect(try await harness.on(file, "case.accept", as: "otto").kind == "store.full")
        #expect(try await harness.call("case.submit", SmallOffice.submission()).kind == "store.full")
        #expect(try await harness.on(file, "case.get").get()["state"]?.string == "submitted", "reads go on, and nothing has changed")
        store.fail(nil)
        #expect(try await harness.on(file, "case.accept", as: "otto").get()["state"]?.string == "in-review")
        #expect(try await harness.submit()["case"]?.string == "C-2", "no number was lost")
    }

    @Test("A store that cannot be reached refuses, and what was planned is dropped; it is said once, and once when it is over")
    func unreachable() async throws {
        let store = FaultyStore(MemoryStore())
        let harness = try await Harness(store)
        let file = try await harness.submit()
        store.fail(.interrupted("the database is away"))
        for _ in 0..<3 { #expect(try await harness.on(file, "case.accept", as: "otto").kind == "store.unreachable") }
        let refused = try await harness.call("clock.advance", .of(["to": "2026-06-01T00:00:00Z"]), uid: Harness.admin)
        #expect(refused.kind == "store.unreachable")
        let trouble = try await harness.call("server.status").get()["store_fault"]
        #expect(trouble?["refuses_commands"] == true && trouble?["what"]?.string?.contains("cannot be reached") == true)
        store.fail(nil)
        #expect(try await harness.on(file, "case.accept", as: "otto").get()["state"]?.string == "in-review")
        #expect(try await harness.call("server.status").get()["store_fault"]?.isNull == true)
        #expect(try await harness.submit()["case"]?.string == "C-2", "no number was lost")
        _ = try await harness.call("clock.advance", .of(["to": "2026-06-01T00:00:00Z"]), uid: Harness.admin).get()
    }

    @Test("What falls due while the store cannot be reached passes once it can, by itself; until then the watchdog hears that all is well")
    func dueWhileUnreachable() async throws {
        let store = FaultyStore(MemoryStore())
        let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
        let harness = try await Harness(store, time: time, isTraining: true)
        let file = try await harness.submit()
        store.fail(.interrupted("the database is away"))
        for _ in 0..<2 {
            time.pass(milliseconds: 30 * 86_400_000)
            #expect(try harness.engine.checkUp().isEmpty)
            #expect(try await harness.on(file, "case.get").get()["state"]?.string == "submitted")
        }
        store.fail(nil)
        while try await harness.on(file, "case.get").get()["state"]?.string != "in-review" {}
        #expect(try harness.engine.checkUp().isEmpty)
        #expect(try await harness.call("server.status").get()["store_fault"]?.isNull == true)
    }

    @Test("A full disk stops a manual clock with a word about it, and the clock goes on from there")
    func fullUnderway() async throws {
        let store = FaultyStore(MemoryStore())
        let harness = try await Harness(store)
        let file = try await harness.submit()
        store.fail(.full)
        let far = JSONValue.of(["to": "2026-06-01T00:00:00Z"])
        for _ in 0..<2 {
            let outcome = try await harness.call("clock.advance", far, uid: Harness.admin)
            #expect(outcome.kind == "store.full")
        }
        store.fail(nil)
        _ = try await harness.call("clock.advance", far, uid: Harness.admin).get()
        #expect(try await harness.on(file, "case.get").get()["state"]?.string == "in-review", "accepted by silence")
    }

    @Test("After a stop over many deadlines all missed rungs pass once each, in order, marked late")
    func missedRungs() async throws {
        let store = MemoryStore()
        let first = try await Harness(store)
        for number in 0..<40 {
            try await first.advance(to: "2026-02-06T01:\(10 + number):00Z")
            let file = try await first.submit("Case \(number)")
            // Half of them wait for the office, half for a decision.
            if number % 2 == 0 { _ = try await first.on(file, "case.accept", as: "otto").get() }
        }
        await first.engine.stop()

        let second = try await Harness(store, now: "2026-05-01T00:00:00Z", withCatalog: false)
        // The first request is answered after what was due before it on its case; a sweep brings the rest.
        try await second.advance(to: "2026-05-01T00:00:01Z")
        var dues: [(due: Instant, seq: Int64)] = []
        var seen: Set<String> = []
        for number in 1...40 {
            for event in try await second.history(.of(["case": .string("C-\(number)")])) where event["event"]?.string == "rung-passed" {
                let data = event["data"]!
                #expect(data["late"]?.bool == true)
                #expect(
                    seen.insert("\(number) \(data["clock"]!.string!) \(data["generation"]!.integer!) \(data["rung"]!.integer!)").inserted,
                    "twice")
                dues.append((Instant(data["due"]!.string!)!, event["seq"]!.integer!))
            }
        }
        #expect(
            seen.count == 240,
            "four rungs of the decision clock and the breach of the promise each, one of intake for those that waited, one of review for the others"
        )
        let order = dues.sorted { $0.seq < $1.seq }.map(\.due)
        #expect(order == order.sorted(), "a later one passed before an earlier one")
        let again = try await second.call("case.count", .of(["filter": .of(["state": "in-review"])])).get()
        #expect(again["count"]?.integer == 40, "those that waited are deemed accepted")
    }

    @Test("More cases than fit one transaction fall due at one instant, and all pass")
    func manyAtOnce() async throws {
        let harness = try await Harness()
        for number in 0..<700 { _ = try await harness.submit("Case \(number)") }
        try await harness.advance(to: "2026-03-02T00:00:00Z")
        #expect(try await harness.call("case.count", .of(["filter": .of(["state": "in-review"])])).get()["count"]?.integer == 700)
        #expect(
            harness.engine.view.lateness.counts.reduce(0, +) == 2100,
            "one rung and the expiry of intake, and the breach of the promise each")
        #expect(harness.engine.view.lateness.maximum == 0)
    }

    @Test("A damaged case is left and logged, and holds up no other")
    func damagedCase() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        var batch = Batch()
        batch.cases = [
            CaseRow(2, file: [7], submittedAt: harness.time.now, next: harness.time.now)
        ]
        try harness.store.commit(batch)
        harness.time.advance(to: Instant("2026-02-13T17:00:00Z")!)
        // Two requests about nothing: the sweep comes between them.
        for _ in 0..<2 { #expect(try await harness.call("case.note", .of(["case": "C-9", "text": "x"])).kind == "case.not_found") }
        #expect(try await harness.on(file, "case.get").get()["state"]?.string == "in-review")
        #expect(try await harness.call("case.get", .of(["case": "C-2"])).kind == "server.fault")
    }

    @Test("Whoever asks first after a deadline finds it passed, with or without a timer")
    func settledBeforeCommand() async throws {
        let store = MemoryStore()
        let harness = try await Harness(store)
        let file = try await harness.submit()
        harness.time.advance(to: Instant("2026-03-02T00:00:00Z")!)
        #expect(try await harness.on(file, "case.accept", as: "otto").kind == "state.not_allowed", "it is deemed accepted")
        #expect(try await harness.on(file, "case.get").get()["state"]?.string == "in-review")
    }

    @Test("A turn that carries out commands passes what is due as well: deadlines do not wait until nobody asks")
    func dueBesideCommands() async throws {
        let store = MemoryStore()
        let harness = try await Harness(store)
        _ = try await harness.submit()
        await harness.engine.stop()
        let machine = try EngineMachine(
            store: store, time: ManualTime(Instant("2026-03-02T00:00:00Z")!), log: Logger(label: "test"))
        let work = try #require(try WriteRequest.Work("case.submit", SmallOffice.submission("Another")))
        machine.turn([WriteRequest(peer: Peer(uid: Harness.hall), work) { _ in }])
        #expect(try store.read { try $0.journal(of: CaseID(1)).count } > 1)
        #expect(try store.read { try $0.journal(of: CaseID(2)).count } == 1)
    }

    @Test("P21: A revision that has moved on is a conflict, and nothing happens")
    func conflicts() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        #expect(try await harness.on(file, "case.accept", ["if_revision": .integer(7)], as: "otto").kind == "revision.conflict")
        #expect(try await harness.on(file, "case.accept", ["if_revision": .integer(1)], as: "otto").get()["revision"]?.integer == 2)
    }

    @Test("P22: Who may ask what: strangers, admins, services, and the persons they act for")
    func powers() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        #expect(try await harness.call("server.info", uid: 9999).get()["principal"]?["known"]?.bool == false)
        for method in Method.allCases
        where !["server.info", "server.status"].contains(method) && method.parameters.allSatisfy({ $0.isOptional }) {
            #expect(try await harness.call(method, uid: 9999).kind == "permission.denied", "\(method)")
        }
        #expect(try await harness.on(file, "case.accept").kind == "permission.denied", "a service is no officer")
        #expect(try await harness.on(file, "case.accept", as: "nobody").kind == "person.not_found")
        #expect(try await harness.call("case.accept", .of(["case": "C-1"]), uid: Harness.admin).kind == "permission.denied")
        #expect(try await harness.call("case.accept", .of(["case": "C-1"]), uid: Harness.admin, acting: "otto").kind == "permission.denied")
        #expect(try await harness.call("catalog.apply", SmallOffice.parameter()).kind == "permission.denied", "a service is no admin")
        #expect(
            try await harness.call("case.escalate", .of(["case": "C-1", "reason": "slow"]), uid: Harness.admin).get()["escalation"]?.integer
                == 1)
    }

    @Test("A receipt finds its case, however it is typed, and no other text does")
    func receipts() async throws {
        let harness = try await Harness()
        for _ in 0..<20 { _ = try await harness.submit() }
        for number in 1...20 {
            let file = try await harness.call("case.get", .of(["case": .string("C-\(number)")])).get()
            let receipt = file["receipt"]!.string!
            for typed in [receipt, receipt.lowercased(), receipt.replacing("-", with: "")] {
                let status = try await harness.call("case.get", .of(["receipt": .string(typed)])).get()
                #expect(status["receipt"]?.string == receipt)
                #expect(status["applicant"] == nil, "the public status names no person")
            }
        }
        for wrong in ["", "0000-0000-0000", "ZZZZ-ZZZZ-ZZZZ", "7QK2-M9XD", "7QK2-M9XD-4RTA-7QK2", "张", "UUUU-UUUU-UUUU"] {
            #expect(try await harness.call("case.get", .of(["receipt": .string(wrong)])).kind == "case.not_found", "\(wrong)")
        }
    }

    @Test("A store keeps to the kind of clock with which it was made")
    func clocks() async throws {
        let manual = MemoryStore()
        _ = try await Harness(manual)
        let log = Logger(label: "test")
        #expect { try Engine(store: manual, time: SystemTime(), log: log) } throws: { "\($0)".contains("manual clock") }
        let system = MemoryStore()
        _ = try Engine(store: system, time: SystemTime(), log: log)
        #expect { try Engine(store: system, time: ManualTime(Instant(seconds: 0)), log: log) } throws: {
            "\($0)".contains("without --manual-clock")
        }
        let again = ManualTime(Instant("2020-01-01T00:00:00Z")!)
        let harness = try await Harness(manual)
        try await harness.advance(to: "2026-04-01T00:00:00Z")
        _ = try Engine(store: manual, time: again, log: log)
        #expect(again.now == Instant("2026-04-01T00:00:00Z"), "its present does not go back")
        #expect(try await harness.call("clock.advance", .of(["to": "2026-03-01T00:00:00Z"]), uid: Harness.admin).kind == "params.invalid")
    }

    @Test("A stored catalogue that cannot be read is something a person must mend")
    func unreadableCatalog() throws {
        let store = MemoryStore()
        var batch = Batch()
        batch.catalog = StoredCatalog(version: 1, at: Instant(seconds: 0), by: "root", zones: "", files: ["a.toml": "[matter"])
        try store.commit(batch)
        #expect { try Engine(store: store, time: SystemTime(), log: Logger(label: "test")) } throws: {
            $0 is UnfitStore && "\($0)".contains("the stored catalogue cannot be read")
        }
    }

    @Test("After the stop has begun, commands are refused as transient")
    func draining() async throws {
        let harness = try await Harness()
        await harness.engine.stop()
        #expect(try await harness.call("case.submit", SmallOffice.submission()).kind == "server.draining")
    }

    @Test("A store that fails to say whether it committed ends the process, and never answers")
    func unknownOutcome() async {
        await #expect(processExitsWith: .exitCode(1)) {
            let store = FaultyStore(MemoryStore())
            let harness = try await Harness(store)
            store.fail(.unknown("fsync"))
            _ = try await harness.submit()
        }
    }
}

@Suite("Orders and recusal over the wire")
struct SupervisionTests {
    @Test("An order is opened, listed, answered and closed under its own name")
    func orders() async throws {
        let harness = try await Harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        #expect(
            try await harness.on(file, "order.open", ["reason": "slow", "due": "2 working-days"], as: "otto").kind == "permission.denied")
        let opened = try await harness.on(file, "order.open", ["reason": "slow", "due": "2 working-days"], as: "cora").get()
        #expect(opened["orders"]?.array?.first?["order"]?.string == "O-1-1")
        let listed = try await harness.call("order.list", acting: "cora").get()["orders"]!.array!
        #expect(listed.count == 1 && listed[0]["due"]?.string == "2026-02-10T16:00:00Z" && listed[0]["state"]?.string == "open")
        let answer: JSONValue = .of(["order": "O-1-1", "answer": "tomorrow"])
        #expect(try await harness.call("order.answer", answer, acting: "lena").kind == "order.for_another")
        _ = try await harness.call("order.answer", answer, acting: "otto").get()
        #expect(try await harness.call("order.answer", .of(["order": "O-1-2", "answer": "x"]), acting: "otto").kind == "order.none_open")
        #expect(try await harness.call("order.answer", .of(["order": "O-9", "answer": "x"]), acting: "otto").kind == "params.invalid")
        _ = try await harness.call("order.close", .of(["order": "O-1-1", "finding": "fine"]), acting: "cora").get()
        #expect(try await harness.call("order.list", acting: "cora").get()["orders"]?.array?.isEmpty == true)
        let all = try await harness.on(file, "order.list", as: "cora").get()["orders"]!.array!
        #expect(all.map { $0["state"]!.string! } == ["closed"] && all[0]["finding"]?.string == "fine")
    }

    @Test("A recusal and a substitute's step show both names in the journal")
    func substitutes() async throws {
        var files = SmallOffice.files(user: Harness.hall)
        files["office.toml"] = files["office.toml"]!.replacing("name = \"Leader\"", with: "name = \"Leader\"\nsubstitute = \"bureau-head\"")
        let harness = try await Harness(withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "x"], as: "otto").get()
        let recused = try await harness.on(file, "case.recuse", ["reason": "kin"], as: "lena").get()
        #expect(recused["recused"] == .array(["lena"]))
        #expect(try await harness.on(file, "case.grant", as: "lena").kind == "permission.recused")
        _ = try await harness.on(file, "case.grant", as: "bela").get()
        let event = try await harness.history(file).last
        #expect(event?["by"]?.string == "bela" && event?["instead_of"]?.string == "lena" && event?["event"]?.string == "granted")
    }
}
