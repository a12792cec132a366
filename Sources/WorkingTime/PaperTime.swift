/// Working time by the wall clock alone, as if nobody ever set it: the hours that a calendar of paper names.
///
/// Moments are milliseconds since 1970-01-01T00:00 as the wall clock shows it. `WorkingCalendar` says which of them were shown, and how
/// often.
struct PaperTime: Sendable {
    private let days: RunningSum
    private let week: [[Piece]]
    /// Of the days that the sums list, in the same order.
    private let listed: [[Piece]]

    /// What a window holds of one day.
    struct Piece: Sendable {
        let window: WorkingWindow
        /// The number of the day on which the window begins, less that of this day: 0, or less where it began before midnight.
        let begins: Int
        /// In milliseconds since 00:00 of this day.
        let from: Int64
        let to: Int64
    }

    /// - Parameter skipped: days that never were, in rising order: nothing is worked on them, and what began before midnight goes on after
    ///   them.
    init(week: WorkingCalendar.Week, exceptions: [Day: WorkingCalendar.Exception], skipped: [Day]) {
        func piece(_ window: WorkingWindow, begins: Int) -> Piece {
            let minutes = begins == 0 ? window.from..<min(window.to, 1440) : 0..<window.to - 1440
            return Piece(
                window: window, begins: begins, from: Int64(minutes.lowerBound) * 60_000, to: Int64(minutes.upperBound) * 60_000)
        }
        func pieces(_ own: [WorkingWindow], _ before: [WorkingWindow], daysBefore: Int) -> [Piece] {
            (before.last.map { $0.passesMidnight ? [piece($0, begins: -daysBefore)] : [] } ?? []) + own.map { piece($0, begins: 0) }
        }
        func windows(_ day: Day) -> [WorkingWindow] { exceptions[day]?.windows ?? week[day.weekday] ?? [] }
        func pieces(of day: Day) -> [Piece] {
            if skipped.contains(day) { return [] }
            var before = day.advanced(by: -1)
            while skipped.contains(before) { before = before.advanced(by: -1) }
            return pieces(windows(day), windows(before), daysBefore: day.number - before.number)
        }
        func sum(_ pieces: [Piece]) -> Int64 { pieces.reduce(0) { $0 + $1.to - $1.from } }

        let usual = Weekday.allCases.map { weekday in
            pieces(week[weekday] ?? [], week[Weekday(rawValue: (weekday.rawValue + 6) % 7)!] ?? [], daysBefore: 1)
        }
        var special = Set(exceptions.keys).union(skipped)
        let allWindows = Array(week.values) + exceptions.values.map(\.windows)
        if allWindows.contains(where: { $0.last?.passesMidnight ?? false }) {
            // What passes midnight, or does not as it would in other weeks, is worked on the next day.
            special.formUnion(special.map { $0.advanced(by: 1) })
        }
        let listedDays = special.sorted()
        self.week = usual
        listed = listedDays.map(pieces(of:))
        days = RunningSum(week: usual.map(sum), special: zip(listedDays, listed).map { ($0, sum($1)) })
    }

    /// What the windows hold before a moment, in milliseconds, from a fixed origin.
    func sum(before moment: Int64) -> Int64 {
        let (number, time) = floorDivide(moment, 86_400_000)
        let (before, pieces) = day(Int(number))
        var sum = before
        for piece in pieces where piece.from < time { sum += min(piece.to, time) - piece.from }
        return sum
    }

    /// The first moment before which the windows hold `sum`.
    func moment(reaching sum: Int64) -> Int64 {
        var (day, left) = days.day(reaching: sum)
        for piece in self.day(day.number).pieces {
            let length = piece.to - piece.from
            if left <= length { return Int64(day.number) * 86_400_000 + piece.from + left }
            left -= length
        }
        preconditionFailure("the sums and the windows of \(day) disagree")
    }

    /// What lies within a window at a moment; nil where nothing is worked.
    func piece(at moment: Int64) -> Piece? {
        let (number, time) = floorDivide(moment, 86_400_000)
        return day(Int(number)).pieces.first { $0.from <= time && time < $0.to }
    }

    private func day(_ number: Int) -> (sumBefore: Int64, pieces: [Piece]) {
        let day = Day(number: number)
        let (sum, place) = days.place(of: day)
        return (sum, place.map { listed[$0] } ?? week[day.weekday.rawValue])
    }
}
