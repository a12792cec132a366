import CaseCore
import CaseTesting
import Testing
import WorkingTime

/// Changed rules under a case that runs.
@Suite("Changed calendars and limits under running clocks")
struct RecalculationTests {
    let office = Office()

    private func lastDay(_ due: Instant?) -> String? {
        due.map { office.terms.calendar.zone.day(of: $0.advanced(byMilliseconds: -1)).description }
    }

    /// The terms of the office with other days in its calendar, or another decision limit.
    private func terms(
        off: [String] = [], worked: [String] = [], through: String? = nil, decision: Limit? = nil,
        former: [Int: Register] = [1: Office.register]
    ) -> Terms {
        var register = Office.register
        let old = register.calendars["cn"]!
        var exceptions = old.exceptions
        for day in off { exceptions[Day(day)!] = .init(name: "declared", windows: []) }
        for day in worked { exceptions[Day(day)!] = .init(name: "make-up", windows: old.week[.monday]!) }
        register.calendars["cn"] = WorkingCalendar(
            name: "cn", zone: old.zone, week: old.week, exceptions: exceptions,
            validThrough: through.map { Day($0)! } ?? old.validThrough)
        if let decision {
            let policy = register.policies["licensing"]!
            register.policies["licensing"] = Policy(
                id: policy.id, calendar: policy.calendar, countsFirstDay: policy.countsFirstDay,
                limits: policy.limits.merging([.decision: decision]) { $1 })
        }
        return Terms(
            matter: "permit", pinned: Office.register, rules: register, former: former, newest: register)!
    }

    private func recalculate(
        _ file: inout CaseFile, to terms: Terms, allowsEarlier: Bool = false, at instant: String, from former: Terms? = nil
    ) throws -> [ClockMove] {
        let step = try file.respond(
            to: Recalculate(version: 2, former: former ?? office.terms, allowsEarlier: allowsEarlier), by: .catalog,
            under: terms, at: Instant(instant)!)
        file.apply(step.event)
        #expect(file.timing.version == 2 && file.origin.catalogVersion == 1)
        guard let change = step.event.change as? Recalculated, change.version == 2 else { return [] }
        return change.moves
    }

    /// Due 2026-03-12, as V3.
    private func inReview() throws -> CaseFile {
        try office.file(in: .inReview)
    }

    private var decision: Limit {
        office.terms.limits[.decision]!
    }

    @Test("R24: a revised calendar recounts every stretch; a holiday declared in the middle of itself is not counted (Art. 82)")
    func recount() throws {
        var file = try inReview()
        let revised = terms(off: ["2026-03-03"])
        // It is noon of the day itself.
        let moves = try recalculate(&file, to: revised, at: "2026-03-03T04:00:00Z")
        #expect(lastDay(file.clock(.decision)?.ledger.due(on: revised.calendar)) == "2026-03-13")
        let move = moves.first { $0.clock.kind == .decision }
        #expect(move?.isLater == true && lastDay(move?.from) == "2026-03-12" && lastDay(move?.to) == "2026-03-13")
    }

    @Test("R24: stretches that had ended before are recounted as well, so that one calendar explains the whole clock")
    func recountOfThePast() throws {
        var file = try inReview()
        let suspend = Suspend(.hearing, basis: "Art. 46", expected: Length(9, .workingDays), note: "")
        try office.act(&file, suspend, .office, at: Instant("2026-02-12T01:00:00Z")!)
        try office.act(&file, Resume(nil), .office, at: Instant("2026-02-25T01:00:00Z")!)
        #expect(lastDay(file.clock(.decision)?.ledger.due(on: office.terms.calendar)) == "2026-03-18", "as V4")
        let revised = terms(off: ["2026-02-10"])
        _ = try recalculate(&file, to: revised, at: "2026-02-26T01:00:00Z")
        #expect(file.clock(.decision)?.ledger.segments.map(\.consumed) == [2])
        #expect(lastDay(file.clock(.decision)?.ledger.due(on: revised.calendar)) == "2026-03-19")
    }

