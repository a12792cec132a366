import CaseCore
import CaseEngine
import CaseStore
import CaseStoreSQLite
import CaseTesting
import CaseWire
import Evidence
import Foundation
import GRDB
import Testing
import WorkingTime

/// An erasure in the store, and what is served afterwards. Who may, and when, is the core's (`CaseCoreTests/ErasureTests.swift`).
@Suite("Erasure in the store")
struct ErasureTests {
    private let directory = TemporaryDirectory()
    /// What is said of persons, each word once, so that it can be looked for.
    private static let words = [
        "title", "applicant", "name", "field", "missing", "correction", "basis", "pause", "longer", "remark", "raised", "order", "answer",
        "closed", "opinion", "back", "question", "said", "reasons", "handed", "found",
    ].reduce(into: [String: String]()) { $0[$1] = "Qzj\($1)Xw" }

    /// With which the office seals.
    private static let key = SSHPrivateKey(seed: [UInt8](repeating: 5, count: 32))!

    private func word(_ name: String) -> JSONValue {
        .string(Self.words[name]!)
    }

    private func harness(_ store: (any CaseStore)? = nil) async throws -> Harness {
        let store = try store ?? SQLiteStore(try StateDirectory(directory.path))
        let harness = try await Harness(store, withCatalog: false, sealKeys: SealKeys([Self.key]))
        let files = SmallOffice.consulting(SealTests.files(SealTests.seal("permits", Self.key)))
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        return harness
    }

    /// A case on which everybody has written something, over a year after its end.
    private func closed(_ harness: Harness) async throws -> JSONValue {
        let submission = JSONValue.of([
            "matter": "permit", "title": word("title"), "applicant": .of(["id": word("applicant"), "name": word("name")]),
            "fields": .of(["mobile": word("field")]), "materials": ["form"], "idempotency_key": "k-submit",
        ])
        let file = try await harness.call("case.submit", submission).get()
        func act(_ method: Method, _ person: String?, _ members: KeyValuePairs<String, JSONValue>) async throws {
            _ = try await harness.on(file, method, members, as: person).get()
        }
        try await act("case.request_correction", "otto", ["missing": ["form"], "note": word("missing")])
        try await act("case.correct", nil, ["materials": ["form"], "note": word("correction"), "idempotency_key": "k-correct"])
        try await act("case.accept", "otto", [:])
        let pause: KeyValuePairs<String, JSONValue> = [
            "kind": "hearing", "basis": word("basis"), "expected": "5 working-days", "note": word("pause"),
        ]
        try await act("case.suspend", "otto", pause)
        try await act("case.resume", "otto", [:])
        try await act("case.extend", "bela", ["clock": "decision", "by": "2 working-days", "reason": word("longer")])
        try await act("case.note", "otto", ["text": word("remark")])
        try await act("case.escalate", "cora", ["reason": word("raised")])
        try await act("order.open", "cora", ["reason": word("order"), "due": "2 working-days"])
        _ = try await harness.call("order.answer", .of(["order": "O-1-1", "answer": word("answer")]), acting: "otto").get()
        _ = try await harness.call("order.close", .of(["order": "O-1-1", "finding": word("closed")]), acting: "cora").get()
        try await act("case.ask_opinion", "otto", ["office": "fire", "question": word("question")])
        try await act("case.give_opinion", "finn", ["office": "fire", "opinion": "for", "text": word("said")])
        try await act("case.recommend", "otto", ["recommendation": "grant", "opinion": word("opinion")])
        try await act("case.return", "lena", ["reason": word("back")])
        try await act("case.recommend", "otto", ["recommendation": "grant", "opinion": word("opinion")])
        try await act("case.grant", "lena", ["reasons": word("reasons")])
        try await act("case.deliver", "otto", ["how": word("handed")])
        try await act("case.inspect", "ada", ["outcome": "in-order", "finding": word("found")])
        try await harness.advance(to: "2027-03-01T00:00:00Z")
        return file
    }

    private func erase(_ harness: Harness, _ file: JSONValue, as person: String, key: String? = nil) async throws -> Result<
        JSONValue, WireError
    > {
        var members: [JSONValue.Member] = [.init("case", file["case"]!), .init("reason", "kept for a year")]
        if let key { members.append(.init("idempotency_key", .string(key))) }
        return try await harness.call("case.erase_personal", .object(members), acting: person)
    }

    /// The words that the bytes of the store's file and of its log have.
    private func found() throws -> [String] {
        let bytes = try ["", "-wal"].reduce(into: Data()) { bytes, suffix in
            bytes += try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/cased.sqlite\(suffix)"))
        }
        return Self.words.values.filter { word in
            // Texts by which cases are found are kept in small letters.
            [word, word.lowercased()].contains { bytes.range(of: Data($0.utf8)) != nil }
        }.sorted()
    }

