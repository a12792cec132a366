import ArgumentParser
import CasePages
import CaseWire
import WorkingTime

extension CalendarGroup {
    struct Month: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: Say.text("The months of a calendar: which days are worked, which are not, and why."))
        @OptionGroup var server: Server
        @Argument(help: "A calendar of the catalogue.") var calendar: String
        @Argument(help: "The first month, such as 2026-02; by default the present one.") var month: String?
        @Option(help: "How many months, up to 24.") var months = 1

        func validate() throws {
            try require(months, of: "--months", from: 1, through: 24)
            if let month, Day("\(month)-01") == nil { throw ValidationError("\(month) is no month: write it as in 2026-02") }
        }

        func run() throws {
            try ending {
                let name = try month ?? (LocalTime(server, calendar: calendar)?.today ?? Zone.utc.day(of: server.now() ?? .first)).monthName
                guard let first = Day("\(name)-01") else {
                    throw Failure(code: .usage, message: "\(name) is no month", hint: "write it as in 2026-02")
                }
                let result = try server.call(
                    .calendarShow,
                    [
                        .init("calendar", .string(calendar)), .init("from", .string(first.description)),
                        .init("to", .string(first.monthsLater(months).advanced(by: -1).description)),
                    ])
                server.show(result) { result in
                    let head =
                        "\(result.cell("calendar") ?? "") (\(result.cell("zone") ?? "")), official through \(result.cell("valid_through") ?? "")"
                    let source = result.cell("source").flatMap { $0.isEmpty ? nil : $0 }.map { ["source: \($0)"] } ?? []
                    let days = result["days"]?.array ?? []
                    let sheets = (0..<months).map { place in
                        MonthSheet(
                            days.filter { ($0.cell("day") ?? "").hasPrefix(first.monthsLater(place).monthName) },
                            today: result.cell("today")
                        ).text
                    }
                    return ([([head] + source).map(Terminal.plain).joined(separator: "\n")] + sheets + [MonthSheet.legend]).joined(
                        separator: "\n\n")
                }
            }
        }
    }
}

extension Day {
    /// The first day of a month so many months after this day's; the day after the last one where there is no such month.
    fileprivate func monthsLater(_ count: Int) -> Day {
        let (year, month, _) = components
        let place = year * 12 + month - 1 + count
        return Day(year: place / 12, month: place % 12 + 1, day: 1) ?? Day.last.advanced(by: 1)
    }

    fileprivate var monthName: String {
        String(description.prefix(7))
    }
}

/// One month as it hangs on a wall, and under it what its marks stand for.
private struct MonthSheet {
    static let legend = "* holiday   ~ half day   + make-up working day   . not worked   ? not official yet"

    private let days: [JSONValue]
    private let today: String?

    init(_ days: [JSONValue], today: String?) {
        self.days = days
        self.today = today
    }

    var text: String {
        guard let first = days.first.flatMap({ $0.cell("day") }).flatMap({ Day($0) }) else { return "" }
        let worked = days.count { $0["worked"]?.bool == true }
        var lines = ["\(first.description.prefix(7)), \(worked) working days", "  Mon    Tue    Wed    Thu    Fri    Sat    Sun"]
        var week = [String](repeating: "       ", count: first.weekday.rawValue)
        for day in days {
            week.append(cell(day))
            if week.count == 7 {
                lines.append(week.joined())
                week = []
            }
        }
        if !week.isEmpty { lines.append(week.joined()) }
        return lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n") + names
    }

    /// Seven columns: the day, and its mark.
    private func cell(_ day: JSONValue) -> String {
        let name = day.cell("day") ?? ""
        let number = String(name.suffix(2)).replacing(/^0/, with: " ")
        let isWorked = day["worked"]?.bool == true
        let isWeekend = ["saturday", "sunday"].contains(day.cell("weekday"))
        let mark =
            switch (day.cell("name") != nil, isWorked) {
            case (true, true): isWeekend ? "+" : "~"
            case (true, false): "*"
            case (false, true): " "
            case (false, false): "."
            }
        let text = "\(number)\(mark)\(day["provisional"]?.bool == true ? "?" : " ")"
        let shown =
            name == today
            ? Terminal.reversed(text)
            : mark == "*" ? Terminal.light(text, as: "red") : mark == "+" ? Terminal.light(text, as: "green") : text
        return "  \(shown) "
    }

    /// The days that have a name, those that follow each other in one row.
    private var names: String {
        var rows: [(from: String, to: String, name: String, worked: String)] = []
        for day in days {
            guard let name = day.cell("name"), let date = day.cell("day") else { continue }
            let worked = (day["windows"]?.array ?? []).compactMap(\.string).joined(separator: " ")
            if let last = rows.last, last.name == name, last.worked == worked, Day(last.to)?.advanced(by: 1).description == date {
                rows[rows.count - 1].to = date
            } else {
                rows.append((date, date, name, worked))
            }
        }
        guard !rows.isEmpty else { return "" }
        var table = Table(["FROM", "TO", "NAME", "WORKED"])
        for row in rows { table.add([row.from, row.to, row.name, row.worked.isEmpty ? nil : row.worked]) }
        return "\n\n" + table.text
    }
}
