/// When an administration works: weekly windows, with days that differ, in one zone.
///
/// Counting costs the same for one day as for ten years: full weeks are multiplied, and days that differ from their
/// weekday are a sorted list with running sums.
package struct WorkingCalendar: Sendable {
    package let name: String
    package let zone: Zone
    package let week: Week
    /// Days that differ from their weekday: holidays, half days, make-up working days.
    package let exceptions: [Day: Exception]
    /// The last day for which the calendar is official; what falls later is provisional.
    package let validThrough: Day
    /// The minute at which the last day of a day clock ends: 1440 unless the calendar says otherwise.
    package let dayEndsAtMinute: Int
    /// Where it was published; of no effect.
    package let source: String

    private let days: RunningSum
    private let milliseconds: RunningSum
    /// Days that never were in the zone, in rising order: nothing counts them.
    private let skippedDays: [Day]

    package typealias Week = [Weekday: [WorkingWindow]]

    package struct Exception: Sendable, Equatable {
        package let name: String
        /// Empty on a day off.
        package let windows: [WorkingWindow]
        /// The entries of the catalogue that name the day, the one whose word counts last; of no effect.
        package let entries: [String]

        package init(name: String, windows: [WorkingWindow], entries: [String] = []) {
            self.name = name
            self.windows = windows
            self.entries = entries
        }
    }

    /// - Precondition: some weekday has a window, and windows of one day are in order and apart. `Catalogue` refuses other calendars with a sentence.
    package init(
        name: String, zone: Zone, week: Week, exceptions: [Day: Exception] = [:], validThrough: Day,
        dayEndsAtMinute: Int = 1440, source: String = ""
    ) {
        precondition(week.values.contains { !$0.isEmpty }, "calendar \(name) has no working window in any week")
        self.name = name
        self.zone = zone
        self.week = week
        self.exceptions = exceptions
        self.validThrough = validThrough
        self.dayEndsAtMinute = dayEndsAtMinute
        self.source = source

        let skipped = zone.skippedDays
        skippedDays = skipped
        func windows(_ day: Day) -> [WorkingWindow] {
            skipped.contains(day) ? [] : exceptions[day]?.windows ?? week[day.weekday] ?? []
        }
        days = RunningSum(
            week: Weekday.allCases.map { (week[$0] ?? []).isEmpty ? 0 : 1 },
            special: Set(exceptions.keys).union(skipped).sorted().map { ($0, windows($0).isEmpty ? 0 : 1) })
        // On a day whose clocks change, a window can be longer or shorter than it looks.
        milliseconds = RunningSum(
            week: Weekday.allCases.map { (week[$0] ?? []).reduce(0) { $0 + Int64($1.to - $1.from) * 60_000 } },
            special: Set(exceptions.keys).union(zone.daysOfChange).sorted().map { day in
                (
                    day,
                    windows(day).reduce(0) { sum, window in
                        sum + (zone.instant(on: day, minute: window.to) - zone.instant(on: day, minute: window.from))
                    }
                )
            })
    }

    package func windows(on day: Day) -> [WorkingWindow] {
        skippedDays.contains(day) ? [] : exceptions[day]?.windows ?? week[day.weekday] ?? []
    }

    package func isWorkingDay(_ day: Day) -> Bool {
        !windows(on: day).isEmpty
    }

    /// The instant at which a day clock that ends on this day is over.
    package func end(of day: Day) -> Instant {
        zone.instant(on: day, minute: dayEndsAtMinute)
    }

    // MARK: Days

    /// How many days of [from, to) the meter counts; negative where `to` is earlier.
    package func count(_ meter: Meter, from: Day, to: Day) -> Int {
        switch meter {
        case .workingDays: Int(days.sum(before: to) - days.sum(before: from))
        case .calendarDays: to.number - from.number - skippedCount(before: to) + skippedCount(before: from)
        case .workingMinutes, .minutes, .months: preconditionFailure("\(meter) counts no days")
        }
    }

    /// The day on which the count of days from `from` on, that day included, reaches `amount` ≥ 1.
    package func day(_ meter: Meter, from: Day, counting amount: Int) -> Day {
        precondition(amount >= 1, "no day is the \(amount)th")
        switch meter {
        case .workingDays: return days.day(from: from, reaching: Int64(amount)).day
        case .calendarDays:
            return skippedDays.reduce(from.advanced(by: amount - 1)) { day, skipped in
                from <= skipped && skipped <= day ? day.advanced(by: 1) : day
            }
        case .workingMinutes, .minutes, .months: preconditionFailure("\(meter) counts no days")
        }
    }

    private func skippedCount(before day: Day) -> Int {
        skippedDays.partitioningIndex { $0 >= day }
    }

    // MARK: Time

    /// Working time of [from, to) in milliseconds; negative where `to` is earlier.
    package func workingTime(from: Instant, to: Instant) -> Int64 {
        worked(before: to) - worked(before: from)
    }

    /// The earliest instant by which `amount` ≥ 0 milliseconds of working time have passed since `start`; the end of time where it is
    /// beyond that.
    package func instant(from start: Instant, afterWorking amount: Int64) -> Instant {
        precondition(amount >= 0, "working time of \(amount) ms")
        guard amount > 0 else { return start }
        let first = zone.day(of: start)
        let target = amount + worked(before: start) - milliseconds.sum(before: first)
        var (day, left) = milliseconds.day(from: first, reaching: target)
        for window in windows(on: day) {
            let opens = zone.instant(on: day, minute: window.from)
            let length = zone.instant(on: day, minute: window.to) - opens
            if left <= length { return opens.advanced(byMilliseconds: left) }
            left -= length
        }
        if zone.instant(on: day.advanced(by: 1), minute: 0) == .last { return .last }
        preconditionFailure("calendar \(name): the sums and the windows of \(day) disagree")
    }

    private func worked(before instant: Instant) -> Int64 {
        var day = zone.day(of: instant)
        // Clocks that go back over midnight show a day again that was over: what it holds was counted the first time.
        while zone.instant(on: day.advanced(by: 1), timeOfDay: 0) < instant { day = day.advanced(by: 1) }
        return windows(on: day).reduce(milliseconds.sum(before: day)) { sum, window in
            let opens = zone.instant(on: day, minute: window.from)
            let closes = zone.instant(on: day, minute: window.to)
            return sum + max(0, min(instant, closes) - opens)
        }
    }
}

extension Zone {
    fileprivate func instant(on day: Day, minute: Int) -> Instant {
        minute == 1440 ? instant(on: day.advanced(by: 1), timeOfDay: 0) : instant(on: day, timeOfDay: Int64(minute) * 60_000)
    }
}

extension WorkingCalendar {
    /// Whether a deadline at this instant rests on days for which the calendar is not official yet.
    package func isProvisional(_ due: Instant) -> Bool {
        zone.day(of: due.advanced(byMilliseconds: -1)) > validThrough
    }
}

extension WorkingCalendar: Equatable {
    /// The running sums follow from the rest.
    package static func == (a: WorkingCalendar, b: WorkingCalendar) -> Bool {
        a.name == b.name && a.source == b.source && a.exceptions == b.exceptions && a.counts(like: b)
    }

    /// Whether every deadline is the same under both, and as official.
    package func counts(like other: WorkingCalendar) -> Bool {
        zone == other.zone && week == other.week && validThrough == other.validThrough
            && dayEndsAtMinute == other.dayEndsAtMinute
            && exceptions.mapValues(\.windows) == other.exceptions.mapValues(\.windows)
    }
}
