import CaseCore
import CaseStore
import CaseTesting
import CaseWire
import Foundation
import Logging
import Testing
import WorkingTime

@testable import CaseEngine

/// Stores that are not what they were: what is damaged is refused or said, and ends nothing.
@Suite("Damage")
struct DamageTests {
    @Test(
        "A setting that cannot be read is not taken for none: the engine does not open",
        arguments: ["clock-hold", "pending-catalog", "reprojection", "manual-now", "last-case-number", "floors"])
    func settings(name: String) async throws {
        let store = MemoryStore()
        let harness = try await Harness(store)
        await harness.engine.stop()
        var batch = Batch()
        batch.settings = [name: "{torn"]
        try store.commit(batch)
        #expect { try Engine(store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: Logger(label: "test")) } throws: {
            error in
            error is UnfitStore && "\(error)".contains("restore the store from a backup")
        }
    }

    @Test("Upkeep that fails is said once, and so is its end; commands go on")
    func upkeep() async throws {
        let store = FaultyStore(MemoryStore())
        let heard = LogCollector()
        let harness = try await Harness(store, heard: heard)
        for round in 1...2 {
            store.failUpkeep("no room")
            for _ in 0..<5 { _ = try await harness.submit() }
            let trouble = try await harness.call("server.status").get()["store_fault"]
            #expect(trouble?["what"] == "no room" && trouble?["refuses_commands"] == false)
            store.failUpkeep(nil)
            for _ in 0..<5 { _ = try await harness.submit() }
            #expect(try await harness.call("server.status").get()["store_fault"]?.isNull == true)
            #expect(
                heard.lines.count { $0.contains("upkeep fails") } == round
                    && heard.lines.count { $0.contains("upkeep succeeds again") } == round)
        }
    }

    @Test("A full disk is said once, and so is its end, however many commands are refused meanwhile")
    func fullDisk() async throws {
        let store = FaultyStore(MemoryStore())
        let heard = LogCollector()
        let harness = try await Harness(store, heard: heard)
        for round in 1...2 {
            store.fail(.full)
            for _ in 0..<20 {
                #expect(try await harness.call("case.submit", SmallOffice.submission()).kind == "store.full")
                // What is refused for another reason writes nothing, and shows nothing about the disk.
                #expect(try await harness.call("case.note", .of(["case": "C-9999", "text": "x"])).kind == "case.not_found")
            }
            #expect(try await harness.call("server.status").get()["store_fault"]?["refuses_commands"] == true)
            store.fail(nil)
            for _ in 0..<3 { _ = try await harness.submit() }
            #expect(try await harness.call("server.status").get()["store_fault"]?.isNull == true)
            #expect(
                heard.lines.count { $0.contains("no space is left") } == round
                    && heard.lines.count { $0.contains("space for the store again") } == round)
        }
    }

    @Test("A commit that meets a damaged part of the store is undone: whoever asked hears so, and others' commands go on")
    func damagedPage() async throws {
        let store = FaultyStore(MemoryStore())
        let heard = LogCollector()
        let harness = try await Harness(store, heard: heard)
        for _ in 1...3 {
            store.fail(.damaged(DamagedRecord(.server, "page 17 of the store is not what was written")))
            #expect(try await harness.call("case.submit", SmallOffice.submission()).kind == "evidence.damaged")
            #expect(try harness.engine.checkUp().isEmpty, "to end the process would mend nothing")
            store.fail(nil)
            _ = try await harness.submit()
        }
        #expect(heard.lines.count { $0.contains("the store is not what was recorded") } == 1)
        #expect(try await harness.call("case.count").get()["count"] == 3)
    }

    @Test("Whoever meets a damaged part of the store hears that it is damaged, and not that the server is at fault")
    func damagedReads() async throws {
        let store = FaultyStore(MemoryStore())
        let harness = try await Harness(store)
        let file = try await harness.submit()
        var changed = SmallOffice.files(user: Harness.hall)
        changed["office.toml"]!.replace("Permit office", with: "Office of permits")
        let admin: [(Method, JSONValue)] = [
            ("catalog.apply", SmallOffice.parameter(changed)), ("catalog.plan", SmallOffice.parameter(changed)),
            ("catalog.versions", .object([])), ("evidence.entries", .object([])),
            ("case.list", .object([])), ("sla.report", .object([])), ("server.history", .object([])),
        ]
        store.failReads(DamagedRecord(.server, "page 17 of the store is not what was written"))
        for (method, params) in admin {
            let said = try await harness.call(method, params, uid: Harness.admin)
            #expect(said.kind == "evidence.damaged", "\(method.rawValue): \(said)")
        }
        for method: Method in ["case.get", "case.history", "case.explain", "case.accept", "case.note"] {
            let said = try await harness.on(file, method, method == "case.note" ? ["text": "x"] : [:], as: "otto")
            #expect(said.kind == "evidence.damaged", "\(method.rawValue): \(said)")
        }
        store.failReads(nil)
        _ = try await harness.on(file, "case.accept", as: "otto").get()
    }

    /// Journals that no engine wrote.
    private static let journals: [(String, [(revision: Int, change: any Change)])] = [
        ("a gap", [(5, Noted("later"))]),
        ("a second submission", [(2, Submitted(submission, materials: [], receipt: "R", assignment: assignment, catalogVersion: 1))]),
        ("an answer to no order", [(2, OrderAnswered(7, answer: "x"))]), ("an end of no order", [(2, OrderClosed(1, finding: "x"))]),
    ]
    private static let submission = Submission(
        matter: "permit", title: "t", applicant: Applicant(id: "a", name: "n"), fields: [:], channel: "online")
    private static let assignment = Assignment(office: "permits", leader: "leader", commissioner: "commissioner")

    @Test("A journal with a row that does not fit ends no reading of it and no watch", arguments: journals.indices)
    func journal(place: Int) async throws {
        let store = MemoryStore()
        let harness = try await Harness(store)
        let file = try await harness.submit()
        var batch = Batch()
        batch.journal = Self.journals[place].1.map { revision, change in
            let event = Event(file: CaseID(1), revision: revision, at: harness.time.now, by: "otto", via: nil, change: change, clocks: [])
            return JournalRow(id: CaseID(1), revision: revision, at: harness.time.now, event: event.canonicalBytes)
        }
        try store.commit(batch)
        for method in [("case.history" as Method), "case.explain", "case.get"] { _ = try await harness.on(file, method) }
        // A watch of some cases folds each, to see whether it is one of them.
        let parameters = try Parameters(.of(["from": "start", "filter": .of(["state": "granted"])]), of: "case.watch")
        let opening = await withCheckedContinuation { continuation in
            harness.reader.openWatch(parameters, peer: Peer(uid: Harness.hall), name: "w-1", heartbeat: 60_000) {
                continuation.resume(returning: $0)
            }
        }
        var watch = try opening.get().watch
        #expect(throws: IncompleteStore.self) { try harness.reader.feed.advance(&watch) }
        #expect { try Restoration(store) } throws: { "\($0)".contains("C-1") }
        _ = try await harness.submit("Another")
        #expect(try await harness.call("server.info").get()["open"] == 2)
    }

    /// Cases in several states: one that was submitted, one in review with an order, and one that is suspended under changed rules.
    private func cases(_ harness: Harness) async throws -> [CaseID] {
        _ = try await harness.submit()
        let reviewed = try await harness.on(try await harness.submit("Reviewed"), "case.accept", as: "otto").get()
        _ = try await harness.on(
            reviewed, "order.open", ["reason": "slow", "due": "3 working-days", "to": "office-head"], as: "cora"
        ).get()
        let paused = try await harness.on(try await harness.submit("Paused"), "case.accept", as: "otto").get()
        try await harness.advance(to: "2026-02-27T01:00:00Z")
        _ = try await harness.on(
            paused, "case.suspend", ["kind": "hearing", "basis": "Art. 46", "expected": "20 working-days"], as: "otto"
        ).get()
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(ChangedRulesTests.holiday), uid: Harness.admin).get()
        while try await harness.call("server.info").get()["reprojection"]?.isNull == false {
            _ = try await harness.call("case.note", .of(["case": "C-9999", "text": "x"]))
        }
        return [1, 2, 3].map { CaseID($0) }
    }

    @Test("Bits flipped in a stored case or event, and numbers put into it, end nothing: not its reading, not the passing of time")
    func flippedBits() async throws {
        let harness = try await Harness()
        let catalogs = harness.engine.context.catalogs
        let end = Instant("2026-12-01T00:00:00Z")!
        var (readCount, refusedCount) = (0, 0)
        for id in try await cases(harness) {
            let stored = try #require(try harness.store.read { try $0.file(id) })
            // All digits, brackets and signs, where numbers and lists are; every third byte of the rest.
            for (place, byte) in stored.enumerated() where byte < 0x40 || byte > 0x5A && byte < 0x61 || place.isMultiple(of: 3) {
                var changes = (0..<7).map { bit in
                    var damaged = stored
                    damaged[place] ^= 1 << UInt8(bit)
                    return damaged
                }
                // Numbers that are negative, nothing, or too large to be added to.
                if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                    for text in ["-", "9223372036854775", "0"] {
                        changes.append(stored[..<place] + Array(text.utf8) + stored[place...])
                        changes.append(stored[..<place] + Array(text.utf8) + stored[(place + 1)...])
                    }
                }
                for damaged in changes {
                    guard let file = try? CaseFile.stored(damaged).file, let terms = try? catalogs.terms(of: file) else {
                        refusedCount += 1
                        continue
                    }
                    readCount += 1
                    var present = file
                    // A damaged case may have more to do than any other: only so far.
                    for _ in 0..<20 {
                        guard let deadline = present.nextDeadline(under: terms), deadline.at <= end,
                            let step = try? present.respond(to: deadline.command, by: .clock, under: terms, at: end)
                        else { break }
                        present.apply(step.event)
                    }
                    _ = CaseRow(present, under: terms)
                    var writer = JSONWriter(reserving: 1024)
                    writer.value(ShownCase(present, under: terms, at: end))
                }
            }
            for row in try harness.store.read({ try $0.journal(of: id) }) {
                for place in row.event.indices where row.event[place] < 0x40 {
                    var damaged = row.event
                    damaged[place] ^= 1 << UInt8.random(in: 0..<7)
                    if let event = try? Event(canonicalBytes: damaged) { _ = event.canonicalBytes }
                }
            }
        }
        #expect(readCount > 1000 && refusedCount > 1000, "\(readCount) read, \(refusedCount) refused")
    }

    @Test("A case that is damaged holds up no other, not even by a moment, and is tried again in a minute; so do many")
    func damagedCases() async throws {
        let store = MemoryStore()
        let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
        let harness = try await Harness(store, time: time)
        _ = try await harness.submit("Healthy")
        let due = try #require(harness.engine.view.nextDeadline)
        var batch = Batch()
        for number in 0..<(2 * EngineMachine.sweepLimit) {
            batch.cases.append(Self.damagedRow(100 + number, dueAt: time.now))
        }
        try store.commit(batch)
        func look() async throws { _ = try await harness.call("case.note", .of(["case": "C-9999", "text": "x"])) }
        // They are found, some in each turn, a moment before the healthy one is due.
        time.pass(to: due.advanced(byMilliseconds: -500))
        for _ in 0..<8 {
            try await look()
            time.pass(milliseconds: 10)
        }
        #expect(try await harness.history(.of(["case": "C-1"])).count == 1)
        time.pass(to: due.advanced(byMilliseconds: 1001))
        for _ in 0..<2 { try await look() }
        #expect(try await harness.history(.of(["case": "C-1"])).count > 1)
        #expect(harness.engine.view.lateness.maximum <= 1001)
    }

    /// A case of which nothing can be read, and whose deadline has come.
    private static func damagedRow(_ number: Int, dueAt instant: Instant) -> CaseRow {
        CaseRow(Int64(number), file: [7], submittedAt: instant, next: instant)
    }

    @Test("What was put off by a clock that is set back is looked at again by the clock as it is then")
    func setBack() async throws {
        let store = MemoryStore()
        let time = SettableTime(Instant("2026-02-06T01:00:00Z")!)
        let harness = try await Harness(store, time: time)
        _ = try await harness.submit("Healthy")
        let due = try #require(harness.engine.view.nextDeadline)
        func look() async throws { _ = try await harness.call("case.note", .of(["case": "C-9999", "text": "x"])) }
        // The clock is ahead by 50 minutes, and a damaged case is put off by it, a moment before the healthy one is due.
        time.pass(to: due.advanced(byMilliseconds: -100))
        var batch = Batch()
        batch.cases = [Self.damagedRow(100, dueAt: time.now)]
        try store.commit(batch)
        for _ in 0..<3 { try await look() }
        time.set(byMilliseconds: -3_000_000)
        try await look()
        time.pass(milliseconds: 2_999_000)
        try await look()
        #expect(try await harness.history(.of(["case": "C-1"])).count == 1)
        time.pass(milliseconds: 1150)
        try await look()
        #expect(try await harness.history(.of(["case": "C-1"])).count > 1, "a healthy case waits for a time that the clock had before")
    }
}
