import Testing
import WorkingTime

@Suite("Instants, days and lengths as text")
struct TextTests {
    @Test(
        "An instant is written in UTC, with a fraction only where it is not zero",
        arguments: [
            ("2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z"), ("2026-03-27T16:00+01:00", "2026-03-27T15:00:00Z"),
            ("2024-02-29T23:59:59.5Z", "2024-02-29T23:59:59.500Z"), ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("2026-01-01T00:00:00.123456-05:30", "2026-01-01T05:30:00.123Z"), ("2016-12-31t23:59:60z", "2017-01-01T00:00:00Z"),
        ])
    func instants(text: String, written: String) {
        #expect(Instant(text)?.description == written)
    }

    @Test(
        "What is no instant is not read as one",
        arguments: [
            "", "2026-11-22", "2026-11-22T09:00:00", "2026-02-30T09:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T09:60:00Z",
            "2026-11-22T09:00:00.Z", "2026-11-22T09:00:00+1:00", "2026-11-22 09:00:00Z", "2026-11-22T09:00:00Zx", "２026-11-22T09:00:00Z",
        ])
    func malformedInstants(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test("Every day of four centuries comes back from its parts")
    func days() {
        var day = Day(year: 1900, month: 1, day: 1)!
        let end = Day(year: 2300, month: 1, day: 1)!
        while day < end {
            let (year, month, dayOfMonth) = day.components
            #expect(Day(year: year, month: month, day: dayOfMonth) == day)
            day = day.advanced(by: 1)
        }
        #expect(Day("1970-01-01")?.weekday == .thursday)
        #expect(Day(year: 2100, month: 2, day: 29) == nil)
    }

    @Test(
        "A length carries its unit and comes back as it was",
        arguments: [
            "20 working-days", "30 calendar-days", "8 working-hours", "90 working-minutes", "48 hours", "15 minutes",
        ])
    func lengths(text: String) throws {
        #expect(try Length(parsing: text).description == text)
    }

    @Test(
        "A bare number or bare days is refused",
        arguments: ["20", "20 days", "0 hours", "-1 hours", "1.5 hours", "20  working-days", "working-days", "100001 hours"])
    func malformedLengths(text: String) {
        #expect(throws: Length.Malformed.self) { try Length(parsing: text) }
    }

    @Test("R38: Windows may end at 24:00, and where they end before they begin, on the next day")
    func windows() {
        for text in ["09:00-12:00", "09:00-24:00", "00:00-24:00", "22:00-06:00", "23:59-00:01", "12:00-11:59"] {
            #expect(WorkingWindow(text)?.description == text)
        }
        #expect(WorkingWindow("22:00-06:00")?.to == 30 * 60)
        #expect(WorkingWindow("22:00-00:00") == WorkingWindow("22:00-24:00"))
        for text in ["24:00-24:00", "24:00-06:00", "09:00-09:00", "00:00-00:00", "9:00-12:00", "09:00-24:01", "09:00", "aa:bb-cc:dd"] {
            #expect(WorkingWindow(text) == nil, "\(text)")
        }
    }

    @Test("A time that summer time skips is the instant of the change; of one that occurs twice, the first is meant")
    func oddTimes() {
        let skipped = Zones.berlin.instant(on: Day("2026-03-29")!, timeOfDay: 9_000_000)
        #expect(skipped == Instant("2026-03-29T01:00:00Z"))
        let twice = Zones.berlin.instant(on: Day("2026-10-25")!, timeOfDay: 9_000_000)
        #expect(twice == Instant("2026-10-25T00:30:00Z"))
    }
}