    @Test("R25: what was promised is not shortened: the budget is raised instead")
    func promiseKept() throws {
        for revised in [terms(worked: ["2026-03-07"]), terms(decision: Limit(budget: Length(15, .workingDays), rungs: decision.rungs))] {
            var file = try inReview()
            let moves = try recalculate(&file, to: revised, at: "2026-02-09T01:00:00Z")
            #expect(lastDay(file.clock(.decision)?.ledger.due(on: revised.calendar)) == "2026-03-12")
            #expect(moves.first { $0.clock.kind == .decision }?.isKept == true)
            #expect(!moves.contains { $0.isEarlier })
        }
    }

    @Test("R25: with leave it is shortened, and who loses time is told")
    func promiseShortened() throws {
        var file = try inReview()
        let revised = terms(decision: Limit(budget: Length(15, .workingDays), rungs: decision.rungs))
        let step = try file.respond(
            to: Recalculate(version: 2, former: office.terms, allowsEarlier: true), by: .catalog, under: revised,
            at: office.start)
        file.apply(step.event)
        #expect(lastDay(file.clock(.decision)?.ledger.due(on: revised.calendar)) == "2026-03-05")
        #expect(step.notices.map(\.addressee) == [.handler])
    }

    @Test("R25: a clock that stands still keeps at least the time that was left to it")
    func pausedKeeps() throws {
        var file = try inReview()
        let later = Instant("2026-02-12T01:00:00Z")!
        try office.act(&file, Suspend(.hearing, basis: "Art. 46", expected: Length(9, .workingDays), note: ""), .office, at: later)
        let revised = terms(decision: Limit(budget: Length(15, .workingDays), rungs: decision.rungs))
        _ = try recalculate(&file, to: revised, at: "2026-02-13T01:00:00Z")
        let clock = file.clock(.decision)!
        #expect(clock.ledger.budget - clock.ledger.settled == 17, "20 less the 3 that were used")
    }

    @Test(
        "R25: a clock that decides and stands still while catalogues change ends no earlier, whenever it runs on, than under any of them",
        arguments: 0..<200)
    func pausedPromise(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let office = LifecycleTests.full
        let (state, kind) = [(State.submitted, ClockKind.intake), (.inReview, .decision), (.withLeader, .decision)].randomElement(
            using: &random)!
        var file = try office.file(in: state)
        func later(_ instant: Instant) -> Instant { instant.advanced(byMilliseconds: .random(in: 0..<400_000_000, using: &random)) }
        var now = later(office.start)
        guard file.nextDeadline(under: office.terms).map({ $0.at > now }) == true else { return }
        try office.act(&file, Suspend(.hearing, basis: "Art. 46", expected: Length(90, .workingDays), note: ""), .office, at: now)
        // The case as it stands under each catalogue, which nothing that came later may shorten.
        var before: [(file: CaseFile, terms: Terms)] = [(file, office.terms)]
        let pinned = office.terms.register
        var present = office.terms
        var versions = [1: pinned]
        for version in 2...Int.random(in: 2...4, using: &random) {
            now = later(now)
            var register = pinned
            let old = pinned.calendars["cn"]!
            var exceptions = old.exceptions
            for _ in 0..<Int.random(in: 0...25, using: &random) {
                let day = Day("2026-02-06")!.advanced(by: Int.random(in: 0..<70, using: &random))
                exceptions[day] =
                    Bool.random(using: &random)
                    ? .init(name: "declared", windows: []) : .init(name: "make-up", windows: old.week[.monday]!)
            }
            register.calendars["cn"] = WorkingCalendar(
                name: "cn", zone: old.zone, week: old.week, exceptions: exceptions, validThrough: old.validThrough)
            if Bool.random(using: &random) {
                let policy = register.policies["licensing"]!
                let limit = policy.limits[kind]!
                register.policies["licensing"] = Policy(
                    id: policy.id, calendar: policy.calendar, countsFirstDay: policy.countsFirstDay,
                    limits: policy.limits.merging([
                        kind: Limit(budget: Length(Int.random(in: 3...30, using: &random), .workingDays), rungs: limit.rungs)
                    ]) { $1 })
            }
            versions[version] = register
            let terms = Terms(matter: "permit", pinned: pinned, rules: register, former: versions, newest: register)!
            let recalculation = Recalculate(version: version, former: present, allowsEarlier: .random(using: &random))
            file.apply(try file.respond(to: recalculation, by: .catalog, under: terms, at: now).event)
            present = terms
            before.append((file, terms))
        }
        now = later(now)
        func resumed(_ file: CaseFile, under terms: Terms) throws -> Clock {
            var file = file
            file.apply(try file.respond(to: Resume(nil), by: Office.principal(.office), under: terms, at: now).event)
            return file.clock(kind)!
        }
        let last = try resumed(file, under: present)
        for (file, terms) in before {
            let due = try resumed(file, under: terms).ledger.due(on: terms.calendar)!
            #expect(last.ledger.due(on: present.calendar)! >= due, "seed \(seed): \(kind)")
        }
        #expect(last.pausedPromises.isEmpty, "what was promised is kept, and need not be remembered")
    }

