import CaseTesting
import Testing
import WorkingTime

/// The fast algebra against counts that go day by day and minute by minute.
@Suite("Working time, compared with plain counting")
struct LedgerPropertyTests {
    /// A random calendar in a zone with summer time, with windows in and over the hour that is shown twice, and over midnight.
    private static func calendar(_ random: inout SeededRandom) -> WorkingCalendar {
        var week: WorkingCalendar.Week = [:]
        for weekday in Weekday.allCases where weekday == .monday || Bool.random(using: &random) {
            let from = Int.random(in: 60..<700, using: &random)
            let to = Int.random(in: from + 1...720, using: &random)
            let second = Int.random(in: 721..<1440, using: &random)
            let end = Int.random(in: 1440...1500, using: &random)
            week[weekday] =
                [WorkingWindow(from: from, to: to)!] + (Bool.random(using: &random) ? [WorkingWindow(from: second, to: end)!] : [])
        }
        var exceptions: [Day: WorkingCalendar.Exception] = [:]
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            let day = Day("2026-01-01")!.advanced(by: Int.random(in: 0..<365, using: &random))
            exceptions[day] = .init(name: "x", windows: Bool.random(using: &random) ? [] : [WorkingWindow(from: 60, to: 200)!])
        }
        return WorkingCalendar(name: "random", zone: Zones.berlin, week: week, exceptions: exceptions, validThrough: Day("2026-12-31")!)
    }

    @Test("Days: pauses and extensions in any order end on the day that plain counting finds", arguments: 0..<200)
    func days(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calendar = Self.calendar(&random)
        let start = Day("2026-01-01")!.advanced(by: Int.random(in: 0..<200, using: &random))
        func noon(_ day: Day) -> Instant { calendar.zone.instant(on: day, timeOfDay: 43_200_000) }
        var budget = Int.random(in: 1...40, using: &random)
        var ledger = Ledger(Length(budget, .workingDays), startingAt: noon(start), on: calendar, countsFirstDay: false)

        var pauses: [Range<Int>] = []
        var day = start
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let from = day.advanced(by: Int.random(in: 0...5, using: &random))
            let to = from.advanced(by: Int.random(in: 0...9, using: &random))
            ledger.pause(at: noon(from), on: calendar)
            if Bool.random(using: &random) {
                budget += 3
                ledger.extend(by: 3)
            }
            ledger.resume(at: noon(to), on: calendar)
            pauses.append(from.number..<to.number)
            day = to
        }

        var counted = 0
        var last = start
        while counted < budget {
            last = last.advanced(by: 1)
            if calendar.isWorkingDay(last), !pauses.contains(where: { $0.contains(last.number) }) { counted += 1 }
        }
        #expect(ledger.due(on: calendar) == calendar.end(of: last), "seed \(seed)")
        // What was consumed at an instant before the last pause is told by the journal, not by the account.
        guard last > day else { return }
        #expect(ledger.consumed(at: calendar.end(of: last), on: calendar) == Int64(budget), "seed \(seed)")
        #expect(ledger.consumed(at: calendar.end(of: last).advanced(byMilliseconds: -1), on: calendar) == Int64(budget - 1), "seed \(seed)")
    }

    @Test("Minutes: adding and measuring agree with counting each minute, through changes of summer time", arguments: 0..<60)
    func minutes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calendar = Self.calendar(&random)
        let change = ["2026-03-20T00:00:00Z", "2026-10-16T00:00:00Z"].randomElement(using: &random)!
        let start = Instant(change)!.advanced(byMilliseconds: Int64.random(in: 0..<20_000, using: &random) * 60_000)
        let budget = Int64.random(in: 1...4000, using: &random)
        let due = calendar.instant(from: start, afterWorking: budget * 60_000)

        var counted: Int64 = 0
        var minute = start
        while counted < budget {
            let (day, time) = (calendar.zone.day(of: minute), calendar.zone.timeOfDay(of: minute) / 60_000)
            let isWorked =
                calendar.windows(on: day).contains { Int64($0.from) <= time && time < Int64($0.to) }
                || calendar.windows(on: day.advanced(by: -1)).contains { time + 1440 < Int64($0.to) }
            if isWorked { counted += 1 }
            minute = minute.advanced(byMilliseconds: 60_000)
        }
        #expect(due == minute, "seed \(seed)")
        #expect(calendar.workingTime(from: start, to: due) == budget * 60_000, "seed \(seed)")
    }

    @Test("Adding twice is adding the sum", arguments: 0..<100)
    func sums(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calendar = Self.calendar(&random)
        let start = Instant("2026-02-01T00:00:00Z")!.advanced(byMilliseconds: Int64.random(in: 0..<10_000_000_000, using: &random))
        let (a, b) = (Int64.random(in: 0..<900_000_000, using: &random), Int64.random(in: 0..<900_000_000, using: &random))
        let twice = calendar.instant(from: calendar.instant(from: start, afterWorking: a), afterWorking: b)
        #expect(twice == calendar.instant(from: start, afterWorking: a + b), "seed \(seed)")
    }
}
