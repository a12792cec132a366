import CaseCore
import CaseTesting
import Testing
import WorkingTime

@Suite("Opinions of other offices")
struct OpinionTests {
    let office = Office()

    private static let finn = Office.principal(.consulted)
    private static let wanda = Principal(.person("wanda", via: "hall"))

    /// A case in review, and what another office was asked about it.
    private func asked(_ offices: OfficeID...) throws -> CaseFile {
        var file = try office.file(in: .inReview)
        for asked in offices { try office.act(&file, AskOpinion(asked, question: "safe?"), .office) }
        return file
    }

    private func give(_ file: inout CaseFile, _ of: OfficeID, by principal: Principal, at instant: Instant? = nil) throws(Refusal) -> Step {
        let step = try file.respond(
            to: GiveOpinion(.against, of: of, text: "no way in"), by: principal, under: office.terms, at: instant ?? office.start)
        file.apply(step.event)
        return step
    }

    private func days(_ count: Int) -> Instant {
        office.start.advanced(byMilliseconds: Int64(count) * 86_400_000)
    }

    @Test("An office is asked, answers, and the file goes on; the clocks run, the answer decides nothing")
    func life() throws {
        var file = try office.file(in: .inReview)
        let before = file.clock(.decision)
        let step = try office.act(&file, AskOpinion("fire", question: "safe?"), .office)
        #expect(step.notices == [Notice(addressee: .officeHead, recipient: "finn")])
        #expect(!file.isSuspended && file.clock(.decision) == before && file.liveClock(.opinion)?.id == ClockID(opinionOf: "fire"))
        #expect(throws: Refusal.opinionAwaited("fire")) { try office.act(&file, Recommend(.grant, opinion: "x"), .office) }
        #expect(throws: Refusal.opinionAlreadyAsked("fire")) { try office.act(&file, AskOpinion("fire", question: "x"), .office) }
        let answer = try give(&file, "fire", by: Self.finn)
        #expect(answer.notices.map(\.addressee) == [.handler] && file.liveClock(.opinion) == nil)
        #expect(file.consultation.requests[0].answer?.opinion == .against && file.state == .inReview)
        #expect(throws: Refusal.noOpenOpinion("fire")) { try give(&file, "fire", by: Self.finn) }
        try office.act(&file, Recommend(.grant, opinion: "all the same"), .office)
        try office.act(&file, Grant(reasons: ""), .leader)
        #expect(file.parts(of: Self.finn, under: office.terms, at: office.start)[.consulted] == .own, "they still read it")
    }

    @Test(
        "R16a: Where the matter says so the clocks stand still until the last reason has ended, whichever order they end in",
        arguments: 0..<6)
    func suspends(order: Int) throws {
        var file = try asked("water", "fire")
        #expect(file.isSuspended && file.liveClock(.decision)!.ledger.isPaused && !file.liveClock(.opinion)!.ledger.isPaused)
        #expect(throws: Refusal.suspended(Recommend.name)) { try office.act(&file, Recommend(.grant, opinion: "x"), .office) }
        #expect(throws: Refusal.notSuspended) { try office.act(&file, Resume(nil), .office) }
        try office.act(&file, Suspend(.hearing, basis: "Art. 46", expected: Length(9, .workingDays), note: ""), .office)
        func end(_ reason: Int) throws {
            switch reason {
            case 0: try office.act(&file, Resume(nil), .office, at: days(3))
            case 1: _ = try give(&file, "water", by: Self.wanda, at: days(3))
            default: try office.act(&file, WithdrawOpinion("fire", reason: "no need"), .office, at: days(3))
            }
        }
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        for reason in orders[order] {
            #expect(file.liveClock(.decision)!.ledger.isPaused == file.isSuspended)
            try end(reason)
        }
        #expect(!file.isSuspended && !file.liveClock(.decision)!.ledger.isPaused && file.consultation.awaited.isEmpty)
    }

