import CaseTesting
import Testing
import WorkingTime

/// Terms as laws set them: months, weeks, last days that are moved, and pauses that go from one unit to another.
@Suite("Months, weeks, last days that are moved")
struct TermTests {
    private static let everyDay = WorkingCalendar(
        name: "every", zone: Zones.shanghai,
        week: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [WorkingWindow(from: 540, to: 1020)!]) }),
        validThrough: Day("2030-12-31")!)

    /// A weekday pattern and days off, both drawn.
    private static func calendar(_ random: inout SeededRandom) -> WorkingCalendar {
        var week: WorkingCalendar.Week = [:]
        for weekday in Weekday.allCases where weekday == .tuesday || Bool.random(using: &random) {
            week[weekday] = [WorkingWindow(from: 540, to: 1020)!]
        }
        var exceptions: [Day: WorkingCalendar.Exception] = [:]
        for _ in 0..<Int.random(in: 0...60, using: &random) {
            let day = Day("2026-01-01")!.advanced(by: Int.random(in: 0..<400, using: &random))
            exceptions[day] = .init(name: "x", windows: Bool.random(using: &random) ? [] : [WorkingWindow(from: 60, to: 200)!])
        }
        return WorkingCalendar(
            name: "random", zone: Zones.shanghai, week: week, exceptions: exceptions, validThrough: Day("2026-12-31")!)
    }

    private static func noon(_ day: Day) -> Instant {
        Zones.shanghai.instant(on: day, timeOfDay: 43_200_000)
    }

    @Test("R42: a month ends with the day of its number, or with the last one of a month that has none (Civil Code, Arts. 201, 202)")
    func months() {
        for start in Day("2027-12-01")!.number...Day("2029-03-31")!.number {
            let start = Day(number: start)
            for count in 1...14 {
                let ledger = Ledger(
                    Length(count, .months), startingAt: Self.noon(start), on: Self.everyDay, countsFirstDay: false)
                // On from the start until so many months have begun, and there to the number of the start.
                var (day, passed) = (start, 0)
                while passed < count || (day.components.day < start.components.day && !Self.isLastOfMonth(day)) {
                    day = day.advanced(by: 1)
                    if day.components.day == 1 { passed += 1 }
                }
                #expect(ledger.due(on: Self.everyDay) == Self.everyDay.end(of: day), "\(count) months from \(start)")
            }
        }
    }

    private static func isLastOfMonth(_ day: Day) -> Bool {
        day.advanced(by: 1).components.day == 1
    }

    @Test("R36: months that would end beyond the year 9999 end never, whether the first day counts or not", arguments: [true, false])
    func monthsBeyondTime(countsFirstDay: Bool) {
        for (start, count, isWithin) in [
            ("9999-11-30", 1, true), ("9999-12-02", 1, false),
            ("9999-06-30", 120, false), ("2026-01-01", Int(Length.monthLimit), true),
        ] {
            let ledger = Ledger(
                Length(count, .months), startingAt: Self.noon(Day(start)!), on: Self.everyDay, countsFirstDay: countsFirstDay)
            let due = ledger.due(on: Self.everyDay)!
            #expect((due < .last) == isWithin, "\(count) months from \(start): \(due)")
        }
        var running = Ledger(
            Length(1, .months), startingAt: Self.noon(Day("9998-01-01")!), on: Self.everyDay, countsFirstDay: countsFirstDay)
        running.extend(by: running.extensionAmount(of: Length(1200, .months), at: Self.noon(Day("9998-01-02")!), on: Self.everyDay))
        #expect(running.due(on: Self.everyDay)! == .last)
    }

    @Test("R1: what an end starts, starts on the day that ends, also where that is at 24:00; what comes at 00:00 starts on the new day")
    func startsAtEnd() {
        let midnight = Zones.shanghai.instant(on: Day("2026-03-20")!, timeOfDay: 0)
        for (startsAtEnd, last) in [(true, "2026-03-22"), (false, "2026-03-23")] {
            let ledger = Ledger(
                Length(3, .calendarDays), startingAt: midnight, on: Self.everyDay, countsFirstDay: false, startsAtEnd: startsAtEnd)
            #expect(ledger.due(on: Self.everyDay) == Self.everyDay.end(of: Day(last)!))
        }
    }

    @Test("R40: Why a day counts says of a day before the first year that is named what deadlines say of it")
    func officialDays() {
        let calendar = WorkingCalendar(
            name: "from-2026", zone: Zones.shanghai, week: Zones.weekdays([WorkingWindow("09:00-17:00")!]),
            validFrom: Day("2026-01-01")!, validThrough: Day("2026-12-31")!)
        for day in ["2025-05-12", "2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01"] {
            #expect(calendar.reason(on: Day(day)!).isProvisional == !calendar.isOfficial(Day(day)!), "\(day)")
        }
        #expect(calendar.reason(on: Day("2025-05-12")!).isProvisional)
    }

    @Test(
        "R42: where the day of the start is counted, a month ends with the day before",
        arguments: [
            ("2026-01-15", "2026-02-14"), ("2026-03-01", "2026-03-31"), ("2026-01-31", "2026-02-28"), ("2026-03-31", "2026-04-30"),
            ("2024-02-29", "2024-03-28"), ("2026-01-01", "2026-01-31"),
        ])
    func countedFirstDay(start: String, last: String) {
        let ledger = Ledger(
            Length(1, .months), startingAt: Self.noon(Day(start)!), on: Self.everyDay, countsFirstDay: true)
        #expect(ledger.due(on: Self.everyDay) == Self.everyDay.end(of: Day(last)!))
    }

    @Test("R42: a month is extended from its last day, and each day of a pause comes on top")
    func extendedMonths() {
        var ledger = Ledger(Length(1, .months), startingAt: Self.noon(Day("2026-01-31")!), on: Self.everyDay, countsFirstDay: false)
        ledger.pause(at: Self.noon(Day("2026-02-10")!), on: Self.everyDay)
        ledger.resume(at: Self.noon(Day("2026-02-15")!), on: Self.everyDay)
        #expect(ledger.due(on: Self.everyDay) == Self.everyDay.end(of: Day("2026-03-05")!), "28 February and five days")
        ledger.extend(
            by: ledger.extensionAmount(of: Length(2, .months), at: Self.noon(Day("2026-02-20")!), on: Self.everyDay))
        #expect(ledger.due(on: Self.everyDay) == Self.everyDay.end(of: Day("2026-05-05")!))
    }

    private static let weekdays = WorkingCalendar(
        name: "weekdays", zone: Zones.shanghai, week: Zones.weekdays([WorkingWindow(from: 540, to: 1020)!]),
        validThrough: Day("2026-12-31")!)

    @Test("R42, R43: months extend from the last day itself, and not from the one to which it is moved")
    func extendedMovedMonths() {
        var ledger = Ledger(
            Length(1, .months), startingAt: Self.noon(Day("2026-01-28")!), on: Self.weekdays, countsFirstDay: false, rolls: true)
        #expect(ledger.due(on: Self.weekdays) == Self.weekdays.end(of: Day("2026-03-02")!), "28 February is a Saturday")
        ledger.extend(
            by: ledger.extensionAmount(of: Length(1, .months), at: Self.noon(Day("2026-02-10")!), on: Self.weekdays))
        #expect(ledger.due(on: Self.weekdays) == Self.weekdays.end(of: Day("2026-03-30")!), "and so is 28 March")
    }

    @Test("R43: who stopped on the way to the day to which the last one is moved keeps one day, however long the term becomes afterwards")
    func stoppedOnTheWay() {
        func at(_ day: String) -> Instant { Self.noon(Day(day)!) }
        var ledger = Ledger(
            Length(5, .calendarDays), startingAt: at("2026-03-02"), on: Self.weekdays, countsFirstDay: false, rolls: true)
        // Five days end on Saturday 7 March, and therefore on Monday.
        ledger.pause(at: at("2026-03-08"), on: Self.weekdays)
        ledger.resume(at: at("2026-03-10"), on: Self.weekdays)
        ledger.extend(by: 2)
        let due = Self.weekdays.end(of: Day("2026-03-12")!)
        #expect(ledger.due(on: Self.weekdays) == due)
        var recounted = ledger
        recounted.recount(on: Self.weekdays)
        #expect(recounted == ledger && recounted.due(on: Self.weekdays) == due)
        // Had Saturday been worked, all five would have been used up by Sunday.
        let made = WorkingCalendar(
            name: "made", zone: Zones.shanghai, week: Self.weekdays.week,
            exceptions: [Day("2026-03-07")!: .init(name: "make-up", windows: Self.weekdays.week[.monday]!)],
            validThrough: Self.weekdays.validThrough)
        recounted.recount(on: made)
        #expect(recounted.due(on: made) == made.end(of: Day("2026-03-11")!))
    }

    @Test("R24: counted again by the same calendar, an account is what it was, however it stood still and was extended")
    func countedAgain() {
        for seed in 0..<4000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let calendar = Self.calendar(&random)
            let meter =
                Bool.random(using: &random) ? .calendarDays : Meter.allCases.filter { $0.account == $0 }.randomElement(using: &random)!
            var now = Self.noon(Day("2026-01-01")!.advanced(by: Int.random(in: 0..<200, using: &random)))
            let budget = Int.random(in: 1...6, using: &random) * (meter.countsDays ? 1 : 600)
            var ledger = Ledger(Length(budget, meter), startingAt: now, on: calendar, countsFirstDay: false, rolls: true)
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                now = now.advanced(byMilliseconds: Int64.random(in: 0..<4, using: &random) * 43_200_000)
                guard let due = ledger.due(on: calendar) else {
                    ledger.resume(at: now, on: calendar)
                    continue
                }
                // What is over is extended no more (R17).
                guard due > now else { break }
                if Bool.random(using: &random) {
                    ledger.pause(at: now, on: calendar)
                } else {
                    ledger.extend(by: Int64.random(in: 1...5, using: &random) * meter.quantaPerUnit)
                }
            }
            var recounted = ledger
            recounted.recount(on: calendar)
            #expect(recounted == ledger, "seed \(seed)")
        }
    }

    @Test(
        "R30, R43: where last days are moved, a deadline in calendar days rests on what is worked, and is provisional",
        arguments: [true, false])
    func provisionalMovedDays(rolls: Bool) {
        let ledger = Ledger(
            Length(5, .calendarDays), startingAt: Self.noon(Day("2026-12-28")!), on: Self.weekdays, countsFirstDay: false, rolls: rolls)
        #expect(ledger.isProvisional(due: ledger.due(on: Self.weekdays), on: Self.weekdays) == rolls)
    }

    @Test("Lengths in weeks and months are read and written; what is longer than a hundred years is refused")
    func texts() throws {
        #expect(try Length(parsing: "6 weeks") == Length(42, .calendarDays))
        #expect(try Length(parsing: "1 month") == Length(1, .months))
        for length in [try Length(parsing: "6 weeks"), try Length(parsing: "18 months")] {
            #expect(try Length(parsing: length.description) == length)
        }
        #expect(throws: Length.Malformed.self) { try Length(parsing: "1201 months") }
        // Whatever is written is read again, up to the longest of each unit.
        for unit in Length.units {
            let limit = unit == "months" ? Length.monthLimit : unit == "weeks" ? Length.limit / 7 : Length.limit
            for amount in [1, limit] {
                let length = try Length(parsing: "\(amount) \(unit)")
                let again = try Length(parsing: length.description)
                #expect(again == length, "\(length)")
            }
            #expect(throws: Length.Malformed.self) { try Length(parsing: "\(limit + 1) \(unit)") }
        }
        for unit in Length.units { #expect(throws: Never.self) { try Length(parsing: "1 \(unit)") } }
        let latest = Ledger(
            Length(1200, .months), startingAt: Instant("9950-01-01T00:00:00Z")!, on: Self.everyDay, countsFirstDay: false)
        #expect(latest.due(on: Self.everyDay)! == .last, "it would end in 10050: never (R36)")
    }

    @Test("R43: a last day that is not worked is moved to the next one that is, as counting day by day finds", arguments: 0..<300)
    func moved(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calendar = Self.calendar(&random)
        let start = Day("2026-01-01")!.advanced(by: Int.random(in: 0..<200, using: &random))
        let budget = Int.random(in: 1...40, using: &random)
        var ledger = Ledger(
            Length(budget, .calendarDays), startingAt: Self.noon(start), on: calendar, countsFirstDay: false, rolls: true)
        var pauses: [Range<Int>] = []
        var day = start
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let from = day.advanced(by: Int.random(in: 0...8, using: &random))
            let to = from.advanced(by: Int.random(in: 0...9, using: &random))
            ledger.pause(at: Self.noon(from), on: calendar)
            ledger.resume(at: Self.noon(to), on: calendar)
            pauses.append(from.number..<to.number)
            day = to
        }
        var (left, last) = (budget, start)
        while left > 0 {
            last = last.advanced(by: 1)
            guard !pauses.contains(where: { $0.contains(last.number) }) else { continue }
            // With the last one it waits for a day that is worked.
            if left > 1 || calendar.isWorkingDay(last) { left -= 1 }
        }
        guard last > day else { return }
        #expect(ledger.due(on: calendar) == calendar.end(of: last), "seed \(seed)")
        let end = calendar.end(of: last)
        #expect(ledger.consumed(at: end, on: calendar) == Int64(budget), "seed \(seed)")
        #expect(ledger.consumed(at: end.advanced(byMilliseconds: -1), on: calendar) == Int64(budget - 1), "seed \(seed)")
        #expect(
            ledger.instant(reaching: Int64(budget + 3), on: calendar) == calendar.end(of: last.advanced(by: 3)),
            "what comes after the end comes after the day to which it was moved, seed \(seed)")
        // It ends within the days over which its last one was moved: in time, whatever becomes of the calendar.
        var ended = ledger
        ended.stop(at: end.advanced(byMilliseconds: -1), on: calendar)
        #expect(ended.settled < ended.budget, "seed \(seed)")
        // The least budget that ends no earlier than some instant is found, as trying each finds it.
        let wanted = end.advanced(byMilliseconds: Int64.random(in: -20...20, using: &random) * 43_200_000)
        let least = (1...200).first { budget in
            var other = ledger
            other.setBudget(Int64(budget))
            return other.due(on: calendar)! >= wanted
        }
        guard pauses.isEmpty else { return }
        #expect(ledger.budget(dueFrom: wanted, on: calendar) == Int64(least!), "seed \(seed)")
    }

    @Test("R44: pauses go from one unit to another to the millisecond, in any order and number", arguments: 0..<200)
    func pausesBetweenUnits(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calendar = Self.calendar(&random)
        let meters = Meter.allCases.filter { $0.account == $0 }
        let (meter, other) = (meters.randomElement(using: &random)!, meters.randomElement(using: &random)!)
        let start = Instant("2026-02-01T00:00:00Z")!.advanced(byMilliseconds: Int64.random(in: 0..<10_000_000_000, using: &random))
        func started(_ meter: Meter) -> Ledger {
            Ledger(Length(meter.countsDays ? 20 : 9000, meter), startingAt: start, on: calendar, countsFirstDay: false)
        }
        var (model, source) = (started(meter), started(other))
        var now = start
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            for isPause in [true, false] {
                now = now.advanced(byMilliseconds: Int64.random(in: 0..<200_000_000, using: &random))
                if isPause {
                    model.pause(at: now, on: calendar)
                    source.pause(at: now, on: calendar)
                } else {
                    model.resume(at: now, on: calendar)
                    source.resume(at: now, on: calendar)
                }
            }
        }
        let copy = Ledger(
            model.meter.countsDays ? Length(20, meter) : Length(9000, meter), startingAt: start, withPausesOf: source, on: calendar,
            countsFirstDay: false)
        #expect(copy.due(on: calendar) == model.due(on: calendar), "seed \(seed): \(other) to \(meter)")
        #expect(copy.settled == model.settled, "seed \(seed): \(other) to \(meter)")
    }

    @Test("R44: pauses that an older version kept by their days are followed by those that are known to the millisecond")
    func olderPauses() {
        let calendar = Self.everyDay
        var source = Ledger(Length(20, .workingDays), startingAt: Self.noon(Day("2026-03-02")!), on: calendar, countsFirstDay: false)
        source.pause(at: Self.noon(Day("2026-03-04")!), on: calendar)
        source.resume(at: Self.noon(Day("2026-03-06")!), on: calendar)
        source = Ledger(
            meter: source.meter, budget: source.budget, segments: source.segments, runningFrom: source.runningFrom)
        source.pause(at: Instant("2026-03-09T02:00:00Z")!, on: calendar)
        source.resume(at: Instant("2026-03-09T03:00:00Z")!, on: calendar)
        let copy = Ledger(
            Length(9000, .minutes), startingAt: Self.noon(Day("2026-03-02")!), withPausesOf: source, on: calendar, countsFirstDay: false)
        // Two days, as the days say, and one hour.
        #expect(copy.due(on: calendar) == Self.noon(Day("2026-03-02")!).advanced(byMilliseconds: (9000 + 2 * 1440 + 60) * 60_000))
    }

    @Test("R1: what starts after the day's end has that day as the day of its start, which is not counted")
    func startAfterTheDaysEnd() {
        let calendar = WorkingCalendar(
            name: "early", zone: Zones.shanghai, week: Zones.weekdays([WorkingWindow(from: 540, to: 1020)!]),
            validThrough: Day("2026-12-31")!, dayEndsAtMinute: 1020)
        func last(at time: Int64, countsFirstDay: Bool) -> Instant? {
            // Monday.
            let start = Zones.shanghai.instant(on: Day("2026-03-02")!, timeOfDay: time * 3_600_000)
            return Ledger(Length(3, .workingDays), startingAt: start, on: calendar, countsFirstDay: countsFirstDay).due(on: calendar)
        }
        let (wednesday, thursday) = (calendar.end(of: Day("2026-03-04")!), calendar.end(of: Day("2026-03-05")!))
        #expect(last(at: 16, countsFirstDay: false) == thursday)
        #expect(last(at: 20, countsFirstDay: false) == thursday)
        #expect(last(at: 16, countsFirstDay: true) == wednesday)
        #expect(last(at: 20, countsFirstDay: true) == thursday, "that day is over: the next one is the first that can count")
    }
}
