import CaseCore
import CaseStore
import CaseTesting
import CaseWire
import Logging
import Synchronization
import Testing
import WorkingTime

@testable import CaseEngine

/// Several engines on one store: what each knows is no older than what the others have committed.
@Suite("Engines that share a store")
struct SharedStoreTests {
    /// Two engines, of which the second was opened before the first had a catalogue.
    private func pair() async throws -> (first: Harness, second: Harness) {
        let store = MemoryStore(isShared: true)
        let second = try await Harness(store, withCatalog: false)
        return (try await Harness(store), second)
    }

    @Test("A case goes from one to the other with each step, and each knows what the other did")
    func handedOn() async throws {
        let (first, second) = try await pair()
        let file = try await first.submit()
        _ = try await second.on(file, "case.accept", as: "otto").get()
        _ = try await first.on(file, "case.recommend", ["recommendation": "grant", "opinion": "in order"], as: "otto").get()
        _ = try await second.on(file, "case.grant", ["if_revision": 3], as: "lena").get()
        let refused = try await first.on(file, "case.grant", ["if_revision": 3], as: "lena")
        #expect(refused.kind == "revision.conflict")
        #expect(try await first.history(file) == second.history(file))
        #expect(try await first.history(file).count == 4)
        let next = try await second.submit("Another")
        #expect(next["case"] == .string("C-2"))
    }

    @Test("A key stands for the same through each, and a revision is given out once")
    func keys() async throws {
        let (first, second) = try await pair()
        let file = try await first.submit(key: "k-1")
        #expect(try await second.submit(key: "k-1") == file)
        _ = try await second.on(file, "case.note", ["text": "one", "if_revision": 1], as: "otto").get()
        #expect(try await first.on(file, "case.note", ["text": "two", "if_revision": 1], as: "otto").kind == "revision.conflict")
    }

    @Test(
        "A catalogue counts at once, whoever applied it, for commands and for reads; two that apply one after the other number theirs in turn"
    )
    func catalogues() async throws {
        let (first, second) = try await pair()
        let file = try await second.submit()
        var files = SmallOffice.files(user: Harness.hall)
        files = files.mapValues { $0.replacing("otto", with: "olga") }
        let applied = try await first.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        #expect(applied["version"] == 2)
        #expect(try await second.on(file, "case.accept", as: "otto").kind == "person.not_found")
        #expect(try await second.call("case.list", acting: "otto").kind == "person.not_found")
        _ = try await second.on(file, "case.accept", as: "olga").get()
        let back = try await second.call("catalog.apply", SmallOffice.parameter(SmallOffice.files(user: Harness.hall)), uid: Harness.admin)
            .get()
        #expect(back["version"] == 3)
        #expect(try await first.on(file, "case.note", ["text": "once more"], as: "olga").kind == "person.not_found")
    }

    @Test("Whoever follows through one hears of what is committed through the other, without anybody asking there")
    func heard() async throws {
        let (first, second) = try await pair()
        let (stream, heard) = AsyncStream.makeStream(of: Void.self)
        second.engine.whenJournalGrows { heard.yield() }
        let file = try await first.submit()
        let last = first.engine.view.lastSeq
        for await _ in stream where second.engine.view.lastSeq >= last { break }
        #expect(try await second.answered(file) == file)
    }

    @Test("Deadlines pass once, whichever of them lets time pass")
    func deadlines() async throws {
        let (first, second) = try await pair()
        let file = try await first.submit()
        try await second.advance(to: "2026-04-06T01:00:00Z")
        try await first.advance(to: "2026-04-07T01:00:00Z")
        let events = try await first.history(file)
        let rungs = events.filter { $0["by"] == "clock" }.map { "\($0["event"]!) \($0["data"]!)" }
        #expect(!rungs.isEmpty && rungs.count == Set(rungs).count)
        #expect(try await second.history(file) == events)
        #expect(second.time.now == Instant("2026-04-07T01:00:00Z")!)
    }

    @Test("A state that was lost on the way is not taken in, and the next one is")
    func lostState() async throws {
        let store = MemoryStore(isShared: true)
        var log = Logger(label: "test")
        log.logLevel = .critical
        let machine = try EngineMachine(store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: log)
        let first = try await Harness(store)
        let file = try await first.submit()
        machine.catchUp()
        #expect(machine.state.lastSeq == first.engine.view.lastSeq)
        _ = try await first.on(file, "case.accept", as: "otto").get()
        let before = machine.state.lastSeq
        store.loseNextState()
        machine.catchUp()
        #expect(machine.state.lastSeq == before && before < first.engine.view.lastSeq)
        #expect(machine.context.outage.trouble != nil, "it is missed")
        machine.catchUp()
        #expect(machine.state.lastSeq == first.engine.view.lastSeq)
    }

