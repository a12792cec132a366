import WorkingTime

/// Which clock of a case is meant. Suspensions that overlap each have their own, and so have offices that are asked.
package struct ClockID: Hashable, Sendable {
    package let kind: ClockKind
    /// Nil but for `ClockKind.suspension`.
    package let suspension: Suspension.Kind?
    /// Nil but for `ClockKind.opinion`.
    package let office: OfficeID?

    package init(_ kind: ClockKind, of suspension: Suspension.Kind? = nil) {
        self.init(kind, of: suspension, office: nil)
    }

    package init(opinionOf office: OfficeID) {
        self.init(.opinion, of: nil, office: office)
    }

    init(_ kind: ClockKind, of suspension: Suspension.Kind?, office: OfficeID?) {
        self.kind = kind
        self.suspension = suspension
        self.office = office
    }
}

/// What a clock that stands still was promised before a catalogue changed its calendar.
///
/// It has no deadline that could be kept, so this is kept until it runs on.
package struct PausedPromise: Equatable, Sendable {
    /// The version of the catalogue by whose calendar it stood still.
    package let version: Int
    /// How much was left to it, in the meter's quanta.
    package let left: Int64

    package init(version: Int, left: Int64) {
        self.version = version
        self.left = left
    }
}

/// One promise of one case: its account, and how far up its ladder it has come.
package struct Clock: Equatable, Sendable {
    package let id: ClockID
    /// Rises with each start, each extension and each changed limit; a rung passes at most once in each.
    package private(set) var generation: Int
    package private(set) var ledger: Ledger
    /// The first projection after the start, kept beside the current one.
    package let originalDue: Instant
    /// The places, on the policy's ladder, of the rungs that have passed in this generation, in rising order.
    package private(set) var passedRungs: [Int]
    /// The highest level among them.
    package private(set) var level: Int
    package private(set) var isExtended: Bool
    /// So much of the budget, in the meter's quanta, is there only because a promise was kept against changed rules.
    package private(set) var raised: Int64
    /// Its end came before the case could be granted, as a required material or the acceptance was missing: that was a breach,
    /// and becomes no decision afterwards.
    package private(set) var hasExpiredIncomplete: Bool
    /// One for each change of its calendar while it stands still, in their order.
    package private(set) var pausedPromises: [PausedPromise]
    package private(set) var endedAt: Instant?

    package init(
        id: ClockID, generation: Int, ledger: Ledger, originalDue: Instant, passedRungs: [Int], level: Int,
        isExtended: Bool, raised: Int64 = 0, hasExpiredIncomplete: Bool = false, pausedPromises: [PausedPromise] = [], endedAt: Instant?
    ) {
        self.id = id
        self.generation = generation
        self.ledger = ledger
        self.originalDue = originalDue
        self.passedRungs = passedRungs
        self.level = level
        self.isExtended = isExtended
        self.raised = raised
        self.hasExpiredIncomplete = hasExpiredIncomplete
        self.pausedPromises = pausedPromises
        self.endedAt = endedAt
    }

    /// A clock that starts now.
    init(starting id: ClockID, generation: Int, _ ledger: Ledger, on calendar: WorkingCalendar) {
        // A running account always has a due instant.
        self.init(
            id: id, generation: generation, ledger: ledger, originalDue: ledger.due(on: calendar)!, passedRungs: [],
            level: 0, isExtended: false, endedAt: nil)
    }

    package var kind: ClockKind {
        id.kind
    }

    package var isLive: Bool {
        endedAt == nil
    }

    /// A clock that has ended is judged by what it consumed, whatever becomes of the calendar afterwards.
    package func isOverdue(at instant: Instant, on calendar: WorkingCalendar) -> Bool {
        guard isLive else { return ledger.settled >= ledger.budget }
        return ledger.due(on: calendar).map { $0 <= instant } ?? false
    }

    /// The next rung of its ladder, and the place that it has there.
    package func nextRung(under limit: Limit?) -> (place: Int, rung: Rung)? {
        limit?.ladder(for: ledger).first { !passedRungs.contains($0.place) }
    }

    /// Whether it can be a clock that was kept: of one that cannot, something was damaged.
    package var isSound: Bool {
        ledger.isSound && generation >= 1 && (0..<ledger.budget).contains(raised)
    }

    mutating func pause(at instant: Instant, on calendar: WorkingCalendar) {
        ledger.pause(at: instant, on: calendar)
    }

    /// Runs on, no shorter than it would have under any calendar by which it stood still.
    mutating func resume(at instant: Instant, under terms: Terms) {
        let promised = pausedPromises.filter { $0.left > 0 }.map { promise in
            guard let former = terms.former[promise.version] else {
                preconditionFailure("\(id) stood still under version \(promise.version), whose calendar is not there")
            }
            return ledger.due(resumedAt: instant, withLeft: promise.left, on: former)
        }.max()
        pausedPromises = []
        ledger.resume(at: instant, on: terms.calendar)
        if let promised { raise(to: ledger.budget(dueFrom: promised, on: terms.calendar)) }
    }

    /// Keeps a promise for which the budget is not enough.
    private mutating func raise(to budget: Int64) {
        guard budget > ledger.budget else { return }
        raised += budget - ledger.budget
        ledger.setBudget(budget)
    }

    /// Changes of the calendar during one pause that are remembered each; of more, the first and the last ones are.
    private static let pausedPromiseLimit = 32

    /// Begins a generation with a longer budget. Of the rungs that have passed, those stay passed that still lie behind.
    mutating func extend(by amount: Int64, under limit: Limit?, at now: Instant, on calendar: WorkingCalendar) {
        ledger.extend(by: amount)
        isExtended = true
        let consumed = ledger.consumed(at: now, on: calendar)
        let passed = Set(passedRungs)
        beginGeneration(under: limit) { place, rung, budget in
            passed.contains(place) && rung.threshold(of: budget) <= consumed
        }
    }

    mutating func pass(_ place: Int, _ rung: Rung) {
        passedRungs = (passedRungs + [place]).sorted()
        level = max(level, rung.level)
    }

    /// Notes that its end has come before the case could be granted, if it has.
    mutating func noteExpiry(at now: Instant, on calendar: WorkingCalendar) {
        if isOverdue(at: now, on: calendar) { hasExpiredIncomplete = true }
    }

    mutating func end(at instant: Instant, on calendar: WorkingCalendar) {
        ledger.stop(at: instant, on: calendar)
        endedAt = instant
    }

    /// Goes on where it ended, under the limit that is in force now: as if it had stood still since. Of the rungs that have passed, those
    /// stay passed that still lie behind.
    mutating func goOn(under limit: Limit, _ terms: Terms, at now: Instant) {
        endedAt = nil
        let isAlike = limit.budget.meter.account == ledger.meter
        // It follows the limit that is in force (R28): what was raised for a promise before is not there any more.
        if isAlike { raised = 0 }
        if isAlike { ledger.setBudget(ledger.amount(of: limit.budget, on: terms.calendar, countsFirstDay: terms.countsFirstDay)) }
        ledger.recount(on: terms.calendar, rolls: isAlike ? limit.rolls : nil)
        ledger.resume(at: now, on: terms.calendar)
        let consumed = ledger.consumed(at: now, on: terms.calendar)
        let passed = Set(passedRungs)
        beginGeneration(under: limit) { place, rung, budget in
            passed.contains(place) && rung.threshold(of: budget) <= consumed
        }
    }

    /// Counts again under changed rules.
    ///
    /// A limit that changed by some amount changes the budget by that amount, so that extensions stay; a clock whose unit
    /// changed keeps its own. What has passed stays passed: with the same limit no warning passes twice, and under a changed
    /// one neither a rung that had passed nor a warning passes for what already lies behind. An end that had come and lies ahead again, by
    /// whatever changed, passes again when it comes. What was raised to keep a promise is asked anew: rules
    /// that are changed and changed back leave the clock as it was, but for what was promised in between.
    ///
    /// - Parameters:
    ///   - version: the version of the catalogue that it followed until now.
    ///   - allowsEarlier: whether the deadline may come before the one that was promised; if not, the budget is raised until it
    ///     does not, for a clock that stands still once it runs on. That of a clock whose end decides never may: it was promised
    ///     to the applicant, or to the office. The end of one for which others can stand still comes into the past by no change.
    mutating func recalculate(from old: Terms, version: Int, to new: Terms, allowsEarlier: Bool, at now: Instant) {
        let promised = ledger.due(on: old.calendar)
        let left = ledger.budget - ledger.consumed(at: now, on: old.calendar)
        let (oldLimit, newLimit) = (old.limits[kind], new.limits[kind])
        let decides = new.decides(kind)
        let isPromised = promised.map { $0 > now || decides } ?? true
        if isPromised {
            ledger.setBudget(ledger.budget - raised)
            raised = 0
        }
        let isAlike = [oldLimit, newLimit].allSatisfy { $0?.budget.meter.account == ledger.meter }
        if isAlike, let oldLimit, let newLimit {
            func amount(_ length: Length) -> Int64 {
                ledger.amount(of: length, on: new.calendar, countsFirstDay: new.countsFirstDay)
            }
            let difference = amount(newLimit.budget) - amount(oldLimit.budget)
            ledger.setBudget(max(ledger.meter.quantaPerUnit, ledger.budget + difference))
            raised = min(raised, ledger.budget - 1)
        }
        // What has ended on a day to which its last one was moved has ended then.
        ledger.recount(on: new.calendar, rolls: isAlike && (isPromised || newLimit?.rolls == true) ? newLimit?.rolls : nil)
        let consumed = ledger.consumed(at: now, on: new.calendar)
        if allowsEarlier, !decides {
            pausedPromises = []
        } else if isPromised {
            if let promised {
                raise(to: ledger.budget(dueFrom: promised, on: new.calendar))
            } else {
                raise(to: consumed + left)
                if !new.calendar.counts(like: old.calendar) {
                    if pausedPromises.count == Clock.pausedPromiseLimit { pausedPromises.remove(at: 1) }
                    pausedPromises.append(PausedPromise(version: version, left: left))
                }
            }
        }
        // Whatever has waited for it until now has waited.
        if let promised, kind.traits.keepsOthers { raise(to: ledger.budget(dueFrom: min(promised, now), on: new.calendar)) }
        guard oldLimit != newLimit else { return passAgain(under: newLimit, at: consumed) }
        let passed = passedRungs.compactMap { place in
            oldLimit.flatMap { $0.rungs.indices.contains(place) ? $0.rungs[place].position : nil }
        }
        beginGeneration(under: newLimit) { _, rung, budget in
            rung.threshold(of: budget) <= consumed && (rung.isWarning(for: budget) || passed.contains(rung.position))
        }
    }

    /// Begins a generation where an end that had come lies ahead again, as days that have passed became holidays.
    private mutating func passAgain(under limit: Limit?, at consumed: Int64) {
        let passed = Set(passedRungs)
        func liesAhead(_ rung: Rung, _ budget: Int64) -> Bool {
            rung.threshold(of: budget) > consumed && !rung.isWarning(for: budget)
        }
        guard
            let ladder = limit?.ladder(for: ledger),
            ladder.contains(where: { passed.contains($0.place) && liesAhead($0.rung, ledger.budget) })
        else { return }
        beginGeneration(under: limit) { place, rung, budget in passed.contains(place) && !liesAhead(rung, budget) }
    }

    private mutating func beginGeneration(under limit: Limit?, havingPassed: (Int, Rung, Int64) -> Bool) {
        generation += 1
        let passed = limit?.ladder(for: ledger).filter { havingPassed($0.place, $0.rung, ledger.budget) } ?? []
        passedRungs = passed.map(\.place).sorted()
        level = passed.map(\.rung.level).max() ?? 0
    }
}
