import WorkingTime

/// What reports count, by day.
package enum Measure: String, CaseIterable, Sendable {
    case received, granted, refused
    case deemedGranted = "deemed_granted"
    /// Declined, withdrawn or lapsed.
    case closedOtherwise = "closed_otherwise"
    case inTime = "in_time"
    case promiseMissed = "promise_missed"
    case late
    case pauses, extensions, corrections

    // What a clock looks like that somebody plays with. Each has lawful reasons; many of them ask for a look.

    /// The case was suspended on the last day, or in the last twentieth, of its decision or promise clock.
    case pausesNearBreach = "pauses_near_breach"
    /// A suspension ended on the day on which it began.
    case sameDayPauses = "same_day_pauses"
    /// Materials were asked for again.
    case repeatedCorrections = "repeated_corrections"
    /// The decision came on the last day, or in the last twentieth, of the decision clock.
    case lastMomentDecisions = "last_moment_decisions"
    /// The leader sent the file back to the office, whose review begins anew.
    case returns

    package var place: Int {
        Measure.allCases.firstIndex(of: self)!
    }

    /// What is counted, as in a column's help.
    package var summary: String {
        switch self {
        case .received: "cases that were submitted"
        case .granted: "cases that were granted"
        case .refused: "cases that were refused"
        case .deemedGranted: "cases that silence granted"
        case .closedOtherwise: "cases that were declined, withdrawn or lapsed"
        case .inTime: "cases that were decided within the promise"
        case .promiseMissed: "cases that were decided within the statutory time and after the promise"
        case .late: "cases that were decided after the statutory time"
        case .pauses: "suspensions, and opinions that were asked while the clocks stood still"
        case .extensions: "extensions of a decision clock"
        case .corrections: "requests for missing materials"
        case .pausesNearBreach: "suspensions on the last day or in the last twentieth of a decision or promise clock"
        case .sameDayPauses: "suspensions that ended on the day on which they began"
        case .repeatedCorrections: "requests for missing materials after the first of a case"
        case .lastMomentDecisions: "decisions on the last day or in the last twentieth of the decision clock"
        case .returns: "files that the leader sent back to the office"
        }
    }
}

/// Whose figures: a day in the zone of the matter's calendar, and who answered for the case then.
package struct RollupKey: Hashable, Sendable {
    package let day: Day
    package let matter: MatterID
    package let assignment: Assignment

    package init(day: Day, matter: MatterID, assignment: Assignment) {
        self.day = day
        self.matter = matter
        self.assignment = assignment
    }
}

/// Sums of measures, and how long the decided cases took.
package struct Rollup: Equatable, Sendable {
    /// In the order of `Measure.allCases`.
    package private(set) var counts = [Int](repeating: 0, count: Measure.allCases.count)
    /// How many cases were decided after so many working days, the day of submission not counted.
    package private(set) var handling: [Int: Int] = [:]
    /// The same without the working days on which the clocks of the case stood still.
    package private(set) var netHandling: [Int: Int] = [:]

    package init() {}

    package init(counts: [Int], handling: [Int: Int] = [:], netHandling: [Int: Int] = [:]) {
        precondition(counts.count == Measure.allCases.count, "\(counts.count) counts")
        self.counts = counts
        self.handling = handling
        self.netHandling = netHandling
    }

    package subscript(_ measure: Measure) -> Int {
        counts[measure.place]
    }

    package var decided: Int {
        self[.granted] + self[.refused] + self[.deemedGranted]
    }

    package mutating func count(_ measures: [Measure], handled: HandlingTime? = nil) {
        for measure in measures { counts[measure.place] += 1 }
        guard let handled else { return }
        handling[handled.days, default: 0] += 1
        netHandling[handled.netDays, default: 0] += 1
    }

    package mutating func add(_ other: Rollup) {
        for place in counts.indices { counts[place] += other.counts[place] }
        handling.merge(other.handling, uniquingKeysWith: +)
        netHandling.merge(other.netHandling, uniquingKeysWith: +)
    }

    /// The least number of working days within which so many percent of the decided cases were decided; nil where there are none.
    ///
    /// - Parameter isNet: whether days on which the clocks stood still are left out.
    package func handlingDays(percent: Int, isNet: Bool = false) -> Int? {
        let handling = isNet ? netHandling : handling
        let needed = (handling.values.reduce(0, +) * percent + 99) / 100
        var sum = 0
        return handling.sorted { $0.key < $1.key }.first { _, count in
            sum += count
            return sum >= max(needed, 1)
        }?.key
    }
}

