import CaseCore
import CaseTesting
import Testing
import WorkingTime

/// Which cases somebody may read.
@Suite("Who may read a case")
struct ReadScopeTests {
    /// The small office with a second department, whose people have nothing to do with the first, and substitutes.
    private static let register: Register = {
        var register = Office.register
        register.persons["nell"] = Person(id: "nell", name: "Nell")
        register.departments["fire"] = Department(id: "fire", name: "Fire", head: "fire-head")
        register.posts["fire-head"] = Post(id: "fire-head", name: "Head", office: nil, holder: "nell", duties: [])
        register.services["other"] = Service(id: "other", name: "Other", actsFor: .anyone)
        register.services["narrow"] = Service(id: "narrow", name: "Narrow", actsFor: .anyone, matters: ["notice"])
        return register
    }()

    private static func isReadable(_ file: CaseFile, by principal: Principal, in register: Register = register, at now: String? = nil)
        -> Bool
    {
        let office = Office(register: register)
        let instant = now.map { Instant($0)! } ?? office.start
        let readScope = register.readScope(of: principal, at: instant)
        do throws(Refusal) {
            try file.authorizeReading(by: principal, with: readScope, under: office.terms, at: instant)
            return true
        } catch {
            return false
        }
    }

    @Test("Its submitter, its office, its leader, its commissioner, its department's head, auditors and admins; nobody else")
    func roles() throws {
        let file = try Office(register: Self.register).file(in: .withLeader)
        let readers: [Principal] = [
            Principal(.service("hall")), Principal(.person("hana", via: nil)), Principal(.person("otto", via: "hall")),
            Principal(.person("lena", via: "other")), Principal(.person("cora", via: nil)), Principal(.person("bela", via: nil)),
            Principal(.person("ada", via: nil)), Principal(.user(0), isAdmin: true),
        ]
        for reader in readers { #expect(Self.isReadable(file, by: reader), "\(reader.name)") }
        for other in [
            Principal(.service("other")), Principal(.person("nell", via: nil)), Principal(.user(1000)),
            // A service shows nothing beyond its matters, whoever acts through it.
            Principal(.person("lena", via: "narrow")), Principal(.person("ada", via: "narrow")),
        ] {
            #expect(!Self.isReadable(file, by: other), "\(other.name)")
        }
    }

    @Test("A refusal says which posts can read it, and neither who holds them nor who submitted it, unless one has a part in the case")
    func hint() throws {
        let office = Office(register: Self.register)
        let file = try office.file(in: .submitted)
        let stranger = Principal(.person("nell", via: nil))
        #expect {
            try file.authorizeReading(
                by: stranger, with: Self.register.readScope(of: stranger, at: office.start), under: office.terms, at: office.start)
        } throws: { error in
            (error as? Refusal)?.hint
                == "can be read by whoever submitted it, office permits, post leader, post commissioner, an auditor"
        }
        // Whoever has no part learns no more from what they may not do; whoever has one is told by name.
        for (principal, isNamed) in [(stranger, false), (Principal(.service("hall")), true)] {
            #expect {
                try file.respond(to: Grant(reasons: ""), by: principal, under: office.terms, at: office.start)
            } throws: { error in
                (error as? Refusal)?.hint == "could be done by post leader" + (isNamed ? " (lena)" : "")
            }
        }
    }

    @Test("A dated substitute reads on their days, a declared one always")
    func substitutes() throws {
        var register = Self.register
        register.substitutions["march"] = Substitution(
            id: "march", post: "leader", by: "fire-head", from: Day("2026-03-02")!, to: Day("2026-03-04")!)
        let file = try Office(register: register).file(in: .withLeader)
        let nell = Principal(.person("nell", via: nil))
        #expect(!Self.isReadable(file, by: nell, in: register, at: "2026-03-01T12:00:00Z"))
        #expect(Self.isReadable(file, by: nell, in: register, at: "2026-03-02T12:00:00Z"))
        #expect(!Self.isReadable(file, by: nell, in: register, at: "2026-03-04T12:00:00Z"))
        register.substitutions = [:]
        let leader = register.posts["leader"]!
        register.posts["leader"] = Post(
            id: leader.id, name: leader.name, office: nil, holder: leader.holder, substitute: "fire-head", duties: [])
        #expect(Self.isReadable(file, by: nell, in: register))
    }

    @Test("Whoever may act on a case may read it, in every state", arguments: State.allCases, Role.allCases)
    func actorsRead(state: State, role: Role) throws {
        guard role != .clock, role != .catalog else { return }
        let office = LifecycleTests.full
        // Whoever was asked may read it from then on, whatever becomes of it.
        var file = role == .consulted ? try office.consulting(in: .inReview) : try office.file(in: state)
        file.progress.state = state
        #expect(Self.isReadable(file, by: Office.principal(role), in: office.terms.register))
    }

    @Test("An auditor's reading goes on record, also where the auditor supervises other cases, and an admin's; nobody else's does")
    func recorded() throws {
        let file = try Office(register: Self.register).file(in: .granted)
        let now = file.closedAt!
        for (person, isRecorded) in [("ada", true), ("cora", false), ("lena", false)] as [(PersonID, Bool)] {
            #expect(Self.register.readScope(of: Principal(.person(person, via: nil)), at: now).isRecorded(file) == isRecorded, "\(person)")
        }
        // An auditor who administers the server is no part of any case, and nothing that is hidden from an auditor is shown to them as an admin.
        let both = Principal(.person("ada", via: nil), isAdmin: true)
        #expect(Self.register.readScope(of: both, at: now).isAudit)
        let admin = Principal(.user(0), isAdmin: true)
        #expect(Self.register.readScope(of: admin, at: now).isRecorded(file))
        #expect(!Self.register.readScope(of: admin, at: now, isTraining: true).isRecorded(file))
    }

    @Test("An inspection is recorded by the commissioner or an auditor, never by whoever had a part in the decision; the decision stands")
    func inspection() throws {
        let office = Office(register: Self.register)
        var file = try office.file(in: .refused)
        let before = file.state
        try office.act(&file, Draw("monthly/2026-03-01", for: "auditor"), .clock, at: file.closedAt)
        try office.act(&file, Inspect(.defective, finding: "no hearing", draw: "monthly/2026-03-01"), .auditor, at: file.closedAt)
        try office.act(&file, Inspect(.inOrder, finding: "fine", draw: nil), .commissioner, at: file.closedAt)
        #expect(file.state == before && file.inspections.map(\.by) == ["ada", "cora"] && file.inspections[0].draw == "monthly/2026-03-01")
        // Lena, who decided, becomes the auditor.
        var later = Self.register
        later.posts["auditor"] = Post(id: "auditor", name: "Auditor", office: nil, holder: "lena", isAuditing: true, duties: [])
        later.posts["leader"] = Post(id: "leader", name: "Leader", office: nil, holder: "nell", duties: [])
        let terms = Terms(matter: "permit", pinned: Self.register, newest: later)!
        #expect(throws: Refusal.fourEyes(Inspect.name, person: "lena", other: .leader)) {
            try file.respond(
                to: Inspect(.inOrder, finding: "x", draw: nil), by: Principal(.person("lena", via: nil)), under: terms, at: file.closedAt!)
        }
    }
}
