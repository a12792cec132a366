/// The sum of an amount per day over any stretch of days: weekly, but for listed days.
struct RunningSum: Sendable {
    /// Sums before each weekday of a week that begins on Monday, and the whole week's.
    private let beforeWeekday: [Int64]
    private let perWeek: Int64
    /// Listed days in rising order, each with how far the sum before it and that day's own amount differ from the weekly pattern.
    private let special: [(day: Day, before: Int64, own: Int64)]

    init(week: [Int64], special: [(day: Day, amount: Int64)]) {
        precondition(week.count == 7, "a week of \(week.count) days")
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
        let (weeks, weekday) = floorDivide(day.number + 3, 7)
        let listed = special.partitioningIndex { $0.day >= day }
        let difference = listed == 0 ? 0 : special[listed - 1].before + special[listed - 1].own
        return Int64(weeks) * perWeek + beforeWeekday[weekday] + difference
    }

    /// The first day, from `start` on, by whose end the sum reaches `amount` ≥ 1, and how much of that falls on the day itself.
    func day(from start: Day, reaching amount: Int64) -> (day: Day, amount: Int64) {
        let base = sum(before: start)
        func reached(_ offset: Int) -> Bool { sum(before: start.advanced(by: offset + 1)) - base >= amount }
        var beyond = 7
        while !reached(beyond) { beyond *= 2 }
        let offset = (0..<beyond + 1).partitioningIndex(where: reached)
        let day = start.advanced(by: offset)
        return (day, amount - (sum(before: day) - base))
    }
}