/// How long a decided case took, in working days; the day of submission is not counted.
package struct HandlingTime: Equatable, Sendable {
    package let days: Int
    /// Without those on which its clocks stood still.
    package let netDays: Int

    package init(days: Int, netDays: Int) {
        self.days = days
        self.netDays = netDays
    }
}

extension CaseFile {
    /// What an event adds to the figures of its day; nil where it adds nothing.
    ///
    /// - Parameter before: the case before the event; nil for its submission. `self` is the case after it.
    package func figures(of event: Event, before: CaseFile?, under terms: Terms) -> (key: RollupKey, rollup: Rollup)? {
        guard let figures = event.change.figures(of: self, before: before, at: event.at, under: terms) else { return nil }
        var rollup = Rollup()
        rollup.count(figures.measures, handled: figures.handled)
        return (RollupKey(day: terms.calendar.zone.day(of: event.at), matter: matter, assignment: assignment), rollup)
    }

    /// What a decision adds: itself, how it stood to its promises, and how long it took.
    func figuresOfDecision(_ decision: Measure, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures {
        var measures = [decision]
        switch timeliness(under: terms) {
        case .inTime?: measures.append(.inTime)
        case .promiseMissed?: measures.append(.promiseMissed)
        case .late?: measures.append(.late)
        case nil: break
        }
        if before?.isAtLastMoment(.decision, at: instant, under: terms) ?? false { measures.append(.lastMomentDecisions) }
        let zone = terms.calendar.zone
        let (first, end) = (zone.day(of: origin.at).advanced(by: 1), zone.day(of: instant).advanced(by: 1))
        let days = max(0, terms.calendar.count(.workingDays, from: first, to: end))
        let netDays = max(0, days - pausedDayCount(from: first, to: end, on: terms.calendar))
        return Figures(measures, handled: HandlingTime(days: days, netDays: netDays))
    }

    /// On how many working days its clocks stood still: that of a pause counts, that of its end does not.
    ///
    /// It is what its clocks remember. One that began anew, as intake does when missing materials come, has forgotten what was before.
    private func pausedDayCount(from first: Day, to end: Day, on calendar: WorkingCalendar) -> Int {
        let pauses = clocks.filter(\.kind.traits.pausesWithCase).flatMap { $0.ledger.pausedDays(in: calendar.zone) }
        var (count, counted) = (0, first)
        for pause in pauses.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let (from, to) = (max(pause.lowerBound, counted), min(pause.upperBound, end))
            guard from < to else { continue }
            count += calendar.count(.workingDays, from: from, to: to)
            counted = to
        }
        return count
    }

    /// What it adds that its clocks come to stand still.
    func figuresOfPause(at instant: Instant, under terms: Terms) -> Figures {
        let isNear = [ClockKind.decision, .promise].contains { isAtLastMoment($0, at: instant, under: terms) }
        return Figures(isNear ? [.pauses, .pausesNearBreach] : [.pauses])
    }

    /// Whether a running clock is on its last day or in its last twentieth, and not overdue.
    func isAtLastMoment(_ kind: ClockKind, at instant: Instant, under terms: Terms) -> Bool {
        guard let ledger = liveClock(kind)?.ledger else { return false }
        let left = ledger.budget - ledger.consumed(at: instant, on: terms.calendar)
        return left > 0 && left <= max(ledger.budget / 20, ledger.meter.countsDays ? 1 : 0)
    }
}

/// The open cases that share a key, as they stand.
package struct OpenSum: Sendable, Equatable {
    package let count: Int
    /// How many are in each open state.
    package let queues: [State: Int]
    package let overdue: Int
    /// With a warning behind them, and not overdue.
    package let warned: Int
    /// With a deadline that rests on days not yet official.
    package let provisional: Int
    /// The one that was submitted first, and when.
    package let oldest: CaseID
    package let oldestSubmittedAt: Instant

    package init(
        queues: [State: Int], overdue: Int, warned: Int, provisional: Int, oldest: CaseID, oldestSubmittedAt: Instant
    ) {
        count = queues.values.reduce(0, +)
        self.queues = queues.filter { $0.value > 0 }
        self.overdue = overdue
        self.warned = warned
        self.provisional = provisional
        self.oldest = oldest
        self.oldestSubmittedAt = oldestSubmittedAt
    }
}
