import CaseTesting
import Testing
import WorkingTime

/// A calendar of paper: days are crossed out one after the other. It shares nothing with the fast algebra but the question
/// whether a day is worked.
private struct PaperCalendar {
    let calendar: WorkingCalendar
    let meter: Meter

    func counts(_ day: Day) -> Bool {
        meter == .calendarDays || calendar.isWorkingDay(day)
    }

    /// The day on which a clock stands at an instant: after its end, a day is over.
    func day(of instant: Instant) -> Day {
        let day = calendar.zone.day(of: instant)
        return instant >= calendar.end(of: day) ? day.advanced(by: 1) : day
    }

    /// The last day of a budget that starts at an instant, with pauses of which some may overlap.
    func lastDay(_ budget: Int, from start: Instant, pauses: [Range<Instant>]) -> Day {
        let paused = pauses.map { self.day(of: $0.lowerBound).number..<self.day(of: $0.upperBound).number }
        var day = calendar.zone.day(of: start)
        var left = budget
        while left > 0 {
            day = day.advanced(by: 1)
            if day >= self.day(of: start), counts(day), !paused.contains(where: { $0.contains(day.number) }) { left -= 1 }
        }
        return day
    }
}

@Suite("The algebra of clocks")
struct AlgebraTests {
    /// Blocks of a thousand cases; a failure names the seed of its block and the case in it.
    static let blocks: Range<UInt64> = 0..<100

    static func calendar(_ random: inout SeededRandom, dayEnds: Int? = nil) -> WorkingCalendar {
        var week: WorkingCalendar.Week = [:]
        for weekday in Weekday.allCases where weekday == .tuesday || Int.random(in: 0..<7, using: &random) < 5 {
            let from = Int.random(in: 180..<700, using: &random)
            week[weekday] = [WorkingWindow(from: from, to: Int.random(in: from + 1...1440, using: &random))!]
        }
        var exceptions: [Day: WorkingCalendar.Exception] = [:]
        for _ in 0..<Int.random(in: 0...30, using: &random) {
            let day = Day("2026-01-01")!.advanced(by: Int.random(in: 0..<365, using: &random))
            exceptions[day] = .init(name: "x", windows: Bool.random(using: &random) ? [] : [WorkingWindow(from: 240, to: 300)!])
        }
        return WorkingCalendar(
            name: "random", zone: [Zones.berlin, Zones.shanghai, .utc].randomElement(using: &random)!, week: week,
            exceptions: exceptions, validThrough: Day("2026-12-31")!,
            dayEndsAtMinute: dayEnds ?? [1440, 1440, 1020].randomElement(using: &random)!)
    }

    private static func instant(_ random: inout SeededRandom, within days: ClosedRange<Int>, from start: Instant) -> Instant {
        start.advanced(
            byMilliseconds: Int64(Int.random(in: days, using: &random)) * 86_400_000 + Int64.random(in: 0..<86_400_000, using: &random))
    }

