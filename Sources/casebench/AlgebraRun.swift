import WorkingTime

/// What a projection onto a calendar costs, for a day and for ten years.
struct AlgebraRun {
    private let calendar: WorkingCalendar
    private let start: Instant

    /// Fifteen years of holidays in a zone whose clocks change twice a year.
    init() {
        let first = Day("2025-01-01")!
        let changes = (0..<15).flatMap { year in
            [(Day(year: 2025 + year, month: 3, day: 30)!, 7200), (Day(year: 2025 + year, month: 10, day: 26)!, 3600)].map { day, offset in
                Zone.Change(at: Instant(seconds: Int64(day.number) * 86_400 + 3600), offset: offset)
            }
        }
        let windows = [WorkingWindow("09:00-12:00")!, WorkingWindow("14:00-17:00")!]
        calendar = WorkingCalendar(
            name: "bench", zone: Zone(name: "bench", firstOffset: 3600, changes: changes),
            week: Dictionary(uniqueKeysWithValues: Weekday.allCases.prefix(5).map { ($0, windows) }),
            exceptions: Dictionary(
                uniqueKeysWithValues: (0..<15 * 30).map { (first.advanced(by: $0 * 12 + $0 % 5), .init(name: "holiday", windows: [])) }),
            validThrough: Day("2039-12-31")!)
        start = Instant("2026-03-05T10:15:00Z")!
    }

    func print() {
        Swift.print("\ncost of one projection, and of one measurement, on a calendar of 15 years")
        for (meter, day, years) in [(Meter.workingDays, 1, 2300), (.workingMinutes, 360, 828_000)] {
            let short = cost(Length(day, meter))
            let long = cost(Length(years, meter))
            Swift.print(
                "  \(pad(meter.rawValue, 16)) a day \(short.add) ns, \(short.measure) ns   ten years \(long.add) ns, \(long.measure) ns   ratio \(ratio(long.add, short.add)), \(ratio(long.measure, short.measure))"
            )
        }
    }

    private func cost(_ length: Length) -> (add: Int, measure: Int) {
        let ledger = Ledger(length, startingAt: start, on: calendar, countsFirstDay: false)
        let due = ledger.due(on: calendar)!
        return (
            nanoseconds { ledger.due(on: calendar)!.milliseconds },
            nanoseconds { ledger.consumed(at: due, on: calendar) }
        )
    }

    /// The least of several runs: what the machine does besides can only add to it.
    private func nanoseconds(_ body: () -> Int64) -> Int {
        let count = 100_000
        var sink: Int64 = 0
        let least = (0..<7).map { _ in
            let start = microseconds()
            for _ in 0..<count { sink &+= body() }
            return microseconds() - start
        }.min()!
        precondition(sink != 0)
        return Int((least * 1000 / Double(count)).rounded())
    }

    private func ratio(_ a: Int, _ b: Int) -> String {
        let hundredths = a * 100 / max(1, b)
        return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
    }
}
