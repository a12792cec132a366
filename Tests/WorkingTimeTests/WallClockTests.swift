import CaseTesting
import Testing
import WorkingTime

/// What the wall clock shows twice, or never; windows over midnight; and what a calendar knows of its days.
@Suite("The wall clock")
struct WallClockTests {
    private static let minute: Int64 = 60_000

    private static func windows(_ texts: String...) -> [WorkingWindow] {
        texts.map { WorkingWindow($0)! }
    }

    private static func calendar(
        _ zone: Zone, daily windows: [WorkingWindow], _ exceptions: [String: [WorkingWindow]] = [:], from: String? = nil
    ) -> WorkingCalendar {
        WorkingCalendar(
            name: "c", zone: zone, week: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, windows) }),
            exceptions: Dictionary(uniqueKeysWithValues: exceptions.map { (Day($0)!, .init(name: "x", windows: $1)) }),
            validFrom: from.map { Day($0)! }, validThrough: Day("2026-12-31")!)
    }

    /// Samoa, which had no 30 December 2011.
    private static let apia = Zone(
        name: "Pacific/Apia", firstOffset: -10 * 3600, changes: [.init(at: Instant("2011-12-30T10:00:00Z")!, offset: 14 * 3600)])
    /// Juneau, which had 18 October 1867 twice: from half past three on it began anew.
    private static let juneau = Zone(
        name: "America/Juneau", firstOffset: 54_139, changes: [.init(at: Instant("1867-10-19T00:31:13Z")!, offset: -32_261)])
    /// St. John's, whose clocks went back one minute after midnight.
    private static let saintJohns = Zone(
        name: "America/St_Johns", firstOffset: -9000, changes: [.init(at: Instant("2010-11-07T02:31:00Z")!, offset: -12_600)])

    @Test(
        "R37: A window counts when the wall clock shows it: twice where it shows that twice, not at all where it never does",
        arguments: [
            // The night on which clocks go back from 03:00 to 02:00.
            ("02:15-02:45", "2026-10-25", 60), ("02:00-03:00", "2026-10-25", 120), ("02:30-05:00", "2026-10-25", 180),
            ("01:00-02:30", "2026-10-25", 120), ("00:00-24:00", "2026-10-25", 1500), ("03:00-04:00", "2026-10-25", 60),
            // The night on which they go forward from 02:00 to 03:00.
            ("02:15-02:45", "2026-03-29", 0), ("02:00-03:00", "2026-03-29", 0), ("02:30-05:00", "2026-03-29", 120),
            ("01:00-02:30", "2026-03-29", 60), ("00:00-24:00", "2026-03-29", 1380), ("02:15-02:45", "2026-03-30", 30),
        ])
    func shownTwice(window: String, day: String, minutes: Int64) {
        let calendar = Self.calendar(Zones.berlin, daily: Self.windows(window))
        let start = Zones.berlin.instant(on: Day(day)!, timeOfDay: 0)
        let end = Zones.berlin.instant(on: Day(day)!.advanced(by: 1), timeOfDay: 0)
        #expect(calendar.workingTime(from: start, to: end) == minutes * Self.minute)
        guard minutes > 0 else { return }
        let due = calendar.instant(from: start, afterWorking: minutes * Self.minute)
        #expect(due <= end && calendar.instant(from: start, afterWorking: minutes * Self.minute + 1) > end)
    }

    @Test("R37: What a clock that goes back over midnight shows again counts again, and the day before does not end anew")
    func backOverMidnight() {
        let calendar = Self.calendar(Self.saintJohns, daily: Self.windows("23:30-23:45"))
        let (from, to) = (Instant("2010-11-06T15:00:00Z")!, Instant("2010-11-07T15:00:00Z")!)
        #expect(calendar.workingTime(from: from, to: to) == 30 * Self.minute)
        #expect(calendar.count(.calendarDays, from: Self.saintJohns.day(of: from), to: Self.saintJohns.day(of: to)) == 1)
        // 23:10, shown for the second time, is after the end of its day.
        let ledger = Ledger(
            Length(1, .calendarDays), startingAt: Instant("2010-11-07T02:40:00Z")!, on: calendar, countsFirstDay: false)
        #expect(ledger.due(on: calendar) == Self.saintJohns.instant(on: Day("2010-11-08")!, timeOfDay: 0))
    }

    @Test("R37: A day that a zone had twice is worked twice, and counted once")
    func twoDays() {
        let calendar = Self.calendar(Self.juneau, daily: Self.windows("16:00-17:00"))
        let (from, to) = (Instant("1867-10-17T00:00:00Z")!, Instant("1867-10-20T12:00:00Z")!)
        let days = Self.juneau.day(of: from).number...Self.juneau.day(of: to).number
        #expect(calendar.count(.calendarDays, from: Day(number: days.lowerBound), to: Day(number: days.upperBound)) == days.count - 1)
        #expect(calendar.workingTime(from: from, to: to) == 4 * 60 * Self.minute)
    }

    @Test(
        "R38: A window over midnight belongs to the day on which it begins, and ends on the next one that there is",
        arguments: [
            // A holiday takes the night that begins on it, and leaves the one that is not over.
            ("2026-05-04T18:00", "2026-05-05T18:00", 8), ("2026-04-30T18:00", "2026-05-01T18:00", 8),
            ("2026-05-01T18:00", "2026-05-02T18:00", 0),
            ("2026-05-01T00:00", "2026-05-02T00:00", 6), ("2026-05-02T00:00", "2026-05-02T22:00", 0),
            // The nights on which the clocks change.
            ("2026-03-28T18:00", "2026-03-29T18:00", 7), ("2026-10-24T18:00", "2026-10-25T18:00", 9),
        ])
    func overMidnight(from: String, to: String, hours: Int64) {
        let calendar = Self.calendar(Zones.berlin, daily: Self.windows("22:00-06:00"), ["2026-05-01": []])
        func instant(_ text: String) -> Instant {
            let parts = text.split(separator: "T")
            return Zones.berlin.instant(on: Day(String(parts[0]))!, timeOfDay: Int64(parts[1].prefix(2))! * 3_600_000)
        }
        #expect(calendar.workingTime(from: instant(from), to: instant(to)) == hours * 3_600_000)
        let spans = calendar.spans(from: instant(from), to: instant(to), limit: 10)
        #expect(spans.reduce(0) { $0 + ($1.to - $1.from) } == hours * 3_600_000)
        #expect(spans.allSatisfy { $0.day <= Zones.berlin.day(of: $0.from) && calendar.isWorkingDay($0.day) })
    }

    @Test("R38: A night that begins on 29 December 2011 in Samoa ends on the 31st, and no night begins on the 30th")
    func overSkippedDay() {
        let calendar = Self.calendar(Self.apia, daily: Self.windows("22:00-06:00"))
        let (from, to) = (Instant("2011-12-30T04:00:00Z")!, Instant("2011-12-31T04:00:00Z")!)
        #expect(calendar.workingTime(from: from, to: to) == 8 * 3_600_000)
        let spans = calendar.spans(from: from, to: to, limit: 10)
        #expect(spans.map(\.day.description) == ["2011-12-29"])
        #expect(spans.map { [$0.from, $0.to].map(\.description) } == [["2011-12-30T08:00:00Z", "2011-12-30T16:00:00Z"]])
        // Where the 29th is a holiday, nothing is worked in the first hours of the 31st.
        let holiday = Self.calendar(Self.apia, daily: Self.windows("22:00-06:00"), ["2011-12-29": []])
        #expect(holiday.workingTime(from: from, to: to) == 0)
        let ghost = Self.calendar(Self.apia, daily: Self.windows("22:00-06:00"), ["2011-12-30": []])
        #expect(ghost.workingTime(from: from, to: to) == 8 * 3_600_000)
    }

    @Test("R38: Working days are those on which a window begins, so that a night is one day and not two")
    func nightsAreDays() {
        let week: WorkingCalendar.Week = [.monday: Self.windows("22:00-06:00"), .friday: Self.windows("20:00-02:00")]
        let calendar = WorkingCalendar(name: "nights", zone: Zones.berlin, week: week, validThrough: Day("2026-12-31")!)
        #expect(calendar.count(.workingDays, from: Day("2026-05-04")!, to: Day("2026-05-11")!) == 2)
        #expect(!calendar.isWorkingDay(Day("2026-05-05")!))
    }

    @Test(
        "R40: A deadline is provisional where a year that is yet to be published can move it, and nowhere else", arguments: Meter.allCases)
    func provisional(meter: Meter) {
        let calendar = Self.calendar(Zones.berlin, daily: Self.windows("09:00-17:00"), from: "2026-01-01")
        func isProvisional(_ start: String, _ amount: Int64) -> Bool {
            let ledger = Ledger(
                Length(quanta: amount * meter.quantaPerUnit, meter), startingAt: Instant(start)!, on: calendar, countsFirstDay: false)
            return ledger.isProvisional(due: ledger.due(on: calendar), on: calendar)
        }
        #expect(!isProvisional("2026-03-02T08:00:00Z", 3))
        #expect(isProvisional("2026-12-31T15:59:00Z", 3) == meter.countsWork, "ends after the last year")
        #expect(isProvisional("2025-03-02T08:00:00Z", 3) == meter.countsWork, "ends before the first year")
        #expect(isProvisional("2025-12-20T08:00:00Z", 60_000) == meter.countsWork, "begins before it")
        #expect(!calendar.isOfficial(Day("2025-12-31")!) && calendar.isOfficial(Day("2026-01-01")!))
        #expect(calendar.isOfficial(Day("2026-12-31")!) && !calendar.isOfficial(Day("2027-01-01")!))
    }

    @Test("R38, R40: What is worked after midnight rests on the day before, which is official or not")
    func provisionalNight() {
        let calendar = Self.calendar(Zones.berlin, daily: Self.windows("22:00-06:00"))
        func isProvisional(_ hours: Int) -> Bool {
            let ledger = Ledger(
                Length(hours * 60, .workingMinutes), startingAt: Instant("2026-12-31T12:00:00Z")!, on: calendar, countsFirstDay: false)
            return ledger.isProvisional(due: ledger.due(on: calendar), on: calendar)
        }
        #expect(!isProvisional(8))
        #expect(isProvisional(9))
    }

    @Test("R35, R42: A month whose last day the zone skipped ends with the last day of its month, and is extended so")
    func skippedEndOfMonth() {
        let calendar = Self.calendar(Self.apia, daily: Self.windows("00:00-24:00"))
        let start = Self.apia.instant(on: Day("2011-11-30")!, timeOfDay: 43_200_000)
        var ledger = Ledger(Length(1, .months), startingAt: start, on: calendar, countsFirstDay: false)
        #expect(ledger.due(on: calendar) == calendar.end(of: Day("2011-12-31")!))
        ledger = Ledger(
            Length(1, .calendarDays), startingAt: start.advanced(byMilliseconds: -86_400_000), on: calendar, countsFirstDay: false)
        ledger.extend(by: ledger.extensionAmount(of: Length(1, .months), at: start, on: calendar))
        #expect(ledger.due(on: calendar) == calendar.end(of: Day("2011-12-31")!))
    }

    @Test("R36: At the ends of time everything has an answer, and none of them ends the process", arguments: Meter.allCases)
    func endsOfTime(meter: Meter) {
        var random = SeededRandom(seed: 36)
        let zones = [Zones.berlin, Self.apia, Self.juneau, Zones.yearly]
        let edges = [
            Instant.first, .last, Instant("0001-12-31T23:00:00Z")!, Instant("9999-01-01T00:00:00Z")!, Instant("2400-02-29T12:00:00Z")!,
        ]
        for _ in 0..<300 {
            let calendar = Self.calendar(
                zones.randomElement(using: &random)!,
                daily: [Self.windows("02:15-02:45"), Self.windows("00:00-24:00"), Self.windows("22:00-06:00")].randomElement(
                    using: &random)!,
                Bool.random(using: &random) ? [:] : ["9999-12-31": [], "0001-01-01": [], "5000-07-01": Self.windows("10:00-11:00")])
            let start = edges.randomElement(using: &random)!.advanced(
                byMilliseconds: Int64.random(in: -10_000_000_000...10_000_000_000, using: &random))
            let other = edges.randomElement(using: &random)!
            let amount = [1, Int64.random(in: 1...meter.amounts.upperBound, using: &random), meter.amounts.upperBound].randomElement(
                using: &random)!
            var ledger = Ledger(Length(quanta: amount, meter), startingAt: start, on: calendar, countsFirstDay: Bool.random(using: &random))
            let due = ledger.due(on: calendar)!
            #expect(due >= start)
            _ = ledger.isProvisional(due: due, on: calendar)
            // Months are kept as the days that they have.
            if meter != .months { #expect(ledger.budget == amount) }
            if due < .last {
                #expect(ledger.consumed(at: due, on: calendar) == ledger.budget, "\(amount) from \(start) on \(calendar.zone.name)")
            }
            ledger.pause(at: other, on: calendar)
            ledger.resume(at: .last, on: calendar)
            #expect(ledger.settled >= 0)
            _ = calendar.spans(from: min(start, other), to: max(start, other), limit: 5)
        }
    }

    @Test("R39: Where changes repeat every 400 years, each century is counted as the one before the repetition")
    func repetition() {
        var random = SeededRandom(seed: 39)
        let cycle: Int64 = 146_097 * 86_400_000
        for exceptions in [[:], ["2500-10-25": [], "7000-03-28": Self.windows("01:00-02:30")]] as [[String: [WorkingWindow]]] {
            let calendar = Self.calendar(Zones.yearly, daily: Self.windows("00:30-02:30", "22:00-00:15"), exceptions)
            for _ in 0..<2000 {
                let start = Instant("2001-01-01T00:00:00Z")!.advanced(byMilliseconds: Int64.random(in: 0..<cycle * 19, using: &random))
                let amount = Int64.random(in: 1..<40_000_000_000, using: &random)
                let due = calendar.instant(from: start, afterWorking: amount)
                guard due < .last else { continue }
                #expect(calendar.workingTime(from: start, to: due) == amount, "\(amount) from \(start)")
                #expect(calendar.workingTime(from: start, to: due.advanced(byMilliseconds: -1)) == amount - 1, "\(amount) from \(start)")
                // The wall clock shows the same 400 years later.
                let later = start.advanced(byMilliseconds: cycle)
                guard later < .last, start > Instant("2002-01-01T00:00:00Z")! else { continue }
                #expect(Zones.yearly.timeOfDay(of: start) == Zones.yearly.timeOfDay(of: later), "\(start)")
                #expect(Zones.yearly.day(of: later).number - Zones.yearly.day(of: start).number == 146_097)
                let day = Zones.yearly.day(of: later)
                #expect(Zones.yearly.instant(on: day, timeOfDay: 43_200_000) - later < 86_400_000 * 2)
            }
        }
    }
}
