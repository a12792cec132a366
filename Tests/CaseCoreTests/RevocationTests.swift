import CaseCore
import CaseTesting
import Catalogue
import Testing
import WorkingTime

/// A case by which what another one granted is revoked.
@Suite("Revocation")
struct RevocationTests {
    static let register: Register = {
        var files = SmallOffice.files(user: 4711)
        files["matters.toml"]! += SmallOffice.revocation
        return try! Catalogue(files: files).register
    }()

    let permits = Office(register: Self.register)
    let revocations = Office(matter: "revocation", register: Self.register)

    private static let hall = Principal(.service("hall"))

    private func submission(
        _ matter: MatterID = "revocation", to original: CaseID? = CaseID(1), applicant: String = "A"
    ) -> Submission {
        Submission(
            matter: matter, title: "Revoke it", applicant: Applicant(id: applicant, name: "Applicant"), fields: [:], channel: "online",
            refersTo: original)
    }

    private func open(
        _ submission: Submission, about original: CaseFile?, by principal: Principal = hall, under terms: Terms? = nil
    ) throws(Refusal) -> CaseFile {
        let step = try Submit(submission, materials: []).open(
            as: CaseID(2), receipt: "R2", catalogVersion: 1, referringTo: original, by: principal, under: terms ?? revocations.terms,
            at: permits.start)
        return CaseFile(step.event)!
    }

    @Test("What it opens, ends otherwise or revokes stands in the events of the case, whose state stays", arguments: [true, false])
    func life(isGranted: Bool) throws {
        var original = try permits.file(in: .granted)
        var revocation = try open(submission(), about: original)
        try permits.act(&original, OpenRevocation(revocation.id), .revocation)
        #expect(original.validity.revocation?.file == CaseID(2) && revocation.consequence == nil)
        try revocations.act(&revocation, Accept(), .office)
        try revocations.act(&revocation, Recommend(isGranted ? .grant : .refuse, opinion: "a false form"), .office)
        try revocations.act(&revocation, isGranted ? Grant(reasons: "") : Refuse(reasons: "in order"), .leader)
        let (id, command) = try #require(revocation.consequence)
        let step = try permits.act(&original, command, .revocation)
        #expect(id == original.id && step.event.by == "C-2" && step.notices.map(\.addressee) == [.applicant, .officeHead, .commissioner])
        #expect(original.state == .granted && original.validity.revocation == nil)
        #expect(original.validity.revoked?.file == (isGranted ? CaseID(2) : nil))
        #expect(throws: Refusal.noSuchCase(CaseID(2))) { try permits.act(&original, command, .revocation) }
    }

    @Test("Each end of a revocation has its consequence, and an open one has none", arguments: State.allCases)
    func ends(state: State) throws {
        guard state != .deemedGranted, state != .correction, state != .lapsed else { return }
        var revocation = try open(submission(), about: try permits.file(in: .granted))
        revocation.progress.state = state
        switch revocation.consequence?.command {
        case nil: #expect(state.isOpen)
        case let ended as EndRevocation: #expect(ended == EndRevocation(CaseID(2), as: state) && state != .granted)
        case is Revoke: #expect(state == .granted)
        default: Issue.record("\(state) does something else")
        }
    }

    @Test("Only what was granted can be revoked, one revocation at a time, once", arguments: State.allCases)
    func states(state: State) throws {
        let office = LifecycleTests.full
        for original in try office.files(in: state) {
            let isRevocable = [.granted, .deemedGranted].contains(state) && original.validity == CaseFile.Validity()
            do throws(Refusal) {
                _ = try open(submission(), about: original)
                #expect(isRevocable)
            } catch {
                #expect(!isRevocable && error.kind == .notRevocable, "\(error)")
            }
        }
        var revoked = try permits.file(in: .granted)
        try permits.act(&revoked, OpenRevocation(CaseID(3)), .revocation)
        #expect(throws: Refusal.notRevocable(CaseID(1), .isInQuestion(CaseID(3)))) { try open(submission(), about: revoked) }
        try permits.act(&revoked, Revoke(CaseID(3)), .revocation)
        #expect(throws: Refusal.notRevocable(CaseID(1), .isRevoked(CaseID(3)))) { try open(submission(), about: revoked) }
    }

