import CaseCore
import CaseTesting
import Testing
import WorkingTime

/// P33: what an ended case says of persons is erased by two persons, after its retention, and not while anything of it can go on.
@Suite("Erasure")
struct ErasureTests {
    private static let year = Length(12, .months)
    private static let reason = ErasePersonal(reason: "kept long enough")

    /// Two auditors, and a retention of the version under which cases are submitted, and of today's.
    private func office(pinned: Length? = year, today: Length? = year, edit: (inout Register) -> Void = { _ in }) -> Office {
        func register(_ retention: Length?) -> Register {
            var register = Office.register
            let matter = register.matters["permit"]!
            register.matters["permit"] = Matter(
                id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy, extension: matter.extension_,
                materials: matter.materials, consulted: matter.consulted, retention: retention)
            register.persons["abel"] = Person(id: "abel", name: "Abel")
            register.posts["auditor-two"] = Post(
                id: "auditor-two", name: "Second auditor", office: nil, holder: "abel", isAuditing: true, duties: [])
            return register
        }
        var newest = register(today)
        edit(&newest)
        return Office(pinned: register(pinned), newest: newest)
    }

    private static let ada = Principal(.person("ada", via: "oversight"))
    private static let abel = Principal(.person("abel", via: "oversight"))
    private static let lena = Principal(.person("lena", via: "hall"))

    /// A case that was withdrawn at the start.
    private func withdrawn(_ office: Office) throws -> CaseFile {
        try office.file(in: .withdrawn)
    }

    private func later(_ office: Office, days: Int64 = 366) -> Instant {
        office.start.advanced(byMilliseconds: days * 86_400_000)
    }

    private func refusal(_ file: CaseFile, by principal: Principal, _ office: Office, at instant: Instant) -> Refusal? {
        do throws(Refusal) {
            _ = try file.respond(to: Self.reason, by: principal, under: office.terms, at: instant)
            return nil
        } catch {
            return error
        }
    }

    private func take(_ file: inout CaseFile, by principal: Principal, _ office: Office, at instant: Instant) throws {
        file.apply(try file.respond(to: Self.reason, by: principal, under: office.terms, at: instant).event)
    }

