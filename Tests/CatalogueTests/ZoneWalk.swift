import WorkingTime

/// The days around one change of a zone, walked step by step with a wall clock in hand: what is worked there, by plain counting.
///
/// It shares nothing with the algebra but the offset that holds at an instant.
struct ZoneWalk {
    private let zone: Zone
    private let start: Instant
    /// In milliseconds. Every change and every full minute of the wall clock is at the end of a step.
    private let step: Int64
    /// What the wall clock shows at the beginning of each step, in milliseconds since 1970-01-01T00:00.
    private let shown: [Int64]
    /// The days that it shows, in rising order.
    private let days: [Int]
    /// What it shows just before the change and at it.
    private let (before, after): (Int64, Int64)

    /// One fault makes many of these, and the first few say enough.
    private static let tellLimit = 3

    init(_ zone: Zone, around change: Instant) {
        self.zone = zone
        let last = change.advanced(byMilliseconds: -1)
        before = change.milliseconds + Int64(zone.offset(at: last)) * 1000
        after = change.milliseconds + Int64(zone.offset(at: change)) * 1000
        // Changes of before there was standard time have odd seconds; those are walked more closely, and less far.
        let isOdd = [before, after, change.milliseconds].contains { $0 % 60_000 != 0 }
        let reach: Int64 = (isOdd ? 26 : 36) * 3_600_000
        let first = (change.milliseconds - reach) / 60_000 * 60_000
        let end = change.milliseconds + reach
        // Other changes may be near.
        var odd = [before, after, change.milliseconds]
        var moment = first
        while moment < end {
            odd.append(Int64(zone.offset(at: Instant(milliseconds: moment))) * 1000)
            moment += 900_000
        }
        let step = odd.reduce(60_000) { ZoneWalk.greatestDivisor($0, $1) }
        self.step = step
        start = Instant(milliseconds: first)
        shown = (0..<Int((end - first) / step)).map { number in
            let moment = first + Int64(number) * step
            return moment + Int64(zone.offset(at: Instant(milliseconds: moment))) * 1000
        }
        var days: [Int] = []
        for moment in shown where days.last != ZoneWalk.day(moment) { days.append(ZoneWalk.day(moment)) }
        self.days = Set(days).sorted()
    }

