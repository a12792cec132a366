import CaseCore
import CaseEngine
import CaseTesting
import CaseWire
import Dispatch
import Foundation
import Testing
import WorkingTime

/// What becomes of deadlines when somebody sets the machine's clock.
@Suite("Steps of the machine's clock")
struct MachineTimeTests {
    private static let hour: Int64 = 3_600_000

    private let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)

    /// An engine on this machine, with a case in review that is due on 12 March.
    private func started(_ store: MemoryStore = MemoryStore()) async throws -> (Harness, JSONValue) {
        let harness = try await Harness(store, time: time)
        let file = try await harness.submit()
        return (harness, try await harness.on(file, "case.accept", as: "otto").get())
    }

    /// Lets the engine look at the clock, as the kernel's news or the minute's look would.
    private func wake(_ harness: Harness) async throws {
        _ = try await harness.call("case.note", .of(["case": "C-99", "text": "x"]))
    }

    private func rungs(_ harness: Harness, _ file: JSONValue) async throws -> [JSONValue] {
        try await harness.history(file).filter { $0["event"]?.string == "rung-passed" && $0["data"]?["clock"]?.string == "decision" }
    }

    private func serverEvents(_ harness: Harness) async throws -> [String] {
        try await harness.call("server.history").get()["events"]!.array!.map { event in
            "\(event["event"]!.string!) \(event["data"]?["by_ms"]?.integer.map { $0 / 1000 }.map(String.init) ?? "") \(event["by"]!.string!)"
        }
    }

    @Test("R32: a jump far forward is recorded, and no deadline passes until an admin confirms the clock")
    func held() async throws {
        let (harness, file) = try await started()
        time.set(byMilliseconds: 60 * 24 * Self.hour)
        for _ in 0..<3 { try await wake(harness) }
        #expect(try await rungs(harness, file).isEmpty)
        let info = try await harness.call("server.info").get()
        #expect(info["clock_held"]?["by_ms"]?.integer == 60 * 24 * Self.hour)
        // Work goes on meanwhile, and passes nothing either.
        #expect(try await harness.on(file, "case.note", ["text": "x"], as: "otto").get()["light"]?.string == "red")
        #expect(try await rungs(harness, file).isEmpty)
        #expect(try await harness.call("clock.confirm").kind == "permission.denied")
        _ = try await harness.call("clock.confirm", uid: Harness.admin).get()
        try await wake(harness)
        let passed = try await rungs(harness, file)
        #expect(passed.count >= 4 && passed.allSatisfy { $0["data"]?["late"]?.bool == true })
        #expect(try await serverEvents(harness) == ["clock-stepped 5184000 clock", "clock-confirmed  uid:0"])
        #expect(try await harness.call("clock.confirm", uid: Harness.admin).kind == "clock.not_held")
    }

    @Test("R32: by a clock that nobody believes no key is forgotten: a command that is tried again is done once")
    func keysUnderHold() async throws {
        let harness = try await Harness(MemoryStore(), time: time)
        let first = try await harness.submit(key: "k-1")
        time.set(byMilliseconds: 40 * 24 * Self.hour)
        for _ in 0..<3 { try await wake(harness) }
        #expect(try await harness.submit(key: "k-1")["case"] == first["case"])
        // Once somebody says that it is right, they are as old as it says.
        _ = try await harness.call("clock.confirm", uid: Harness.admin).get()
        time.pass(milliseconds: 61_000)
        try await wake(harness)
        #expect(try await harness.submit(key: "k-1")["case"] != first["case"])
    }

    @Test("R32: a jump within the limit is recorded and holds nothing")
    func small() async throws {
        let (harness, file) = try await started()
        time.pass(to: Instant("2026-03-06T15:30:00Z")!)
        try await wake(harness)
        time.set(byMilliseconds: Self.hour)
        try await wake(harness)
        try await wake(harness)
        #expect(try await rungs(harness, file).count == 1)
        #expect(try await harness.call("server.info").get()["clock_held"]?.isNull == true)
        #expect(try await serverEvents(harness) == ["clock-stepped 3600 clock"])
    }

    @Test("R32: a clock that is set back to about where it was needs nobody's word")
    func setBack() async throws {
        let (harness, file) = try await started()
        time.set(byMilliseconds: 48 * Self.hour)
        try await wake(harness)
        time.pass(milliseconds: 5000)
        time.set(byMilliseconds: -48 * Self.hour)
        try await wake(harness)
        #expect(try await harness.call("server.info").get()["clock_held"]?.isNull == true)
        #expect(
            try await serverEvents(harness) == ["clock-stepped 172800 clock", "clock-stepped -172800 clock", "clock-confirmed  clock"])
        #expect(try await rungs(harness, file).isEmpty)
    }

    @Test("R32: the hold outlives a restart")
    func restart() async throws {
        let store = MemoryStore()
        let (harness, file) = try await started(store)
        time.set(byMilliseconds: 60 * 24 * Self.hour)
        try await wake(harness)
        await harness.engine.stop()
        let again = try await Harness(store, time: time, withCatalog: false)
        try await wake(again)
        try await wake(again)
        #expect(try await rungs(again, file).isEmpty)
        _ = try await again.call("clock.confirm", uid: Harness.admin).get()
        try await wake(again)
        #expect(try await !rungs(again, file).isEmpty)
    }

    @Test("R33: a jump backward un-fires nothing and re-fires nothing")
    func backward() async throws {
        let (harness, file) = try await started()
        time.pass(to: Instant("2026-03-09T17:00:00Z")!)
        try await wake(harness)
        try await wake(harness)
        let before = try await rungs(harness, file)
        #expect(before.count == 2)
        time.set(byMilliseconds: -10 * 24 * Self.hour)
        try await wake(harness)
        time.pass(milliseconds: 10 * 24 * Self.hour)
        try await wake(harness)
        try await wake(harness)
        #expect(try await rungs(harness, file) == before)
        #expect(try await serverEvents(harness) == ["clock-stepped -864000 clock"])
    }

    @Test("A clock that is only being corrected, or a machine that slept, makes no step")
    func drift() async throws {
        let (harness, _) = try await started()
        for _ in 0..<20 {
            time.pass(milliseconds: 60_000)
            time.set(byMilliseconds: 300)
            try await wake(harness)
        }
        time.pass(milliseconds: 12 * Self.hour)
        try await wake(harness)
        #expect(try await serverEvents(harness).isEmpty)
    }

    /// Sets the clock to what it shows: nobody notices but those who want to know.
    private static func setClockToItself() -> Bool {
        var present = timespec()
        clock_gettime(CLOCK_REALTIME, &present)
        return clock_settime(CLOCK_REALTIME, &present) == 0
    }

    @Test(
        "R32: the kernel tells at once when the machine's clock is set",
        .enabled(if: setClockToItself(), "this process may not set the clock"))
    func kernel() async {
        let (news, continuation) = AsyncStream.makeStream(of: Void.self)
        let source = ClockSetSource(queue: DispatchQueue(label: "clock")) { continuation.yield() }
        #expect(Self.setClockToItself())
        var iterator = news.makeAsyncIterator()
        await iterator.next()
        // And the next time as well.
        #expect(Self.setClockToItself())
        await iterator.next()
        source.stop()
    }
}
