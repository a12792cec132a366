import CaseTesting
import WorkingTime

/// Deadlines as somebody finds them with a calendar of paper, day by day and quarter of an hour by quarter of an hour.
///
/// It shares with the clocks what a wall shows, and nothing else: which day and time it is at an instant, and which instant a day ends at.
struct PaperCount {
    let calendar: WorkingCalendar
    private let begin: Instant
    /// Whether a quarter of an hour is worked, from `begin` on.
    private let quarters: [Bool]

    static let quarter: Int64 = 900_000

    init(_ calendar: WorkingCalendar, from begin: Instant, days: Int) {
        self.calendar = calendar
        self.begin = begin
        quarters = (0..<days * 96).map { place in
            let instant = begin.advanced(byMilliseconds: Int64(place) * PaperCount.quarter)
            let (day, minute) = (calendar.zone.day(of: instant), calendar.zone.timeOfDay(of: instant) / 60_000)
            return PaperCount.windows(day, calendar).contains { $0.from <= minute && minute < $0.to }
                || PaperCount.windows(day.advanced(by: -1), calendar).contains { minute + 1440 < $0.to }
        }
    }

    private static func windows(_ day: Day, _ calendar: WorkingCalendar) -> [WorkingWindow] {
        calendar.exceptions[day]?.windows ?? calendar.week[day.weekday] ?? []
    }

    private func isWorked(_ day: Day) -> Bool {
        !PaperCount.windows(day, calendar).isEmpty
    }

    func end(of day: Day) -> Instant {
        calendar.dayEndsAtMinute == 1440
            ? calendar.zone.instant(on: day.advanced(by: 1), timeOfDay: 0)
            : calendar.zone.instant(on: day, timeOfDay: Int64(calendar.dayEndsAtMinute) * 60_000)
    }

    /// The day on which something stands: after a day's end it is the next one.
    private func day(of instant: Instant) -> Day {
        let day = calendar.zone.day(of: instant)
        return end(of: day) <= instant ? day.advanced(by: 1) : day
    }

    /// One promise: when it began, how long it was, what was added, and when it stood still.
    struct Promise {
        var start: Instant
        var budget: Length
        var countsFirstDay: Bool
        var rolls: Bool
        /// Whether the end of another one began it.
        var beginsAtEnd = false
        /// By how much it was extended, in days or milliseconds, and when.
        var extension_: (at: Instant, amount: Int64)?
        var pauses: [(from: Instant, to: Instant?)] = []
    }

    /// When a promise ends; nil where it stands still before.
    func due(_ promise: Promise) -> Instant? {
        switch promise.budget.meter {
        case .workingDays, .calendarDays, .months: lastDay(promise, moved: true).map { end(of: $0) }
        case .workingMinutes: count(promise) { quarters[$0] }
        case .minutes: count(promise) { _ in true }
        }
    }

    private func count(_ promise: Promise, _ counts: (Int) -> Bool) -> Instant? {
        var left = promise.budget.quanta + (promise.extension_?.amount ?? 0)
        var place = Int((promise.start - begin) / PaperCount.quarter)
        func instant(_ place: Int) -> Instant { begin.advanced(byMilliseconds: Int64(place) * PaperCount.quarter) }
        while true {
            if let pause = promise.pauses.first(where: { pause in
                pause.from <= instant(place) && pause.to.map { instant(place) < $0 } ?? true
            }) {
                guard let to = pause.to else { return nil }
                place = Int((to - begin) / PaperCount.quarter)
                continue
            }
            if counts(place) { left -= PaperCount.quarter }
            place += 1
            if left == 0 { return instant(place) }
        }
    }

    /// The first day that a promise counts.
    private func firstDay(_ promise: Promise) -> Day {
        let begun = promise.beginsAtEnd ? promise.start.advanced(byMilliseconds: -1) : promise.start
        let (stands, next) = (day(of: promise.start), calendar.zone.day(of: begun).advanced(by: 1))
        return promise.countsFirstDay ? stands : max(stands, next)
    }

    /// So many months after a day, by the number of the day; the last one of a month that has no such day.
    private static func later(_ day: Day, months: Int) -> Day {
        let (year, month, number) = day.components
        let (years, rest) = ((month - 1 + months) / 12, (month - 1 + months) % 12)
        return (1...number).reversed().lazy.compactMap { Day(year: year + years, month: rest + 1, day: $0) }.first!
    }

    /// The days of a promise, without those by which it was extended.
    private func dayBudget(_ promise: Promise) -> Int {
        guard promise.budget.meter == .months else { return Int(promise.budget.quanta) }
        let (first, months) = (firstDay(promise), Int(promise.budget.quanta))
        let last =
            promise.countsFirstDay && first.components.day == 1
            ? PaperCount.later(first, months: months).advanced(by: -1)
            : PaperCount.later(first.advanced(by: -1), months: months)
        return last.number - first.number + 1
    }

    /// By how many days a promise that does not stand still becomes longer by a length.
    func extended(_ promise: Promise, by length: Length) -> Int64 {
        guard length.meter == .months else { return length.quanta }
        let last = lastDay(promise, moved: false)!
        return Int64(PaperCount.later(last, months: Int(length.quanta)).number - last.number)
    }

    private func lastDay(_ promise: Promise, moved: Bool) -> Day? {
        var (budget, added) = (dayBudget(promise), promise.extension_)
        var (day, counted) = (firstDay(promise), 0)
        let pauses = promise.pauses.map { (at: $0.from, from: self.day(of: $0.from), to: $0.to.map { self.day(of: $0) }) }
        /// The day on which work goes on after a pause over this one; nil where that has not ended.
        func skip(_ day: Day) -> Day? {
            var day = day
            while let pause = pauses.first(where: { $0.from <= day && $0.to.map { day < $0 } ?? true }) {
                guard let to = pause.to else { return nil }
                day = to
            }
            return day
        }
        while true {
            guard let next = skip(day) else { return nil }
            day = next
            if promise.budget.meter != .workingDays || isWorked(day) { counted += 1 }
            guard counted == budget else {
                day = day.advanced(by: 1)
                continue
            }
            var last = day
            while promise.rolls, !isWorked(last) { last = last.advanced(by: 1) }
            // Who stops on the way to the day to which the last one is moved has one day left, unless it was longer by then.
            let stop = pauses.filter { pause in
                pause.from > day && pause.from <= last && added.map { pause.at < $0.at } ?? true
            }.min { $0.at < $1.at }
            if let stop {
                guard let to = stop.to else { return nil }
                (day, counted) = (to, budget - 1)
            } else if let extension_ = added {
                (budget, added, day) = (budget + Int(extension_.amount), nil, day.advanced(by: 1))
            } else {
                return moved ? last : day
            }
        }
    }
}
