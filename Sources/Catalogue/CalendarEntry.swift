import CaseCore
import WorkingTime

/// `[calendar.NAME]` as it is written. It becomes a calendar when the lists of holidays that it names are known.
struct CalendarEntry {
    private let name: String
    private let zone: Zone
    private let week: WorkingCalendar.Week
    /// The lists of holidays that it names, in their order.
    let lists: [String]
    /// By which an import knows make-up working days, besides those that every import knows.
    let makeUpWords: [String]
    private let own: HolidayList
    private let validThrough: Day
    private let dayEndsAtMinute: Int

    /// Nil where it cannot be one; the findings say why.
    init?(_ entry: inout EntryReader, _ name: String) {
        self.name = name
        week = readWeek(&entry)
        lists = entry.texts("holidays")
        own = HolidayList(&entry, year: nil)
        makeUpWords = entry.texts("make-up-words")
        if let word = makeUpWords.first(where: { !MakeUpWords.isWord($0) }) {
            entry.find(
                "make-up-words", .form, "\(entry.name) has \"\(word)\" among its make-up-words",
                mend: "write words with letters, or leave it out")
        }
        let validThrough = entry.day("valid-through")
        if entry.value("valid-through") == nil {
            entry.find(
                "valid-through", .calendar, "\(entry.name) does not say how far it is official",
                mend: "add valid-through = 2026-12-31", missing: "valid-through")
        }
        let zone = CalendarEntry.zone(&entry)
        var dayEnds = 1440
        if let text = entry.optionalText("day-ends") {
            if let minute = WorkingWindow.minuteOfDay(text), minute > 0 {
                dayEnds = minute
            } else {
                entry.find(
                    "day-ends", .form, "\(entry.name) has day-ends = \"\(text)\"", mend: "write a time such as \"17:00\" or \"24:00\"")
            }
        }
        dayEndsAtMinute = dayEnds
        if !week.values.contains(where: { !$0.isEmpty }), !entry.findings.contains(where: { $0.path.starts(with: entry.path + ["week"]) }) {
            entry.find(
                "week", .calendar, "\(entry.name) has no working window in any week: no deadline would ever come",
                mend: "add [\(entry.name).week] with monday = [\"09:00-17:00\"] and so on")
        }
        guard entry.findings.isEmpty, let zone, let validThrough else { return nil }
        (self.zone, self.validThrough) = (zone, validThrough)
    }

    private static func zone(_ entry: inout EntryReader) -> Zone? {
        let name = entry.text("zone")
        guard entry.value("zone")?.string != nil else { return nil }
        do { return try ZoneFile.zone(named: name) } catch {
            entry.find("zone", .unknownName, error.description, mend: "write an IANA name such as \"Asia/Shanghai\"")
            return nil
        }
    }

    struct Refused: Error {
        let violations: [Violation]
    }

    /// Lays the lists on the week, in their order, and the calendar's own days on top: the last word on a day counts.
    ///
    /// - Throws: lists that are not there, or years that none of them has.
    func calendar(with all: [String: HolidayList], checksYears: Bool) throws(Refused) -> WorkingCalendar {
        let path = ["calendar", name]
        let unknown = lists.filter { all[$0] == nil }
        guard unknown.isEmpty else {
            throw Refused(
                violations: unknown.map {
                    Violation(
                        path: path + ["holidays"], rule: .unknownName, message: "there is no list of holidays \"\($0)\"",
                        mend: "correct the name, or declare [holidays.\($0)]",
                        premises: [.undeclared(kind: "holidays", name: $0)])
                })
        }
        let layers = lists.map { (entry: "holidays.\($0)", list: all[$0]!) } + [(entry: "calendar.\(name)", list: own)]
        let usual = Weekday.allCases.lazy.compactMap { self.week[$0] }.first { !$0.isEmpty } ?? []
        var exceptions: [Day: WorkingCalendar.Exception] = [:]
        for layer in layers {
            for (day, entry) in layer.list.days {
                let windows =
                    switch entry.kind {
                    case .off: [WorkingWindow]()
                    case .partly(let windows): windows
                    case .worked(let windows): windows ?? usual
                    }
                exceptions[day] = .init(
                    name: entry.name, windows: windows, entries: (exceptions[day]?.entries ?? []) + [layer.entry])
            }
        }
        let overlaps = overlaps(exceptions, path)
        guard overlaps.isEmpty else { throw Refused(violations: overlaps) }
        if checksYears {
            // A list is complete for its year: a day of the next one that it names too says nothing of the rest of that.
            let years = layers.flatMap { layer in
                layer.list.year.map { [$0] } ?? layer.list.days.keys.map { $0.components.year }
            }
            try requireEveryYear(of: Set(years), path)
        }
        let sources = layers.map(\.list.source).filter { !$0.isEmpty }
        return WorkingCalendar(
            name: name, zone: zone, week: week, exceptions: exceptions, validFrom: firstDay(of: layers.map(\.list)),
            validThrough: validThrough,
            dayEndsAtMinute: dayEndsAtMinute, source: sources.joined(separator: "; "))
    }