    @Test(
        "R25: rules that are changed there and back, however often, leave a clock where they left it the first time: its promises are kept, and kept once",
        arguments: 0..<40)
    func thereAndBack(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        var file = try inReview()
        if Bool.random(using: &random) {
            try office.act(&file, Extend(.decision, by: Length(10, .workingDays), reason: "complex"), .extensionAuthority)
        }
        let days = (0..<60).map { Day("2026-02-09")!.advanced(by: $0) }.filter { _ in Int.random(in: 0..<8, using: &random) == 0 }
        let other = self.terms(
            off: Bool.random(using: &random) ? days.map(\.description) : [],
            decision: Limit(budget: Length(Int.random(in: 12...28, using: &random), .workingDays), rungs: decision.rungs))
        let registers = Dictionary(uniqueKeysWithValues: (1...7).map { ($0, $0.isMultiple(of: 2) ? other.register : Office.register) })
        func terms(_ version: Int) -> Terms {
            Terms(
                matter: "permit", pinned: Office.register, rules: registers[version]!, former: registers, newest: registers[version]!)!
        }
        let now = Instant("2026-02-06T01:30:00Z")!
        // What each of the two rules would make of the clock alone.
        let alone = try [1, 2].map { version in
            var file = file
            let change = Recalculate(version: version, former: terms(1), allowsEarlier: true)
            file.apply(try file.respond(to: change, by: .catalog, under: terms(version), at: now).event)
            return file.clock(.decision)!.ledger.due(on: terms(version).calendar)!
        }
        let isPaused = Bool.random(using: &random)
        if isPaused { try office.act(&file, Suspend(.hearing, basis: "Art. 46", expected: Length(5, .workingDays), note: ""), .office) }
        func due(_ version: Int) throws -> Instant? {
            var file = file
            if isPaused {
                file.apply(try file.respond(to: Resume(nil), by: Office.principal(.office), under: terms(version), at: now).event)
            }
            return file.clock(.decision)?.ledger.due(on: terms(version).calendar)
        }
        var found: [Instant?] = []
        for version in 2...7 {
            let change = Recalculate(version: version, former: terms(version - 1), allowsEarlier: false)
            file.apply(try file.respond(to: change, by: .catalog, under: terms(version), at: now).event)
            found.append(try due(version))
        }
        #expect(found.allSatisfy { $0! >= alone.max()! })
        #expect(Set(found[2...]).isSubset(of: found[..<2]), "each is as the first time")
        // On purpose it is as the rules alone say.
        let change = Recalculate(version: 7, former: terms(7), allowsEarlier: true)
        file.apply(try file.respond(to: change, by: .catalog, under: terms(7), at: now).event)
        #expect(try due(7) == alone[0])
    }