    @Test(
        "P33: Nothing that a case said of persons is anywhere in the bytes of the store's file, or of its log, once the second word is given"
    )
    func bytes() async throws {
        let harness = try await harness()
        let file = try await closed(harness)
        #expect(try found() == Self.words.values.sorted())
        _ = try await erase(harness, file, as: "ada").get()
        #expect(try found() == Self.words.values.sorted(), "the first word erases nothing")
        let erased = try await erase(harness, file, as: "lena").get()
        #expect(erased["title"] == "erased" && erased["erased_at"]?.string == "2027-03-01T00:00:00Z")
        #expect(try found() == [])
        let log = try FileManager.default.attributesOfItem(atPath: "\(directory.path)/cased.sqlite-wal")[.size] as? Int ?? 0
        #expect(log < 100_000, "the log was begun anew")
        // Neither is it after more was written, and after a stop.
        _ = try await harness.submit()
        await harness.engine.stop()
        try harness.store.close()
        #expect(try found() == [])
    }

    @Test("What was written in the turn of the second word goes as well, and a reader that holds the log keeps it no longer than it reads")
    func sameTurn() async throws {
        let harness = try await harness()
        let file = try await closed(harness)
        _ = try await erase(harness, file, as: "ada").get()
        async let noted = harness.on(file, "case.note", ["text": word("remark"), "idempotency_key": "k-note"], as: "otto")
        async let erased = erase(harness, file, as: "lena")
        _ = try await (noted, erased)
        #expect(try await erased.get()["title"] == "erased")
        #expect(try found() == [])
        let other = try await harness.submit()
        _ = try await harness.on(other, "case.withdraw", ["reason": word("back")]).get()
        try await harness.advance(to: "2028-04-01T00:00:00Z")
        _ = try await erase(harness, other, as: "ada").get()
        let (begun, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let store = harness.store
        let reader = Thread {
            _ = try? store.read { snapshot in
                _ = try snapshot.lastSeq()
                begun.signal()
                end.wait()
            }
            begun.signal()
        }
        reader.start()
        await Self.wait(begun)
        _ = try await erase(harness, other, as: "lena").get()
        #expect(try found() == [Self.words["back"]!], "it stands where somebody reads")
        end.signal()
        await Self.wait(begun)
        // Somebody else may read just then, such as the scrub: the next moment of rest does it.
        for _ in 0..<1000 where try !found().isEmpty { store.rest() }
        #expect(try found() == [])
    }

    private static func wait(_ semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                semaphore.wait()
                continuation.resume()
            }
        }
    }

    @Test(
        "P33: What is served says that it was erased: the case, its history, its decision, lists, notices; nothing is damaged, and the tree holds"
    )
    func served() async throws {
        let harness = try await harness()
        let file = try await closed(harness)
        let before = try await harness.history(file)
        _ = try await erase(harness, file, as: "ada").get()
        let decided = try await harness.on(file, "case.decision", as: "otto").get()
        _ = try await erase(harness, file, as: "lena").get()
        let shown = try await harness.call("case.get", .of(["case": file["case"]!]), uid: Harness.admin).get()
        #expect(shown["applicant"] == .of(["id": "erased", "name": "erased"]) && shown["fields"] == .object([]))
        #expect(shown["erasure_asked"]?["by"] == "ada")
        let after = try await harness.history(file)
        #expect(after.count == before.count + 2)
        for (old, new) in zip(before, after) {
            #expect(new["erased"]?.bool == (old["commitment"] == nil ? nil : true), "\(old)")
            #expect(new["commitment"] == old["commitment"] && new["seq"] == old["seq"] && new["event"] == old["event"])
        }
        let text = String(decoding: JSONWriter.bytes { $0.value(.array(after)) }, as: UTF8.self)
        for word in Self.words.values { #expect(!text.contains(word)) }
        // The statement is what it was; what its commitments are to is gone with the salt.
        let decision = try await harness.on(file, "case.decision", as: "otto").get()
        let seal = try #require(decided["seal"]?.members == nil ? nil : decided["seal"])
        #expect(seal["said"]?["title"] == word("title") && seal["signature"]?.isNull == false)
        #expect(decision["seal"]?["statement"] == seal["statement"] && decision["seal"]?["signature"] == seal["signature"])
        #expect(decision["seal"]?["salt"] == "erased" && decision["seal"]?["said"] == .object([]))
        let found = try await harness.call("case.list", .of(["filter": .of(["text": word("title")])]), uid: Harness.admin).get()
        #expect(found["cases"]?.array == [])
        let notices = try await harness.call("notice.list", .of(["limit": 1000]), uid: Harness.admin).get()["notices"]?.array ?? []
        let applicants = notices.filter { $0["addressee"] == "applicant" && $0["case"] == file["case"] }
        #expect(!applicants.isEmpty && applicants.allSatisfy { $0["recipient"] == "erased" })
        _ = try await harness.on(file, "case.explain", as: "otto").get()
        _ = try await harness.on(file, "evidence.proof", ["revision": 1], as: "otto").get()
        var place: JSONValue = .null
        repeat {
            let look = try await harness.call("evidence.scrub", .of(["after": place]), uid: Harness.admin).get()
            #expect(look["damages"]?.array == [])
            place = look["next"]!
        } while !place.isNull
        try harness.store.read { snapshot in
            let kept = try #require(try snapshot.caseFile(CaseID(1)))
            #expect(try snapshot.folded(CaseID(1)) == kept)
            #expect(try snapshot.root(ofSize: harness.engine.view.state.tree.edge.size) == harness.engine.view.state.tree.edge.root)
        }
        // A new engine begins on it.
        await harness.engine.stop()
        let again = try await Harness(harness.store, now: "2027-03-01T00:00:00Z", withCatalog: false)
        #expect(try await again.history(file) == after)
    }

    @Test("A key from before an erasure is forgotten, and with it what was asked under it; that of the second word has its answer again")
    func keys() async throws {
        let harness = try await harness()
        let file = try await closed(harness)
        _ = try await erase(harness, file, as: "ada", key: "k-first").get()
        let erased = try await erase(harness, file, as: "lena", key: "k-second").get()
        #expect(try await erase(harness, file, as: "lena", key: "k-second").get() == erased)
        #expect(try await erase(harness, file, as: "ada", key: "k-first").kind == "case.erased")
        #expect(try await harness.on(file, "case.note", ["text": "one more"], as: "otto").kind == "case.erased")
    }

    @Test("Of two second words at once one erases, and the other hears that it is done")
    func twoAtOnce() async throws {
        let harness = try await harness()
        let file = try await closed(harness)
        _ = try await erase(harness, file, as: "ada").get()
        async let first = erase(harness, file, as: "lena")
        async let second = erase(harness, file, as: "lena")
        let kinds = try await [first.kind, second.kind]
        #expect(Set(kinds) == [nil, "case.erased"])
        #expect(try await harness.history(file).count { $0["event"] == "erasure-agreed" } == 2)
    }

    @Test("On a full disk nothing is erased, by half neither; once there is room, it is")
    func fullDisk() async throws {
        let store = FaultyStore(try SQLiteStore(try StateDirectory(directory.path)))
        let harness = try await harness(store)
        let file = try await closed(harness)
        _ = try await erase(harness, file, as: "ada").get()
        let before = try await harness.history(file)
        store.fail(.full)
        #expect(try await erase(harness, file, as: "lena").kind == "store.full")
        store.fail(nil)
        #expect(try await harness.history(file) == before)
        #expect(try found() == Self.words.values.sorted())
        _ = try await erase(harness, file, as: "lena").get()
        #expect(try found() == [])
    }

    @Test("An event that says of persons what the tree covers keeps its case from an erasure, at the first word already")
    func older() async throws {
        let harness = try await harness()
        let file = try await harness.submit()
        _ = try await harness.on(file, "case.withdraw", ["reason": "built elsewhere"]).get()
        try await harness.advance(to: "2027-03-01T00:00:00Z")
        let entry = try #require(try harness.store.read { try $0.journal(of: CaseID(1), after: 0, PageLimit(rows: 1, bytes: 1)).first })
        let recorded = RecordedEvent(text: try Event(canonicalBytes: entry.event).canonicalBytes)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: "\(directory.path)/cased.sqlite", configuration: configuration)
        try await queue.write { db in
            try db.execute(
                sql: "UPDATE journal SET event = ?, leaf = ? WHERE seq = ?; DELETE FROM openings WHERE seq = ?",
                arguments: [Data(recorded.text), Data(recorded.leaf.bytes), entry.seq, entry.seq])
        }
        try queue.close()
        guard case .failure(let error) = try await erase(harness, file, as: "ada") else {
            Issue.record("it was asked for")
            return
        }
        #expect(error.kind == "erasure.retained" && error.message.contains("recorded before such texts were kept apart"))
        #expect(try await harness.history(file).allSatisfy { $0["event"] != "erasure-agreed" }, "nothing but the reading is recorded")
    }

    @Test("A store that an older version began says once from which place on what is said of persons is kept apart; a new one says nothing")
    func boundary() async throws {
        let store = MemoryStore()
        var harness = try await Harness(store)
        func events() async throws -> [JSONValue] {
            try await harness.call("server.history", uid: Harness.admin).get()["events"]!.array!.filter { $0["event"] == "personal-apart" }
        }
        #expect(try await events() == [])
        store.remove(setting: "personal-apart")
        for _ in 0..<2 {
            await harness.engine.stop()
            harness = try await Harness(store, withCatalog: false)
            let told = try await events()
            #expect(told.count == 1 && told[0]["data"]?["from"] == told[0]["seq"])
        }
    }

    @Test("docs/evidence.md says of each table of the store what it holds of persons")
    func tables() async throws {
        _ = try await harness()
        let names = try await DatabaseQueue(path: "\(directory.path)/cased.sqlite").read { db in
            try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        }
        let page = try String(contentsOfFile: "\(SharedData.project)/docs/evidence.md", encoding: .utf8)
        for name in names where name != "grdb_migrations" {
            #expect(page.contains(try Regex("\\n\\| [^|]*`\(name)`[^|]*\\|")), "\(name)")
        }
    }
}