    @Test(
        "R16a: When its time has passed the commissioner is told, the clocks run on from then, late or not, and the file need not wait",
        arguments: ["fire", "water"] as [OfficeID], [0, 3] as [Int64])
    func overdue(asked name: OfficeID, lateDays: Int64) throws {
        var file = try asked(name)
        let deadline = try #require(file.nextDeadline(under: office.terms))
        #expect(deadline.command is MissOpinion && file.light(at: deadline.at, under: office.terms) == .red)
        #expect(throws: Refusal.notDue) { try office.act(&file, deadline.command, .clock, at: deadline.at.advanced(byMilliseconds: -1)) }
        let step = try office.act(&file, deadline.command, .clock, at: deadline.at.advanced(byMilliseconds: lateDays * 86_400_000))
        #expect(step.notices.map(\.addressee) == [.commissioner, .handler, .officeHead] && file.escalation == 1)
        #expect(!file.isSuspended && file.state == .inReview && file.consultation.requests[0].isOverdue)
        var inTime = try asked(name)
        try office.act(&inTime, deadline.command, .clock, at: deadline.at)
        #expect(file.due(under: office.terms) == inTime.due(under: office.terms), "a stop of the daemon changes no deadline")
        #expect(
            file.clock(.decision)!.ledger.due(on: office.terms.calendar) == inTime.clock(.decision)!.ledger.due(on: office.terms.calendar))
        #expect(file.liveClock(.opinion) != nil, "it is asked still")
        try office.act(&file, Recommend(.grant, opinion: "in order"), .office, at: deadline.at)
        _ = try give(&file, name, by: name == "fire" ? Self.finn : Self.wanda, at: deadline.at)
        #expect(file.state == .withLeader && file.consultation.requests[0].answer != nil)
    }

    @Test("Silence grants no case about which an office still has time while the clocks stand still")
    func silence() throws {
        let full = LifecycleTests.full
        var file = try full.file(in: .inReview)
        let due = file.clock(.decision)!.ledger.due(on: full.terms.calendar)!
        try full.act(&file, AskOpinion("water", question: "safe?"), .office, at: due.advanced(byMilliseconds: -1))
        #expect(throws: Refusal.suspended(DeemGrant.name)) { try full.act(&file, DeemGrant(due: due), .clock, at: due) }
        while let next = file.nextDeadline(under: full.terms), file.state.isOpen {
            try full.act(&file, next.command, .clock, at: next.at)
            #expect(file.state == .inReview || next.at > due)
        }
        #expect(file.state == .deemedGranted && file.consultation.requests[0].withdrawnAt != nil, "nobody waits any more")
    }

    @Test("R46: An office whose opinion is not needed any more, as the case ends, is told")
    func ended() throws {
        let ends: [(any CaseCommand, Role, State)] = [
            (Withdraw(reason: ""), .submitter, .inReview), (Grant(reasons: ""), .leader, .withLeader),
            (Refuse(reasons: "no"), .leader, .withLeader),
        ]
        for (command, role, state) in ends {
            var file = try office.consulting(in: state)
            let step = try office.act(&file, command, role, at: days(20))
            #expect(step.notices.contains(Notice(addressee: .officeHead, recipient: "finn")), "\(command)")
            #expect(file.consultation.requests[0].withdrawnAt != nil && file.liveClock(.opinion) == nil)
        }
    }

    @Test("Only those whom the matter names now are asked, at most ten times, and each answers for its own office")
    func whom() throws {
        var file = try asked("fire")
        for other in ["permits", "none"] as [OfficeID] {
            #expect(throws: Refusal.notConsulted(other, ["fire", "water"])) {
                try office.act(&file, AskOpinion(other, question: "x"), .office)
            }
        }
        let officer = Office.principal(.office)
        try file.requirePermitted(AskOpinion.self, by: officer, under: office.terms, at: office.start)
        try office.act(&file, AskOpinion("water", question: "x"), .office)
        #expect(throws: Refusal.opinionAlreadyAsked("water"), "nobody is left to ask") {
            try file.requirePermitted(AskOpinion.self, by: officer, under: office.terms, at: office.start)
        }
        #expect(throws: Refusal.opinionOfAnother("water")) { try give(&file, "water", by: Self.finn) }
        for role in [Role.office, .leader, .extensionAuthority, .commissioner, .submitter, .admin] {
            #expect(throws: Refusal.self, "\(role)") { try give(&file, "fire", by: Office.principal(role)) }
        }
        for command in [Note("x"), Accept(), Recommend(.grant, opinion: "x"), Grant(reasons: "")] as [any CaseCommand] {
            #expect(throws: Refusal.self) { try file.respond(to: command, by: Self.finn, under: office.terms, at: office.start) }
        }
        for _ in 2..<10 {
            try office.act(&file, WithdrawOpinion("fire", reason: "no need"), .office)
            try office.act(&file, AskOpinion("fire", question: "again?"), .office)
        }
        try office.act(&file, WithdrawOpinion("fire", reason: "no need"), .office)
        #expect(throws: Refusal.tooManyOpinions) { try office.act(&file, AskOpinion("fire", question: "x"), .office) }
    }

    @Test("Who heads an office that takes another one over answers for it and is told; lists find the case for them")
    func successor() throws {
        var file = try asked("fire")
        var history = CatalogHistory()
        history.note(Office.register, at: office.start)
        var merged = Office.register
        merged.offices["fire"] = nil
        merged.offices["safety"] = CaseCore.Office(
            id: "safety", name: "Safety", kind: .internal, department: "bureau", head: "fire-head", succeeds: ["fire"])
        let post = merged.posts["fire-head"]!
        merged.posts["fire-head"] = Post(id: post.id, name: post.name, office: "safety", holder: "finn", duties: [])
        history.note(merged, at: office.start.advanced(byMilliseconds: 1))
        merged = history.completing(merged, isTraining: false)
        let terms = Terms(matter: "permit", pinned: Office.register, newest: merged)!
        #expect(merged.readScope(of: Self.finn, at: office.start).covers(file))
        #expect(!merged.readScope(of: Self.wanda, at: office.start).covers(file))
        let withdrawn = try file.respond(
            to: WithdrawOpinion("fire", reason: "no need"), by: Office.principal(.office), under: terms, at: office.start)
        #expect(withdrawn.notices.map(\.recipient) == ["finn"])
        let step = try file.respond(
            to: GiveOpinion(.neither, of: "fire", text: "not ours"), by: Self.finn, under: terms, at: office.start)
        file.apply(step.event)
        #expect(file.consultation.awaited.isEmpty)
    }

    @Test("A request that stops the clocks counts among the pauses of reports, near the breach as well")
    func figures() throws {
        var file = try office.file(in: .inReview)
        let last = file.clock(.promise)!.ledger.due(on: office.terms.calendar)!.advanced(byMilliseconds: -1)
        for (name, measures) in [("fire", nil), ("water", [.pauses, .pausesNearBreach])] as [(OfficeID, [Measure]?)] {
            let before = file
            let step = try office.act(&file, AskOpinion(name, question: "x"), .office, at: last)
            #expect(step.event.change.figures(of: file, before: before, at: last, under: office.terms)?.measures == measures)
        }
    }

    @Test("An office that only one admin has let a matter ask is not asked")
    func secondWord() throws {
        let matter = Office.register.matters["permit"]!
        var before = Office.register
        before.matters["permit"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy, materials: matter.materials,
            consulted: [matter.consulted[1]])
        #expect(
            before.appointments(to: Office.register).contains(
                Appointment(entry: "matter.permit", key: "opinion", from: "water", to: "fire, water")))
        #expect(Office.register.inForce(after: before).matters["permit"]?.consulted.map(\.office) == ["water"])
    }
}
