import CaseCore
import CaseTesting
import Testing
import WorkingTime

@Suite("Areas")
struct AreaTests {
    let office = Office(matter: "survey", register: Office.surveyed)

    /// The small office with other posts, or another person who applies.
    private func office(_ change: (inout Register) -> Void) -> Office {
        var register = Office.surveyed
        change(&register)
        return Office(matter: "survey", register: register)
    }

    @Test(
        "A submission goes to the officer of its area, who is told",
        arguments: [("north" as AreaID, "otto" as PersonID), ("south", "hana")])
    func handlers(area: AreaID, officer: PersonID) throws {
        let step = try office.submission(from: area)
        let file = try #require(CaseFile(step.event))
        #expect(file.origin.submission.area == area && file.handler == officer)
        #expect(step.notices == [Notice(addressee: .handler, recipient: officer.raw)])
        // What the event says is all that the fold asks.
        #expect((step.event.change as? Submitted)?.handler == officer)
        #expect(file.participants[.examining].isEmpty, "who has only been handed a case has not examined it")
    }

    @Test("Where a matter has areas one of them is named, and where it has none, none is")
    func required() throws {
        func submit(_ matter: MatterID, _ area: AreaID?) throws {
            let submission = Submission(
                matter: matter, title: "t", applicant: Applicant(id: "A", name: "N"), fields: [:], channel: "online", area: area)
            _ = try Submit(submission, materials: []).open(
                as: CaseID(1), receipt: "R", catalogVersion: 1, by: Office.principal(.submitter),
                under: Office(matter: matter, register: Office.surveyed).terms,
                at: office.start)
        }
        #expect(throws: Refusal.areaMissing(["north", "south"])) { try submit("survey", nil) }
        #expect(throws: Refusal.areaUnknown("east", ["north", "south"])) { try submit("survey", "east") }
        #expect(throws: Refusal.areaUnknown("north", [])) { try submit("permit", "north") }
        #expect(Refusal.areaMissing(["north", "south"]).hint == "one of north, south")
        let many = (1...100).map { AreaID("area-\($0)") }
        #expect(Refusal.areaUnknown("x", many).hint?.hasSuffix("area-20 and 80 more") == true, "no refusal grows with the catalogue")
    }

    @Test("Whoever submitted the case, or applies for it, is not its officer: nobody is then")
    func hindered() throws {
        #expect(try office.submit(from: "north", by: Principal(.person("otto", via: "hall"))).handler == nil)
        let applying = office { $0.persons["otto"] = Person(id: "otto", name: "Otto", identities: ["A"]) }
        #expect(try applying.submit(from: "north").handler == nil)
        #expect(try applying.submit(from: "north", applicant: "B").handler == "otto")
    }

    @Test("On the days of a substitution within the office the substitute handles what comes; somebody from outside does not")
    func substitutes() throws {
        func substituted(by post: PostID) -> Office {
            office {
                $0.substitutions["february"] = Substitution(
                    id: "february", post: "officer", by: post, from: Day("2026-02-01")!, to: Day("2026-03-01")!)
            }
        }
        #expect(try substituted(by: "office-head").submit(from: "north").handler == "hana")
        #expect(try substituted(by: "bureau-head").submit(from: "north").handler == "otto")
        #expect(
            try substituted(by: "office-head").submit(from: "north", by: Principal(.person("hana", via: "hall"))).handler == "otto",
            "whom something keeps from it is passed over")
    }

    @Test("The officer of an area is one of the office that has the case now: a post that has left it brings nobody")
    func leftOffice() throws {
        var newest = Office.surveyed
        newest.posts["officer"] = Post(id: "officer", name: "Officer", office: nil, holder: "otto", duties: [])
        let terms = Terms(matter: "survey", pinned: Office.surveyed, newest: newest)!
        let submission = Submission(
            matter: "survey", title: "t", applicant: Applicant(id: "A", name: "N"), fields: [:], channel: "online", area: "north")
        let step = try Submit(submission, materials: []).open(
            as: CaseID(1), receipt: "R", catalogVersion: 1, by: Office.principal(.submitter), under: terms, at: office.start)
        #expect(CaseFile(step.event)?.handler == nil && step.notices.isEmpty)
    }

    @Test("The catalogue takes a hundred areas, and not one more", arguments: [100, 101])
    func limit(count: Int) {
        var register = Office.surveyed
        let matter = register.matters["permit"]!
        register.matters["permit"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy, materials: matter.materials,
            areas: Dictionary(uniqueKeysWithValues: (1...count).map { (AreaID("area-\($0)"), "officer") }))
        #expect(register.violations.contains { $0.rule == .area } == (count > Area.limit))
    }
}
