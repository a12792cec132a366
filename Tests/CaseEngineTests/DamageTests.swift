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
            store.failUpkeep(nil)
            for _ in 0..<5 { _ = try await harness.submit() }
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
                #expect(try await harness.call(.submit, SmallOffice.submission()).kind == "store.full")
                // What is refused for another reason writes nothing, and shows nothing about the disk.
                #expect(try await harness.call(.note, .of(["case": "C-9999", "text": "x"])).kind == "case.not_found")
            }
            store.fail(nil)
            for _ in 0..<3 { _ = try await harness.submit() }
            #expect(
                heard.lines.count { $0.contains("no space is left") } == round
                    && heard.lines.count { $0.contains("space for the store again") } == round)
        }
    }

    /// Journals that no engine wrote.
    private static let journals: [(String, [(revision: Int, change: Change)])] = [
        ("a gap", [(5, .noted("later"))]),
        ("a second submission", [(2, .submitted(submission, receipt: "R", assignment, catalogVersion: 1))]),
        ("an answer to no order", [(2, .orderAnswered(7, answer: "x"))]), ("an end of no order", [(2, .orderClosed(1, finding: "x"))]),
    ]
    private static let submission = Submission(matter: "permit", title: "t", applicant: Applicant(id: "a", name: "n"))
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
        for method in [Method.history, .explain, .get] { _ = try await harness.on(file, method) }
        // A watch of some cases folds each, to see whether it is one of them.
        let parameters = try Parameters(.of(["from": "start", "filter": .of(["state": "granted"])]), of: .watch)
        let opening = await withCheckedContinuation { continuation in
            harness.reader.openWatch(parameters, peer: Peer(uid: Harness.hall), name: "w-1", heartbeat: 60_000) {
                continuation.resume(returning: $0)
            }
        }
        var watch = try opening.get().watch
        #expect(throws: IncompleteStore.self) { try harness.reader.advance(&watch) }
        #expect { try Restoration(store) } throws: { "\($0)".contains("C-1") }
        _ = try await harness.submit("Another")
        #expect(try await harness.call(.serverInfo).get()["open"] == 2)
    }
}