    private static func greatestDivisor(_ a: Int64, _ b: Int64) -> Int64 {
        var (a, b) = (abs(a), abs(b))
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    private static func day(_ moment: Int64) -> Int {
        Int(moment >= 0 ? moment / 86_400_000 : (moment - 86_399_999) / 86_400_000)
    }

    /// Weeks with windows before, in, over and after what the change shows twice or not at all, over midnight too; and days that differ.
    func calendars() -> [WorkingCalendar] {
        func minute(_ moment: Int64) -> Int { Int((moment - Int64(ZoneWalk.day(moment)) * 86_400_000) / 60_000) }
        let (low, high) = (minute(min(before, after)), minute(max(before, after)))
        func windows(_ spans: [(Int, Int)]) -> [WorkingWindow] {
            var found: [WorkingWindow] = []
            for (from, to) in spans.map({ ((($0.0 % 1440) + 1440) % 1440, $0.1 - $0.0) }).sorted(by: { $0.0 < $1.0 }) {
                if let last = found.last, last.to > from { continue }
                guard let window = WorkingWindow(from: from, to: from + to) else { continue }
                if let first = found.first, window.to - 1440 > first.from { continue }
                found.append(window)
            }
            return found
        }
        let office = [WorkingWindow("09:00-12:00")!, WorkingWindow("14:00-17:00")!]
        let patterns = [
            office, [WorkingWindow("00:00-24:00")!], [WorkingWindow("22:00-06:00")!],
            windows([(low - 60, low - 10), (low + 15, low + 45), (high + 10, high + 70)]),
            windows([(low - 30, low + 30)]), windows([(low + 7, high + 20)]), windows([(high - 20, high + 700)]),
        ]
        var calendars: [WorkingCalendar] = []
        for pattern in patterns where !pattern.isEmpty {
            func calendar(_ week: WorkingCalendar.Week, _ exceptions: [Day: WorkingCalendar.Exception]) -> WorkingCalendar {
                WorkingCalendar(name: zone.name, zone: zone, week: week, exceptions: exceptions, validThrough: Day("2026-12-31")!)
            }
            calendars.append(calendar(Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, pattern) }), [:]))
            // Worked on the day of the change alone, or on all but that day.
            let day = Day(number: ZoneWalk.day(after))
            calendars.append(calendar([day.weekday: pattern], [:]))
            calendars.append(
                calendar(
                    Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, pattern) }), [day: .init(name: "holiday", windows: [])]))
        }
        return calendars
    }

    /// What is otherwise than plain counting finds it: nothing, as it should be.
    func wrong(on calendar: WorkingCalendar) -> [String] {
        var wrong: [String] = []
        let sums = plainSums(calendar)
        func instant(_ number: Int) -> Instant { start.advanced(byMilliseconds: Int64(number) * step) }
        // Where work begins and ends, and now and then between.
        for number in 1..<sums.count {
            let isEdge = number + 1 < sums.count && sums[number + 1] - sums[number] != sums[number] - sums[number - 1]
            guard isEdge || number % 211 == 0 || number == sums.count - 1 else { continue }
            let (to, sum) = (instant(number), sums[number])
            let measured = calendar.workingTime(from: start, to: to)
            if measured != sum { wrong.append("\(calendar.name): \(start) to \(to) is \(measured) ms, by hand \(sum)") }
            guard sum > 0 else { continue }
            // The first step by whose end that much was worked.
            let first = sums[number] != sums[number - 1] ? number : sums.partition(sum)
            let due = calendar.instant(from: start, afterWorking: sum)
            if due != instant(first) { wrong.append("\(calendar.name): \(sum) ms from \(start) is \(due), by hand \(instant(first))") }
            if wrong.count >= ZoneWalk.tellLimit { return wrong }
        }
        let spans = calendar.spans(from: start, to: instant(sums.count - 1), limit: .max).reduce(0) { $0 + ($1.to - $1.from) }
        if spans != sums.last! { wrong.append("\(calendar.name): spans from \(start) of \(spans) ms, by hand \(sums.last!)") }
        return wrong + wrongDays(calendar)
    }

    /// Milliseconds worked before the beginning of each step, and before the end of the last.
    private func plainSums(_ calendar: WorkingCalendar) -> [Int64] {
        // Minutes of the wall clock that are worked, by day; -1 is a day of before the walk.
        var worked: [Int: [Range<Int64>]] = [:]
        for (place, day) in days.enumerated() {
            func windows(_ day: Int) -> [WorkingWindow] {
                let day = Day(number: day)
                return calendar.exceptions[day]?.windows ?? calendar.week[day.weekday] ?? []
            }
            // What began on the day before, and that is the last one that there was.
            let night = windows(place > 0 ? days[place - 1] : day - 1).filter { $0.to > 1440 }.map { 0..<$0.to - 1440 }
            worked[day] = (night + windows(day).map { $0.from..<min($0.to, 1440) }).map {
                Int64($0.lowerBound) * 60_000..<Int64($0.upperBound) * 60_000
            }
        }
        var sums: [Int64] = [0]
        sums.reserveCapacity(shown.count + 1)
        var (day, ranges, sum) = (Int.min, [Range<Int64>](), Int64(0))
        for moment in shown {
            let today = ZoneWalk.day(moment)
            if today != day { (day, ranges) = (today, worked[today]!) }
            let time = moment - Int64(day) * 86_400_000
            for range in ranges where range.lowerBound <= time && time < range.upperBound { sum += step }
            sums.append(sum)
        }
        return sums
    }

    /// Days are counted as they are shown, each once.
    private func wrongDays(_ calendar: WorkingCalendar) -> [String] {
        var wrong: [String] = []
        let (first, last) = (days[0], days[days.count - 1])
        for meter in [Meter.calendarDays, .workingDays] {
            let counted = days.filter { number in
                let day = Day(number: number)
                return meter == .calendarDays || !(calendar.exceptions[day]?.windows ?? calendar.week[day.weekday] ?? []).isEmpty
            }
            let count = calendar.count(meter, from: Day(number: first), to: Day(number: last + 1))
            if count != counted.count {
                wrong.append("\(calendar.name): \(count) \(meter) from \(Day(number: first)), by hand \(counted.count)")
            }
            for (place, day) in counted.enumerated() {
                let found = calendar.day(meter, from: Day(number: first), counting: place + 1)
                if found.number != day {
                    wrong.append("\(calendar.name): the \(place + 1)th of \(meter) is \(found), by hand \(Day(number: day))")
                }
            }
        }
        return wrong
    }

    /// Times of day whose instant is otherwise than the first at which the wall clock shows them, or what comes after them.
    func wrongInstants() -> [String] {
        var wrong: [String] = []
        // What is shown for the first time is what exceeds all that was shown before.
        var latest = Int64.min
        var expected: [Int64: Instant] = [:]
        for (number, moment) in shown.enumerated() where moment > latest {
            let instant = start.advanced(byMilliseconds: Int64(number) * step)
            // All that was left out since is meant for this instant.
            var wanted = latest == .min ? moment : latest + step
            while wanted <= moment {
                if wanted % 300_000 == 0 { expected[wanted] = instant }
                wanted += step
            }
            latest = moment
        }
        for (moment, instant) in expected {
            let day = ZoneWalk.day(moment)
            let found = zone.instant(on: Day(number: day), timeOfDay: moment - Int64(day) * 86_400_000)
            if found != instant { wrong.append("\(zone.name): \(moment) ms on the wall is \(found), by hand \(instant)") }
            if wrong.count >= ZoneWalk.tellLimit { break }
        }
        return wrong
    }
}

extension Array<Int64> {
    /// The first place, in a rising list, of a value that is not less.
    fileprivate func partition(_ value: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
