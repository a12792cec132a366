import CaseTesting
import CaseWire
import Catalogue
import Foundation
import Testing

/// `calendar.due` on the calendars as they were published, against a count that knows nothing but the published files.
@Suite(
    "Published calendars",
    .enabled(if: SharedData.has("calendars/2023.json"), "the published calendars are not beside the project"))
struct CalendarOracleTests {
    static let years = 2007...2023

    /// Whether a day is worked: weekdays, but for what the files say.
    struct Published: Sendable {
        /// By `YYYY-MM-DD`.
        let isOff: [String: Bool]

        init() throws {
            var isOff: [String: Bool] = [:]
            for year in years {
                let file = try JSONSerialization.jsonObject(with: Data(SharedData.bytes("calendars/\(year).json"))) as! [String: Any]
                for day in file["days"] as! [[String: Any]] { isOff[day["date"] as! String] = (day["isOffDay"] as! Bool) }
            }
            self.isOff = isOff
        }
    }

    /// Days of the Gregorian calendar, counted by Foundation.
    static let days: [(name: String, isWeekend: Bool)] = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        let first = calendar.date(from: DateComponents(year: 2008, month: 1, day: 1))!
        return (0..<(16 * 366 + 100)).map { number in
            let date = calendar.date(byAdding: .day, value: number, to: first)!
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
            return ("\(parts.year!)-\(two(parts.month!))-\(two(parts.day!))", parts.weekday == 1 || parts.weekday == 7)
        }
    }()

    private static func harness() async throws -> Harness {
        var files = SmallOffice.files(user: Harness.hall)
        for year in years {
            let list = try HolidayImport(SharedData.bytes("calendars/\(year).json")).list
            files["holidays-cn-\(year).toml"] = list.text(name: "cn-\(year)")
        }
        let week = files["calendar.toml"]!.components(separatedBy: "[[calendar.cn.holiday]]")[0]
        files["calendar.toml"] = week.replacing(
            "valid-through = 2026-12-31",
            with: "valid-through = 2023-12-31\nholidays = [\(years.map { "\"cn-\($0)\"" }.joined(separator: ", "))]")
        let harness = try await Harness(withCatalog: false)
        _ = try await harness.call("catalog.apply", SmallOffice.parameter(files), uid: Harness.admin).get()
        return harness
    }

    @Test("R3: for every start of 2008–2023 and nine budgets, a deadline is the day that counting day by day finds (Art. 82)")
    func everyStart() async throws {
        let harness = try await Self.harness()
        let published = try Published()
        let isWorked = Self.days.map { published.isOff[$0.name].map { !$0 } ?? !$0.isWeekend }
        let budgets = [1, 3, 5, 7, 10, 15, 20, 30, 45]
        let starts = Self.days.firstIndex { $0.name == "2024-01-01" }!
        #expect(starts == 5844)
        var wrong: [String] = []
        for start in 0..<starts {
            for budget in budgets {
                var (day, left) = (start, budget)
                while left > 0 {
                    day += 1
                    if isWorked[day] { left -= 1 }
                }
                let result = try await harness.call(
                    "calendar.due",
                    .of([
                        "calendar": "cn", "start": .string(Self.days[start].name), "budget": .string("\(budget) working-days"),
                    ])
                ).get()
                let found = result["last_day"]?.string
                let isProvisional = Self.days[day].name >= "2024"
                if found != Self.days[day].name || result["provisional"]?.bool != isProvisional {
                    wrong.append("\(budget) from \(Self.days[start].name): \(found ?? "-"), by hand \(Self.days[day].name)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(3))")
    }
}
