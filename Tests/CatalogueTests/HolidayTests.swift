import CaseCore
import CaseTesting
import Catalogue
import Foundation
import Testing
import WorkingTime

@Suite("Lists of holidays")
struct HolidayTests {
    private func read(_ text: String, year: Int? = nil) throws -> HolidayList {
        try HolidayImport.list(Array(text.utf8), year: year)
    }

    private func calendar(_ files: [String: String]) throws -> WorkingCalendar {
        var all = SmallOffice.files(user: 4711)
        all.merge(files) { $1 }
        return try Catalogue(files: all).register.calendars["cn"]!
    }

    private static let week = """
        [calendar.cn.week]
        monday = ["09:00-12:00", "14:00-17:00"]
        tuesday = ["09:00-17:00"]

        """

    private func findings(_ files: [String: String]) -> String {
        do throws(Catalogue.Refused) {
            var all = SmallOffice.files(user: 4711)
            all.merge(files) { $1 }
            _ = try Catalogue(files: all)
            return ""
        } catch {
            return error.description
        }
    }

    @Test(
        "Every published year is read, and comes back the same from the file that an import writes",
        .enabled(if: SharedData.has("calendars/2023.json"), "the published calendars are not beside the project"), arguments: 2007...2023)
    func published(year: Int) throws {
        let list = try HolidayImport.list(SharedData.bytes("calendars/\(year).json"))
        #expect(list.year == year && !list.days.isEmpty && list.source.contains("gov.cn"))
        var files = SmallOffice.files(user: 4711)
        files["holidays-cn.toml"] = list.text(name: "cn")
        let again = try Catalogue(files: files).holidayLists["cn"]
        #expect(again?.list == list && again?.file == "holidays-cn.toml")
        #expect(again?.list.differences(from: list).isEmpty == true)
    }

    @Test("An iCalendar file is read: folded lines, escapes, days that follow each other, working days by their words")
    func iCalendar() throws {
        let list = try read(
            """
            BEGIN:VCALENDAR\r
            BEGIN:VEVENT\r
            DTSTART;VALUE=DATE:20260215\r
            DTEND;VALUE=DATE:20260218\r
            SUMMARY:Spring\\, Fes\r
             tival\r
            END:VEVENT\r
            BEGIN:VEVENT\r
            DTSTART;VALUE=DATE:20260214\r
            SUMMARY;LANGUAGE=zh;X-NOTE="a:b":春节 补班\r
            END:VEVENT\r
            BEGIN:VEVENT\r
            DTSTART;VALUE=DATE:20260301\r
            SUMMARY:called off\r
            STATUS:CANCELLED\r
            END:VEVENT\r
            END:VCALENDAR\r

            """)
        #expect(list.year == 2026)
        let runs = list.runs.map { "\($0.from)–\($0.to) \($0.entry.name) \($0.entry.kind == .off ? "off" : "worked")" }
        #expect(runs == ["2026-02-14–2026-02-14 春节 补班 worked", "2026-02-15–2026-02-17 Spring, Festival off"])
    }

    @Test(
        "A published file that cannot be taken over says why",
        arguments: [
            ("hello", "neither JSON"), ("{\"year\": 2026}", "has not the form"),
            (#"{"year": 2026, "days": [{"name": "x", "date": "2026-02-30", "isOffDay": true}]}"#, "\"2026-02-30\" is no day"),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101T090000Z\nSUMMARY:x\nEND:VEVENT", "line 3: DTSTART is no whole day"),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nRRULE:FREQ=YEARLY\nSUMMARY:x\nEND:VEVENT", "line 4: a repeated event"),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR", "no event of a whole day"),
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nSUMMARY:x\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:x\nEND:VEVENT",
                "2026, 2027: say which year"
            ),
        ])
    func unreadable(text: String, why: String) {
        #expect { try read(text) } throws: { "\($0)".contains(why) }
    }

    @Test("Of several years in one iCalendar file, the one that is meant is taken")
    func oneYear() throws {
        let text =
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nSUMMARY:x\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:y\nEND:VEVENT"
        #expect(try read(text, year: 2027).days.keys.map(\.description) == ["2027-01-01"])
    }

    @Test("A name from outside is text in the written file, whatever is in it")
    func quoting() throws {
        let list = HolidayList(
            year: 2026, source: "\"]\n[matter.evil]\\", days: [Day("2026-01-01")!: .init(name: "元旦\" \u{1B}[31m\u{7F}", kind: .off)])
        let again = try Catalogue(files: ["h.toml": list.text(name: "x")]).holidayLists["x"]?.list
        #expect(again == list)
    }

    @Test("R31: local holidays stand on top of national ones, and the last word on a day counts")
    func layers() throws {
        let calendar = try calendar([
            "calendar.toml": """
            [calendar.cn]
            zone = "Asia/Shanghai"
            valid-through = 2026-12-31
            holidays = ["national", "local"]
            \(Self.week)
            [[calendar.cn.holiday]]
            name = "the office moves"
            on = 2026-03-09
            [holidays.national]
            year = 2026
            source = "national notice"
            [[holidays.national.holiday]]
            name = "national"
            from = 2026-03-02
            to = 2026-03-03
            [[holidays.national.make-up]]
            name = "make-up"
            on = 2026-03-07
            [holidays.local]
            year = 2026
            source = "local notice"
            [[holidays.local.holiday]]
            name = "half"
            on = 2026-03-03
            windows = ["09:00-11:00"]
            """
        ])
        #expect(!calendar.isWorkingDay(Day("2026-03-02")!) && !calendar.isWorkingDay(Day("2026-03-09")!))
        #expect(calendar.windows(on: Day("2026-03-03")!) == [WorkingWindow("09:00-11:00")!])
        #expect(calendar.windows(on: Day("2026-03-07")!).map(\.description) == ["09:00-12:00", "14:00-17:00"], "a make-up day is a Monday")
        #expect(calendar.source == "national notice; local notice")
    }

