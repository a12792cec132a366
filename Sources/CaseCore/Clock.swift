import WorkingTime

/// The promises that a case can be under.
package enum ClockKind: String, CaseIterable, Sendable {
    /// The office's time to accept, decline or name what is missing (Art. 32).
    case intake
    /// The applicant's time to supply it.
    case correction
    /// The statutory time to decide (Art. 42).
    case decision
    /// The shorter time that was promised in public.
    case promise
    /// The office's part of it.
    case review
    /// The leader's part of it.
    case leader
    /// The announced length of a suspension.
    case suspension
    /// The time to hand over the decision (Art. 44).
    case delivery
    /// The time to answer a supervision order.
    case order

    /// Whether it stands still while the case is suspended.
    var pausesWithCase: Bool {
        switch self {
        case .intake, .correction, .decision, .promise, .review, .leader: true
        case .suspension, .delivery, .order: false
        }
    }
}

/// One promise of one case: its account, and how far up its ladder it has come.
package struct Clock: Equatable, Sendable {
    package let kind: ClockKind
    /// Rises with each start and each extension; a rung passes at most once in each.
    package private(set) var generation: Int
    package private(set) var ledger: Ledger
    /// The first projection after the start, kept beside the current one.
    package let originalDue: Instant
    /// How many rungs of the ladder have passed in this generation.
    package private(set) var passedRungCount: Int
    /// The highest level among them.
    package private(set) var level: Int
    package private(set) var isExtended: Bool
    package private(set) var endedAt: Instant?

    package init(
        kind: ClockKind, generation: Int, ledger: Ledger, originalDue: Instant, passedRungCount: Int, level: Int,
        isExtended: Bool, endedAt: Instant?
    ) {
        self.kind = kind
        self.generation = generation
        self.ledger = ledger
        self.originalDue = originalDue
        self.passedRungCount = passedRungCount
        self.level = level
        self.isExtended = isExtended
        self.endedAt = endedAt
    }

    init(
        starting kind: ClockKind, generation: Int, budget: Length, at start: Instant, on calendar: WorkingCalendar,
        countsFirstDay: Bool
    ) {
        let ledger = Ledger(budget, startingAt: start, on: calendar, countsFirstDay: countsFirstDay)
        // A running account always has a due instant.
        self.init(
            kind: kind, generation: generation, ledger: ledger, originalDue: ledger.due(on: calendar)!, passedRungCount: 0,
            level: 0, isExtended: false, endedAt: nil)
    }

    package var isLive: Bool {
        endedAt == nil
    }

    package func isOverdue(at instant: Instant, on calendar: WorkingCalendar) -> Bool {
        ledger.due(on: calendar).map { $0 <= (endedAt ?? instant) } ?? false
    }

    mutating func pause(at instant: Instant, on calendar: WorkingCalendar) {
        ledger.pause(at: instant, on: calendar)
    }

    mutating func resume(at instant: Instant, on calendar: WorkingCalendar) {
        ledger.resume(at: instant, on: calendar)
    }

    mutating func extend(by amount: Int64) {
        ledger.extend(by: amount)
        generation += 1
        passedRungCount = 0
        level = 0
        isExtended = true
    }

    mutating func pass(_ rung: Rung) {
        passedRungCount += 1
        level = max(level, rung.level)
    }

    mutating func end(at instant: Instant, on calendar: WorkingCalendar) {
        ledger.pause(at: instant, on: calendar)
        endedAt = instant
    }
}
