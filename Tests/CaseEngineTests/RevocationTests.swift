import CaseCore
import CaseStore
import CaseTesting
import CaseWire
import Testing

@testable import CaseEngine

/// A revocation and the case that it is about, in one transaction.
@Suite("Revocation in the engine")
struct RevocationEngineTests {
    private static let files: [String: String] = {
        var files = SmallOffice.files(user: Harness.hall)
        files["matters.toml"]! += SmallOffice.revocation
        return files
    }()

    private func harness(_ store: (any CaseStore)? = nil) async throws -> Harness {
        let harness = try await Harness(store, withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(Self.files), uid: Harness.admin).get()
        return harness
    }

    private func decide(_ file: JSONValue, _ harness: Harness, _ method: CaseWire.Method = "case.grant") async throws -> JSONValue {
        _ = try await harness.on(file, "case.accept", as: "otto").get()
        _ = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "in order"], as: "otto").get()
        return try await harness.on(file, method, ["reasons": "so"], as: "lena").get()
    }

    private func revoke(_ id: JSONValue, _ harness: Harness, key: String? = nil) async throws -> Result<JSONValue, WireError> {
        try await harness.call("case.submit", SmallOffice.submission("Revoke it", matter: "revocation", key: key, refersTo: id))
    }

    private func get(_ id: JSONValue, _ harness: Harness) async throws -> JSONValue {
        try await harness.call("case.get", .of(["case": id])).get()
    }

    @Test("The case shows its revocation while that runs, and that it is revoked afterwards; its people are told; lists find it")
    func life() async throws {
        let store = MemoryStore()
        var harness = try await harness(store)
        let original = try await decide(try await harness.submit(), harness)
        let id = original["case"]!
        #expect(original["revocation"] == nil && original["revoked"] == nil)
        let first = try await revoke(id, harness, key: "r").get()
        #expect(first["refers_to"] == id)
        #expect(try await get(id, harness)["revocation"]?["case"] == "C-2")
        // The key's first answer once more, and no second revocation.
        #expect(try await revoke(id, harness, key: "r").get() == first)
        #expect(try await revoke(id, harness).kind == "reference.not_revocable")
        _ = try await harness.on(first, "case.withdraw").get()
        #expect(try await get(id, harness)["revocation"] == nil)
        _ = try await decide(try await revoke(id, harness).get(), harness, "case.refuse")
        let third = try await revoke(id, harness).get()
        await harness.engine.stop()
        harness = try await Harness(store, withCatalog: false)
        _ = try await decide(third, harness)

        let delivered = try await harness.on(original, "case.deliver", ["how": "by hand"], as: "otto")
        #expect(delivered.kind == "case.revoked", "and its clock has ended")
        let revoked = try await get(id, harness)
        #expect(revoked["clocks"]?.array?.first { $0["clock"] == "delivery" }?["ended_at"] != .null)
        #expect(revoked["state"] == "granted" && revoked["revoked"]?["case"] == "C-4" && revoked["revocation"] == nil)
        let status = try await harness.call("case.get", .of(["receipt": revoked["receipt"]!])).get()
        #expect(status["revoked"]?["case"] == "C-4" && status["state"] == "granted")
        let listed = try await harness.call("case.list", .of(["filter": .of(["revoked": true])])).get()
        #expect(listed["cases"]?.array?.map { $0["case"]! } == [id])
        let events = try await harness.history(original).map { ($0["event"]!.string!, $0["by"]!.string!) }.suffix(6)
        let expected = [
            ("revocation-opened", "C-2"), ("revocation-ended", "C-2"), ("revocation-opened", "C-3"), ("revocation-ended", "C-3"),
            ("revocation-opened", "C-4"), ("revoked", "C-4"),
        ]
        #expect(events.elementsEqual(expected, by: ==), "\(events)")
        let notices = try await harness.call("notice.list", .object([])).get()["notices"]!.array!.filter { $0["event"] == "revoked" }
        #expect(notices.map { $0["addressee"]! } == ["applicant", "office-head", "commissioner"] && notices[0]["case"] == id)
        // Each case is what its own events say, and the figures count what was granted as granted.
        for number in 1...4 as ClosedRange<Int64> {
            let (stored, folded) = try store.read { (try $0.caseFile(CaseID(number)), try $0.folded(CaseID(number))) }
            #expect(stored == folded)
        }
        #expect(try await harness.call("sla.report").get()["total"]?["granted"] == 2)
        #expect(throws: Never.self) { try Restoration(store) }
    }

    @Test("Whoever has nothing to do with a case is told of a case that is not there alike")
    func secrecy() async throws {
        let harness = try await harness()
        let file = try await decide(try await harness.submit(), harness)
        func refused(_ id: JSONValue, as person: String) async throws -> WireError? {
            let params = SmallOffice.submission("x", matter: "revocation", refersTo: id).members! + [.init("acting", .string(person))]
            if case .failure(let error) = try await harness.call("case.submit", .object(params)) { return error }
            return nil
        }
        let (there, away) = (try await refused(file["case"]!, as: "ada"), try await refused("C-9", as: "ada"))
        #expect(there?.kind == "reference.not_found" && there?.code == .notFound && there?.kind == away?.kind)
        #expect(there?.message.replacing("C-1", with: "C-9") == away?.message && there?.hint == away?.hint)
        #expect(try await refused(file["case"]!, as: "hana") == nil)
    }

    @Test("Time that ends a revocation tells the case so, in the sweep in which a deadline of its own passes as well")
    func byTime() async throws {
        let harness = try await harness()
        let file = try await decide(try await harness.submit(), harness)
        let revocation = try await revoke(file["case"]!, harness).get()
        _ = try await harness.on(revocation, "case.request_correction", ["missing": ["form"]], as: "otto").get()
        // The delivery of the one and the correction of the other end, after a stop, in one turn.
        try await harness.advance(to: "2026-06-01T01:00:00Z")
        let events = try await harness.history(file).compactMap { $0["event"]?.string }
        #expect(events.contains("rung-passed"))
        for number in 1...2 as ClosedRange<Int64> {
            let (stored, folded) = try harness.store.read { (try $0.caseFile(CaseID(number)), try $0.folded(CaseID(number))) }
            #expect(stored == folded)
        }
    }

    @Test("A revocation is granted although the row of its case is damaged; the case hears of it with its next command")
    func damage() async throws {
        let store = MemoryStore()
        let harness = try await harness(store)
        let file = try await decide(try await harness.submit(), harness)
        let revocation = try await revoke(file["case"]!, harness).get()
        let (whole, terms) = try store.read { snapshot in
            let whole = try snapshot.caseFile(CaseID(1))!
            return (whole, try harness.engine.context.catalogs.terms(of: whole, in: snapshot))
        }
        func write(_ bytes: [UInt8]) throws {
            let row = CaseRow(whole, under: terms)
            var batch = Batch()
            batch.cases = [CaseRow(id: row.id, file: bytes, values: row.values, nextDeadline: row.nextDeadline, due: row.due)]
            try store.commit(batch)
        }
        try write([0x7B])
        #expect(try await decide(revocation, harness)["state"] == "granted")
        #expect(try await harness.on(file, "case.note", ["text": "x"]).kind == "server.fault")
        try write(whole.storedBytes)
        #expect(try await get(file["case"]!, harness)["revocation"]?["case"] == "C-2", "it has not heard of it yet")
        let noted = try await harness.on(file, "case.note", ["text": "x"]).get()
        #expect(noted["revoked"]?["case"] == "C-2" && noted["revocation"] == nil)
        #expect(try await harness.history(file).suffix(2).map { $0["event"]! } == ["revoked", "noted"])
    }
}
