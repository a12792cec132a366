/// The account of one promise: how much time was promised, how much of it is used, and since when it is running.
///
/// It stores no due date. What is due, and when a threshold is passed, is projected from it onto a calendar; pauses,
/// extensions and changed calendars therefore cannot lose or double-count time. Day meters count whole days: the start
/// day is not counted unless the matter says so, a pause is half-open, so the day of the pause is not consumed and the
/// day of the resumption is (Administrative Licensing Law, Arts. 42–45, 82).
package struct Ledger: Sendable, Equatable {
    package let meter: Meter
    /// All amounts are in the meter's quanta: days, or milliseconds.
    package private(set) var budget: Int64
    /// Stretches that have ended, in order. Positions are day numbers, or milliseconds since 1970.
    package private(set) var segments: [Segment]
    /// The position from which time is being consumed; nil while paused.
    package private(set) var runningFrom: Int64?

    package struct Segment: Sendable, Equatable {
        package let from: Int64
        /// Not counted itself.
        package let to: Int64
        package let consumed: Int64

        package init(from: Int64, to: Int64, consumed: Int64) {
            self.from = from
            self.to = to
            self.consumed = consumed
        }
    }

    package init(meter: Meter, budget: Int64, segments: [Segment], runningFrom: Int64?) {
        self.meter = meter
        self.budget = budget
        self.segments = segments
        self.runningFrom = runningFrom
    }

    /// Starts an account with the whole budget left.
    package init(_ budget: Length, startingAt start: Instant, on calendar: WorkingCalendar, countsFirstDay: Bool) {
        meter = budget.meter
        self.budget = budget.quanta
        segments = []
        let position = Ledger.position(of: start, meter, calendar)
        guard meter.countsDays, !countsFirstDay else {
            runningFrom = position
            return
        }
        // A start after the day's end already stands on the next day.
        runningFrom = max(position, Int64(calendar.zone.day(of: start).number) + 1)
    }

    /// Starts an account as of an earlier instant, with the pauses that another account has had since.
    package init(
        _ budget: Length, startingAt start: Instant, withPausesOf other: Ledger, on calendar: WorkingCalendar,
        countsFirstDay: Bool
    ) {
        self.init(budget, startingAt: start, on: calendar, countsFirstDay: countsFirstDay)
        let resumptions = other.segments.dropFirst().map(\.from) + (other.segments.isEmpty ? [] : [other.runningFrom].compactMap { $0 })
        for (pause, resumption) in zip(other.segments.map(\.to), resumptions) {
            self.pause(at: Ledger.instant(at: pause, other.meter, calendar), on: calendar)
            self.resume(at: Ledger.instant(at: resumption, other.meter, calendar), on: calendar)
        }
    }

    /// Whether it can be an account that was kept: where its numbers lie beyond all calendars, it was damaged.
    package var isSound: Bool {
        let positions = meter.positions
        return meter.amounts.contains(budget) && runningFrom.map { positions.contains($0) } ?? true
            && segments.allSatisfy { segment in
                positions.contains(segment.from) && positions.contains(segment.to) && segment.from <= segment.to
                    && (0...meter.amounts.upperBound).contains(segment.consumed)
            }
    }

    package var isPaused: Bool {
        runningFrom == nil
    }

    package mutating func pause(at instant: Instant, on calendar: WorkingCalendar) {
        guard let from = runningFrom else { return }
        let to = max(from, Ledger.position(of: instant, meter, calendar))
        segments.append(Segment(from: from, to: to, consumed: amount(from: from, to: to, calendar)))
        runningFrom = nil
    }

    package mutating func resume(at instant: Instant, on calendar: WorkingCalendar) {
        guard runningFrom == nil else { return }
        runningFrom = max(segments.last?.to ?? .min, Ledger.position(of: instant, meter, calendar))
    }

    /// - Parameter amount: in the meter's quanta, more than 0.
    package mutating func extend(by amount: Int64) {
        precondition(amount > 0, "an extension by \(amount)")
        budget += amount
    }

    /// Sets the budget, where a rule has changed under the account.
    package mutating func setBudget(_ amount: Int64) {
        precondition(amount > 0, "a budget of \(amount)")
        budget = amount
    }

    /// Counts every stretch again on a revised calendar, as a person would with that calendar in hand.
    package mutating func recount(on calendar: WorkingCalendar) {
        segments = segments.map { segment in
            Segment(from: segment.from, to: segment.to, consumed: amount(from: segment.from, to: segment.to, calendar))
        }
    }

    /// The days of each pause that has ended: from the one on which it began to the one on which it ended, which is not included.
    package func pauses(in zone: Zone) -> [Range<Day>] {
        func day(at position: Int64) -> Day {
            meter.countsDays ? Day(number: Int(position)) : zone.day(of: Instant(milliseconds: position))
        }
        let resumptions = segments.dropFirst().map(\.from) + [runningFrom].compactMap { $0 }
        return zip(segments.map(\.to), resumptions).map { day(at: $0)..<day(at: $1) }
    }

    /// What the stretches that have ended consumed.
    package var settled: Int64 {
        segments.reduce(0) { $0 + $1.consumed }
    }

    /// How much is consumed by this instant. A day counts from its end on.
    package func consumed(at instant: Instant, on calendar: WorkingCalendar) -> Int64 {
        guard let from = runningFrom else { return settled }
        return settled + amount(from: from, to: max(from, Ledger.position(of: instant, meter, calendar)), calendar)
    }

    /// The least budget, in whole units, under which a running account is due no earlier than this.
    package func budget(dueFrom instant: Instant, on calendar: WorkingCalendar) -> Int64 {
        let unit = meter.quantaPerUnit
        let least = max(unit, (consumed(at: instant, on: calendar) + unit - 1) / unit * unit)
        guard let due = self.instant(reaching: least, on: calendar), due < instant else { return least }
        return least + unit
    }

    /// The instant at which consumption reaches `threshold` > 0; nil where it has not been reached and the account is paused.
    package func instant(reaching threshold: Int64, on calendar: WorkingCalendar) -> Instant? {
        var left = threshold
        for segment in segments {
            if left <= segment.consumed { return instant(from: segment.from, counting: left, calendar) }
            left -= segment.consumed
        }
        return runningFrom.map { instant(from: $0, counting: left, calendar) }
    }

    /// The instant at which the budget is used up; nil where it is not and the account is paused.
    package func due(on calendar: WorkingCalendar) -> Instant? {
        instant(reaching: budget, on: calendar)
    }

    /// The instant at which a paused account would be used up, resumed at an instant with so much left.
    ///
    /// - Parameter left: in the meter's quanta, more than 0.
    package func due(resumedAt instant: Instant, withLeft left: Int64, on calendar: WorkingCalendar) -> Instant {
        var rest = self
        rest.resume(at: instant, on: calendar)
        // An account that was paused runs from here.
        return self.instant(from: rest.runningFrom!, counting: left, calendar)
    }

    private func amount(from: Int64, to: Int64, _ calendar: WorkingCalendar) -> Int64 {
        switch meter {
        case .workingDays, .calendarDays:
            Int64(calendar.count(meter, from: Day(number: Int(from)), to: Day(number: Int(to))))
        case .workingMinutes:
            calendar.workingTime(from: Instant(milliseconds: from), to: Instant(milliseconds: to))
        case .minutes: to - from
        }
    }

    private func instant(from: Int64, counting amount: Int64, _ calendar: WorkingCalendar) -> Instant {
        switch meter {
        case .workingDays, .calendarDays:
            calendar.end(of: calendar.day(meter, from: Day(number: Int(from)), counting: Int(amount)))
        case .workingMinutes: calendar.instant(from: Instant(milliseconds: from), afterWorking: amount)
        case .minutes: Instant(milliseconds: from + amount)
        }
    }

    /// After its end, a day is over: what happens then stands on the next one.
    private static func position(of instant: Instant, _ meter: Meter, _ calendar: WorkingCalendar) -> Int64 {
        guard meter.countsDays else { return instant.milliseconds }
        let day = calendar.zone.day(of: instant)
        return Int64(calendar.end(of: day) <= instant ? day.number + 1 : day.number)
    }

    /// The first instant at a position.
    private static func instant(at position: Int64, _ meter: Meter, _ calendar: WorkingCalendar) -> Instant {
        meter.countsDays ? calendar.zone.instant(on: Day(number: Int(position)), timeOfDay: 0) : Instant(milliseconds: position)
    }
}
