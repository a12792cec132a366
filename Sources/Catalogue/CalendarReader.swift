import CaseCore
import WorkingTime

/// Reads `[calendar.NAME]`; nil where it cannot be one.
func calendar(_ entry: inout EntryReader, _ name: String) -> WorkingCalendar? {
    _ = entry.optionalText("source")
    let week = readWeek(&entry)
    var exceptions: [Day: WorkingCalendar.Exception] = [:]
    for holiday in entry.tables("holiday") {
        var holiday = holiday
        let name = holiday.text("name")
        // A half day keeps some windows.
        let windows = holiday.windows("windows")
        if let days = span(&holiday) {
            for number in days { exceptions[Day(number: number)] = .init(name: name, windows: windows) }
        }
        holiday.finish()
        entry.include(holiday)
    }
    for makeUp in entry.tables("make-up") {
        var makeUp = makeUp
        let name = makeUp.text("name")
        let windows = makeUp.windows("windows")
        if let days = span(&makeUp) {
            for number in days {
                let day = Day(number: number)
                if exceptions[day] != nil {
                    makeUp.find("on", .calendar, "\(day) is a holiday and a make-up day", mend: "decide which")
                }
                exceptions[day] = .init(name: name, windows: windows.isEmpty ? week[.monday] ?? [] : windows)
            }
        }
        makeUp.finish()
        entry.include(makeUp)
    }
    let zoneName = entry.text("zone")
    let validThrough = entry.day("valid-through")
    if validThrough == nil, entry.findings.isEmpty {
        entry.find(
            "valid-through", .calendar, "\(entry.name) does not say how far it is official",
            mend: "add valid-through = 2026-12-31")
    }
    var dayEnds = 1440
    if let text = entry.optionalText("day-ends") {
        if let minute = WorkingWindow.minuteOfDay(text), minute > 0 {
            dayEnds = minute
        } else {
            entry.find("day-ends", .form, "\(entry.name) has day-ends = \"\(text)\"", mend: "write a time such as \"17:00\" or \"24:00\"")
        }
    }
    guard entry.findings.isEmpty, let validThrough else { return nil }
    guard week.values.contains(where: { !$0.isEmpty }) else {
        entry.find(
            "week", .calendar, "\(entry.name) has no working window in any week: no deadline would ever come",
            mend: "add [\(entry.name).week] with monday = [\"09:00-17:00\"] and so on")
        return nil
    }
    do {
        return WorkingCalendar(
            name: name, zone: try ZoneFile.zone(named: zoneName), week: week, exceptions: exceptions, validThrough: validThrough,
            dayEndsAtMinute: dayEnds)
    } catch {
        entry.find("zone", .unknownName, error.description, mend: "write an IANA name such as \"Asia/Shanghai\"")
        return nil
    }
}

private func readWeek(_ entry: inout EntryReader) -> WorkingCalendar.Week {
    guard var table = entry.table("week") else { return [:] }
    var week: WorkingCalendar.Week = [:]
    for (weekday, key) in zip(
        Weekday.allCases, ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
    {
        week[weekday] = table.windows(key)
    }
    table.finish()
    entry.include(table)
    return week
}

/// `on = DATE`, or `from = DATE` and `to = DATE`, both included.
private func span(_ entry: inout EntryReader) -> ClosedRange<Int>? {
    if let day = entry.day("on") { return day.number...day.number }
    let (from, to) = (entry.day("from"), entry.day("to"))
    guard let from, let to, from <= to, to.number - from.number < 366 else {
        if entry.findings.isEmpty {
            entry.find(nil, .calendar, "\(entry.name) names no days", mend: "add on = 2026-10-10, or from and to within a year")
        }
        return nil
    }
    return from.number...to.number
}
