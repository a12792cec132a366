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
        runningFrom = meter.countsDays && !countsFirstDay ? position + 1 : position
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

    /// How much is consumed by this instant. A day counts from its end on.
    package func consumed(at instant: Instant, on calendar: WorkingCalendar) -> Int64 {
        let past = segments.reduce(0) { $0 + $1.consumed }
        guard let from = runningFrom else { return past }
        var to = Ledger.position(of: instant, meter, calendar)
        if meter.countsDays, calendar.end(of: Day(number: Int(to))) <= instant { to += 1 }
        return past + amount(from: from, to: max(from, to), calendar)
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

    private static func position(of instant: Instant, _ meter: Meter, _ calendar: WorkingCalendar) -> Int64 {
        meter.countsDays ? Int64(calendar.zone.day(of: instant).number) : instant.milliseconds
    }
}
