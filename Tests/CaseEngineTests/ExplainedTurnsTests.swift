import CaseCore
import CaseTesting
import CaseWire
import Testing

/// What changes a clock while it stands still, or between two goes, is in its explanation.
@Suite("Explained turns")
struct ExplainedTurnsTests {
    private func clock(_ kind: ClockKind, of file: JSONValue, _ harness: Harness) async throws -> JSONValue {
        try await harness.on(file, "case.explain", ["clock": .string(kind.rawValue)]).get()["clocks"]!.array![0]
    }

    private func harness(_ changes: [(file: String, from: String, to: String)] = []) async throws -> Harness {
        let harness = try await Harness(withCatalog: false)
        try await apply(changes, harness)
        return harness
    }

    private func apply(_ changes: [(file: String, from: String, to: String)], _ harness: Harness) async throws {
        _ = try await harness.call(
            "catalog.apply", SmallOffice.parameter(ChangedRulesTests.files(changes)), uid: Harness.admin
        ).get()
    }

    @Test("R41: A limit that changes while the clock stands still is a turn of its own, with the budget before and after")
    func changedWhileStandingStill() async throws {
        let harness = try await harness()
        var file = try await harness.on(try await harness.submit(), "case.accept", as: "otto").get()
        file = try await harness.on(
            file, "case.suspend", ["kind": "hearing", "basis": "Art. 46", "expected": "5 working-days"], as: "otto"
        ).get()
        try await apply([("sla.toml", "budget = \"20 working-days\"", "budget = \"25 working-days\"")], harness)
        // Whoever touches the case brings the rules to it first.
        file = try await harness.on(file, "case.resume", as: "otto").get()
        let decision = try await clock(.decision, of: file, harness)
        let steps = decision["steps"]!.array!
        #expect(steps.map { $0["turn"] } == ["started", "paused", "reprojected", "resumed"])
        let change = steps[2]
        #expect(change["budget_from"] == 20 && change["budget_to"] == 25 && change["stands_still"] == true)
        #expect(decision["budget"] == 25)
        #expect(steps.filter { $0["budget_to"] != nil }.count == 1, "no other turn changed it")
    }

    @Test("R25, R41: What a promise adds to the budget when the clock runs on is said where it runs on")
    func raisedOnResumption() async throws {
        let harness = try await harness()
        var file = try await harness.on(try await harness.submit(), "case.accept", as: "otto").get()
        file = try await harness.on(
            file, "case.suspend", ["kind": "hearing", "basis": "Art. 46", "expected": "5 working-days"], as: "otto"
        ).get()
        // A holiday is declared, which would have put the end off by a day, and taken back.
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(ChangedRulesTests.holiday), uid: Harness.admin).get()
        try await apply([], harness)
        file = try await harness.on(file, "case.resume", as: "otto").get()
        let steps = try await clock(.decision, of: file, harness)["steps"]!.array!
        var budget: JSONValue = 20
        for step in steps {
            if let from = step["budget_from"] { #expect(from == budget && step["budget_to"] != from) }
            budget = step["budget_to"] ?? budget
        }
        #expect(steps.last?["turn"] == "resumed" && steps.last?["budget_to"] == 21)
        #expect(budget == (try await clock(.decision, of: file, harness)["budget"]), "the turns lead to the budget that is there")
    }

    @Test("R45: The time between two goes of a clock stands between them, with what took the file away; a fresh one begins its own story")
    func betweenReturns() async throws {
        for isFresh in [false, true] {
            let harness = try await harness([
                (
                    "sla.toml", "[sla.licensing.review]\nbudget = \"40 working-hours\"",
                    "[sla.licensing.review]\nbudget = \"40 working-hours\"\n[sla.licensing.leader]\nbudget = \"3 working-days\"\nfresh-on-return = \(isFresh)"
                )
            ])
            var file = try await harness.on(try await harness.submit(), "case.accept", as: "otto").get()
            for day in ["2026-02-09", "2026-03-02"] {
                try await harness.advance(to: "\(day)T01:00:00Z")
                file = try await harness.on(file, "case.recommend", ["recommendation": "grant", "opinion": "complete"], as: "otto").get()
                guard day == "2026-02-09" else { break }
                try await harness.advance(to: "2026-02-11T01:00:00Z")
                file = try await harness.on(file, "case.return", ["reason": "say more"], as: "lena").get()
            }
            let leader = try await clock(.leader, of: file, harness)
            let stretches = leader["stretches"]!.array!
            let turns = leader["steps"]!.array!.map { $0["turn"] }
            guard !isFresh else {
                #expect(turns == ["started"])
                #expect(stretches.allSatisfy { $0["paused"] == nil })
                continue
            }
            #expect(turns == ["started", "ended", "resumed"])
            let between = stretches.filter { $0["paused"] != nil }
            #expect(between.count == 1 && between[0]["counted"] == 0)
            #expect(
                between[0]["paused"] == .array([.of(["kind": "elsewhere", "basis": "fresh-on-return = false", "by": "lena"])]))
            #expect(stretches.reduce(0) { $0 + $1["counted"]!.integer! } == 3)
        }
    }
}
