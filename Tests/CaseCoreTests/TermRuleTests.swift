import CaseCore
import CaseTesting
import Testing
import WorkingTime

/// Terms of a policy beside their length: what a returned file has left, last days that are moved, pauses between units, and ends that come twice.
@Suite("Terms: fresh or not, moved or not, between units")
struct TermRuleTests {
    /// An office whose policy has other limits.
    private func office(_ limits: [ClockKind: Limit], start: String = "2026-02-06T01:00:00Z") -> Office {
        Office(register: register(limits), start: start)
    }

    private func register(_ limits: [ClockKind: Limit], off: [String] = []) -> Register {
        var register = Office.register
        let policy = register.policies["licensing"]!
        register.policies["licensing"] = Policy(
            id: policy.id, calendar: policy.calendar, countsFirstDay: policy.countsFirstDay,
            limits: policy.limits.merging(limits) { $1 })
        let old = register.calendars["cn"]!
        register.calendars["cn"] = WorkingCalendar(
            name: "cn", zone: old.zone, week: old.week,
            exceptions: old.exceptions.merging(off.map { (Day($0)!, .init(name: "declared", windows: [])) }) { $1 },
            validThrough: old.validThrough)
        return register
    }

    private func last(_ due: Instant?, _ office: Office) -> String? {
        due.map { office.terms.calendar.zone.day(of: $0.advanced(byMilliseconds: -1)).description }
    }

    private func at(_ text: String) -> Instant { Instant(text)! }

