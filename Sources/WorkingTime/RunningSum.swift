/// The sum of an amount per day over any stretch of days: weekly, but for listed days.
struct RunningSum: Sendable {
    /// Sums before each weekday of a week that begins on Monday, and the whole week's.
    private let beforeWeekday: [Int64]
    private let perWeek: Int64
    /// Listed days in rising order, each with how far the sum before it and that day's own amount differ from the weekly pattern.
    private let special: [(day: Day, before: Int64, own: Int64)]

    init(week: [Int64], special: [(day: Day, amount: Int64)]) {
        precondition(week.count == 7 && week.contains { $0 > 0 }, "a week of \(week)")
        beforeWeekday = week.reduce(into: [0]) { $0.append($0.last! + $1) }
        perWeek = week.reduce(0, +)
        var before: Int64 = 0
        self.special = special.map { day, amount in
            let own = amount - week[day.weekday.rawValue]
            defer { before += own }
            return (day, before, own)
        }
    }

    /// The sum of all days before this one, against a fixed origin: only differences have a meaning.
    func sum(before day: Day) -> Int64 {
        let listed = special.partitioningIndex { $0.day >= day }
        return weekly(before: day) + (listed == 0 ? 0 : special[listed - 1].before + special[listed - 1].own)
    }

    /// The same sum, and the place of the day among the listed ones; nil where it is as its weekday.
    func place(of day: Day) -> (sumBefore: Int64, listed: Int?) {
        let listed = special.partitioningIndex { $0.day >= day }
        let sum = weekly(before: day) + (listed == 0 ? 0 : special[listed - 1].before + special[listed - 1].own)
        return (sum, listed < special.count && special[listed].day == day ? listed : nil)
    }

    /// The first day, from `start` on, by whose end the sum reaches `amount` ≥ 1, and how much of that falls on the day itself.
    func day(from start: Day, reaching amount: Int64) -> (day: Day, amount: Int64) {
        day(reaching: sum(before: start) + amount)
    }

    /// The first day by whose end the sum, from the same origin as `sum(before:)`, reaches `target`, and how much of that falls on the day
    /// itself.
    ///
    /// Looks among the listed days only, and reads what lies between two of them off the weekly pattern: the distance
    /// costs nothing.
    func day(reaching target: Int64) -> (day: Day, amount: Int64) {
        let next = special.partitioningIndex { weekly(before: $0.day.advanced(by: 1)) + $0.before + $0.own >= target }
        let difference = next == 0 ? 0 : special[next - 1].before + special[next - 1].own
        let usual = weekly(reaching: target - difference)
        let day = next < special.count ? min(usual, special[next].day) : usual
        return (day, target - sum(before: day))
    }

    private func weekly(before day: Day) -> Int64 {
        let (weeks, weekday) = floorDivide(day.number + 3, 7)
        return Int64(weeks) * perWeek + beforeWeekday[weekday]
    }

    /// The first day by whose end the weekly pattern alone reaches a sum.
    private func weekly(reaching sum: Int64) -> Day {
        let (weeks, rest) = floorDivide(sum - 1, perWeek)
        let weekday = beforeWeekday.partitioningIndex { $0 > rest } - 1
        return Day(number: Int(weeks) * 7 + weekday - 3)
    }
}