    @Test("A revocation refers to a case of a matter that it revokes and names its applicant; nothing else refers to one")
    func references() throws {
        let original = try permits.file(in: .granted)
        #expect(throws: Refusal.empty(parameter: "refers_to")) { try open(submission(to: nil), about: nil) }
        #expect(throws: Refusal.notRevocable(CaseID(1), .otherApplicant)) { try open(submission(applicant: "B"), about: original) }
        #expect(throws: Refusal.refersToNothing("permit")) {
            try open(submission("permit"), about: original, under: permits.terms)
        }
        var narrow = Self.register
        let matter = narrow.matters["revocation"]!
        narrow.matters["revocation"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy, kind: .revocation, revokes: ["notice"])
        let terms = Office(matter: "revocation", register: narrow).terms
        #expect(throws: Refusal.notRevocable(CaseID(1), .otherMatter("permit"))) { try open(submission(), about: original, under: terms) }
    }

    @Test("Whoever has nothing to do with a case does not learn that there is one, whatever it is; whoever has may submit")
    func secrecy() throws {
        let persons: [(String, Bool)] = [
            ("otto", true), ("hana", true), ("lena", true), ("bela", true), ("cora", true), ("ada", false), ("dora", false),
        ]
        var register = Self.register
        register.persons["dora"] = Person(id: "dora", name: "Dora")
        let terms = Office(matter: "revocation", register: register).terms
        for state in State.allCases {
            let original = try LifecycleTests.full.file(in: state)
            for (name, isOwn) in persons {
                for principal in [Principal(.person(PersonID(name), via: nil)), Principal(.service(ServiceID("s-" + name)))] {
                    let knows = isOwn && principal.person != nil
                    do throws(Refusal) {
                        _ = try open(submission(), about: original, by: principal, under: terms)
                        #expect(knows)
                    } catch {
                        #expect(knows ? error.kind == .notRevocable : error == .noSuchCase(CaseID(1)), "\(principal.name) of \(state)")
                    }
                    #expect(throws: Refusal.noSuchCase(CaseID(1))) { try open(submission(), about: nil, by: principal, under: terms) }
                }
            }
        }
    }

    @Test("Who supervised a case never approves its revocation, nor submits it; who approved it may do both")
    func sides() throws {
        var original = try permits.file(in: .granted)
        try permits.act(&original, Inspect(.defective, finding: "a false form", draw: nil), .commissioner)
        let cora = Office.principal(.commissioner)
        #expect(throws: Refusal.fourEyes(Submit.name, person: "cora", other: .commissioner)) {
            try open(submission(), about: original, by: cora)
        }
        let revocation = try open(submission(), about: original)
        for role in [Role.office, .leader, .extensionAuthority] {
            #expect(revocation.hindrance(of: cora, as: role, under: revocations.terms) == .acted(.commissioner))
            // The service that spoke for her speaks for nobody who approves it.
            let other = Principal(.person("bela", via: "oversight"))
            #expect(revocation.hindrance(of: other, as: role, under: revocations.terms) == .spoke("oversight"))
        }
        #expect(revocation.parts(of: cora, under: revocations.terms, at: permits.start)[.commissioner] == .own)
        #expect(revocation.parts(of: Office.principal(.leader), under: revocations.terms, at: permits.start)[.leader] == .own)
        #expect(revocation.parts(of: Office.principal(.office), under: revocations.terms, at: permits.start)[.office] == .own)
    }

    @Test("A catalogue that only one admin has given lets a matter revoke no more than before")
    func secondWord() throws {
        let before = Office.register
        var widened = before
        let matter = before.matters["notice"]!
        widened.matters["notice"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy, materials: matter.materials,
            kind: .revocation, revokes: ["permit"])
        #expect(before.appointments(to: widened).contains(Appointment(entry: "matter.notice", key: "revokes", from: nil, to: "permit")))
        let counting = widened.inForce(after: before)
        #expect(counting.matters["notice"]?.revokes == [])
        let terms = Terms(matter: "notice", pinned: widened, newest: counting)!
        let original = try permits.file(in: .granted)
        #expect(throws: Refusal.notRevocable(CaseID(1), .otherMatter("permit"))) {
            try open(submission("notice"), about: original, under: terms)
        }
    }
}