    @Test("R24: an extension that was granted stays, whatever becomes of the limit")
    func extensionStays() throws {
        var file = try inReview()
        try office.act(&file, Extend(.decision, by: Length(10, .workingDays), reason: "complex"), .extensionAuthority)
        let revised = terms(decision: Limit(budget: Length(25, .workingDays), rungs: decision.rungs))
        _ = try recalculate(&file, to: revised, at: "2026-02-09T01:00:00Z")
        #expect(file.clock(.decision)?.ledger.budget == 35 && file.clock(.decision)?.isExtended == true)
    }

    @Test("R26: what has passed stays passed: a rung does not pass again because the calendar moved it")
    func firedStaysFired() throws {
        var file = try inReview()
        while file.clock(.decision)!.passedRungs.isEmpty {
            let next = file.nextDeadline(under: office.terms)!
            try office.act(&file, next.command, .clock, at: next.at)
        }
        #expect(file.clock(.decision)?.passedRungs == [0])
        let revised = terms(off: ["2026-03-03", "2026-03-04", "2026-03-05"])
        _ = try recalculate(&file, to: revised, at: "2026-03-09T01:00:00Z")
        #expect(file.clock(.decision)?.passedRungs == [0] && file.clock(.decision)?.generation == 1)
        guard let next = file.nextDeadline(under: revised)?.command as? PassRung, next.rung == 1 else {
            Issue.record("the next rung is another: \(String(describing: file.nextDeadline(under: revised)))")
            return
        }
        #expect(next.clock.kind == .decision)
    }

    @Test("R26: under another limit a generation begins; warnings that already lie behind do not pass for it, a new breach does")
    func changedLimit() throws {
        var file = try inReview()
        let shorter = Limit(
            budget: Length(5, .workingDays),
            rungs: [
                Rung(position: .percent(50), level: 1, addressees: [.handler]), Rung(position: .breach, level: 2, addressees: [.leader]),
            ])
        let revised = terms(decision: shorter)
        // 8 days are used.
        _ = try recalculate(&file, to: revised, allowsEarlier: true, at: "2026-02-26T01:00:00Z")
        #expect(file.clock(.decision)?.generation == 2 && file.clock(.decision)?.passedRungs == [0])
        guard let next = file.nextDeadline(under: revised)?.command as? PassRung, next.rung == 1 else {
            Issue.record("the breach does not pass")
            return
        }
        #expect(next.due < Instant("2026-02-26T01:00:00Z")!)
    }

    @Test("R28: a running clock keeps its unit when the limit takes another, and rungs in that unit are not for it")
    func otherUnit() throws {
        var file = try inReview()
        let hours = Limit(
            budget: Length(48 * 60, .minutes),
            rungs: [
                Rung(position: .before(Length(60, .minutes)), level: 1, addressees: [.handler]),
                Rung(position: .breach, level: 2, addressees: [.leader]),
            ])
        let revised = terms(decision: hours)
        _ = try recalculate(&file, to: revised, at: "2026-02-09T01:00:00Z")
        let clock = file.clock(.decision)!
        #expect(clock.ledger.meter == .workingDays && clock.ledger.budget == 20)
        #expect(clock.nextRung(under: hours)?.place == 1)
    }

    @Test("R28: clocks that start after the change follow the new limits")
    func laterClocks() throws {
        var file = try office.submit()
        let revised = terms(decision: Limit(budget: Length(15, .workingDays), rungs: []))
        _ = try recalculate(&file, to: revised, at: "2026-02-09T01:00:00Z")
        let step = try file.respond(to: Accept(), by: Office.principal(.office), under: revised, at: Instant("2026-02-09T02:00:00Z")!)
        file.apply(step.event)
        #expect(file.clock(.decision)?.ledger.budget == 15)
    }

