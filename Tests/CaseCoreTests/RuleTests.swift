import CaseCore
import CaseTesting
import Foundation
import Testing
import WorkingTime

/// Rules of the law and of the reform, one by one.
@Suite("The rules of a case")
struct RuleTests {
    let office = Office()

    private func lastDay(_ due: Instant?) -> String? {
        due.map { office.terms.calendar.zone.day(of: $0.advanced(byMilliseconds: -1)).description }
    }

    @Test("R12, V20: silence on a submission accepts it as of its receipt, and the decision clock runs from there (Art. 32)")
    func deemedAcceptance() throws {
        let office = Office(start: "2026-02-10T02:00:00Z")
        var file = try office.submit()
        let deadlines = [file.nextDeadline(under: office.terms)!]
        guard let first = deadlines[0].command as? PassRung, first.rung == 0, first.clock.kind == .intake else {
            Issue.record("a warning comes first")
            return
        }
        try office.act(&file, deadlines[0].command, .clock, at: deadlines[0].at)
        let deadline = file.nextDeadline(under: office.terms)!
        #expect(lastDay(deadline.at) == "2026-02-24")
        try office.act(&file, deadline.command, .clock, at: deadline.at)
        #expect(file.state == .inReview)
        #expect(lastDay(file.clock(.decision)?.ledger.due(on: office.terms.calendar)) == "2026-03-16")
    }