    /// The first day of the first year that is named: by a list that is complete for it, or a day of the calendar's own. Nil where none is.
    /// A list can have a day of the year before its own, which is not published by that.
    private func firstDay(of layers: [HolidayList]) -> Day? {
        let first = layers.compactMap { $0.year ?? $0.days.keys.min()?.components.year }.min()
        return first.flatMap { Day(year: $0, month: 1, day: 1) }
    }

    /// Windows over midnight that are not over when the first one of the next day begins, which would count that time twice: of the week,
    /// and of the days that differ from it. The first of each.
    private func overlaps(_ exceptions: [Day: WorkingCalendar.Exception], _ path: [String]) -> [Violation] {
        func overlap(_ one: [WorkingWindow], _ day: String, _ next: [WorkingWindow], _ nextDay: String) -> Violation? {
            guard let last = one.last, let first = next.first, last.to - 1440 > first.from else { return nil }
            return Violation(
                path: path + ["week"], rule: .calendar,
                message: "calendar \(name) has the window \(last) of \(day), which is not over when \(first) of \(nextDay) begins",
                mend: "let the one end by the time the other begins: a window over midnight belongs to the day on which it begins")
        }
        let weekdays = Weekday.allCases.compactMap { weekday in
            let next = Weekday(rawValue: (weekday.rawValue + 1) % 7)!
            return overlap(week[weekday] ?? [], "\(weekday)", week[next] ?? [], "\(next)")
        }
        if !weekdays.isEmpty { return Array(weekdays.prefix(1)) }
        func windows(_ day: Day) -> [WorkingWindow] { exceptions[day]?.windows ?? week[day.weekday] ?? [] }
        // Each day that differs, beside the one before it and the one after it.
        let days = Set(exceptions.keys.flatMap { [$0, $0.advanced(by: 1)] } + zone.skippedDays.map { $0.advanced(by: 1) }).sorted()
        let skipped = Set(zone.skippedDays)
        return Array(
            days.lazy.filter { !skipped.contains($0) }.compactMap { day -> Violation? in
                var before = day.advanced(by: -1)
                while skipped.contains(before) { before = before.advanced(by: -1) }
                return overlap(windows(before), "\(before)", windows(day), "\(day)")
            }.prefix(1))
    }

    /// A year that is left out would be counted as if it had no holiday.
    private func requireEveryYear(of years: Set<Int>, _ path: [String]) throws(Refused) {
        guard let first = years.min() else { return }
        let missing = (first...max(first, validThrough.components.year)).filter { !years.contains($0) }
        guard let year = missing.first else { return }
        throw Refused(violations: [
            Violation(
                path: path + ["valid-through"], rule: .calendar,
                message:
                    "calendar \(name) is official through \(validThrough) and names no holiday of \(missing.map(String.init).joined(separator: ", "))",
                mend:
                    "import that year; where it has none, declare [holidays.\(name)-\(year)] with year = \(year) and add it to holidays",
                premises: (["year"] + ["holiday", "make-up"]).flatMap { key in
                    ([path] + lists.map { ["holidays", $0] }).map { .key($0 + [key]) }
                })
        ])
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