    @Test("R29: a clock that has ended is judged by what it used, whatever becomes of the calendar")
    func endedClocks() throws {
        var file = try inReview()
        let late = Instant("2026-03-13T01:00:00Z")!
        while let deadline = file.nextDeadline(under: office.terms), deadline.at <= late {
            try office.act(&file, deadline.command, .clock, at: late)
        }
        try office.act(&file, Recommend(.grant, opinion: "in order"), .office, at: late)
        try office.act(&file, Grant(reasons: ""), .leader, at: late)
        #expect(file.timeliness(under: office.terms) == .late)
        let revised = terms(off: ["2026-03-10", "2026-03-11"])
        let moves = try recalculate(&file, to: revised, at: "2026-03-14T01:00:00Z")
        #expect(file.timeliness(under: revised) == .late)
        #expect(moves.allSatisfy { $0.clock.kind == .delivery })
    }

    @Test("R30: a deadline beyond the official calendar is provisional, and becomes firm when the year is published")
    func provisional() throws {
        let office = Office(start: "2026-12-07T01:00:00Z")
        var file = try office.file(in: .inReview)
        #expect(file.isProvisional(under: office.terms))
        let published = terms(off: ["2027-01-01"], worked: ["2027-01-02"], through: "2027-12-31")
        let moves = try recalculate(&file, to: published, at: "2026-12-08T01:00:00Z", from: office.terms)
        #expect(moves.first { $0.clock.kind == .decision }?.isFirm == true)
        #expect(!file.isProvisional(under: published))
    }

    @Test("R27: a new office or handler never resets, pauses or loses a clock")
    func handOver() throws {
        var file = try inReview()
        let clocks = file.clocks
        try office.act(&file, Reroute(Assignment(office: "other", leader: "bureau-head", commissioner: "commissioner")), .catalog)
        #expect(file.clocks == clocks)
        try office.act(&file, Reroute(Assignment(office: "permits", leader: "leader", commissioner: "commissioner")), .catalog)
        try office.act(&file, Assign("hana"), .office)
        #expect(file.clocks == clocks)
    }

    /// Terms of a matter that silence grants, under other limits and days.
    private func silentTerms(off: [Day], worked: [Day], limits: [ClockKind: Length]) -> Terms {
        let first = LifecycleTests.full.terms.register
        var register = first
        let (old, policy) = (register.calendars["cn"]!, register.policies["licensing"]!)
        var exceptions = old.exceptions
        for day in off { exceptions[day] = .init(name: "declared", windows: []) }
        for day in worked { exceptions[day] = .init(name: "make-up", windows: old.week[.monday]!) }
        register.calendars["cn"] = WorkingCalendar(
            name: "cn", zone: old.zone, week: old.week, exceptions: exceptions, validThrough: old.validThrough,
            dayEndsAtMinute: worked.count % 2 == 0 ? 1440 : 1020)
        register.policies["licensing"] = Policy(
            id: policy.id, calendar: policy.calendar, countsFirstDay: policy.countsFirstDay,
            limits: policy.limits.merging(limits.mapValues { Limit(budget: $0, rungs: []) }) { $1 })
        return Terms(matter: "permit", pinned: first, rules: register, newest: register)!
    }

