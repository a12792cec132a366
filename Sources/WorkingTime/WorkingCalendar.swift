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
    /// The first day for which the calendar is official: the first of the first year whose holidays it names. Nil where it names none, and
    /// is official for all that was.
    package let validFrom: Day?
    /// The last day for which the calendar is official; what falls later is provisional.
    package let validThrough: Day
    /// The minute at which the last day of a day clock ends: 1440 unless the calendar says otherwise.
    package let dayEndsAtMinute: Int
    /// Where it was published; of no effect.
    package let source: String

    private let days: RunningSum
    private let time: Timeline
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

    /// - Precondition: some weekday has a window, and windows are in order and apart, over midnight too. `Catalogue` refuses other
    ///   calendars with a sentence.
    package init(
        name: String, zone: Zone, week: Week, exceptions: [Day: Exception] = [:], validFrom: Day? = nil, validThrough: Day,
        dayEndsAtMinute: Int = 1440, source: String = ""
    ) {
        precondition(week.values.contains { !$0.isEmpty }, "calendar \(name) has no working window in any week")
        self.name = name
        self.zone = zone
        self.week = week
        self.exceptions = exceptions
        self.validFrom = validFrom
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
        time = Timeline(
            PaperTime(week: week, exceptions: exceptions, skipped: skipped), in: zone, lastSpecial: exceptions.keys.max())
    }

    /// The windows that begin on a day: none on a day that never was.
    package func windows(on day: Day) -> [WorkingWindow] {
        skippedDays.contains(day) ? [] : exceptions[day]?.windows ?? week[day.weekday] ?? []
    }

    /// Whether a day ever was in the zone: 30 December 2011 never was in Samoa.
    package func has(_ day: Day) -> Bool {
        !skippedDays.contains(day)
    }

    /// Whether a window begins on it.
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
    ///
    /// An instant counts where the wall clock shows a time within a window: what it shows twice counts twice, and what it never shows does
    /// not count.
    package func workingTime(from: Instant, to: Instant) -> Int64 {
        time.sum(before: to) - time.sum(before: from)
    }

    /// The earliest instant by which `amount` ≥ 0 milliseconds of working time have passed since `start`; the end of time where it is
    /// beyond that.
    package func instant(from start: Instant, afterWorking amount: Int64) -> Instant {
        precondition(amount >= 0, "working time of \(amount) ms")
        return amount > 0 ? time.instant(reaching: time.sum(before: start) + amount) : start
    }

    /// One go of work.
    package struct Span: Sendable, Equatable {
        /// The day on which its window begins.
        package let day: Day
        package let window: WorkingWindow
        package let from: Instant
        /// Not worked itself.
        package let to: Instant
    }

    /// The goes of work in [from, to), in order: the first `limit` of them. What ends with a change of the wall clock and goes on at once
    /// is one.
    package func spans(from: Instant, to: Instant, limit: Int) -> [Span] {
        var spans: [Span] = []
        var reached = from
        while reached < to {
            let next = instant(from: reached, afterWorking: 1).advanced(byMilliseconds: -1)
            guard next < to, let (piece, day, end) = time.piece(at: next) else { break }
            reached = min(end, to)
            if let last = spans.last, last.day == day, last.window == piece.window, last.to == next {
                spans[spans.count - 1] = Span(day: day, window: last.window, from: last.from, to: reached)
            } else if spans.count == limit {
                break
            } else {
                spans.append(Span(day: day, window: piece.window, from: next, to: reached))
            }
        }
        return spans
    }

    /// The day whose windows say whether an instant is worked: the one before where a window of it is still open after midnight.
    fileprivate func day(decidingOver instant: Instant) -> Day {
        time.piece(at: instant)?.day ?? zone.day(of: instant)
    }
}

extension Ledger {
    /// Whether its due instant rests on days for which the calendar is not official, so that publishing a year can move it.
    ///
    /// Calendar days and plain hours are counted alike whoever works on them, and a paused account is due at no instant: they are never
    /// provisional.
    ///
    /// - Parameter due: what `due(on:)` says; nil where the account is paused.
    package func isProvisional(due: Instant?, on calendar: WorkingCalendar) -> Bool {
        // A last day that is moved is moved by what the calendar says is worked.
        guard meter.countsWork || rolls, let due else { return false }
        let start = segments.first { $0.from < $0.to }?.from ?? runningFrom
        guard let start else { return false }
        // The last instant that counted, and the first.
        let last = due.advanced(byMilliseconds: -1)
        let (from, to) =
            meter.countsDays
            ? (Day(number: Int(start)), calendar.zone.day(of: last))
            : (calendar.day(decidingOver: Instant(milliseconds: start)), calendar.day(decidingOver: last))
        return !calendar.isOfficial(from) || !calendar.isOfficial(to)
    }
}

extension Zone {
    fileprivate func instant(on day: Day, minute: Int) -> Instant {
        minute == 1440 ? instant(on: day.advanced(by: 1), timeOfDay: 0) : instant(on: day, timeOfDay: Int64(minute) * 60_000)
    }
}

extension WorkingCalendar {
    /// Whether the days off and the windows of a day have been published, as far as the calendar knows.
    package func isOfficial(_ day: Day) -> Bool {
        day <= validThrough && validFrom.map { $0 <= day } ?? true
    }
}

extension WorkingCalendar {
    /// The day of the same number so many months later, or the last one of a month that has no such day, be it by its length or because the
    /// zone skipped it; nil where it is beyond the years 1 to 9999.
    func day(_ months: Int, monthsAfter day: Day) -> Day? {
        guard let named = day.advanced(byMonths: months) else { return nil }
        guard !has(named) else { return named }
        let (year, month, _) = named.components
        return Day(year: year, month: month, day: Day.length(ofMonth: month, year: year))
    }
}

extension WorkingCalendar: Equatable {
    /// The running sums follow from the rest.
    package static func == (a: WorkingCalendar, b: WorkingCalendar) -> Bool {
        a.name == b.name && a.source == b.source && a.exceptions == b.exceptions && a.counts(like: b)
    }

    /// Whether every deadline is the same under both, and as official.
    package func counts(like other: WorkingCalendar) -> Bool {
        zone == other.zone && week == other.week && validFrom == other.validFrom && validThrough == other.validThrough
            && dayEndsAtMinute == other.dayEndsAtMinute
            && exceptions.mapValues(\.windows) == other.exceptions.mapValues(\.windows)
    }
}
