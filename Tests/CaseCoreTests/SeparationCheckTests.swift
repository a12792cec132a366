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
        // 8 persons and a service, an unknown unix user, an admin, the timer and the catalogue, on 2 matters, and 4 ways into a decision.
        #expect(proof.principalCount == 13 && proof.checkCount == 30)
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
