import CaseCore
import CaseEngine
import CaseTesting
import CaseWire
import Testing
import WorkingTime

/// Random requests from everybody, over the wire's methods, with catalogues that change in between.
@Suite("Sequences of requests and the powers")
struct PowerWalkTests {
    private static let persons: [String?] = ["hana", "otto", "lena", "bela", "cora", "ada", nil]

    private static func parameters(_ method: Method, _ id: String, _ random: inout SeededRandom) -> JSONValue {
        func pick(_ words: [String]) -> JSONValue { .string(words.randomElement(using: &random)!) }
        let values: [String: JSONValue] = [
            "case": .string(id), "missing": .array(["form"]), "materials": .array(["form"]), "ground": "x",
            "kind": pick(["hearing", "inspection"]),
            "basis": "Art. 45", "expected": "2 working-days", "clock": "decision", "by": "5 working-days", "reason": "x", "reasons": "x",
            "recommendation": pick(["grant", "refuse"]), "opinion": "x", "how": "post", "text": "x", "handler": pick(["otto", "hana"]),
            "due": "1 working-days", "to": pick(["handler", "leader"]), "order": .string("O-\(id.dropFirst(2))-1"), "answer": "x",
            "finding": "x", "outcome": pick(["in-order", "defective"]),
        ]
        return .object(method.parameters.compactMap { parameter in values[parameter.name].map { .init(parameter.name, $0) } })
    }

    @Test("No sequence gives a case a second leader or office, lets a commissioner decide, or decides by a timer", arguments: 0..<12)
    func walk(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let harness = try await Harness(MemoryStore())
        // A second leader and a substitute for March.
        var other = SmallOffice.files(user: Harness.hall)
        other["matters.toml"] = other["matters.toml"]!.replacing("leader = \"leader\"", with: "leader = \"bureau-head\"")
        other["office.toml"]! += "[substitution.march]\npost = \"bureau-head\"\nby = \"leader\"\nfrom = 2026-02-10\nto = 2026-02-14\n"
        let catalogs = [SmallOffice.files(user: Harness.hall), other]
        // What ends a case early comes seldom, what leads to a decision often.
        let all = Commands.ofClients.filter { $0.subject != .none }.map { Method($0) }
        let often: [Method] = ["case.accept", "case.recommend", "case.grant", "case.refuse", "case.resume", "case.return", "case.correct"]
        var (count, decisionCount, number) = (0, 0, 0)
        // Until something was decided, whatever becomes of the first cases.
        while number < 4 || decisionCount == 0 && number < 40 {
            number += 1
            _ = try await harness.submit("Case \(number)")
            for step in 0..<250 {
                var method = (Bool.random(using: &random) ? often : all).randomElement(using: &random)!
                if ["case.withdraw", "case.decline"].contains(method), Int.random(in: 0..<10, using: &random) > 0 {
                    method = "case.accept"
                }
                // Mostly the newest case; sometimes one that is closed.
                let id = "C-\(Int.random(in: 0..<5, using: &random) > 0 ? number : Int.random(in: 1...number, using: &random))"
                let person = Self.persons.randomElement(using: &random)!
                var parameters = Self.parameters(method, id, &random)
                // Some requests are replays, of one's own or of somebody else's.
                if Int.random(in: 0..<4, using: &random) == 0 {
                    parameters = .object(
                        parameters.members! + [.init("idempotency_key", .string("k\(Int.random(in: 0..<30, using: &random))"))])
                }
                let result = try await harness.call(
                    method, parameters,
                    uid: Int.random(in: 0..<6, using: &random) > 0 ? Harness.hall : Harness.admin,
                    acting: person)
                if case .success(let file) = result {
                    count += 1
                    if method == "case.grant" || method == "case.refuse" { decisionCount += 1 }
                    #expect(file["office"]?.string == "permits")
                    #expect(["leader", "bureau-head"].contains(file["leader"]?.string))
                }
                if step % 50 == 49 {
                    let files = catalogs.randomElement(using: &random)!
                    _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
                    harness.time.advance(to: harness.time.now.advanced(byMilliseconds: Int64.random(in: 0..<400_000_000, using: &random)))
                }
            }
        }
        try Figures.expectKept(harness)
        #expect(count > 20 && decisionCount > 0, "seed \(seed): the walk got nowhere: \(count) steps, \(decisionCount) decisions")
        for number in 1...number {
            let events = try await harness.call("case.history", .of(["case": .string("C-\(number)")])).get()["events"]!.array!
            var handler: String?
            for event in events {
                let (name, author) = (event["event"]!.string!, event["by"]!.string!)
                if name == "recommended" { handler = author }
                if ["granted", "refused"].contains(name) {
                    #expect(["lena", "bela"].contains(author) && author != handler, "seed \(seed): \(author) \(name)")
                }
                if author == "cora" {
                    #expect(
                        ["noted", "escalated", "order-opened", "order-closed", "inspected"].contains(name),
                        "seed \(seed): a commissioner \(name)")
                }
                if author == "ada" { #expect(["read", "inspected"].contains(name), "seed \(seed): an auditor \(name)") }
                if author == "clock" {
                    #expect(["rung-passed", "deemed-accepted", "lapsed", "order-ended"].contains(name), "seed \(seed): time \(name)")
                }
                if author == "catalog" { #expect(["rerouted", "reprojected"].contains(name)) }
                if author.hasPrefix("uid:") { #expect(name == "escalated", "seed \(seed): an admin \(name)") }
                if author == "hall" {
                    #expect(["submitted", "corrected", "withdrawn", "noted"].contains(name), "seed \(seed): a service \(name)")
                }
            }
        }
    }
}
