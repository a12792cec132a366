import CaseCore
import CaseTesting
import Testing
import WorkingTime

@Suite("The proof of separate powers")
struct SeparationCheckTests {
    @Test("Over the small office nobody can both decide and supervise, and nobody but the leader decides")
    func holds() {
        let proof = SeparationCheck(Office.register)
        #expect(proof.conflicts.isEmpty)
        #expect(proof.rows.map(\.matter.raw) == ["notice", "permit"])
        #expect(proof.rows.allSatisfy { $0.deciders == ["lena"] && $0.supervisors == ["cora"] })
        #expect(proof.rows.filter(\.silenceGrants).map(\.matter.raw) == ["notice"])
        // Each person also as an admin; a service, an unknown unix user, an admin, the timer and the catalogue.
        let (persons, services) = (Office.register.persons.count, Office.register.services.count)
        #expect(proof.principalCount == 2 * persons + services + 4)
        let ways = Lifecycle.rows.count { $0.target.isDecision && $0.target != $0.state }
        #expect(proof.checkCount == ways + (proof.principalCount + services) * Office.register.matters.count)
        #expect(proof.trusted.contains { $0.contains("hall") })
    }

    @Test("A conflict is found where the rules of the catalogue were not asked, also through a substitute")
    func finds() {
        var register = Office.register
        register.substitutions["s"] = Substitution(
            id: "s", post: "leader", by: "commissioner", from: Day("2030-01-01")!, to: Day("2030-01-02")!)
        #expect(
            SeparationCheck(register).conflicts == [
                "cora can both approve and supervise notice", "cora can both approve and supervise permit",
            ])
    }

    @Test(
        "A service that could speak for both sides is found, unless the store is for training; so is one that may for anyone with no side")
    func services() {
        var register = Office.register
        let hall = register.services["hall"]!
        func with(_ actsFor: Service.ActsFor, matters: Set<MatterID>? = nil) -> [String] {
            register.services["hall"] = Service(id: hall.id, name: hall.name, actsFor: actsFor, matters: matters)
            return SeparationCheck(register).conflicts
        }
        let both = Service.ActsFor.persons(["otto", "cora"])
        #expect(with(both) == ["service hall can speak for both sides of notice", "service hall can speak for both sides of permit"])
        #expect(SeparationCheck(register, isTraining: true).conflicts.isEmpty)
        #expect(with(both, matters: ["permit"]) == ["service hall can speak for both sides of permit"])
        #expect(with(.persons(["otto", "lena"])).isEmpty && with(.persons(["cora", "ada"])).isEmpty && with(.anyone).isEmpty)
    }

    @Test(
        "A running case in which one has both parts, or examined and decided, is found by whatever they are known as; and one that nobody can decide"
    )
    func cases() throws {
        let office = LifecycleTests.full
        func found(_ state: State, _ change: (inout CaseFile) -> Void) throws -> SeparationCheck {
            var proof = SeparationCheck(Office.register)
            var file = try office.file(in: state)
            change(&file)
            proof.look(at: file, under: office.terms)
            return proof
        }
        for state in State.allCases {
            let proof = try found(state) { _ in }
            #expect(proof.conflicts.isEmpty && proof.caseCount == 1 && proof.versions == [1] && proof.strandedCount == 0, "\(state)")
        }
        for who in [Participant(named: "otto"), Participant(user: 1001), Participant(speaker: "hall")] {
            let proof = try found(.withLeader) { file in
                for side in [Involvement.approving, .supervising] { file.participants.involved[side, default: []].insert(who) }
            }
            #expect(proof.conflicts == ["\(who.name) approved and supervised C-1"])
        }
        #expect(
            try found(.granted) { $0.participants.involved[.examining, default: []].insert(Participant(named: "lena")) }.conflicts == [
                "lena examined and decided C-1"
            ])
        let stranded = try found(.withLeader) { file in
            file.participants.involved[.examining] = Set(Office.register.everyActor(for: "leader").map { Participant(named: $0.raw) })
        }
        #expect(stranded.conflicts.isEmpty && stranded.stranded.map(\.description) == ["C-1"])
    }

    @Test("The powers over a case name each holder, why, and what hinders them there")
    func powers() throws {
        var file = try Office().file(in: .withLeader)
        file.participants.handler = "lena"
        let matter = Office.register.matters["permit"]!
        let powers = Office.register.powers(over: matter, on: Day("2026-02-06")!, file: file)
        let leader = powers.first { $0.role == .leader }
        #expect(leader?.holder == "lena" && leader?.reason == "holds leader" && leader?.hindrance == "examined it, and may not decide")
        #expect(leader?.commands.contains(Grant.name) == true)
        #expect(powers.filter { $0.commands.contains(Grant.name) }.count == 1)
        #expect(powers.first { $0.role == .clock }?.reason == "silence never grants this matter")
    }

    @Test("Concentration counts a department's matters in its office, at one window and online")
    func concentration() {
        var register = Office.register
        let permit = register.matters["permit"]!
        register.windows["w"] = Window(id: "w", name: "W", office: "permits", place: "")
        register.matters["permit"] = Matter(
            id: permit.id, name: permit.name, assignment: permit.assignment, policy: permit.policy,
            guide: Matter.Guide(channels: ["online"], window: "w"))
        #expect(
            register.concentration.map { [$0.matterCount, $0.inOfficeCount, $0.atWindowCount, $0.onlineCount] } == [[2, 2, 1, 2]])
    }
}
