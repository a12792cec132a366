import CaseCore
import CaseTesting
import Testing
import WorkingTime

@Suite("Steps of an examination")
struct ExaminationTests {
    let office = Office(matter: "survey", register: Office.surveyed)
    private let hana = Principal(.person("hana", via: "hall"))

    private func examine(_ step: StepID) -> Examine {
        Examine(step, .inOrder, finding: "fine")
    }

    @Test("Each step is taken once, in the order of the matter, and a refusal says which one comes next, or by whom it was taken")
    func order() throws {
        var file = try office.file(in: .inReview)
        #expect(throws: Refusal.stepNotNext("site", next: "papers")) { try office.act(&file, examine("site"), .office) }
        #expect(throws: Refusal.stepUnknown("roof", ["papers", "site"])) { try office.act(&file, examine("roof"), .office) }
        #expect(throws: Refusal.empty(parameter: "finding")) {
            try office.act(&file, Examine("papers", .inOrder, finding: " "), .office)
        }
        try office.act(&file, Examine("papers", .defective, finding: "a plan is out of date"), .office)
        #expect(throws: Refusal.stepTaken("papers", by: "otto", at: office.start)) { try office.act(&file, examine("papers"), .office) }
        try office.act(&file, examine("site"), .office)
        #expect(throws: Refusal.stepTaken("site", by: "otto", at: office.start)) { try office.act(&file, examine("site"), .office) }
        #expect(
            file.examinations == [
                Examination(step: "papers", outcome: .defective, finding: "a plan is out of date", by: "otto", at: office.start),
                Examination(step: "site", outcome: .inOrder, finding: "fine", by: "otto", at: office.start),
            ])
    }

    @Test("Nobody recommends while a step is missing; where the matter asks for none, nobody asks")
    func recommending() throws {
        var file = try office.file(in: .inReview)
        let refuse = Recommend(.refuse, opinion: "no")
        #expect(throws: Refusal.stepsMissing(["papers", "site"])) { try office.act(&file, refuse, .office) }
        try office.act(&file, examine("papers"), .office)
        #expect(throws: Refusal.stepsMissing(["site"])) { try office.act(&file, refuse, .office) }
        try office.act(&file, examine("site"), .office)
        try office.act(&file, refuse, .office)
        var plain = try Office().file(in: .inReview)
        #expect(throws: Refusal.stepUnknown(StepID(""), [])) { try Office().act(&plain, examine("papers"), .office) }
        try Office().act(&plain, refuse, .office)
    }

    @Test("What the leader returns keeps the steps that were taken")
    func returned() throws {
        var file = try office.file(in: .withLeader)
        try office.act(&file, Return(reason: "look again"), .leader)
        #expect(file.examinations.map(\.step) == ["papers", "site"])
        try office.act(&file, Recommend(.grant, opinion: "as before"), .office)
    }

    @Test("Whoever took a step never decides, and had to do with the approval")
    func involvement() throws {
        var file = try office.file(in: .inReview)
        try office.act(&file, examine("papers"), .office)
        for involvement in [Involvement.examining, .approving] {
            #expect(file.participants[involvement].contains(Participant(named: "otto")))
        }
        #expect(file.hindrance(of: "otto", as: .leader, in: office.terms.register) == .acted(.office))
        #expect(file.hindrance(of: "otto", as: .commissioner, in: office.terms.register) == .acted(.office))
    }

    @Test("A step that is for a post is taken by whoever acts for it")
    func posts() throws {
        var file = try office.file(in: .inReview)
        file.apply(try file.respond(to: examine("papers"), by: hana, under: office.terms, at: office.start).event)
        #expect(throws: Refusal.stepForPost("site", "officer", ["otto"])) {
            try file.respond(to: examine("site"), by: hana, under: office.terms, at: office.start)
        }
        try office.act(&file, examine("site"), .office)
    }

    @Test("Where nobody can act for the post of a step any more, every officer may take it: no case is left with nobody")
    func nobody() throws {
        func isTaken(_ file: CaseFile, under terms: Terms) -> Bool {
            (try? file.respond(to: examine("site"), by: hana, under: terms, at: office.start)) != nil
        }
        var file = try office.file(in: .inReview)
        file.apply(try file.respond(to: examine("papers"), by: hana, under: office.terms, at: office.start).event)
        #expect(!isTaken(file, under: office.terms))
        func changed(_ officer: Post?) -> Terms {
            var newest = Office.surveyed
            newest.posts["officer"] = officer
            return Terms(matter: "survey", pinned: Office.surveyed, newest: newest)!
        }
        #expect(isTaken(file, under: changed(nil)), "the post is gone")
        #expect(isTaken(file, under: changed(Post(id: "officer", name: "", office: nil, holder: "otto", duties: []))), "it has left")
        #expect(isTaken(file, under: changed(Post(id: "officer", name: "", office: "permits", holder: nil, duties: []))), "it is vacant")
        var recused = file
        try office.act(&recused, Recuse(reason: "kin"), .office)
        #expect(isTaken(recused, under: office.terms), "its holder has no part in the case")
    }

    @Test("The steps of the version under which the case was submitted count, whatever the catalogue says since")
    func pinned() throws {
        var newest = Office.surveyed
        let matter = newest.matters["survey"]!
        newest.matters["survey"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy, materials: matter.materials,
            steps: [ExaminationStep(id: "roof", name: "Roof")])
        let terms = Terms(matter: "survey", pinned: Office.surveyed, rules: newest, newest: newest)!
        let file = try office.file(in: .inReview)
        let otto = Office.principal(.office)
        #expect(throws: Refusal.stepUnknown("roof", ["papers", "site"])) {
            try file.respond(to: examine("roof"), by: otto, under: terms, at: office.start)
        }
        #expect(throws: Never.self) { try file.respond(to: examine("papers"), by: otto, under: terms, at: office.start) }
    }

    @Test("Silence decides whether or not the steps were taken: it is the office that is late")
    func silence() throws {
        let full = LifecycleTests.full
        #expect(try full.file(in: .deemedGranted).examinations.isEmpty)
    }

    @Test("The catalogue takes twenty steps, and not one more", arguments: [20, 21])
    func limit(count: Int) {
        var register = Office.surveyed
        let matter = register.matters["permit"]!
        register.matters["permit"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy, materials: matter.materials,
            steps: (1...count).map { ExaminationStep(id: StepID("step-\($0)"), name: "") })
        #expect(register.violations.contains { $0.rule == .step } == (count > ExaminationStep.limit))
    }
}