    @Test("R44: intake in days, decision in working hours, promise in hours: silence accepts with the pauses to the millisecond")
    func pausesOfDeemedAcceptance() throws {
        let office = office(
            [
                .intake: Limit(budget: Length(3, .workingDays), rungs: []),
                .decision: Limit(budget: Length(20 * 60, .workingMinutes), rungs: []),
                .promise: Limit(budget: Length(40 * 60, .minutes), rungs: []),
            ], start: "2026-03-02T01:00:00Z")
        var file = try office.submit()
        try office.act(
            &file, Suspend(.inspection, basis: "Art. 45", expected: Length(5, .workingDays), note: ""), .office,
            at: at("2026-03-03T02:00:00Z"))
        try office.act(&file, Resume(nil), .office, at: at("2026-03-04T08:00:00Z"))
        let due = try #require(file.clock(.intake)?.ledger.due(on: office.terms.calendar))
        #expect(last(due, office) == "2026-03-06")
        try office.act(&file, DeemAccept(due: due), .clock, at: due)
        let hours = office.terms.calendar.week[.monday]!.reduce(0) { $0 + $1.to - $1.from }
        let promise = try #require(file.clock(.promise)?.ledger.due(on: office.terms.calendar))
        #expect(promise == at("2026-03-04T23:00:00Z"))
        let decision = try #require(file.clock(.decision))
        let worked = office.terms.calendar.workingTime(from: office.start, to: at("2026-03-03T02:00:00Z"))
        #expect(decision.ledger.settled == worked)
        #expect(
            decision.ledger.due(on: office.terms.calendar)
                == office.terms.calendar.instant(from: at("2026-03-04T08:00:00Z"), afterWorking: 20 * 3_600_000 - worked))
        #expect(hours > 0)
    }

    @Test("R26: an end that had come lies ahead again as days become holidays: it passes again when it comes, and the warnings do not")
    func secondBreach() throws {
        let ladder = [
            Rung(position: .percent(80), level: 1, addressees: [.handler]), Rung(position: .breach, level: 2, addressees: [.leader]),
        ]
        let limit = Limit(budget: Length(5, .workingDays), rungs: ladder)
        let office = office([.decision: limit])
        var file = try office.file(in: .inReview)
        func pass(_ office: Office) throws -> [String] {
            var passed: [String] = []
            while let next = file.nextDeadline(under: office.terms), let rung = next.command as? PassRung, rung.clock.kind == .decision,
                next.at < at("2026-04-30T00:00:00Z")
            {
                try office.act(&file, rung, .clock, at: next.at)
                passed.append("\(rung.rung) \(last(next.at, office) ?? "")")
            }
            return passed
        }
        // The other clocks of the case are not what this is about.
        file.timing.clocks.removeAll { $0.kind != .decision }
        #expect(try pass(office) == ["0 2026-02-12", "1 2026-02-13"])
        let revised = register([.decision: limit], off: ["2026-02-12", "2026-02-13"])
        let terms = Terms(
            matter: "permit", pinned: office.terms.register, rules: revised, former: [1: office.terms.register], newest: revised)!
        let step = try file.respond(
            to: Recalculate(version: 2, former: office.terms, allowsEarlier: false), by: .catalog, under: terms,
            at: at("2026-02-14T00:00:00Z"))
        file.apply(step.event)
        #expect(file.clock(.decision)?.generation == 2)
        let after = Office(register: revised)
        #expect(try pass(after) == ["1 \(last(file.clock(.decision)?.ledger.due(on: terms.calendar), after) ?? "")"])
        #expect(try pass(after) == [])
    }

    @Test("R25: a promise that a later catalogue may not take back is said to be kept, also of a clock whose end decides")
    func keptByTheLaw() throws {
        let (long, short) = (
            Limit(budget: Length(5, .calendarDays), rungs: [], rolls: true), Limit(budget: Length(5, .calendarDays), rungs: [])
        )
        // Submitted without moved last days, moved by the second version, and back by the third.
        let office = office([.correction: short], start: "2026-03-02T01:00:00Z")
        var file = try office.file(in: .correction)
        var before = office.terms
        for (version, limit, isKept) in [(2, long, false), (3, short, true)] {
            let rules = register([.correction: limit])
            let terms = Terms(matter: "permit", pinned: office.terms.register, rules: rules, newest: rules)!
            let step = try file.respond(
                to: Recalculate(version: version, former: before, allowsEarlier: true), by: .catalog, under: terms,
                at: at("2026-03-03T01:00:00Z"))
            file.apply(step.event)
            let change = try #require(step.event.change as? Recalculated)
            #expect(change.moves.first { $0.clock.kind == .correction }?.isKept == isKept, "version \(version)")
            #expect(last(file.clock(.correction)?.ledger.due(on: terms.calendar), office) == "2026-03-09", "version \(version)")
            before = terms
        }
    }

    @Test("R25, R28, R45: a budget that was raised for a promise leaves a clock that can be kept, whatever limits come after it")
    func raisedBudgets() throws {
        func limit(_ text: String) throws -> Limit { Limit(budget: try Length(parsing: text), rungs: [], isFreshOnReturn: false) }
        // A leader's clock, raised and gone on with under the shorter limit; a decision's, through another unit and back, overdue.
        for (kind, texts) in [
            (ClockKind.leader, ["3 working-days", "1 working-days"]),
            (.decision, ["20 working-days", "5 working-days", "600 minutes", "30 working-days", "2 working-days"]),
        ] {
            let office = office([kind: try limit(texts[0])], start: "2026-03-02T01:00:00Z")
            var file = try office.file(in: .withLeader)
            var (before, now) = (office.terms, at("2026-03-03T01:00:00Z"))
            for (version, text) in texts.enumerated().dropFirst() {
                let rules = register([kind: try limit(text)])
                let terms = Terms(matter: "permit", pinned: office.terms.register, rules: rules, newest: rules)!
                if version == texts.count - 1, kind == .decision { now = at("2026-12-01T01:00:00Z") }
                let step = try file.respond(
                    to: Recalculate(version: version + 1, former: before, allowsEarlier: false), by: .catalog, under: terms, at: now)
                file.apply(step.event)
                #expect(!file.clocks.contains { !$0.isSound }, "\(kind) \(text)")
                before = terms
            }
            let last = Office(register: before.register, start: now.description)
            guard kind == .leader else { continue }
            try last.act(&file, Return(reason: "say more"), .leader, at: now)
            try last.act(&file, Recommend(.grant, opinion: "more"), .office, at: now)
            #expect(!file.clocks.contains { !$0.isSound })
            #expect(file.clock(.leader)?.ledger.budget == 1 && file.clock(.leader)?.raised == 0)
        }
    }

    @Test("R1: the examination that silence begins at the end of a day counts the next one, whenever the calendar's days end")
    func reviewAfterSilence() throws {
        let office = office(
            [.intake: Limit(budget: Length(3, .workingDays), rungs: []), .review: Limit(budget: Length(2, .workingDays), rungs: [])],
            start: "2026-03-02T01:00:00Z")
        var file = try office.submit()
        let due = try #require(file.clock(.intake)?.ledger.due(on: office.terms.calendar))
        #expect(last(due, office) == "2026-03-05")
        try office.act(&file, DeemAccept(due: due), .clock, at: due)
        #expect(last(file.clock(.review)?.ledger.due(on: office.terms.calendar), office) == "2026-03-09")
    }

    @Test("R17: where a matter knows no extension, that is what whoever asks for one is told, and not that somebody else may")
    func noExtension() throws {
        let office = Office(matter: "notice", start: "2026-03-02T01:00:00Z")
        var file = try office.file(in: .inReview)
        for role in [Role.office, .leader, .extensionAuthority] {
            #expect(throws: Refusal.clockNotExtendable(.decision), "\(role)") {
                try office.act(&file, Extend(.decision, by: Length(1, .workingDays), reason: "hard"), role)
            }
        }
    }

    @Test("R45: a clock that is not fresh on return goes on with what was left; by default it begins anew", arguments: [true, false])
    func freshOnReturn(isFresh: Bool) throws {
        let limit = Limit(
            budget: Length(3, .workingDays), rungs: [Rung(position: .breach, level: 1, addressees: [.leader])], isFreshOnReturn: isFresh)
        let office = office([.leader: limit, .review: limit], start: "2026-03-02T01:00:00Z")
        var file = try office.file(in: .withLeader)
        // Two of three days are used: Tuesday and Wednesday.
        try office.act(&file, Return(reason: "say more"), .leader, at: at("2026-03-05T01:00:00Z"))
        #expect(file.clock(.leader)?.ledger.settled == 2 && file.clock(.leader)?.isLive == false)
        try office.act(&file, Recommend(.grant, opinion: "more"), .office, at: at("2026-03-09T01:00:00Z"))
        let leader = try #require(file.liveClock(.leader))
        #expect(leader.generation == 2)
        #expect(last(leader.ledger.due(on: office.terms.calendar), office) == (isFresh ? "2026-03-12" : "2026-03-09"))
        try office.act(&file, Return(reason: "and more"), .leader, at: at("2026-03-13T01:00:00Z"))
        try office.act(&file, Recommend(.grant, opinion: "even more"), .office, at: at("2026-03-13T02:00:00Z"))
        let again = try #require(file.liveClock(.leader))
        #expect(again.isOverdue(at: at("2026-03-13T02:00:00Z"), on: office.terms.calendar) == !isFresh)
    }

    @Test("R43: an applicant's term does not lapse on a day that is not worked, but on the next one that is (Civil Code, Art. 203)")
    func movedCorrection() throws {
        for (rolls, day) in [(false, "2026-03-07"), (true, "2026-03-09")] {
            let office = office(
                [.correction: Limit(budget: Length(5, .calendarDays), rungs: [], rolls: rolls)], start: "2026-03-02T01:00:00Z")
            let file = try office.file(in: .correction)
            let next = try #require(file.nextDeadline(under: office.terms))
            #expect(next.command is Lapse && last(next.at, office) == day)
        }
    }

    @Test("R47: a rung in percent passes at its share of the budget, rounded up, and never before the first quantum", arguments: 1...99)
    func percentOfBudget(share: Int) {
        for budget: Int64 in [1, 2, 3, 7, 20, 61, 3_600_000] {
            let passed = Rung(position: .percent(share), level: 1, addressees: [.leader]).threshold(of: budget)
            #expect(passed >= 1 && passed <= budget)
            #expect(passed * 100 >= budget * Int64(share), "not before its share")
            #expect(passed == 1 || (passed - 1) * 100 < budget * Int64(share), "and at the first quantum from there on")
        }
    }

    @Test("R43: where a last day was moved at the submission, a later catalogue does not take that back from a clock whose end decides")
    func movedDaysAreKept() throws {
        let limit = Limit(budget: Length(5, .calendarDays), rungs: [], rolls: true)
        let office = office([.correction: limit], start: "2026-03-02T01:00:00Z")
        let revised = register([.correction: Limit(budget: Length(5, .calendarDays), rungs: [])])
        let terms = Terms(
            matter: "permit", pinned: office.terms.register, rules: revised, former: [1: office.terms.register], newest: revised)!
        #expect(terms.limits[.correction]?.rolls == true)
    }
}