    @Test(
        "R25: no catalogue brings the end of a clock that decides forward, whatever it allows; nor does one shorten such a clock that is not running yet",
        arguments: 0..<200)
    func decidingClocks(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let silent = LifecycleTests.full
        let deciding = ClockKind.allCases.filter { silent.terms.matter.decides($0) }
        #expect(deciding == [.intake, .correction, .decision])
        for state in [State.submitted, .correction, .inReview, .withLeader] {
            var file = try silent.submit()
            if state == .correction { try silent.act(&file, RequestCorrection(missing: ["form"], note: ""), .office) }
            if state == .inReview || state == .withLeader { try silent.act(&file, Accept(), .office) }
            if state == .withLeader {
                try silent.examine(&file)
                try silent.act(&file, Recommend(.grant, opinion: "x"), .office)
            }
            var (present, now) = (silent.terms, silent.start)
            for version in 2..<8 {
                now = now.advanced(byMilliseconds: Int64.random(in: 0..<100_000_000, using: &random))
                func days() -> [Day] {
                    (0..<Int.random(in: 0..<6, using: &random)).map { _ in
                        Day("2026-02-01")!.advanced(by: Int.random(in: 0..<60, using: &random))
                    }
                }
                let units: [Meter] = [.workingDays, .workingDays, .calendarDays, .workingMinutes]
                let next = silentTerms(
                    off: days(), worked: days(),
                    limits: Dictionary(
                        uniqueKeysWithValues: deciding.map {
                            ($0, Length(Int.random(in: 1...40, using: &random), units.randomElement(using: &random)!))
                        }))
                for kind in deciding {
                    let (least, budget) = (silent.terms.limits[kind]!.budget, next.limits[kind]!.budget)
                    #expect(budget.meter == least.meter && budget.quanta >= least.quanta, "seed \(seed): \(kind)")
                }
                let before = file.clocks.filter(\.isLive).map { ($0.id, $0.ledger.due(on: present.calendar)) }
                let step = try file.respond(
                    to: Recalculate(version: version, former: present, allowsEarlier: true), by: .catalog, under: next, at: now
                )
                file.apply(step.event)
                for (id, promised) in before where deciding.contains(id.kind) {
                    let due = file.clocks.first { $0.id == id }?.ledger.due(on: next.calendar)
                    #expect(due! >= promised!, "seed \(seed): \(id.kind) in \(state)")
                }
                present = next
            }
        }
    }

    @Test(
        "A random life under calendars that keep changing folds to the same case, and no deadline comes before what was promised",
        arguments: 0..<150)
    func randomRevisions(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var present = office.terms
        var file = try inReview()
        var events: [Event] = []
        var now = office.start
        var versions = [1: Office.register]
        for version in 2..<12 {
            now = now.advanced(byMilliseconds: Int64.random(in: 0..<300_000_000, using: &random))
            while let deadline = file.nextDeadline(under: present), deadline.at <= now {
                let step = try file.respond(to: deadline.command, by: .clock, under: present, at: now)
                file.apply(step.event)
                events.append(step.event)
            }
            guard file.clocks.contains(where: \.isLive) else { break }
            func days() -> [String] {
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                    Day("2026-02-01")!.advanced(by: Int.random(in: 0..<90, using: &random)).description
                }
            }
            let next = terms(
                off: days(), worked: days(),
                decision: Bool.random(using: &random)
                    ? Limit(budget: Length(Int.random(in: 5...30, using: &random), .workingDays), rungs: decision.rungs) : nil,
                former: versions)
            versions[version] = next.register
            let before = file.clocks.filter(\.isLive).map { ($0.id, $0.ledger.due(on: present.calendar)) }
            let step = try file.respond(
                to: Recalculate(version: version, former: present, allowsEarlier: false), by: .catalog, under: next, at: now)
            file.apply(step.event)
            events.append(step.event)
            present = next
            for (id, promised) in before {
                guard let promised, promised > now else { continue }
                let due = file.clocks.first { $0.id == id }?.ledger.due(on: next.calendar)
                #expect(due.map { $0 >= promised } == true, "seed \(seed): \(id)")
            }
            if Bool.random(using: &random), !file.isSuspended, file.state.isOpen {
                let step = try file.respond(
                    to: Suspend(.hearing, basis: "Art. 46", expected: Length(3, .workingDays), note: ""), by: Office.principal(.office),
                    under: present, at: now)
                file.apply(step.event)
                events.append(step.event)
            } else if file.isSuspended {
                let step = try file.respond(to: Resume(nil), by: Office.principal(.office), under: present, at: now)
                file.apply(step.event)
                events.append(step.event)
            }
        }
        var folded = try inReview()
        for event in events { folded.apply(event) }
        #expect(folded == file, "seed \(seed)")
    }
}
