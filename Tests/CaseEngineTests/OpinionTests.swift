import CaseCore
import CaseStore
import CaseTesting
import CaseWire
import Testing

@testable import CaseEngine

/// Offices that are asked, and how the request finds them.
@Suite("Opinions in the engine")
struct OpinionEngineTests {
    private static let files = SmallOffice.consulting(SmallOffice.files(user: Harness.hall))

    private func harness(_ store: (any CaseStore)? = nil) async throws -> Harness {
        let harness = try await Harness(store, withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.files), uid: Harness.admin).get()
        return harness
    }

    private func ask(_ office: JSONValue, _ harness: Harness) async throws -> JSONValue {
        let file = try await harness.on(try await harness.submit(), "case.accept", as: "otto").get()
        return try await harness.on(file, "case.ask_opinion", ["office": office, "question": "safe?"], as: "otto").get()
    }

    private func count(_ filter: JSONValue = .object([]), as person: String, _ harness: Harness) async throws -> Int64? {
        try await harness.call("case.count", .of(["filter": filter]), acting: person).get()["count"]?.integer
    }

    @Test("Whoever is asked finds the request in their notices and lists, and reads the case from then on; others do not")
    func found() async throws {
        let harness = try await harness()
        let plain = try await harness.submit("Not asked about")
        let file = try await ask("fire", harness)
        #expect(file["opinions"]?.array?.first?["office"] == "fire")
        for (person, isAsked) in [("finn", true), ("wanda", false)] {
            let notices = try await harness.call("notice.list", .object([]), acting: person).get()["notices"]!.array!
            #expect(notices.contains { $0["event"] == "opinion-asked" && $0["recipient"] == "finn" } == isAsked)
            #expect(try await count(as: person, harness) == (isAsked ? 1 : 0))
            #expect(try await harness.on(file, "case.get", as: person).kind == (isAsked ? nil : "permission.not_readable"))
            #expect(try await harness.on(plain, "case.get", as: person).kind == "permission.not_readable")
        }
        #expect(try await count(.of(["awaits": "fire"]), as: "finn", harness) == 1)
        let powers = try await harness.on(file, "catalog.powers").get()["powers"]!.array!
        #expect(powers.contains { $0["role"] == "consulted" && $0["holder"] == "finn" && $0["inputs"] == ["give-opinion"] })
        let given = try await harness.on(
            file, "case.give_opinion", ["office": "fire", "opinion": "for", "text": "two ways out"], as: "finn"
        ).get()
        #expect(given["opinions"]?.array?.first?["answer"]?["by"] == "finn")
        #expect(try await count(.of(["awaits": "fire"]), as: "finn", harness) == 0)
        #expect(try await count(as: "finn", harness) == 1, "it stays theirs to read")
    }

    @Test("The time of a request passes by itself, over a restart; the clocks run on, and the explanation says what kept them")
    func time() async throws {
        let store = MemoryStore()
        var harness = try await harness(store)
        let file = try await ask("water", harness)
        await harness.engine.stop()
        harness = try await Harness(store, withCatalog: false)
        #expect(try await harness.call("case.get", .of(["case": file["case"]!])).get()["opinions"] == file["opinions"])
        try await harness.advance(to: "2026-02-13T01:00:00Z")
        let after = try await harness.on(file, "case.get").get()
        #expect(after["opinions"]?.array?.first?["overdue"] == true)
        #expect(try await harness.on(file, "case.get", as: "otto").get()["escalation"] == 1, "whoever submitted it is not told of levels")
        let decision = after["clocks"]!.array!.first { $0["clock"] == "decision" }!
        #expect(decision["paused"] == false && decision["overdue"] == false)
        let clocks = try await harness.on(file, "case.explain", ["clock": "decision"]).get()["clocks"]!.array!
        let turns = clocks[0]["steps"]!.array!.map { [$0["turn"]!, $0["event"]!] }
        #expect(turns == [["started", "accepted"], ["paused", "opinion-asked"], ["resumed", "opinion-overdue"]])
        let paused = clocks[0]["stretches"]!.array!.compactMap { $0["paused"]?.array?.first?["kind"] }
        #expect(paused == ["opinion of water"])
        let (stored, folded) = try store.read { (try $0.caseFile(CaseID(1)), try $0.folded(CaseID(1))) }
        #expect(stored == folded)
        #expect(throws: Never.self) { try Restoration(store) }
    }

    @Test("An office that is merged leaves no request with nobody")
    func merger() async throws {
        let harness = try await harness()
        let file = try await ask("fire", harness)
        let merged = Self.files.mapValues {
            $0.replacing("[office.fire]", with: "[office.safety]\nsucceeds = [\"fire\"]")
                .replacing("office = \"fire\"", with: "office = \"safety\"")
        }
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(merged), uid: Harness.admin).get()
        #expect(
            try await harness.on(file, "case.ask_opinion", ["office": "fire", "question": "x"], as: "otto").kind == "opinion.not_consulted")
        #expect(try await count(as: "finn", harness) == 1)
        let given = try await harness.on(
            file, "case.give_opinion", ["office": "fire", "opinion": "none", "text": "not ours"], as: "finn"
        ).get()
        #expect(given["opinions"]?.array?.first?["answer"]?["opinion"] == "none")
        #expect(try await harness.on(file, "case.ask_opinion", ["office": "safety", "question": "x"], as: "otto").kind == nil)
    }

    @Test("An office that was gone and is there again is not asked what the one before it was, until that is withdrawn")
    func anotherOffice() async throws {
        let harness = try await harness()
        let file = try await ask("fire", harness)
        let without = Self.files.mapValues {
            $0.replacing("[office.fire]", with: "[office.rescue]").replacing("office = \"fire\"", with: "office = \"rescue\"")
        }
        for files in [without, Self.files] {
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        }
        let again: KeyValuePairs<String, JSONValue> = ["office": "fire", "question": "x"]
        #expect(try await harness.on(file, "case.ask_opinion", again, as: "otto").kind == "opinion.already_asked")
        let answer: KeyValuePairs<String, JSONValue> = ["office": "fire", "opinion": "none", "text": "not ours"]
        #expect(try await harness.on(file, "case.give_opinion", answer, as: "finn").kind != nil, "it was another one that was asked")
        _ = try await harness.on(file, "case.withdraw_opinion", ["office": "fire", "reason": "it is gone"], as: "otto").get()
        try await harness.advance(to: "2026-02-06T02:00:00Z")
        #expect(try await harness.on(file, "case.ask_opinion", again, as: "otto").kind == nil)
        #expect(try await harness.on(file, "case.give_opinion", answer, as: "finn").kind == nil)
    }

    @Test("An office that is merged twice answers what the first was asked, and is not asked again meanwhile")
    func mergers() async throws {
        let store = MemoryStore()
        var harness = try await harness(store)
        let file = try await ask("fire", harness)
        for (former, present) in [("fire", "rescue"), ("rescue", "safety")] {
            let merged = Self.files.mapValues {
                $0.replacing("[office.fire]", with: "[office.\(present)]\nsucceeds = [\"\(former)\"]")
                    .replacing("office = \"fire\"", with: "office = \"\(present)\"")
            }
            _ = try await harness.call("catalog.apply", SmallOffice.parameter(merged), uid: Harness.admin).get()
        }
        await harness.engine.stop()
        harness = try await Harness(store, withCatalog: false)
        #expect(try await count(as: "finn", harness) == 1)
        let again: KeyValuePairs<String, JSONValue> = ["office": "safety", "question": "x"]
        #expect(try await harness.on(file, "case.ask_opinion", again, as: "otto").kind == "opinion.already_asked")
        let answer: KeyValuePairs<String, JSONValue> = ["office": "fire", "opinion": "none", "text": "not ours"]
        #expect(try await harness.on(file, "case.give_opinion", answer, as: "finn").kind == nil)
        #expect(try await harness.on(file, "case.ask_opinion", again, as: "otto").kind == nil)
    }
}
