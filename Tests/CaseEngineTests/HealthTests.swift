import CaseCore
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Foundation
import Logging
import Testing
import WorkingTime

@testable import CaseEngine

/// What the watchdog asks, and copies of the store.
@Suite("Health, backup and restore")
struct HealthTests {
    @Test("A check-up finds nothing on a healthy engine, and does not pass a store that takes no transaction")
    func healthy() async throws {
        let store = FaultyStore(MemoryStore())
        let harness = try await Harness(store)
        _ = try await harness.submit()
        for _ in 0..<25 { #expect(try harness.engine.checkUp().isEmpty) }
        store.fail(.full)
        #expect(throws: StoreFault.self) { try harness.engine.checkUp() }
    }

    @Test("A check-up finds a store that is not what the engine thinks it is")
    func broken() async throws {
        let store = MemoryStore()
        let harness = try await Harness(store)
        _ = try await harness.submit()
        var batch = Batch()
        batch.journal = [JournalRow(id: CaseID(9), revision: 1, at: harness.time.now, event: [])]
        try store.commit(batch)
        #expect(try harness.engine.checkUp().contains { $0.hasPrefix("the last place in the journal is") })
    }

    @Test("A restored store has its cases, another epoch, and passes no rung again that its journal says has passed")
    func restored() async throws {
        let (first, second) = (TemporaryDirectory(), TemporaryDirectory())
        let harness = try await Harness(try Harness.store(first))
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.request_correction", ["missing": ["form"]], as: "otto").get()
        _ = try await harness.on(file, "case.correct", ["materials": ["form"]]).get()
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        func rungs(_ harness: Harness) async throws -> [String] {
            try await harness.history(file).filter { $0["event"] == "rung-passed" }.compactMap { $0["data"] }.map {
                "\($0["clock"]?.string ?? "") \($0["rung"]?.integer ?? -1)"
            }
        }
        while try await rungs(harness).isEmpty {
            let next = try #require(try await harness.call("server.info").get()["next_deadline"]?.string)
            try await harness.advance(to: next)
        }
        let passed = try await rungs(harness)
        let cursor = try await harness.call("case.watch").get()["cursor"]!.string!
        let backup = try harness.store.backup()
        let kept = "\(first.path)/kept.sqlite"
        try FileManager.default.moveItem(atPath: backup.path, toPath: kept)
        await harness.engine.stop()

        let directory = try StateDirectory(second.path)
        let restoration = try BackupFile.restore(kept, to: directory) { try Restoration($0) }
        let store = try SQLiteStore(directory)
        #expect(restoration.caseCount == 1 && restoration.lastSeq == backup.lastSeq)
        let again = try await Harness(store, withCatalog: false)
        #expect(try await rungs(again) == passed)
        try await again.advance(to: again.time.now.advanced(byMilliseconds: 400 * 86_400_000).description)
        let all = try await rungs(again)
        #expect(all.count > passed.count && Array(all.prefix(passed.count)) == passed, "\(all)")
        #expect(Set(all).count == all.count, "\(all)")
        #expect(try await again.call("case.watch", .of(["from": .string(cursor)])).kind == "cursor.expired")
        #expect(
            try await again.call("server.history", uid: Harness.admin).get()["events"]?.array?.contains { $0["event"] == "restored" }
                == true)
        #expect(throws: StateDirectory.Unusable.self, "a store is never overwritten") {
            try BackupFile.restore(kept, to: directory) { _ in Issue.record("it was opened") }
        }
        await again.engine.stop()
    }

    @Test(
        "A restored store gives out no number, order, receipt or place again: not those of the store that was lost, nor those of another one made from the same copy"
    )
    func numbers() async throws {
        let folders = (0..<4).map { _ in TemporaryDirectory() }
        let harness = try await Harness(try Harness.store(folders[0]))
        for _ in 0..<3 { _ = try await harness.submit() }
        let kept = "\(folders[0].path)/kept.sqlite"
        let backup = try harness.store.backup()
        try FileManager.default.moveItem(atPath: backup.path, toPath: kept)
        let notice = try harness.store.read { try $0.lastNoticeSeq() }
        var given: [(String, String)] = []
        var orders: [String] = []
        var places: [Int64] = []
        /// What was given out beyond the copy.
        func gather(_ harness: Harness) async throws {
            for id in ["C-1", "C-2"] {
                let file = try await harness.call(
                    "order.open",
                    .of([
                        "case": .string(id), "to": "office-head", "reason": "why so slow?", "due": "3 working-days", "acting": "cora",
                    ])
                ).get()
                orders.append(try #require(file["orders"]?.array?.last?["order"]?.string))
                // It goes on like any other.
                let order: JSONValue = .of(["order": .string(orders.last!), "finding": "seen", "acting": "cora"])
                _ = try await harness.call("order.close", order).get()
            }
            try harness.store.read { snapshot in
                places += try snapshot.journal(after: backup.lastSeq, limit: 1000).map(\.seq)
                places += try snapshot.notices(recipient: nil, readScope: nil, after: notice, limit: 1000).map { -$0.seq }
            }
        }
        func submit(_ harness: Harness) async throws {
            let file = try await harness.submit()
            given.append((file["case"]!.string!, file["receipt"]!.string!))
        }
        // Lost with the store.
        for _ in 0..<5 { try await submit(harness) }
        try await gather(harness)
        await harness.engine.stop()
        for folder in folders.dropFirst() {
            let directory = try StateDirectory(folder.path)
            let restoration = try BackupFile.restore(kept, to: directory) { try Restoration($0) }
            // The first case comes after another start, and the number stays.
            let first = try await Harness(try SQLiteStore(directory), withCatalog: false)
            await first.engine.stop()
            try first.store.close()
            let again = try await Harness(try SQLiteStore(directory), withCatalog: false)
            try await submit(again)
            #expect(given.last?.0 == "C-\(restoration.lastCaseNumber + 1)")
            #expect(try again.engine.checkUp().isEmpty, "memory and store agree")
            for _ in 0..<4 { try await submit(again) }
            for (id, receipt) in given.prefix(5) {
                #expect(try await again.call("case.get", .of(["receipt": .string(receipt)])).kind == "case.not_found", "\(id) was lost")
            }
            #expect(try await again.call("case.get", .of(["receipt": .string(given.last!.1)])).get()["state"] == "submitted")
            try await gather(again)
            // A copy of a copy, before a case has come to it.
            let copy = try again.store.backup()
            let next = try BackupFile.restore(copy.path, to: try StateDirectory(folder.path + "/next")) { try Restoration($0) }
            #expect(next.lastCaseNumber > restoration.lastCaseNumber + 5)
            await again.engine.stop()
        }
        #expect(Set(orders).count == orders.count && orders.count == 8, "\(orders)")
        #expect(Set(places).count == places.count && places.count > 40, "\(places)")
        #expect(Set(given.map(\.0)).count == given.count && Set(given.map(\.1)).count == given.count, "\(given)")
    }

    @Test("What is no backup, or a damaged one, is refused and leaves the folder without a store", arguments: ["text", "cut", "other"])
    func unfit(kind: String) async throws {
        let (first, second) = (TemporaryDirectory(), TemporaryDirectory())
        let harness = try await Harness(try Harness.store(first))
        for _ in 0..<20 { _ = try await harness.submit() }
        let backup = try harness.store.backup()
        switch kind {
        case "text": try Data("no store".utf8).write(to: URL(fileURLWithPath: backup.path))
        case "cut": try FileHandle(forWritingTo: URL(fileURLWithPath: backup.path)).truncate(atOffset: 60_000)
        default: try Data().write(to: URL(fileURLWithPath: backup.path))
        }
        let directory = try StateDirectory(second.path)
        #expect(throws: BackupFile.Unfit.self) { try BackupFile.restore(backup.path, to: directory) { try Restoration($0) } }
        #expect(try FileManager.default.contentsOfDirectory(atPath: second.path) == ["lock"])
        await harness.engine.stop()
    }

    @Test("A backup in which a case is not what its journal says is refused")
    func tampered() async throws {
        let store = MemoryStore()
        let harness = try await Harness(store)
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.note", ["text": "x"]).get()
        var batch = Batch()
        let event = Event(
            file: CaseID(1), revision: 3, at: harness.time.now, by: "otto", via: nil, change: Noted("never applied"), clocks: [])
        batch.journal = [JournalRow(id: CaseID(1), revision: 3, at: harness.time.now, event: event.canonicalBytes)]
        try store.commit(batch)
        #expect { try Restoration(store) } throws: { "\($0)".contains("C-1: it is not what its journal says") }
    }

    @Test("Parts of a copy are for admins, add up to it, and are gone once they were read")
    func parts() async throws {
        let harness = try await Harness()
        _ = try await harness.submit()
        #expect(try await harness.call("backup.make").kind == "permission.denied")
        let made = try await harness.call("backup.make", uid: Harness.admin).get()
        func part(_ offset: Int64) async throws -> Result<JSONValue, WireError> {
            try await harness.call("backup.read", .of(["backup": made["backup"]!, "offset": .integer(offset)]), uid: Harness.admin)
        }
        #expect(try await harness.call("server.status").get()["last_backup"]?.isNull == true, "nobody has it yet")
        var (data, offset): (Data, Int64?) = (Data(), 0)
        while let from = offset {
            let answer = try await part(from).get()
            data += Data(base64Encoded: answer["data"]!.string!)!
            offset = answer["next"]?.integer
        }
        #expect(Int64(data.count) == made["bytes"]?.integer)
        #expect(try await part(0).kind == "backup.not_found")
        #expect(try await harness.call("server.status").get()["last_backup"]?.string == harness.time.now.description)
    }

    @Test("A receipt key that is kept outside is needed again, and only that one")
    func receiptKey() throws {
        let store = MemoryStore()
        let (key, other) = (String(repeating: "7", count: 64), String(repeating: "8", count: 64))
        func open(_ key: String?) throws -> Engine {
            try Engine(store: store, time: ManualTime(Instant("2026-02-06T01:00:00Z")!), log: Logger(label: "test"), receiptKey: key)
        }
        #expect(try open(key).usesReceiptKey)
        #expect(throws: UnfitStore.self) { try open(nil) }
        #expect(throws: UnfitStore.self) { try open(other) }
        #expect(try store.read { try $0.setting("receipt-key") }?.contains(key) == false)
    }

    @Test("Each message that somebody may have to act on is explained in both languages")
    func catalogues() throws {
        for name in ["cased.catalog", "cased.zh_CN.catalog"] {
            let text = try String(contentsOfFile: "\(SharedData.project)/units/\(name)", encoding: .utf8)
            let explained = text.matches(of: /\n-- ([0-9a-f]{32})/).map { String($0.1) }
            #expect(explained == LogEntry.allCases.map(\.rawValue), "\(name)")
        }
        #expect(Set(LogEntry.allCases.map(\.rawValue)).count == LogEntry.allCases.count)
    }
}
