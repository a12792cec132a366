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

    @Test("R32: a jump far forward is recorded, and reaches nothing until an admin confirms the clock")
    func held() async throws {
        let (harness, file) = try await started()
        time.set(byMilliseconds: 60 * 24 * Self.hour)
        for _ in 0..<3 { try await wake(harness) }
        #expect(try await rungs(harness, file).isEmpty)
        let info = try await harness.call("server.info").get()
        #expect(info["clock_held"]?["by_ms"]?.integer == 60 * 24 * Self.hour)
        // Work goes on meanwhile, by the daemon's own clock.
        #expect(info["now"] == "2026-02-06T01:00:00Z")
        #expect(try await harness.on(file, "case.note", ["text": "x"], as: "otto").get()["light"]?.string == "green")
        #expect(try await harness.history(file).allSatisfy { $0["at"] == "2026-02-06T01:00:00Z" })
        let second = try await harness.submit("Another")
        let due = { (file: JSONValue) in file["clocks"]?.array?.compactMap { $0["due"]?.string }.max() }
        #expect(due(second) ?? "" < "2026-04")
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
            try await serverEvents(harness) == ["clock-stepped 172800 clock", "clock-confirmed  clock"])
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
        time.set(byMilliseconds: -Self.hour / 2)
        try await wake(harness)
        time.pass(milliseconds: 24 * Self.hour)
        try await wake(harness)
        try await wake(harness)
        #expect(try await rungs(harness, file) == before)
        #expect(try await serverEvents(harness) == ["clock-stepped -1800 clock"])
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

    @Test(
        "R32: many steps that are each small enough are together too much, forward and backward, also over restarts",
        arguments: [1, -1] as [Int64])
    func manySteps(direction: Int64) async throws {
        let store = MemoryStore()
        var (harness, _) = try await started(store)
        for number in 0..<700 {
            time.set(byMilliseconds: direction * 59 * 60_000)
            try await wake(harness)
            if number % 100 == 99 {
                await harness.engine.stop()
                harness = try await Harness(store, time: time, withCatalog: false)
            }
        }
        let info = try await harness.call("server.info").get()
        #expect(info["now"]?.string == (direction > 0 ? "2026-02-06T01:59:00Z" : "2026-02-06T00:01:00Z"))
        #expect(info["clock_held"]?["by_ms"]?.integer == direction * 699 * 59 * 60_000)
        #expect(try await serverEvents(harness).count == 2, "one that was adopted, and one that was not")
        // A day later there is room for another one.
        time.set(byMilliseconds: -direction * 698 * 59 * 60_000)
        try await wake(harness)
        #expect(try await harness.call("server.info").get()["clock_held"]?.isNull == false)
        time.pass(milliseconds: 25 * Self.hour)
        try await wake(harness)
        #expect(try await harness.call("server.info").get()["clock_held"]?.isNull == true)
    }

    @Test("R32: stopped, set 40 days on and started again on the same boot, it goes on by its own clock, and so does silence")
    func setWhileStopped() async throws {
        let store = MemoryStore()
        let first = try await Harness(store, time: time)
        let silent = try await first.call("case.submit", SmallOffice.submission("Silent", matter: "notice")).get()
        await first.engine.stop()
        time.pass(milliseconds: 2 * Self.hour)
        time.set(byMilliseconds: 40 * 24 * Self.hour)
        let again = try await Harness(store, time: time, withCatalog: false)
        for _ in 0..<3 { try await wake(again) }
        #expect(try await again.on(silent, "case.get").get()["state"] == "submitted")
        let info = try await again.call("server.info").get()
        #expect(info["now"] == "2026-02-06T03:00:00Z" && info["clock_held"]?["by_ms"]?.integer == 40 * 24 * Self.hour)
        // Put right, nothing is left of it.
        time.set(byMilliseconds: -40 * 24 * Self.hour)
        try await wake(again)
        #expect(try await again.call("server.info").get()["clock_held"]?.isNull == true)
        #expect(try await again.on(silent, "case.get").get()["state"] == "submitted")
    }

    @Test(
        "R32a: on another boot a long gap is believed where the kernel vouches for it, a short one always, and time that ran back never",
        arguments: [
            (40 * 24, true, true), (40 * 24, false, false), (-48, true, false), (-48, false, false),
        ])
    func otherBoot(hours: Int, isSynchronised: Bool, isBelieved: Bool) async throws {
        for gap in [Int64(hours) * Self.hour, Self.hour / 2] {
            let store = MemoryStore()
            let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
            let first = try await Harness(store, time: time)
            let silent = try await first.call("case.submit", SmallOffice.submission("Silent", matter: "notice")).get()
            await first.engine.stop()
            time.reboot(after: gap, isSynchronised: isSynchronised)
            let again = try await Harness(store, time: time, withCatalog: false)
            for _ in 0..<8 { try await wake(again) }
            let isHeld = try await again.call("server.info").get()["clock_held"]?.isNull == false
            #expect(isHeld == (gap != Self.hour / 2 && !isBelieved), "\(gap)")
            #expect(
                try await again.on(silent, "case.get").get()["state"]?.string
                    == (gap > 100 * Self.hour && isBelieved ? "deemed-granted" : "submitted"))
            let now = try await again.call("server.info").get()["now"]!.string!
            #expect(now >= "2026-02-06T01:00:00Z", "the journal never runs backward")
        }
    }

    @Test("Somebody's word on the clock is durable before it is acknowledged, and a clock that is always believed is believed")
    func words() async throws {
        let store = MemoryStore()
        let (harness, _) = try await started(store)
        time.set(byMilliseconds: 48 * Self.hour)
        try await wake(harness)
        _ = try await harness.call("clock.confirm", uid: Harness.admin).get()
        await harness.engine.stop()
        let again = try await Harness(store, time: time, withCatalog: false)
        try await wake(again)
        let info = try await again.call("server.info").get()
        #expect(info["now"] == "2026-02-08T01:00:00Z" && info["clock_held"]?.isNull == true && info["trusts_clock"] == false)
        await again.engine.stop()
        let trusting = try await Harness(store, time: time, withCatalog: false, trustsMachineClock: true)
        time.set(byMilliseconds: 480 * Self.hour)
        try await wake(trusting)
        let trusted = try await trusting.call("server.info").get()
        #expect(trusted["now"] == "2026-02-28T01:00:00Z" && trusted["clock_held"]?.isNull == true && trusted["trusts_clock"] == true)
    }
}
