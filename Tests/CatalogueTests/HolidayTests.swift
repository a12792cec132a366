import CaseCore
import CaseTesting
import Catalogue
import Foundation
import Testing
import WorkingTime

@Suite("Lists of holidays")
struct HolidayTests {
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
        let list = try HolidayImport(SharedData.bytes("calendars/\(year).json")).list
        #expect(list.year == year && !list.days.isEmpty && list.source.contains("gov.cn"))
        var files = SmallOffice.files(user: 4711)
        files["holidays-cn.toml"] = list.text(name: "cn")
        let again = try Catalogue(files: files).holidayLists["cn"]
        #expect(again?.list == list && again?.file == "holidays-cn.toml")
        #expect(again?.list.differences(from: list).isEmpty == true)
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

    @Test("R31: a list is complete for its own year, and a day of the next one in it says nothing of the rest of that")
    func stray() {
        let files = [
            "calendar.toml": """
            [calendar.cn]
            zone = "Asia/Shanghai"
            valid-through = 2027-12-31
            holidays = ["h2026"]
            \(Self.week)
            [holidays.h2026]
            year = 2026
            [[holidays.h2026.holiday]]
            name = "New Year"
            from = 2026-12-31
            to = 2027-01-01
            """
        ]
        #expect(findings(files).contains("names no holiday of 2027"))
    }

    @Test("Each named day says by which entries it is named, the one whose word counts last")
    func entries() throws {
        let calendar = try calendar([
            "calendar.toml": """
            [calendar.cn]
            zone = "Asia/Shanghai"
            valid-through = 2026-12-31
            holidays = ["national", "local"]
            make-up-words = ["bridge"]
            \(Self.week)
            [[calendar.cn.holiday]]
            name = "the office moves"
            on = 2026-03-09
            [holidays.national]
            year = 2026
            [[holidays.national.holiday]]
            name = "national"
            from = 2026-03-02
            to = 2026-03-03
            [[holidays.national.make-up]]
            name = "make-up"
            on = 2026-03-07
            [holidays.local]
            year = 2026
            [[holidays.local.holiday]]
            name = "half"
            on = 2026-03-03
            windows = ["09:00-11:00"]
            [[holidays.local.make-up]]
            name = "worked here"
            on = 2026-03-02
            """
        ])
        func told(_ day: String) -> String {
            let reason = calendar.reason(on: Day(day)!)
            return
                ([reason.rule.rawValue, reason.name ?? "-", reason.entry ?? "-"] + reason.overruled
                + (reason.isProvisional ? ["provisional"] : []) + (reason.isYearNamed ? [] : ["unnamed year"])).joined(separator: " ")
        }
        #expect(told("2026-03-02") == "weekday worked here holidays.local holidays.national")
        #expect(told("2026-03-03") == "other-windows half holidays.local holidays.national")
        #expect(told("2026-03-07") == "make-up make-up holidays.national")
        #expect(told("2026-03-09") == "holiday the office moves calendar.cn")
        #expect(told("2026-03-10") == "weekday - -")
        #expect(told("2027-03-09") == "weekday - - provisional unnamed year")
        #expect(told("2025-03-11") == "weekday - - provisional unnamed year")
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