    @Test("R22: A deadline that has not come is refused, whoever says so")
    func neverEarly() throws {
        let file = try office.submit()
        let deadline = file.nextDeadline(under: office.terms)!
        let early = deadline.at.advanced(byMilliseconds: -1)
        #expect(throws: Refusal.notDue) {
            try file.respond(to: deadline.command, by: .clock, under: office.terms, at: early)
        }
    }

    @Test("R13: An applicant who does not supply what is missing lapses, and is not refused")
    func lapse() throws {
        let file = try office.file(in: .lapsed)
        #expect(file.state == .lapsed)
        #expect(file.timeliness(under: office.terms) == nil)
    }

    @Test("R13: All missing items are named at once: a later notice cannot name others (Art. 32)")
    func oneNotice() throws {
        var file = try office.file(in: .correction)
        try office.act(&file, Correct(materials: [SubmittedMaterial(id: "form")], note: ""), .submitter)
        #expect(throws: Refusal.itemsNotInFirstNotice(["plan"])) {
            try office.act(&file, RequestCorrection(missing: ["plan"], note: ""), .office)
        }
        try office.act(&file, RequestCorrection(missing: ["form"], note: "still blank"), .office)
        #expect(file.state == .correction)
    }

    @Test("Nothing is accepted or granted while a required material is missing")
    func materials() throws {
        var file = try office.submit(materials: [])
        #expect(throws: Refusal.materialsMissing(["form"], in: .submitted)) { try office.act(&file, Accept(), .office) }
        let due = file.clock(.intake)!.ledger.due(on: office.terms.calendar)!
        try office.act(&file, DeemAccept(due: due), .clock, at: due)
        try office.act(&file, Recommend(.grant, opinion: "in order"), .office, at: due)
        #expect(throws: Refusal.materialsMissing(["form"], in: .withLeader)) { try office.act(&file, Grant(reasons: ""), .leader, at: due) }
        try office.act(&file, Return(reason: "ask for the form"), .leader, at: due)
        try office.act(&file, Correct(materials: [SubmittedMaterial(id: "form")], note: ""), .submitter, at: due)
        try office.act(&file, Recommend(.grant, opinion: "now it is"), .office, at: due)
        try office.act(&file, Grant(reasons: ""), .leader, at: due)
        #expect(file.state == .granted)
    }

    @Test("R17: An extension: once, before the breach, within the limit, by the authority that the matter names (Art. 42)")
    func extensions() throws {
        var file = try office.file(in: .inReview)
        let ten = Extend(.decision, by: Length(10, .workingDays), reason: "complex")
        #expect(throws: Refusal.extensionTooLong(limit: Length(10, .workingDays))) {
            try office.act(&file, Extend(.decision, by: Length(11, .workingDays), reason: "x"), .extensionAuthority)
        }
        #expect(throws: Refusal.clockNotExtendable(.review)) {
            try office.act(&file, Extend(.review, by: Length(1, .workingDays), reason: "x"), .extensionAuthority)
        }
        for role in [Role.leader, .commissioner, .office, .admin, .submitter] {
            #expect(throws: Refusal.self) { try office.act(&file, ten, role) }
        }
        let due = file.clock(.decision)!.ledger.due(on: office.terms.calendar)!
        #expect(throws: Refusal.alreadyBreached(.decision)) { try office.act(&file, ten, .extensionAuthority, at: due) }
        let step = try office.act(&file, ten, .extensionAuthority)
        #expect(step.notices.contains { $0.addressee == .applicant }, "the applicant is told why")
        #expect(file.clock(.decision)?.generation == 2)
        #expect(throws: Refusal.alreadyExtended(.decision)) { try office.act(&file, ten, .extensionAuthority) }
    }

    @Test("Submitter, handler and leader are three persons")
    func fourEyes() throws {
        let leader = Principal(.person("lena", via: "hall"))
        var own = try office.submit(by: leader)
        try office.act(&own, Accept(), .office)
        try office.act(&own, Recommend(.grant, opinion: "in order"), .office)
        #expect(throws: Refusal.fourEyes(Grant.name, person: "lena", other: .submitter)) {
            try office.act(&own, Grant(reasons: ""), .leader)
        }
        // An officer who handed it in at the window takes no step of the office, and does not become its handler.
        var officers = try office.submit(by: Office.principal(.office))
        let hana = Principal(.person("hana", via: "hall"))
        func take(_ input: any CaseCommand, by principal: Principal) throws {
            officers.apply(try officers.respond(to: input, by: principal, under: office.terms, at: office.start).event)
        }
        let steps: [any CaseCommand] = [
            Accept(), RequestCorrection(missing: ["form"], note: ""), Decline(ground: "not ours", competent: nil),
        ]
        for input in steps {
            #expect(throws: Refusal.fourEyes(type(of: input).name, person: "otto", other: .submitter)) {
                try office.act(&officers, input, .office)
            }
        }
        #expect(throws: Refusal.fourEyes(Assign.name, person: "otto", other: .submitter)) { try take(Assign("otto"), by: hana) }
        try take(Accept(), by: hana)
        #expect(throws: Refusal.fourEyes(Recommend.name, person: "otto", other: .submitter)) {
            try office.act(&officers, Recommend(.grant, opinion: "in order"), .office)
        }
    }

    @Test("Whoever supervises a case has no other part in it, whatever the catalogue says")
    func supervisionIsSeparate() throws {
        var register = Office.register
        let cora: PersonID = "cora"
        for (id, post) in register.posts where id == "leader" || id == "officer" {
            register.posts[id] = Post(id: id, name: post.name, office: post.office, holder: cora, duties: [])
        }
        let terms = Terms(matter: "permit", pinned: register, newest: register)!
        let file = try office.file(in: .withLeader)
        #expect(file.parts(of: Principal(.person(cora, via: nil)), under: terms, at: office.start) == [.commissioner: .own])
        #expect(register.violations.contains { $0.rule == .separation })
    }

    @Test("What is said of missing materials names a way that the state of the case takes")
    func mendOfMissingMaterials() throws {
        for command in [Accept.name, Grant.name] {
            let states = State.allCases.filter { Lifecycle.target(of: command, in: $0) != nil }
            for state in states {
                let hint = try #require(Refusal.materialsMissing(["form"], in: state).hint)
                let named = Commands.ofClients.filter {
                    hint.contains("casectl " + $0.name.rawValue) || $0 == RequestCorrection.self && hint.contains("request a correction")
                }
                #expect(!named.isEmpty, "\(hint)")
                // The first one is for now, a second one for where it leads.
                let first = try #require(named.first { Lifecycle.target(of: $0.name, in: state) != nil }, "\(state): \(hint)")
                let next = try #require(Lifecycle.target(of: first.name, in: state))
                for other in named where other != first { #expect(Lifecycle.target(of: other.name, in: next) != nil, "\(hint)") }
            }
        }
    }

    @Test("A recommendation is written by the officer to whom the case is assigned")
    func assigned() throws {
        var file = try office.file(in: .inReview)
        try office.act(&file, Assign("hana"), .office)
        #expect(throws: Refusal.assignedTo("hana")) { try office.act(&file, Recommend(.grant, opinion: "x"), .office) }
        #expect(throws: Refusal.notAnOfficer("lena", "permits", officers: Office.register.officers(of: "permits").sorted())) {
            try office.act(&file, Assign("lena"), .office)
        }
        try office.act(&file, Assign(nil), .office)
        try office.act(&file, Recommend(.grant, opinion: "x"), .office)
        #expect(file.handler == "otto")
    }

    @Test("Whoever accepts a case handles it, unless somebody does already, they say otherwise, or they are no officer of its office")
    func accepted() throws {
        var file = try office.submit()
        try office.act(&file, Accept(), .office)
        #expect(file.handler == "otto")
        file = try office.submit()
        try office.act(&file, Accept(unassigned: true), .office)
        #expect(file.handler == nil)
        file = try office.submit()
        try office.act(&file, Assign("hana"), .office)
        try office.act(&file, Accept(), .office)
        #expect(file.handler == "hana")
        var register = Office.register
        register.substitutions["s"] = Substitution(
            id: "s", post: "officer", by: "bureau-head", from: Day("2026-02-01")!, to: Day("2026-03-01")!)
        let away = Office(register: register)
        file = try away.submit()
        let bela = Principal(.person("bela", via: "hall"))
        let step = try file.respond(to: Accept(), by: bela, under: away.terms, at: away.start)
        file.apply(step.event)
        #expect(file.state == .inReview && file.handler == nil && step.event.instead == "otto")
    }

    @Test("R16: A suspension stops the clocks of the case and starts its own")
    func suspension() throws {
        var file = try office.file(in: .inReview)
        let later = Instant("2026-02-12T01:00:00Z")!
        try office.act(&file, Suspend(.expertReview, basis: "Art. 45", expected: Length(15, .workingDays), note: ""), .office, at: later)
        #expect(file.clock(.decision)!.ledger.isPaused && !file.clock(.suspension)!.ledger.isPaused)
        try office.act(&file, Resume(nil), .office, at: Instant("2026-02-25T01:00:00Z")!)
        #expect(lastDay(file.clock(.decision)?.ledger.due(on: office.terms.calendar)) == "2026-03-18", "as V4")
        #expect(file.clock(.suspension)?.isLive == false)
    }

    @Test("R21: Each rung passes once in a generation; an extension lets them pass again at their new places")
    func generations() throws {
        var file = try office.file(in: .inReview)
        var passed: [String] = []
        func run(to end: Instant) throws {
            while let deadline = file.nextDeadline(under: office.terms), deadline.at <= end {
                if let next = deadline.command as? PassRung {
                    passed.append("\(next.clock.kind) \(next.rung) \(lastDay(deadline.at)!)")
                }
                try office.act(&file, deadline.command, .clock, at: deadline.at)
            }
        }
        try run(to: Instant("2026-03-10T00:00:00Z")!)
        #expect(passed.filter { $0.hasPrefix("decision") } == ["decision 0 2026-03-06", "decision 1 2026-03-09"])
        try office.act(
            &file, Extend(.decision, by: Length(10, .workingDays), reason: "complex"), .extensionAuthority,
            at: Instant("2026-03-10T00:00:00Z")!)
        passed = []
        try run(to: Instant("2026-04-30T00:00:00Z")!)
        #expect(
            passed.filter { $0.hasPrefix("decision") } == [
                "decision 0 2026-03-18", "decision 1 2026-03-23", "decision 2 2026-03-26", "decision 3 2026-03-30",
            ])
    }

    @Test("R12: time that stood still during intake stands still in the decision clock of a deemed acceptance as well")
    func deemedAcceptanceAfterPause() throws {
        let office = Office(start: "2026-02-25T02:00:00Z")
        var file = try office.submit()
        try office.act(
            &file, Suspend(.inspection, basis: "Art. 45", expected: Length(5, .workingDays), note: ""), .office,
            at: Instant("2026-02-27T02:00:00Z")!)
        try office.act(&file, Resume(nil), .office, at: Instant("2026-03-06T02:00:00Z")!)
        let due = file.clock(.intake)!.ledger.due(on: office.terms.calendar)!
        #expect(lastDay(due) == "2026-03-11", "26 February, then 6, 9, 10 and 11 March")
        try office.act(&file, DeemAccept(due: due), .clock, at: due)
        // 20 working days from 26 February, less those of 27 February to 5 March.
        #expect(lastDay(file.clock(.decision)?.ledger.due(on: office.terms.calendar)) == "2026-04-01")
        #expect(file.clock(.decision)?.ledger.segments.map(\.consumed) == [1])
    }

    @Test("R7: reasons that overlap stop the clocks once, each with a clock of its own; they run on when the last has ended (Art. 45)")
    func overlappingSuspensions() throws {
        var file = try office.file(in: .inReview)
        func at(_ day: String) -> Instant { Instant("\(day)T02:00:00Z")! }
        let hearing = Suspend(.hearing, basis: "Art. 46", expected: Length(3, .workingDays), note: "")
        try office.act(&file, hearing, .office, at: at("2026-02-12"))
        let flood = Suspend(.forceMajeure, basis: "flood", expected: Length(10, .calendarDays), note: "")
        try office.act(&file, flood, .office, at: at("2026-02-14"))
        #expect(throws: Refusal.alreadySuspended(.hearing)) { try office.act(&file, hearing, .office, at: at("2026-02-14")) }
        #expect(throws: Refusal.severalSuspensions([.hearing, .forceMajeure])) { try office.act(&file, Resume(nil), .office) }
        #expect(throws: Refusal.notSuspended) { try office.act(&file, Resume(.appraisal), .office) }
        #expect(file.clocks.filter { $0.kind == .suspension && $0.isLive }.map(\.ledger.meter) == [.workingDays, .calendarDays])

        try office.act(&file, Resume(.hearing), .office, at: at("2026-02-16"))
        #expect(file.isSuspended && file.clock(.decision)!.ledger.isPaused)
        try office.act(&file, Resume(nil), .office, at: at("2026-02-25"))
        #expect(!file.isSuspended)
        #expect(
            lastDay(file.clock(.decision)?.ledger.due(on: office.terms.calendar)) == "2026-03-18",
            "as V4: one pause from the 12th to the 25th")
        #expect(!file.clocks.contains { $0.kind == .suspension && $0.isLive })
    }

    @Test("R16: a suspension that outlasts what was announced is noticed, even where the policy has no ladder for it (Art. 45)")
    func overrun() throws {
        var file = try office.file(in: .inReview)
        try office.act(&file, Suspend(.appraisal, basis: "Art. 45", expected: Length(3, .workingDays), note: ""), .office)
        let deadline = file.nextDeadline(under: office.terms)!
        #expect(lastDay(deadline.at) == "2026-02-11")
        let step = try office.act(&file, deadline.command, .clock, at: deadline.at)
        #expect(step.notices.map(\.addressee) == [.officeHead, .leader])
        guard let passed = step.event.change as? RungPassed else {
            Issue.record("no rung has passed")
            return
        }
        #expect(passed.clock == ClockID(.suspension, of: .appraisal))
        #expect(file.nextDeadline(under: office.terms) == nil, "once, and everything else stands still")
        #expect(file.light(at: deadline.at, under: office.terms) == .red)
    }

    @Test("R14: the statutory and the promised decision clock run side by side, and a decision can be in time by one of them (Art. 42)")
    func sideBySide() throws {
        var file = try office.file(in: .inReview)
        #expect(lastDay(file.clock(.decision)?.ledger.due(on: office.terms.calendar)) == "2026-03-12")
        #expect(lastDay(file.clock(.promise)?.ledger.due(on: office.terms.calendar)) == "2026-02-27")
        let between = Instant("2026-03-05T02:00:00Z")!
        try office.act(&file, Recommend(.grant, opinion: "in order"), .office, at: between)
        try office.act(&file, Grant(reasons: ""), .leader, at: between)
        #expect(file.timeliness(under: office.terms) == .promiseMissed)
    }

    @Test("R15: the office's and the leader's part have clocks of their own, which start and end with the file's place")
    func stages() throws {
        var file = try office.file(in: .inReview)
        #expect(file.clock(.review)?.isLive == true && file.clock(.leader) == nil)
        try office.act(&file, Recommend(.grant, opinion: "in order"), .office)
        #expect(file.clock(.review)?.isLive == false)
        try office.act(&file, Return(reason: "more"), .leader)
        #expect(file.clock(.review)?.isLive == true && file.clock(.review)?.generation == 2)
    }

    @Test("R18: a decision is to be delivered within ten working days of it (Art. 44)")
    func delivery() throws {
        var file = try office.file(in: .granted)
        #expect(lastDay(file.clock(.delivery)?.ledger.due(on: office.terms.calendar)) == "2026-02-27")
        #expect(file.clocks.filter(\.isLive).map(\.kind) == [.delivery])
        try office.act(&file, Deliver(how: "post"), .office)
        #expect(!file.clocks.contains { $0.isLive })
    }

    @Test("R19: silence grants only where the matter says so (Art. 50)")
    func silence() throws {
        for (matter, isGranted) in [(MatterID("notice"), true), ("permit", false)] {
            let office = Office(matter: matter)
            var file = try office.file(in: .inReview)
            while let deadline = file.nextDeadline(under: office.terms), file.state.isOpen {
                try office.act(&file, deadline.command, .clock, at: deadline.at)
            }
            #expect((file.state == .deemedGranted) == isGranted, "\(matter)")
        }
    }

    /// A matter that silence grants and that needs a form.
    private static let silent = LifecycleTests.full

    /// A case without its form, accepted by silence; and when the decision is due.
    private func incomplete() throws -> (file: CaseFile, due: Instant) {
        let office = Self.silent
        var file = try office.submit(materials: [])
        let intake = file.clock(.intake)!.ledger.due(on: office.terms.calendar)!
        try office.act(&file, DeemAccept(due: intake), .clock, at: intake)
        return (file, file.clock(.decision)!.ledger.due(on: office.terms.calendar)!)
    }

    /// Lets time pass on a case.
    private func pass(_ file: inout CaseFile, through end: Instant) throws {
        while let deadline = file.nextDeadline(under: Self.silent.terms), deadline.at <= end {
            try Self.silent.act(&file, deadline.command, .clock, at: deadline.at)
        }
    }

    @Test("R19: silence grants nothing while a required material is missing, and what comes after the end does not make it a decision")
    func silenceOnAnIncompleteFile() throws {
        let office = Self.silent
        let form = Correct(materials: [SubmittedMaterial(id: "form")], note: "")
        for offset in [Int64(-1), 0, 1, 86_400_000] {
            for isWithLeader in [false, true] {
                var (file, due) = try incomplete()
                let handedInAt = due.advanced(byMilliseconds: offset)
                try pass(&file, through: handedInAt)
                if isWithLeader {
                    try office.examine(&file, at: handedInAt)
                    try office.act(&file, Recommend(.refuse, opinion: "no form"), .office, at: handedInAt)
                    try office.act(&file, Return(reason: "ask for it"), .leader, at: handedInAt)
                }
                #expect(throws: Refusal.notDue) { try office.act(&file, DeemGrant(due: due), .clock, at: max(due, handedInAt)) }
                try office.act(&file, form, .submitter, at: handedInAt)
                try pass(&file, through: due.advanced(byMilliseconds: 30 * 86_400_000))
                #expect(file.state == (offset < 0 ? .deemedGranted : .inReview), "handed in \(offset) ms after the end")
                #expect(file.state == .deemedGranted || file.light(at: due, under: office.terms) == .red, "the end is a breach")
            }
        }
    }

    @Test("R19, R26: a catalogue that moves the end of an incomplete file away does not take its breach back")
    func silenceAfterAChange() throws {
        let office = Self.silent
        var (file, due) = try incomplete()
        let after = due.advanced(byMilliseconds: 86_400_000)
        try pass(&file, through: after)
        var register = office.terms.register
        let old = register.calendars["cn"]!
        var exceptions = old.exceptions
        let last = old.zone.day(of: due.advanced(byMilliseconds: -1))
        for offset in -5...0 { exceptions[last.advanced(by: offset)] = .init(name: "declared", windows: []) }
        register.calendars["cn"] = WorkingCalendar(
            name: "cn", zone: old.zone, week: old.week, exceptions: exceptions, validThrough: old.validThrough)
        let terms = Terms(matter: "permit", pinned: office.terms.register, rules: register, newest: register)!
        func take(_ input: any CaseCommand, by principal: Principal, at instant: Instant) throws {
            file.apply(try file.respond(to: input, by: principal, under: terms, at: instant).event)
        }
        try take(Recalculate(version: 2, former: office.terms, allowsEarlier: false), by: .catalog, at: after)
        #expect(file.clock(.decision)!.ledger.due(on: terms.calendar)! > after, "the end lies ahead again")
        try take(Correct(materials: [SubmittedMaterial(id: "form")], note: ""), by: Office.principal(.submitter), at: after)
        let end = due.advanced(byMilliseconds: 60 * 86_400_000)
        while let deadline = file.nextDeadline(under: terms), deadline.at <= end { try take(deadline.command, by: .clock, at: deadline.at) }
        #expect(file.state == .inReview)
    }

    @Test("R19: the end of a clock that passes during a suspension decides nothing, and one that comes after it grants a complete file")
    func silenceAndSuspension() throws {
        let office = Self.silent
        var (file, due) = try incomplete()
        let before = due.advanced(byMilliseconds: -3_600_000)
        try office.act(&file, Suspend(.applicant, basis: "Art. 45", expected: Length(5, .workingDays), note: ""), .office, at: before)
        let after = due.advanced(byMilliseconds: 3_600_000)
        try pass(&file, through: after)
        try office.act(&file, Correct(materials: [SubmittedMaterial(id: "form")], note: ""), .submitter, at: after)
        try office.act(&file, Resume(nil), .office, at: after)
        try pass(&file, through: after.advanced(byMilliseconds: 10 * 86_400_000))
        #expect(file.state == .deemedGranted, "the material was there before the clock ended")
    }

    @Test("R12, R19: silence never accepts a case and grants it by an end that does not lie after the acceptance", arguments: 1...12)
    func silenceTwiceAtOnce(intakeDays: Int) throws {
        var register = Self.silent.terms.register
        let policy = register.policies["licensing"]!
        func limit(_ days: Int) -> Limit { Limit(budget: Length(days, .workingDays), rungs: []) }
        register.policies["licensing"] = Policy(
            id: policy.id, calendar: policy.calendar, countsFirstDay: policy.countsFirstDay,
            limits: policy.limits.merging([.intake: limit(intakeDays), .decision: limit(6)]) { $1 })
        let isFound = register.violations.contains { $0.rule == .ladder && $0.message.hasPrefix("silence would grant") }
        #expect(isFound == (intakeDays >= 6), "the check says so first")

        let office = Office(register: register)
        var file = try office.submit()
        let end = office.start.advanced(byMilliseconds: 90 * 86_400_000)
        while let deadline = file.nextDeadline(under: office.terms), deadline.at <= end {
            try office.act(&file, deadline.command, .clock, at: deadline.at)
        }
        #expect(file.state == (intakeDays < 6 ? .deemedGranted : .inReview))
    }

    @Test("R17: the reason of an extension is kept with the case, for the applicant to see (Art. 42)")
    func extensionReason() throws {
        var file = try office.file(in: .inReview)
        try office.act(&file, Extend(.decision, by: Length(10, .workingDays), reason: "expert is ill"), .extensionAuthority)
        #expect(file.timing.extension_ == .init(by: Length(10, .workingDays), reason: "expert is ill", at: office.start))
    }

    @Test("R21: after an extension, rungs that still lie behind stay passed, and those that lie ahead again pass again")
    func extensionAndRungs() throws {
        var file = try office.file(in: .inReview)
        let second = Instant("2026-03-09T17:00:00Z")!
        while let deadline = file.nextDeadline(under: office.terms), deadline.at <= second {
            try office.act(&file, deadline.command, .clock, at: deadline.at)
        }
        #expect(file.clock(.decision)?.passedRungs == [0, 1], "80 % and three days before")
        try office.act(&file, Extend(.decision, by: Length(1, .workingDays), reason: "complex"), .extensionAuthority, at: second)
        // 17 of 21 days are used: 80 % are 17 of them, and three days before the end are 18.
        #expect(file.clock(.decision)?.passedRungs == [0])
        #expect(file.clock(.decision)?.generation == 2)
    }

    @Test("R22: what was missed passes afterwards, in order, each marked late")
    func late() throws {
        var file = try office.file(in: .inReview)
        let end = Instant("2026-04-01T00:00:00Z")!
        var passed: [RungPassed] = []
        while let deadline = file.nextDeadline(under: office.terms), deadline.at <= end {
            let step = try office.act(&file, deadline.command, .clock, at: end)
            if let rung = step.event.change as? RungPassed { passed.append(rung) }
        }
        let decision = passed.filter { $0.clock.kind == .decision }
        #expect(decision.map(\.rung) == [0, 1, 2, 3] && decision.map(\.due) == decision.map(\.due).sorted())
        #expect(passed.allSatisfy { $0.isLate })
    }

    @Test("R23: the light is green, yellow after a warning, red while a clock is overdue, and none when the case is closed")
    func light() throws {
        var file = try office.submit()
        #expect(file.light(at: office.start, under: office.terms) == .green)
        let warning = file.nextDeadline(under: office.terms)!
        try office.act(&file, warning.command, .clock, at: warning.at)
        #expect(file.light(at: warning.at, under: office.terms) == .yellow)
        try office.act(&file, Accept(), .office, at: warning.at)
        #expect(file.light(at: warning.at, under: office.terms) == .green, "the clock that was warned of has ended")
        let promised = file.due(under: office.terms)!
        #expect(file.light(at: promised.advanced(byMilliseconds: -1), under: office.terms) == .green)
        #expect(file.light(at: promised, under: office.terms) == .red)
        try office.act(&file, Withdraw(reason: ""), .submitter)
        #expect(file.light(at: promised, under: office.terms) == .none)
    }

    @Test("The pure core imports nothing, but for its own working time")
    func purity() throws {
        for (module, allowed) in [("WorkingTime", Set<String>()), ("CaseCore", ["WorkingTime"])] {
            let folder = "\(SharedData.project)/Sources/\(module)"
            let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
            #expect(!files.isEmpty)
            for file in files {
                let lines = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8).split(separator: "\n")
                for line in lines where line.split(separator: " ").contains("import") && !line.hasPrefix("//") && !line.contains("///") {
                    #expect(allowed.contains(String(line.split(separator: " ").last!)), "\(module)/\(file): \(line)")
                }
            }
        }
    }
}
