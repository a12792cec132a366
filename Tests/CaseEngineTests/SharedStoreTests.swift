import CaseCore
import CaseEngine
import CaseStore
import CaseTesting
import CaseWire
import Synchronization
import Testing
import WorkingTime

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

    @Test("P11: What may come in on a day counts for all together, and turns use up none of it")
    func intake() async throws {
        let store = MemoryStore(isShared: true)
        var limits = IntakeLimits()
        limits.bytesPerDay = 20 << 20
        limits.caseBytesPerDay = 1 << 40
        let nodes = [
            try await Harness(store, intakeLimits: limits), try await Harness(store, withCatalog: false, intakeLimits: limits),
        ]
        let file = try await nodes[0].submit()
        let text = String(repeating: "word ", count: 10_000)
        var noted = 0
        while case .success = try await nodes[noted % 2].on(file, "case.note", ["text": .string(text)]) { noted += 1 }
        // Each has written ahead.
        #expect(noted * text.utf8.count > 18 << 20 && noted * text.utf8.count < 20 << 20)
        for node in nodes {
            #expect(try await node.on(file, "case.note", ["text": .string(text)]).kind == "intake.exceeded")
        }
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