    @Test("R9: any order of pause, resume and extend ends on the day that a calendar of paper shows, 100,000 times", arguments: blocks)
    func paper(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var calendar = Self.calendar(&random)
        for number in 0..<1000 {
            if number % 20 == 0 { calendar = Self.calendar(&random) }
            let meter: Meter = Int.random(in: 0..<5, using: &random) == 0 ? .calendarDays : .workingDays
            let start = Self.instant(&random, within: 0...200, from: Instant("2026-01-01T00:00:00Z")!)
            var budget = Int.random(in: 1...15, using: &random)
            var ledger = Ledger(Length(budget, meter), startingAt: start, on: calendar, countsFirstDay: false)
            var pauses: [Range<Instant>] = []
            var now = start
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    let more = Int.random(in: 1...5, using: &random)
                    budget += more
                    ledger.extend(by: Int64(more))
                default:
                    let pause = Self.instant(&random, within: 0...4, from: now)
                    let resumption = Self.instant(&random, within: 0...6, from: pause)
                    ledger.pause(at: pause, on: calendar)
                    // A second reason for the same standstill changes nothing.
                    if Bool.random(using: &random) { ledger.pause(at: Self.instant(&random, within: 0...0, from: pause), on: calendar) }
                    ledger.resume(at: resumption, on: calendar)
                    pauses.append(pause..<resumption)
                    now = resumption
                }
            }
            let paper = PaperCalendar(calendar: calendar, meter: meter)
            let expected = calendar.end(of: paper.lastDay(budget, from: start, pauses: pauses))
            // Not through the macro: it would cost more than the count.
            if ledger.due(on: calendar) != expected {
                Issue.record("seed \(seed), case \(number): due \(ledger.due(on: calendar)!), by paper \(expected)")
            }
        }
    }

    @Test("R9: measuring what was added gives what was added, and adding twice adds the sum", arguments: 0..<200)
    func measure(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calendar = Self.calendar(&random)
        let start = Self.instant(&random, within: 0...200, from: Instant("2026-01-01T00:00:00Z")!)
        for meter in Meter.allCases where meter.account == meter {
            let unit = meter.quantaPerUnit
            let (n, m) = (Int64.random(in: 1...60, using: &random) * unit, Int64.random(in: 1...60, using: &random) * unit)
            func ledger(_ amount: Int64, _ start: Instant) -> Ledger {
                Ledger(Length(quanta: amount, meter), startingAt: start, on: calendar, countsFirstDay: false)
            }
            let due = ledger(n, start).due(on: calendar)!
            #expect(ledger(n, start).consumed(at: due, on: calendar) == n, "seed \(seed), \(meter)")
            #expect(ledger(n, start).consumed(at: due.advanced(byMilliseconds: -1), on: calendar) == n - 1 || !meter.countsDays)
            // The end of a day stands for the day, so that the day after it is the next first one.
            let last = due.advanced(byMilliseconds: meter.countsDays ? -1 : 0)
            #expect(
                ledger(m, last).due(on: calendar) == ledger(n + m, start).due(on: calendar), "seed \(seed), \(meter), \(n) and \(m)")
        }
    }

    @Test("R9: a later start or a larger budget never ends earlier", arguments: 0..<200)
    func monotone(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calendar = Self.calendar(&random)
        let start = Self.instant(&random, within: 0...200, from: Instant("2026-01-01T00:00:00Z")!)
        let later = start.advanced(byMilliseconds: Int64.random(in: 0..<900_000_000, using: &random))
        for meter in Meter.allCases where meter.account == meter {
            let budget = Int64.random(in: 1...60, using: &random) * meter.quantaPerUnit
            func due(_ start: Instant, _ amount: Int64) -> Instant {
                Ledger(Length(quanta: amount, meter), startingAt: start, on: calendar, countsFirstDay: false).due(on: calendar)!
            }
            #expect(due(start, budget) <= due(later, budget), "seed \(seed), \(meter)")
            #expect(due(start, budget) <= due(start, budget + meter.quantaPerUnit), "seed \(seed), \(meter)")
        }
    }

    @Test("R8: a pause within closed time changes nothing", arguments: 0..<300)
    func pausesInClosedTime(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calendar = Self.calendar(&random, dayEnds: 1440)
        let start = Self.instant(&random, within: 0...100, from: Instant("2026-01-01T00:00:00Z")!)
        for meter in [Meter.workingDays, .workingMinutes] {
            let plain = Ledger(Length(quanta: 30 * meter.quantaPerUnit, meter), startingAt: start, on: calendar, countsFirstDay: false)
            // The first day off after the start.
            var day = calendar.zone.day(of: start).advanced(by: 1)
            while calendar.isWorkingDay(day), day.number < 30_000 { day = day.advanced(by: 1) }
            guard !calendar.isWorkingDay(day), calendar.zone.instant(on: day, timeOfDay: 0) < plain.due(on: calendar)! else { continue }
            var paused = plain
            let from = calendar.zone.instant(on: day, timeOfDay: Int64.random(in: 0..<40_000_000, using: &random))
            paused.pause(at: from, on: calendar)
            paused.resume(at: from.advanced(byMilliseconds: Int64.random(in: 0..<40_000_000, using: &random)), on: calendar)
            #expect(paused.due(on: calendar) == plain.due(on: calendar), "seed \(seed), \(meter)")
        }
    }

    @Test("R6: a pause is half-open: the day of the pause is not used, the day of the resumption is")
    func halfOpen() {
        let calendar = ClockVectorTests.china
        func noon(_ day: String) -> Instant { calendar.zone.instant(on: Day(day)!, timeOfDay: 43_200_000) }
        var ledger = Ledger(Length(5, .workingDays), startingAt: noon("2026-03-02"), on: calendar, countsFirstDay: false)
        ledger.pause(at: noon("2026-03-04"), on: calendar)
        #expect(ledger.consumed(at: noon("2026-03-04"), on: calendar) == 1)
        ledger.resume(at: noon("2026-03-05"), on: calendar)
        #expect(ledger.consumed(at: calendar.end(of: Day("2026-03-05")!), on: calendar) == 2)
    }

    @Test("R2: where a day ends at 17:00, what happens at 18:00 stands on the next day")
    func dayEnd() {
        let calendar = WorkingCalendar(
            name: "early", zone: Zones.shanghai, week: Zones.weekdays([WorkingWindow("09:00-17:00")!]),
            validThrough: Day("2026-12-31")!, dayEndsAtMinute: 17 * 60)
        func at(_ day: String, _ hour: Int64) -> Instant { calendar.zone.instant(on: Day(day)!, timeOfDay: hour * 3_600_000) }
        var ledger = Ledger(Length(3, .workingDays), startingAt: at("2026-03-02", 10), on: calendar, countsFirstDay: false)
        #expect(ledger.due(on: calendar) == at("2026-03-05", 17))
        ledger.pause(at: at("2026-03-05", 18), on: calendar)
        #expect(ledger.settled == 3, "the last day was over")
        #expect(ledger.due(on: calendar) == at("2026-03-05", 17))
        // Started after the end of a day: that day is the one that is not counted, and the next one is.
        let late = Ledger(Length(1, .workingDays), startingAt: at("2026-03-02", 18), on: calendar, countsFirstDay: false)
        #expect(late.due(on: calendar) == at("2026-03-03", 17))
        let counting = Ledger(Length(1, .workingDays), startingAt: at("2026-03-02", 18), on: calendar, countsFirstDay: true)
        #expect(counting.due(on: calendar) == at("2026-03-03", 17), "a day that is over cannot be counted")
    }

    @Test("R1, R4, R11: the day of the start is not counted, unless the matter says so; leap days and 1 January are days like others")
    func firstDay() {
        let always = WorkingCalendar(
            name: "always", zone: Zones.shanghai,
            week: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [WorkingWindow("00:00-24:00")!]) }),
            validThrough: Day("2028-12-31")!)
        func due(_ start: String, _ amount: Int, counting: Bool) -> String {
            let start = always.zone.instant(on: Day(start)!, timeOfDay: 1000)
            let due = Ledger(Length(amount, .calendarDays), startingAt: start, on: always, countsFirstDay: counting).due(on: always)!
            return always.zone.day(of: due.advanced(byMilliseconds: -1)).description
        }
        #expect(due("2026-12-30", 3, counting: false) == "2027-01-02")
        #expect(due("2026-12-30", 3, counting: true) == "2027-01-01")
        #expect(due("2028-02-28", 1, counting: false) == "2028-02-29")
        #expect(due("2027-02-28", 1, counting: false) == "2027-03-01")
    }

    @Test("R3: a half day is a working day, and so is a worked Sunday; a holiday is none (Art. 82)")
    func workingDays() {
        let half = WorkingCalendar(
            name: "half", zone: Zones.shanghai, week: Zones.weekdays([WorkingWindow("09:00-12:00")!, WorkingWindow("14:00-17:00")!]),
            exceptions: [
                Day("2026-03-04")!: .init(name: "half day", windows: [WorkingWindow("09:00-12:00")!]),
                Day("2026-03-05")!: .init(name: "holiday", windows: []),
                Day("2026-03-08")!: .init(name: "make-up", windows: [WorkingWindow("09:00-12:00")!]),
            ], validThrough: Day("2026-12-31")!)
        #expect(Day("2026-03-08")!.weekday == .sunday)
        #expect(half.count(.workingDays, from: Day("2026-03-03")!, to: Day("2026-03-10")!) == 5)
        let (open, close) = (
            half.zone.instant(on: Day("2026-03-03")!, timeOfDay: 0), half.zone.instant(on: Day("2026-03-10")!, timeOfDay: 0)
        )
        #expect(half.workingTime(from: open, to: close) == (6 + 3 + 6 + 3 + 6) * 3_600_000)
    }

    @Test(
        "R12: an account can start in the past with the pauses of another, whichever of the two counts days",
        arguments: Meter.allCases.filter { $0.account == $0 }, Meter.allCases.filter { $0.account == $0 })
    func sharedPauses(meter: Meter, other: Meter) {
        let calendar = ClockVectorTests.china
        func at(_ day: String) -> Instant { calendar.zone.instant(on: Day(day)!, timeOfDay: 36_000_000) }
        func started(_ meter: Meter) -> Ledger {
            Ledger(
                meter.countsDays ? Length(20, meter) : Length(9000, meter), startingAt: at("2026-03-02"), on: calendar,
                countsFirstDay: false)
        }
        var model = started(meter)
        var source = started(other)
        for (pause, resumption) in [("2026-03-04", "2026-03-10"), ("2026-03-12", "2026-03-13")] {
            model.pause(at: at(pause), on: calendar)
            model.resume(at: at(resumption), on: calendar)
            source.pause(at: at(pause), on: calendar)
            source.resume(at: at(resumption), on: calendar)
        }
        let budget = meter.countsDays ? Length(20, meter) : Length(9000, meter)
        let copy = Ledger(budget, startingAt: at("2026-03-02"), withPausesOf: source, on: calendar, countsFirstDay: false)
        #expect(copy == model)
        source.pause(at: at("2026-03-20"), on: calendar)
        let ended = Ledger(budget, startingAt: at("2026-03-02"), withPausesOf: source, on: calendar, countsFirstDay: false)
        #expect(ended == model, "the end of the other is no pause")
    }
}
