import CaseCore
import CaseTesting
import Testing
import WorkingTime

@Suite("Supervision orders")
struct OrderTests {
    let office = Office()

    private func ordered(to recipient: SupervisionOrder.Recipient = .handler) throws -> CaseFile {
        var file = try office.file(in: .inReview)
        try office.act(&file, OpenOrder(reason: "why so slow?", to: recipient, due: Length(3, .workingDays)), .commissioner)
        return file
    }

    @Test("A commissioner asks, whoever is asked answers, the commissioner closes with a finding; the decision does not move")
    func life() throws {
        var file = try ordered()
        #expect(file.openOrder?.number == 1 && file.state == .inReview && file.liveClock(.order) != nil)
        #expect(throws: Refusal.orderAlreadyOpen) {
            try office.act(&file, OpenOrder(reason: "x", to: .leader, due: Length(1, .workingDays)), .commissioner)
        }
        try office.act(&file, AnswerOrder(OrderID(CaseID(1), 1), answer: "an expert is ill"), .office)
        #expect(file.openOrder?.answer == "an expert is ill" && file.liveClock(.order) == nil)
        #expect(throws: Refusal.noOpenOrder) { try office.act(&file, AnswerOrder(OrderID(CaseID(1), 1), answer: "again"), .office) }
        try office.act(&file, CloseOrder(OrderID(CaseID(1), 1), finding: "nothing wrong"), .commissioner)
        #expect(file.openOrder == nil && file.orders.map(\.finding) == ["nothing wrong"])
        try office.act(&file, OpenOrder(reason: "and now?", to: .leader, due: Length(1, .workingDays)), .commissioner)
        #expect(file.openOrder?.number == 2)
    }

    @Test(
        "R46: an order that is open when its case ends ends with it, by an event that tells who was asked and who asked",
        arguments: State.closed)
    func endsWithItsCase(state: State) throws {
        let office = Office(matter: state == .deemedGranted ? "notice" : "permit")
        var file = try office.file(in: state) { file throws(Refusal) in
            try office.act(&file, OpenOrder(reason: "slow", to: .leader, due: Length(3, .workingDays)), .commissioner)
        }
        let closedAt = try #require(file.closedAt)
        let next = try #require(file.nextDeadline(under: office.terms))
        #expect(next.at == closedAt && next.command is EndOrder)
        let step = try office.act(&file, next.command, .clock, at: closedAt)
        #expect(Set(step.notices.map(\.addressee)) == [.leader, .commissioner])
        #expect(file.openOrder == nil && file.orders.map(\.endedAt) == [closedAt])
        #expect(throws: Refusal.noOpenOrder) {
            try office.act(&file, AnswerOrder(OrderID(CaseID(1), 1), answer: "x"), .leader, at: closedAt)
        }
        #expect((file.nextDeadline(under: office.terms)?.command as? EndOrder) == nil)
    }

    @Test("Only who is asked can answer", arguments: SupervisionOrder.Recipient.allCases)
    func recipients(recipient: SupervisionOrder.Recipient) throws {
        var assigned = try ordered(to: recipient)
        try office.act(&assigned, Assign("otto"), .office)
        for (person, isAsked) in [
            ("otto", recipient == .handler), ("hana", recipient == .officeHead), ("lena", recipient == .leader),
        ] {
            let answer = {
                _ = try assigned.respond(
                    to: AnswerOrder(OrderID(CaseID(1), 1), answer: "x"), by: Principal(.person(PersonID(person), via: "hall")),
                    under: office.terms,
                    at: office.start)
            }
            if isAsked { try answer() } else { #expect(throws: Refusal.orderForAnother(recipient), "\(person)") { try answer() } }
        }
        for role in [Role.commissioner, .admin, .submitter] {
            #expect(throws: Refusal.self) { try office.act(&assigned, AnswerOrder(OrderID(CaseID(1), 1), answer: "x"), role) }
        }
    }

    @Test("An order that nobody answers warns, then goes one level up from where the case is, to those above")
    func unanswered() throws {
        var file = try ordered()
        file.progress.escalation = 4
        let warning = try #require(file.nextDeadline(under: office.terms))
        try office.act(&file, warning.command, .clock, at: warning.at)
        let breach = try #require(file.nextDeadline(under: office.terms))
        let step = try office.act(&file, breach.command, .clock, at: breach.at)
        #expect(file.escalation == 6, "each of the two one up")
        #expect(step.notices.map(\.addressee) == [.leader, .commissioner, .departmentHead])
        #expect(file.light(at: breach.at, under: office.terms) == .red && file.openOrder?.answer == nil)
        #expect(file.state == .inReview, "the decision stays where it is")
    }

    @Test("A rung can open an order, once while one is open, in the same event")
    func byRung() throws {
        var register = Office.register
        let policy = register.policies["licensing"]!
        let order = RungOrder(recipient: .officeHead, due: Length(2, .workingDays))
        let rungs = [
            Rung(position: .percent(50), level: 1, addressees: [.handler], order: order),
            Rung(position: .percent(60), level: 2, addressees: [.handler], order: order),
        ]
        register.policies["licensing"] = Policy(
            id: policy.id, calendar: policy.calendar, countsFirstDay: false,
            limits: [.decision: Limit(budget: Length(20, .workingDays), rungs: rungs)])
        let office = Office(register: register)
        var file = try office.file(in: .inReview)
        let deadline = try #require(file.nextDeadline(under: office.terms))
        let step = try office.act(&file, deadline.command, .clock, at: deadline.at)
        #expect(file.openOrder?.recipient == .officeHead && file.openOrder?.openedBy == "clock")
        #expect(step.event.clocks.map(\.kind).contains(.order))
        #expect(step.notices.map(\.addressee) == [.handler, .officeHead])
        while let next = file.nextDeadline(under: office.terms), file.clock(.decision)!.passedRungs.count < 2 {
            try office.act(&file, next.command, .clock, at: next.at)
        }
        #expect(file.orders.count == 1, "one is open")
    }

    @Test("Supervision goes on after the fact: an order can be answered and closed when the case is decided")
    func afterTheFact() throws {
        var file = try ordered()
        try office.act(&file, Recommend(.grant, opinion: "in order"), .office)
        try office.act(&file, Grant(reasons: ""), .leader)
        #expect(file.openOrder != nil && file.liveClock(.order) == nil)
        try office.act(&file, AnswerOrder(OrderID(CaseID(1), 1), answer: "done"), .office)
        try office.act(&file, CloseOrder(OrderID(CaseID(1), 1), finding: "late without a reason"), .commissioner)
        #expect(file.openOrder == nil && file.state == .granted)
        #expect(throws: Refusal.self) {
            try office.act(&file, OpenOrder(reason: "x", to: .leader, due: Length(1, .workingDays)), .commissioner)
        }
    }
}
