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

    private func register(_ limits: [ClockKind: Limit], off: [String] = [], worked: [String] = []) -> Register {
        var register = Office.register
        let policy = register.policies["licensing"]!
        register.policies["licensing"] = Policy(
            id: policy.id, calendar: policy.calendar, countsFirstDay: policy.countsFirstDay,
            limits: policy.limits.merging(limits) { $1 })
        let old = register.calendars["cn"]!
        register.calendars["cn"] = WorkingCalendar(
            name: "cn", zone: old.zone, week: old.week,
            exceptions: old.exceptions.merging(off.map { (Day($0)!, .init(name: "declared", windows: [])) }) { $1 }
                .merging(worked.map { (Day($0)!, .init(name: "make-up", windows: old.week[.monday]!)) }) { $1 },
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
        let promise = try #require(file.clock(.promise)?.ledger.due(on: office.terms.calendar))
        #expect(promise == at("2026-03-04T23:00:00Z"))
        let decision = try #require(file.clock(.decision))
        let worked = office.terms.calendar.workingTime(from: office.start, to: at("2026-03-03T02:00:00Z"))
        #expect(decision.ledger.settled == worked)
        #expect(
            decision.ledger.due(on: office.terms.calendar)
                == office.terms.calendar.instant(from: at("2026-03-04T08:00:00Z"), afterWorking: 20 * 3_600_000 - worked))
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
        #expect(try pass(after) == ["1 2026-02-24"], "the 14th is worked, and the days from the 15th to the 23rd are not")
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

    @Test(
        "R16: a suspension may end with the longest that its kind may take, in whatever unit it is announced, and no later",
        arguments: [("60 calendar-days", true), ("61 calendar-days", false), ("2 months", true), ("9 weeks", false)])
    func longestSuspension(expected: String, isTaken: Bool) throws {
        let office = Office()
        var file = try office.file(in: .inReview)
        let suspend = Suspend(.hearing, basis: "Art. 46", expected: try Length(parsing: expected), note: "")
        var refusal: Refusal?
        do throws(Refusal) {
            try office.act(&file, suspend, .office)
        } catch {
            refusal = error
        }
        #expect(refusal == (isTaken ? nil : .suspensionTooLong(.hearing, limit: Length(60, .calendarDays))))
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

    @Test("R28, R45: a clock that goes on follows the limit in force: its length, how its last day is moved, and the rungs that lie behind")
    func goneOn() throws {
        func limit(_ days: Int, rolls: Bool) -> Limit {
            let rungs = [
                Rung(position: .percent(20), level: 1, addressees: [.handler]), Rung(position: .breach, level: 2, addressees: [.leader]),
            ]
            return Limit(budget: Length(days, .calendarDays), rungs: rungs, rolls: rolls, isFreshOnReturn: false)
        }
        let office = office([.leader: limit(5, rolls: false)], start: "2026-03-02T01:00:00Z")
        var file = try office.file(in: .withLeader)
        let returned = at("2026-03-05T01:00:00Z")
        while let next = file.nextDeadline(under: office.terms), next.at <= returned {
            try office.act(&file, next.command, .clock, at: next.at)
        }
        #expect(file.clock(.leader)?.passedRungs == [0])
        try office.act(&file, Return(reason: "say more"), .leader, at: returned)
        let later = Office(register: register([.leader: limit(8, rolls: true)]))
        try later.act(&file, Recommend(.grant, opinion: "more"), .office, at: at("2026-03-09T01:00:00Z"))
        let leader = try #require(file.liveClock(.leader))
        #expect(last(leader.ledger.due(on: later.terms.calendar), later) == "2026-03-16", "six days more end on a Saturday")
        #expect(leader.passedRungs == [0] && leader.level == 1)
    }

    @Test(
        "R25, R43, R45: what was promised at the submission keeps the length of a limit and its moved days, and changes nothing else of it")
    func promisedLimits() throws {
        func limit(_ days: Int, rolls: Bool) -> Limit {
            let rungs = [Rung(position: .percent(80), level: 1, addressees: [.handler])]
            return Limit(budget: Length(days, .calendarDays), rungs: rungs, rolls: rolls, isFreshOnReturn: false)
        }
        let (promised, revised) = (register([.correction: limit(9, rolls: true)]), register([.correction: limit(5, rolls: false)]))
        let terms = Terms(matter: "permit", pinned: promised, rules: revised, newest: revised)!
        #expect(terms.limits[.correction] == limit(9, rolls: true))
    }

    @Test("Limits that differ in one thing alone are not equal: a clock that follows the other one begins a generation")
    func unequalLimits() {
        let (budget, rungs) = (Length(5, .calendarDays), [Rung(position: .breach, level: 1, addressees: [.leader])])
        let limit = Limit(budget: budget, rungs: rungs)
        #expect(limit == Limit(budget: budget, rungs: rungs))
        #expect(limit != Limit(budget: Length(6, .calendarDays), rungs: rungs))
        #expect(limit != Limit(budget: budget, rungs: []))
        #expect(limit != Limit(budget: budget, rungs: rungs, rolls: true))
        #expect(limit != Limit(budget: budget, rungs: rungs, isFreshOnReturn: false))
    }

    /// A case after a catalogue that changed its clocks.
    private func recalculated(
        _ file: CaseFile, from office: Office, to rules: Register, allowsEarlier: Bool, at instant: String
    ) throws -> CaseFile {
        var file = file
        let former = office.terms.register
        let terms = Terms(matter: "permit", pinned: former, rules: rules, former: [1: former], newest: rules)!
        let recalculation = Recalculate(version: 2, former: office.terms, allowsEarlier: allowsEarlier)
        file.apply(try file.respond(to: recalculation, by: .catalog, under: terms, at: at(instant)).event)
        return file
    }

    @Test("R25: the end of a clock that decides is kept also where it has come, and nobody has looked yet", arguments: [true, false])
    func endsThatHaveCome(allowsEarlier: Bool) throws {
        let office = office([.intake: Limit(budget: Length(5, .workingDays), rungs: [])], start: "2026-03-02T01:00:00Z")
        let revised = register([.intake: office.terms.limits[.intake]!], worked: ["2026-03-07"])
        let file = try recalculated(
            office.submit(), from: office, to: revised, allowsEarlier: allowsEarlier, at: "2026-03-10T01:00:00Z")
        let clock = try #require(file.clock(.intake))
        #expect(last(clock.ledger.due(on: revised.calendars["cn"]!), office) == "2026-03-09" && clock.raised == 1)
    }

    @Test(
        "R16a: changed rules bring the end of an opinion's time before neither themselves nor where it was: what stood still has stood still",
        arguments: [
            ("2026-03-09T05:00:00Z", "2026-03-09"), ("2026-03-10T05:00:00Z", "2026-03-10"), ("2026-03-12T05:00:00Z", "2026-03-10"),
        ], [true, false])
    func opinionsUnderChangedRules(change: (at: String, last: String), allowsEarlier: Bool) throws {
        // Three working days end on the 10th, and under the changed rules on the 5th.
        let office = Office(register: register([:], off: ["2026-03-04", "2026-03-05", "2026-03-06"]), start: "2026-03-02T01:00:00Z")
        var file = try office.file(in: .inReview)
        try office.act(&file, AskOpinion("water", question: "safe?"), .office)
        try office.act(&file, Suspend(.hearing, basis: "Art. 46", expected: Length(3, .workingDays), note: ""), .office)
        try office.act(&file, Resume(nil), .office, at: at("2026-03-06T05:00:00Z"))
        let rules = register([:])
        file = try recalculated(file, from: office, to: rules, allowsEarlier: allowsEarlier, at: change.at)
        let opinion = try #require(file.liveClock(.opinion)).ledger.due(on: rules.calendars["cn"]!)!
        #expect(last(opinion, office) == (allowsEarlier ? change.last : "2026-03-10"))
        let former = office.terms.register
        let terms = Terms(matter: "permit", pinned: former, rules: rules, former: [1: former], newest: rules)!
        let missed = MissOpinion("water", due: opinion)
        file.apply(try file.respond(to: missed, by: .clock, under: terms, at: max(opinion, at(change.at))).event)
        let next = Day(last(opinion, office)!)!.advanced(by: 1)
        #expect(file.clock(.decision)?.ledger.pausedDays(in: office.terms.calendar.zone) == [Day("2026-03-03")!..<next])
    }

    @Test(
        "R26, R43: an end that has come lies ahead again where its last day is moved now; one that was moved, and came, stays where it was")
    func movedEnds() throws {
        func limit(_ rolls: Bool) -> Limit { Limit(budget: Length(5, .calendarDays), rungs: [], rolls: rolls) }
        // Five days from Monday end on a Saturday.
        for (rolls, instant) in [(true, "2026-03-08T01:00:00Z"), (false, "2026-03-10T01:00:00Z")] {
            let office = office([.leader: limit(!rolls)], start: "2026-03-02T01:00:00Z")
            let file = try recalculated(
                office.file(in: .withLeader), from: office, to: register([.leader: limit(rolls)]), allowsEarlier: true, at: instant)
            let clock = try #require(file.clock(.leader))
            #expect(last(clock.ledger.due(on: office.terms.calendar), office) == "2026-03-09")
        }
    }

    @Test("R25: of many calendars under which a clock stood still, the first one is remembered, and the last ones")
    func manyPromises() throws {
        let office = office([:], start: "2026-03-02T01:00:00Z")
        var file = try office.file(in: .inReview)
        try office.act(&file, Suspend(.hearing, basis: "Art. 46", expected: Length(9, .workingDays), note: ""), .office)
        var registers = [1: office.terms.register]
        var present = office.terms
        for version in 2...40 {
            let rules = register([:], off: version.isMultiple(of: 2) ? ["2026-03-10"] : [])
            registers[version] = rules
            let terms = Terms(matter: "permit", pinned: registers[1]!, rules: rules, former: registers, newest: rules)!
            let recalculation = Recalculate(version: version, former: present, allowsEarlier: false)
            file.apply(try file.respond(to: recalculation, by: .catalog, under: terms, at: at("2026-03-03T01:00:00Z")).event)
            present = terms
        }
        #expect(file.clock(.decision)?.pausedPromises.map(\.version) == [1] + Array(9...39))
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

    @Test(
        "R20a: the end of a clock that decides nothing is an event, and a notice to the head of the office and the leader, without a rung as well"
    )
    func breachWithoutRung() throws {
        let office = office([.leader: Limit(budget: Length(2, .workingDays), rungs: [])], start: "2026-03-02T01:00:00Z")
        var file = try office.file(in: .withLeader)
        file.timing.clocks.removeAll { $0.kind != .leader }
        let next = try #require(file.nextDeadline(under: office.terms))
        let step = try office.act(&file, next.command, .clock, at: next.at)
        #expect(step.event.change is RungPassed && last(next.at, office) == "2026-03-04")
        #expect(step.notices.map(\.addressee) == [.officeHead, .leader])
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
