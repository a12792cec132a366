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
        /// By how much it became longer, in days or milliseconds, and when, in this order.
        var additions: [(at: Instant, amount: Int64)] = []
        var pauses: [(from: Instant, to: Instant?)] = []

        /// With so much more from an instant on.
        func longer(by amount: Int64, at instant: Instant) -> Promise {
            var longer = self
            if amount > 0 { longer.additions.append((instant, amount)) }
            return longer
        }
    }

    /// When a promise ends; nil where it stands still before.
    func due(_ promise: Promise) -> Instant? {
        counted(promise).end
    }

    /// What is left to a promise that stands still, in days or milliseconds; 0 where it does not.
    private func left(_ promise: Promise) -> Int64 {
        counted(promise).left
    }

    private func counted(_ promise: Promise) -> (end: Instant?, left: Int64) {
        switch promise.budget.meter {
        case .workingDays, .calendarDays, .months:
            let (day, left) = lastDay(promise, moved: true)
            return (day.map { end(of: $0) }, left)
        case .workingMinutes: return count(promise) { quarters[$0] }
        case .minutes: return count(promise) { _ in true }
        }
    }

    /// A promise with the fewest days, or minutes, more with which it ends no earlier than an instant.
    func kept(_ promise: Promise, until instant: Instant, at now: Instant) -> Promise {
        longer(promise, at: now) { longer in due(longer)! >= instant }
    }

    /// A promise that stands still with the fewest days, or minutes, more with which as much is left to it as to another one.
    func kept(_ promise: Promise, leaving other: Promise, of paper: PaperCount, at now: Instant) -> Promise {
        longer(promise, at: now) { longer in left(longer) >= paper.left(other) }
    }

    private func longer(_ promise: Promise, at now: Instant, until isEnough: (Promise) -> Bool) -> Promise {
        let (step, least): (Int64, Int64) = promise.budget.meter.account.countsDays ? (1, 1) : (PaperCount.quarter, 60_000)
        var amount: Int64 = 0
        while !isEnough(promise.longer(by: amount, at: now)) { amount += step }
        while amount > 0, isEnough(promise.longer(by: amount - least, at: now)) { amount -= least }
        return promise.longer(by: amount, at: now)
    }

    private func count(_ promise: Promise, _ counts: (Int) -> Bool) -> (end: Instant?, left: Int64) {
        var left = promise.additions.reduce(promise.budget.quanta) { $0 + $1.amount }
        var place = Int((promise.start - begin) / PaperCount.quarter)
        func instant(_ place: Int) -> Instant { begin.advanced(byMilliseconds: Int64(place) * PaperCount.quarter) }
        while true {
            if let pause = promise.pauses.first(where: { pause in
                pause.from <= instant(place) && pause.to.map { instant(place) < $0 } ?? true
            }) {
                guard let to = pause.to else { return (nil, left) }
                place = Int((to - begin) / PaperCount.quarter)
                continue
            }
            if counts(place) {
                guard left > PaperCount.quarter else { return (instant(place).advanced(byMilliseconds: left), 0) }
                left -= PaperCount.quarter
            }
            place += 1
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

    /// The days of a promise, without those by which it became longer.
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
        let last = lastDay(promise, moved: false).last!
        return Int64(PaperCount.later(last, months: Int(length.quanta)).number - last.number)
    }

    /// The last day of a promise, or how many days are left to it where it stands still before.
    private func lastDay(_ promise: Promise, moved: Bool) -> (last: Day?, left: Int64) {
        var (budget, additions) = (dayBudget(promise), promise.additions[...])
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
        func left(_ counted: Int) -> Int64 {
            additions.reduce(Int64(budget - counted)) { $0 + $1.amount }
        }
        while true {
            guard let next = skip(day) else { return (nil, left(counted)) }
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
                pause.from > day && pause.from <= last && additions.first.map { pause.at < $0.at } ?? true
            }.min { $0.at < $1.at }
            if let stop {
                guard let to = stop.to else { return (nil, left(budget - 1)) }
                (day, counted) = (to, budget - 1)
            } else if let addition = additions.popFirst() {
                (budget, day) = (budget + Int(addition.amount), day.advanced(by: 1))
            } else {
                return (moved ? last : day, 0)
            }
        }
    }
}