    @Test("P11: What somebody brings in through one counts for all, to the byte, however often they take turns")
    func intake() async throws {
        let store = MemoryStore(isShared: true)
        var limits = IntakeLimits()
        limits.bytesPerDay = 4 << 20
        let nodes = [
            try await Harness(store, intakeLimits: limits), try await Harness(store, withCatalog: false, intakeLimits: limits),
        ]
        let file = try await nodes[0].submit()
        let text = String(repeating: "word ", count: 4_000)
        var (noted, refusal): (Int, WireError?) = (0, nil)
        while refusal == nil, noted < 400 {
            switch try await nodes[noted % 2].on(file, "case.note", ["text": .string(text)]) {
            case .success: noted += 1
            case .failure(let error): refusal = error
            }
        }
        #expect(refusal?.kind == "intake.exceeded")
        // An event is a little longer than its text.
        #expect(noted * text.utf8.count < 4 << 20 && (noted + 1) * (text.utf8.count + 1_000) > 4 << 20, "\(noted) notes")
        for node in nodes {
            #expect(try await node.on(file, "case.note", ["text": .string(text)]).kind == "intake.exceeded")
        }
    }

    // MARK: The clock of the store

    private static let start = Instant("2026-02-06T01:00:00Z")!
    private static let jump: Int64 = 60 * 86_400_000

    /// The machines of two nodes: they count from when they were started last, and need not agree on the day.
    private func machines() -> (SettableTime, SettableTime) {
        let (first, second) = (SettableTime(Self.start), SettableTime(Instant("1999-01-01T00:00:00Z")!))
        second.reboot(after: 0)
        second.pass(milliseconds: first.elapsed! - second.elapsed!)
        return (first, second)
    }

    private func clock(_ harness: Harness) async throws -> (now: Instant?, heldBy: Int64?) {
        // Whatever it is asked to do, it looks at the clock.
        _ = try await harness.call("case.note", .of(["case": "C-99", "text": "x"]))
        let info = try await harness.call("server.info").get()
        return (info["now"]?.string.flatMap { Instant($0) }, info["clock_held"]?["by_ms"]?.integer)
    }

    @Test("R32: A jump of the store's clock is believed by no node, nor by one that starts then, until somebody says so to any of them")
    func heldByAll() async throws {
        let store = MemoryStore(isShared: true)
        let (own, others) = machines()
        store.setClock(aheadBy: Self.start.milliseconds - own.elapsed!)
        let first = try await Harness(store, time: own)
        store.setClock(aheadBy: Self.start.milliseconds + Self.jump - own.elapsed!)
        #expect(try await clock(first) == (Self.start, Self.jump))
        let second = try await Harness(store, time: others, withCatalog: false)
        #expect(try await clock(second) == (Self.start, Self.jump))
        _ = try await second.call("clock.confirm", uid: Harness.admin).get()
        for node in [first, second] {
            #expect(try await clock(node) == (Self.start.advanced(byMilliseconds: Self.jump), nil))
        }
    }

    @Test(
        "R32: A jump while no node runs is believed by one on another machine where it was forward, and by none that its own clock tells otherwise",
        arguments: [(true, jump), (true, -jump), (false, jump), (false, -jump)])
    func jumpWhileStopped(isElsewhere: Bool, jump: Int64) async throws {
        let store = MemoryStore(isShared: true)
        let (own, others) = machines()
        store.setClock(aheadBy: Self.start.milliseconds - own.elapsed!)
        let first = try await Harness(store, time: own)
        #expect(try await clock(first).now == Self.start)
        await first.engine.stop()
        store.setClock(aheadBy: Self.start.milliseconds + jump - own.elapsed!)
        let next = try await Harness(store, time: isElsewhere ? others : own, withCatalog: false)
        let isBelieved = isElsewhere && jump > 0
        #expect(try await clock(next) == (isBelieved ? Self.start.advanced(byMilliseconds: jump) : Self.start, isBelieved ? nil : jump))
    }

    @Test("Many at once through all of them: each is answered once, nothing is lost and nothing is there twice")
    func manyAtOnce() async throws {
        let store = MemoryStore(isShared: true)
        let first = try await Harness(store)
        var nodes = [first]
        for _ in 0..<3 { nodes.append(try await Harness(store, withCatalog: false)) }
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<120 {
                let node = nodes[number % nodes.count]
                group.addTask {
                    let file = try await node.submit("Title \(number / 2)", key: "k-\(number / 2)")
                    return file["case"]!.string!
                }
            }
            return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(Set(ids.keys) == Set((1...60).map { "C-\($0)" }) && ids.values.allSatisfy { $0 == 2 })
    }
}
