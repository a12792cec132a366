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
    /// Whether a last day that is no working day is moved to the next one.
    package private(set) var rolls: Bool
    /// The pauses to the millisecond, where positions are days; those that older versions kept are not among them.
    package private(set) var pauses: [Pause]

    package struct Segment: Sendable, Equatable {
        package let from: Int64
        /// Not counted itself.
        package let to: Int64
        package let consumed: Int64
        /// By how much the budget was extended after it had ended.
        package let extendedSince: Int64

        package init(from: Int64, to: Int64, consumed: Int64, extendedSince: Int64 = 0) {
            self.from = from
            self.to = to
            self.consumed = consumed
            self.extendedSince = extendedSince
        }
    }

    /// A pause; one that has not ended has no end.
    package struct Pause: Sendable, Equatable {
        package let from: Instant
        package var to: Instant?

        package init(from: Instant, to: Instant?) {
            self.from = from
            self.to = to
        }
    }

    package init(
        meter: Meter, budget: Int64, segments: [Segment], runningFrom: Int64?, rolls: Bool = false, pauses: [Pause] = []
    ) {
        self.meter = meter
        self.budget = budget
        self.segments = segments
        self.runningFrom = runningFrom
        self.rolls = rolls
        self.pauses = pauses
    }

    /// Starts an account with the whole budget left.
    ///
    /// - Parameters:
    ///   - rolls: whether a last day that is no working day is moved to the next one; for calendar days and months.
    ///   - startsAtEnd: whether it is an end that starts it: midnight is 24:00 of the day that is over then.
    package init(
        _ budget: Length, startingAt start: Instant, on calendar: WorkingCalendar, countsFirstDay: Bool, rolls: Bool = false,
        startsAtEnd: Bool = false
    ) {
        meter = budget.meter.account
        self.budget = budget.quanta
        segments = []
        pauses = []
        self.rolls = rolls && meter == .calendarDays
        let position = Ledger.position(of: start, meter, calendar)
        if meter.countsDays, !countsFirstDay {
            // A start after the day's end already stands on the next day: that one is counted, as the day of the start is not.
            runningFrom = max(position, Int64(calendar.zone.day(of: startsAtEnd ? start.advanced(byMilliseconds: -1) : start).number) + 1)
        } else {
            runningFrom = position
        }
        self.budget = amount(of: budget, on: calendar, countsFirstDay: countsFirstDay)
    }

    /// Starts an account as of an earlier instant, with the pauses that another account has had since.
    package init(
        _ budget: Length, startingAt start: Instant, withPausesOf other: Ledger, on calendar: WorkingCalendar,
        countsFirstDay: Bool, rolls: Bool = false
    ) {
        self.init(budget, startingAt: start, on: calendar, countsFirstDay: countsFirstDay, rolls: rolls)
        for pause in other.endedPauses(on: calendar) {
            self.pause(at: pause.lowerBound, on: calendar)
            self.resume(at: pause.upperBound, on: calendar)
        }
    }

    /// What a length makes of this account's budget, in its quanta: of months the days that they have from its first day on.
    package func amount(of length: Length, on calendar: WorkingCalendar, countsFirstDay: Bool) -> Int64 {
        // Accounts have had a first position since they were begun.
        guard length.meter == .months, let first = segments.first?.from ?? runningFrom else { return length.quanta }
        let day = Day(number: Int(first))
        // A month from the 15th on ends with the 15th where that one is not counted, and with the 14th where it is: from the first of a month
        // on with the last one.
        let isWhole = countsFirstDay && day.components.day == 1
        let start = day.advanced(by: isWhole ? 0 : -1)
        guard let last = calendar.day(Int(length.quanta), monthsAfter: start) else { return meter.amounts.upperBound }
        return max(1, Int64(calendar.count(.calendarDays, from: day, to: last.advanced(by: isWhole ? 0 : 1))))
    }

    /// By how much a length extends this account, in its quanta: months go on from what is its last day, were it to run on from an instant.
    package func extensionAmount(of length: Length, at instant: Instant, on calendar: WorkingCalendar) -> Int64 {
        guard length.meter == .months else { return length.quanta }
        var running = self
        running.rolls = false
        running.resume(at: instant, on: calendar)
        // A running account has a due instant, which follows its last day.
        let last = calendar.zone.day(of: running.due(on: calendar)!.advanced(byMilliseconds: -1))
        guard let extended = calendar.day(Int(length.quanta), monthsAfter: last) else { return meter.amounts.upperBound }
        return max(1, Int64(calendar.count(.calendarDays, from: last, to: extended)))
    }

    /// The pauses that have ended, to the millisecond where that is known; those that older versions kept on day meters begin and end with days.
    private func endedPauses(on calendar: WorkingCalendar) -> [Range<Instant>] {
        let resumptions = segments.dropFirst().map(\.from) + (segments.isEmpty ? [] : [runningFrom].compactMap { $0 })
        let known = pauses.compactMap { pause in pause.to.map { pause.from..<max(pause.from, $0) } }
        let kept = zip(segments.map(\.to), resumptions).map { from, to in
            Ledger.instant(at: from, meter, calendar)..<Ledger.instant(at: to, meter, calendar)
        }
        return kept.dropLast(known.count) + known
    }

    /// Whether it can be an account that was kept: where its numbers lie beyond all calendars, it was damaged.
    package var isSound: Bool {
        let positions = meter.positions
        return meter == meter.account && meter.amounts.contains(budget) && (!rolls || meter == .calendarDays)
            && pauses.allSatisfy { pause in pause.to.map { pause.from <= $0 } ?? true }
            && runningFrom.map { positions.contains($0) } ?? true
            && segments.allSatisfy { segment in
                positions.contains(segment.from) && positions.contains(segment.to) && segment.from <= segment.to
                    && (0...meter.amounts.upperBound).contains(segment.consumed)
                    && (0...meter.amounts.upperBound).contains(segment.extendedSince)
            }
    }

    package var isPaused: Bool {
        runningFrom == nil
    }

    package mutating func pause(at instant: Instant, on calendar: WorkingCalendar) {
        guard !isPaused else { return }
        stop(at: instant, on: calendar)
        if meter.countsDays { pauses.append(Pause(from: instant, to: nil)) }
    }

    /// Ends the stretch that is running, for good.
    package mutating func stop(at instant: Instant, on calendar: WorkingCalendar) {
        guard let from = runningFrom else { return }
        let to = max(from, Ledger.position(of: instant, meter, calendar))
        segments.append(Segment(from: from, to: to, consumed: consumption(from: from, to: to, left: budget - settled, calendar)))
        runningFrom = nil
    }

    package mutating func resume(at instant: Instant, on calendar: WorkingCalendar) {
        guard runningFrom == nil else { return }
        runningFrom = max(segments.last?.to ?? .min, Ledger.position(of: instant, meter, calendar))
        if let last = pauses.last, last.to == nil { pauses[pauses.count - 1].to = max(last.from, instant) }
    }

    /// - Parameter amount: in the meter's quanta, more than 0.
    package mutating func extend(by amount: Int64) {
        precondition(amount > 0, "an extension by \(amount)")
        let extended = min(budget + amount, meter.amounts.upperBound)
        segments = segments.map { segment in
            Segment(
                from: segment.from, to: segment.to, consumed: segment.consumed,
                extendedSince: min(segment.extendedSince + extended - budget, meter.amounts.upperBound))
        }
        budget = extended
    }

    /// Sets the budget, where a rule has changed under the account.
    package mutating func setBudget(_ amount: Int64) {
        precondition(amount > 0, "a budget of \(amount)")
        budget = min(amount, meter.amounts.upperBound)
    }

    /// Counts every stretch again on a revised calendar, as a person would with that calendar in hand.
    ///
    /// - Parameter rolls: whether a last day that is no working day is moved from now on; nil where that stays as it is.
    package mutating func recount(on calendar: WorkingCalendar, rolls: Bool? = nil) {
        if let rolls { self.rolls = rolls && meter == .calendarDays }
        var left = budget
        for index in segments.indices {
            let segment = segments[index]
            let consumed = consumption(from: segment.from, to: segment.to, left: left - segment.extendedSince, calendar)
            segments[index] = Segment(
                from: segment.from, to: segment.to, consumed: consumed, extendedSince: segment.extendedSince)
            left -= consumed
        }
    }

    /// The last day before it is moved, where it is moved; nil where it is not, or the account stands still.
    package func movedLastDay(on calendar: WorkingCalendar) -> Day? {
        runningFrom.flatMap { movedLastDay(from: $0, left: budget - settled, on: calendar) }
    }

    /// The same of a stretch that begins with so much left.
    package func movedLastDay(from: Int64, left: Int64, on calendar: WorkingCalendar) -> Day? {
        guard move(from: from, left: left, calendar) != nil else { return nil }
        return calendar.day(meter, from: Day(number: Int(from)), counting: Int(left))
    }

    /// The days of each pause that has ended: from the one on which it began to the one on which it ended, which is not included.
    package func pausedDays(in zone: Zone) -> [Range<Day>] {
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
        let to = max(from, Ledger.position(of: instant, meter, calendar))
        return settled + consumption(from: from, to: to, left: budget - settled, calendar)
    }

    /// The least budget, in whole units, under which a running account is due no earlier than this.
    package func budget(dueFrom instant: Instant, on calendar: WorkingCalendar) -> Int64 {
        let unit = meter.quantaPerUnit
        var asked = self
        asked.budget = max(unit, (consumed(at: instant, on: calendar) + unit - 1) / unit * unit)
        while let due = asked.due(on: calendar), due < instant { asked.budget += unit }
        // Where last days are moved, several budgets end on the same one.
        while rolls, asked.budget > unit {
            var shorter = asked
            shorter.budget -= unit
            guard let due = shorter.due(on: calendar), due >= instant else { break }
            asked = shorter
        }
        return asked.budget
    }

    /// The instant at which consumption reaches `threshold` > 0; nil where it has not been reached and the account is paused.
    package func instant(reaching threshold: Int64, on calendar: WorkingCalendar) -> Instant? {
        var (wanted, left) = (threshold, budget)
        for segment in segments {
            if wanted <= segment.consumed {
                return instant(from: segment.from, counting: wanted, left: left - segment.extendedSince, calendar)
            }
            wanted -= segment.consumed
            left -= segment.consumed
        }
        return runningFrom.map { instant(from: $0, counting: wanted, left: left, calendar) }
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
        return self.instant(from: rest.runningFrom!, counting: left, left: left, calendar)
    }

    /// What a stretch consumes that begins with so much left. Where the last day is moved, what was left with it is there until the end of
    /// the day to which it is moved; the days between are not consumed.
    private func consumption(from: Int64, to: Int64, left: Int64, _ calendar: WorkingCalendar) -> Int64 {
        let amount = amount(from: from, to: to, calendar)
        guard amount >= left, let moved = move(from: from, left: left, calendar) else { return amount }
        return to <= moved.last ? left - 1 : amount - moved.by
    }

    /// The day to which the last one is moved, and by how many days of the calendar; nil where it is not.
    private func move(from: Int64, left: Int64, _ calendar: WorkingCalendar) -> (last: Int64, by: Int64)? {
        guard rolls, left > 0 else { return nil }
        let last = calendar.day(meter, from: Day(number: Int(from)), counting: Int(left))
        let moved = calendar.day(.workingDays, from: last, counting: 1)
        guard moved > last else { return nil }
        return (
            Int64(moved.number), Int64(calendar.count(meter, from: last.advanced(by: 1), to: moved.advanced(by: 1)))
        )
    }

    private func amount(from: Int64, to: Int64, _ calendar: WorkingCalendar) -> Int64 {
        switch meter {
        case .workingDays, .calendarDays:
            Int64(calendar.count(meter, from: Day(number: Int(from)), to: Day(number: Int(to))))
        case .workingMinutes:
            calendar.workingTime(from: Instant(milliseconds: from), to: Instant(milliseconds: to))
        case .minutes: to - from
        case .months: preconditionFailure("an account in months")
        }
    }

    private func instant(from: Int64, counting amount: Int64, left: Int64, _ calendar: WorkingCalendar) -> Instant {
        switch meter {
        case .workingDays, .calendarDays:
            let moved = amount >= left ? move(from: from, left: left, calendar)?.by ?? 0 : 0
            return calendar.end(of: calendar.day(meter, from: Day(number: Int(from)), counting: Int(amount + moved)))
        case .workingMinutes: return calendar.instant(from: Instant(milliseconds: from), afterWorking: amount)
        case .minutes: return Instant(milliseconds: from + amount)
        case .months: preconditionFailure("an account in months")
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
