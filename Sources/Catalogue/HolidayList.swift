import CaseCore
import WorkingTime

/// Days that differ from their weekday, as an authority publishes them for a year: holidays, half days, make-up working days.
package struct HolidayList: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case off
        /// A half day: these windows are worked.
        case partly([WorkingWindow])
        /// A make-up working day; nil stands for those of the week's first working day.
        case worked([WorkingWindow]?)
    }

    package struct Entry: Equatable, Sendable {
        package let name: String
        package let kind: Kind

        package init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// The year for which it is complete; nil for days of a calendar's own.
    package var year: Int?
    package var source: String
    package var days: [Day: Entry]

    package init(year: Int?, source: String, days: [Day: Entry]) {
        self.year = year
        self.source = source
        self.days = days
    }
}

extension HolidayList {
    /// Reads the tables `holiday` and `make-up` of an entry.
    init(_ entry: inout EntryReader, year: Int?) {
        self.init(year: year, source: entry.optionalText("source") ?? "", days: [:])
        for table in entry.tables("holiday") {
            var table = table
            let name = table.text("name")
            let windows = table.windows("windows")
            for day in HolidayList.span(&table) {
                days[day] = Entry(name: name, kind: windows.isEmpty ? .off : .partly(windows))
            }
            table.finish()
            entry.include(table)
        }
        for table in entry.tables("make-up") {
            var table = table
            let name = table.text("name")
            let windows = table.windows("windows")
            for day in HolidayList.span(&table) {
                if days[day] != nil {
                    table.find("on", .calendar, "\(day) is a holiday and a make-up day", mend: "decide which")
                }
                days[day] = Entry(name: name, kind: .worked(windows.isEmpty ? nil : windows))
            }
            table.finish()
            entry.include(table)
        }
    }

    /// `on = DATE`, or `from = DATE` and `to = DATE`, both included.
    private static func span(_ entry: inout EntryReader) -> [Day] {
        if let day = entry.day("on") { return [day] }
        let (from, to) = (entry.day("from"), entry.day("to"))
        guard let from, let to, from <= to, to.number - from.number < 366 else {
            if entry.findings.isEmpty {
                entry.find(nil, .calendar, "\(entry.name) names no days", mend: "add on = 2026-10-10, or from and to within a year")
            }
            return []
        }
        return (from.number...to.number).map { Day(number: $0) }
    }
}