    @Test("P33: An auditor asks, and another auditor or the leader carries it out: nobody by one word, and no leader first")
    func twoPersons() throws {
        for second in [Self.abel, Self.lena] {
            let office = office()
            var file = try withdrawn(office)
            let now = later(office)
            #expect(refusal(file, by: Self.lena, office, at: now) == .erasureNotAsked)
            try take(&file, by: Self.ada, office, at: now)
            #expect(file.erasure.asked?.by == "ada" && file.erasure.erasedAt == nil && file.title == "Warehouse 7")
            #expect(refusal(file, by: Self.ada, office, at: now) == .erasureByOne("ada"))
            try take(&file, by: second, office, at: now)
            #expect(file.erasure.erasedAt == now && file.title == Erased.text && file.applicant.name == Erased.text)
            #expect(refusal(file, by: Self.ada, office, at: now) == .wasErased(ErasePersonal.name))
        }
        for role in Role.allCases where role != .auditor && role != .leader {
            let office = office()
            #expect(throws: Refusal.self) {
                try withdrawn(office).respond(to: Self.reason, by: Office.principal(role), under: office.terms, at: later(office))
            }
        }
    }

    @Test("P33: The second person is another one: not by another unix user, another name, another service, or in somebody's place")
    func samePerson() throws {
        let office = office()
        let asking = Principal(.person("ada", via: nil), uid: 4711)
        var file = try withdrawn(office)
        try take(&file, by: asking, office, at: later(office))
        for other in [
            Principal(.person("ada", via: nil), uid: 4712), Principal(.person("ada", via: "oversight"), uid: 4713),
            Principal(.person("abel", via: nil), uid: 4711),
        ] {
            #expect(refusal(file, by: other, office, at: later(office)) == .erasureByOne("ada"), "\(other)")
        }
        // Entered anew, she is still herself.
        let renamed = self.office { register in register.otherIDs = ["abel": ["ada"], "ada": ["abel"]] }
        #expect(refusal(file, by: Self.abel, renamed, at: later(office)) == .erasureByOne("ada"))
        // As the leader's substitute as well, and whoever acts in her place.
        let day = office.terms.calendar.zone.day(of: later(office))
        func substituting(_ post: PostID, holder: PersonID, by: PersonID) -> Office {
            self.office { register in
                register.posts["other"] = Post(id: "other", name: "Other", office: nil, holder: by, duties: [])
                register.posts[post] = register.posts[post]!.held(by: holder)
                register.substitutions["s"] = Substitution(
                    id: "s", post: post, by: "other", from: day.advanced(by: -1), to: day.advanced(by: 2))
            }
        }
        #expect(
            refusal(file, by: Self.ada, substituting("leader", holder: "lena", by: "ada"), at: later(office)) == .erasureByOne("ada"))
        let stranger = Principal(.person("bela", via: "hall"))
        #expect(
            refusal(file, by: stranger, substituting("leader", holder: "ada", by: "bela"), at: later(office)) == .erasureByOne("ada"))
        #expect(refusal(file, by: Principal(.person("abel", via: nil), uid: 4714), office, at: later(office)) == nil)
    }

    @Test("P33: What was asked lapses after thirty days; then it is asked anew, also by whoever did not carry it out")
    func lapse() throws {
        let office = office()
        var file = try withdrawn(office)
        let asked = later(office)
        try take(&file, by: Self.ada, office, at: asked)
        let last = asked.advanced(byMilliseconds: CaseFile.Asked.lasts - 1)
        #expect(refusal(file, by: Self.abel, office, at: last) == nil)
        let over = asked.advanced(byMilliseconds: CaseFile.Asked.lasts)
        #expect(refusal(file, by: Self.lena, office, at: over) == .erasureNotAsked)
        try take(&file, by: Self.abel, office, at: over)
        #expect(file.erasure.asked?.by == "abel" && file.erasure.erasedAt == nil)
        try take(&file, by: Self.ada, office, at: over)
        #expect(file.erasure.erasedAt == over)
    }

    @Test("P33: It is kept as long as the version of the case or today's says, whichever is longer, and for ever where today's is silent")
    func retention() throws {
        let office = office()
        let file = try withdrawn(office)
        let end = Instant("2027-02-06T16:00:00Z")!
        #expect(refusal(file, by: Self.ada, office, at: end.advanced(byMilliseconds: -1)) == .isRetained(file.id, .until(end)))
        #expect(refusal(file, by: Self.ada, office, at: end) == nil)
        for (pinned, today) in [(Length(24, .months), Self.year), (Self.year, Length(24, .months)), (nil, Length(24, .months))] {
            let office = self.office(pinned: pinned, today: today)
            #expect(refusal(file, by: Self.ada, office, at: end) == .isRetained(file.id, .until(Instant("2028-02-06T16:00:00Z")!)))
        }
        #expect(refusal(file, by: Self.ada, self.office(today: nil), at: end) == .isRetained(file.id, .unlimited("permit")))
        #expect(refusal(file, by: Self.ada, self.office(pinned: nil), at: end) == nil)
        // A matter that is gone keeps its own.
        #expect(refusal(file, by: Self.ada, self.office { $0.matters["permit"] = nil }, at: end) == nil)
    }

    @Test("P33: A longer retention that the catalogue gets between the two words counts for the second")
    func changedMeanwhile() throws {
        let office = office()
        var file = try withdrawn(office)
        try take(&file, by: Self.ada, office, at: later(office))
        let longer = self.office(today: Length(24, .months))
        #expect(refusal(file, by: Self.abel, longer, at: later(office))?.kind == .isRetained)
    }

    @Test("P33: Nothing is erased while something of the case can go on: an order, a delivery, a revocation, an inspection")
    func goingOn() throws {
        let office = office()
        func kept(_ file: CaseFile, _ retention: CaseFile.Retention) {
            #expect(refusal(file, by: Self.ada, office, at: later(office)) == .isRetained(file.id, retention))
        }
        var file = try office.file(in: .granted)
        kept(file, .undelivered)
        try office.act(&file, Deliver(how: "post"), .office)
        #expect(refusal(file, by: Self.ada, office, at: later(office)) == nil)
        // One that was open at the end is ended by the clock a moment later.
        kept(
            try office.file(in: .granted) { file throws(Refusal) in
                try office.act(&file, OpenOrder(reason: "slow", to: .leader, due: Length(3, .workingDays)), .commissioner)
            }, .openOrder)
        var questioned = file
        try office.act(&questioned, OpenRevocation(CaseID(2)), .revocation)
        kept(questioned, .inQuestion(CaseID(2)))
        var drawn = file
        try office.act(&drawn, Draw("monthly/2026-03-01", for: "commissioner"), .clock)
        kept(drawn, .drawn)
        // A decision that was revoked is not delivered any more.
        var revoked = try office.file(in: .granted)
        try office.act(&revoked, OpenRevocation(CaseID(2)), .revocation)
        try office.act(&revoked, Revoke(CaseID(2)), .revocation)
        #expect(refusal(revoked, by: Self.ada, office, at: later(office)) == nil)
        for state in State.open {
            #expect(
                refusal(try office.file(in: state), by: Self.ada, office, at: later(office))
                    == .stateNotAllowed(ErasePersonal.name, state: state))
        }
    }

    @Test("P33: A case of which something was erased takes no command that says something of persons, and is not revoked")
    func afterwards() throws {
        let office = office()
        var file = try office.file(in: .granted)
        try office.act(&file, Deliver(how: "post"), .office)
        let now = later(office)
        try take(&file, by: Self.ada, office, at: now)
        try take(&file, by: Self.abel, office, at: now)
        var takenCount = 0
        for command in LifecycleTests.onCases where command.path.targets[file.state] != nil && command.name != ErasePersonal.name {
            let isPersonal = Commands.named(command.name).recorded.shape.holdsApart
            for role in command.roles.sorted(by: { $0.rawValue < $1.rawValue }) {
                let given = LifecycleTests.command(command.name, for: file).command
                do throws(Refusal) {
                    _ = try file.respond(to: given, by: Office.principal(role), under: office.terms, at: now)
                    #expect(!isPersonal, "\(command.name)")
                    takenCount += 1
                } catch {
                    #expect(!isPersonal || error == .wasErased(command.name), "\(command.name): \(error)")
                }
            }
        }
        #expect(takenCount > 0)
    }

    /// All texts of a value, however deep.
    private func texts(_ value: Any) -> [String] {
        if let text = value as? String { return [text] }
        return Mirror(reflecting: value).children.flatMap { texts($0.value) }
    }

    @Test("P33: Whatever is kept apart in an event is gone from the case, and so is whatever a client wrote")
    func nothingLeft() throws {
        let office = LifecycleTests.full
        for state in State.closed {
            for var file in try office.files(in: state) {
                try office.act(&file, Inspect(.inOrder, finding: "in order", draw: nil), .auditor, at: file.closedAt)
                let before = texts(file)
                file.apply(
                    Event(
                        file: file.id, revision: file.revision + 1, at: office.start, by: "ada", via: nil,
                        change: ErasureAgreed(isErased: false, reason: "r", knownAs: []), clocks: []))
                file.apply(
                    Event(
                        file: file.id, revision: file.revision + 1, at: office.start, by: "abel", via: nil,
                        change: ErasureAgreed(isErased: true, reason: "r", knownAs: []), clocks: []))
                let after = texts(file)
                for word in ["Warehouse 7", "Applicant", "in order", "fine", "slow", "R-1", "safe?", "too much"] {
                    #expect(!after.contains(word), "\(state): \(word)")
                }
                #expect(before.contains("Warehouse 7"))
            }
        }
    }
}