    @Test("R31: a calendar with a gap in its years is refused, and so is one that is official beyond what it names")
    func gaps() {
        func files(_ years: [Int], _ through: String) -> [String: String] {
            [
                "calendar.toml": """
                [calendar.cn]
                zone = "Asia/Shanghai"
                valid-through = \(through)
                holidays = [\(years.map { "\"h\($0)\"" }.joined(separator: ", "))]
                \(Self.week)
                """ + years.map { "\n[holidays.h\($0)]\nyear = \($0)\n" }.joined()
            ]
        }
        #expect(findings(files([2025, 2026], "2026-12-31")) == "")
        let gap = findings(files([2024, 2026], "2026-12-31"))
        #expect(gap.contains("calendar.toml:3: calendar: calendar cn is official through 2026-12-31 and names no holiday of 2025; "))
        #expect(gap.contains("declare [holidays.cn-2025] with year = 2025"))
        #expect(findings(files([2026], "2028-06-30")).contains("names no holiday of 2027, 2028"))
        #expect(findings(files([], "2030-12-31")) == "", "a calendar that names no day at all has no years to miss")
    }

    @Test("R31: a calendar without any working window, or with an unknown list, is refused with a sentence")
    func unusable() {
        let empty = findings([
            "calendar.toml": "[calendar.cn]\nzone = \"UTC\"\nvalid-through = 2026-12-31\n[calendar.cn.week]\nmonday = []\n"
        ])
        #expect(empty.contains("calendar.cn has no working window in any week: no deadline would ever come"))
        let unknown = findings([
            "calendar.toml": "[calendar.cn]\nzone = \"UTC\"\nvalid-through = 2026-12-31\nholidays = [\"cn\"]\n\(Self.week)"
        ])
        #expect(unknown.contains("calendar.toml:4: unknown-name: there is no list of holidays \"cn\""))
        #expect(findings(["h.toml": "[holidays.cn]\n"]).contains("h.toml:1: calendar: holidays.cn does not say of which year it is"))
    }
}

/// Zones as the system's tz database has them.
@Suite("Changes of local time")
struct LocalTimeTests {
    struct Change: Sendable {
        let zone: String
        /// The day that is shorter, and the one that is longer, in minutes.
        let short: (day: String, minutes: Int64)
        let long: (day: String, minutes: Int64)
    }

    static let changes = [
        Change(zone: "Europe/Berlin", short: ("2026-03-29", 23 * 60), long: ("2026-10-25", 25 * 60)),
        Change(zone: "America/New_York", short: ("2026-03-08", 23 * 60), long: ("2026-11-01", 25 * 60)),
        // Half an hour, and on the other half of the year.
        Change(zone: "Australia/Lord_Howe", short: ("2026-10-04", 23 * 60 + 30), long: ("2026-04-05", 24 * 60 + 30)),
    ]

    @Test(
        "R5: days of 23, 25 and other hours are as long as they are, and a day clock ends at their midnight", arguments: changes.map(\.zone)
    )
    func days(name: String) throws {
        let change = Self.changes.first { $0.zone == name }!
        let zone = try ZoneFile.zone(named: name)
        let always = WorkingCalendar(
            name: "always", zone: zone,
            week: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [WorkingWindow("00:00-24:00")!]) }),
            validThrough: Day("2026-12-31")!)
        for (name, minutes) in [change.short, change.long, ("2026-06-15", 1440)] {
            let day = Day(name)!
            let (start, end) = (zone.instant(on: day, timeOfDay: 0), zone.instant(on: day.advanced(by: 1), timeOfDay: 0))
            #expect(end - start == minutes * 60_000, "\(name)")
            #expect(always.workingTime(from: start, to: end) == minutes * 60_000)
            #expect(always.instant(from: start, afterWorking: minutes * 60_000) == end)
            #expect(always.end(of: day) == end)
            // Two days of a calendar clock are two days, however long.
            let ledger = Ledger(Length(2, .calendarDays), startingAt: start, on: always, countsFirstDay: true)
            #expect(ledger.due(on: always) == zone.instant(on: day.advanced(by: 2), timeOfDay: 0))
        }
    }

    @Test("R5: a window on the wall clock keeps its wall clock through a change", arguments: changes.map(\.zone))
    func windows(name: String) throws {
        let change = Self.changes.first { $0.zone == name }!
        let zone = try ZoneFile.zone(named: name)
        let calendar = WorkingCalendar(
            name: "office", zone: zone,
            week: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [WorkingWindow("09:00-17:00")!]) }),
            validThrough: Day("2026-12-31")!)
        for name in [change.short.day, change.long.day] {
            let day = Day(name)!
            let eve = zone.instant(on: day.advanced(by: -1), timeOfDay: 16 * 3_600_000)
            let due = calendar.instant(from: eve, afterWorking: 2 * 3_600_000)
            #expect(due == zone.instant(on: day, timeOfDay: 10 * 3_600_000), "\(name)")
        }
    }
}
