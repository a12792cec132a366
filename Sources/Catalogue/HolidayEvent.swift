import WorkingTime

/// An event of an iCalendar file as one of whole days (RFC 5545, section 3.6.1).
struct HolidayEvent {
    typealias Unreadable = HolidayImport.Unreadable

    /// Where it begins, from 1.
    let line: Int
    /// In capitals; nil where it says none, and counts.
    let status: String?
    /// What the revisions of one event have in common.
    let identity: String?
    /// The number of its revision.
    let sequence: Int
    let categories: [String]
    private let component: ICalendar.Component

    /// - Throws: what it says twice and may say once, and a status that no event has.
    init(_ component: ICalendar.Component) throws(Unreadable) {
        self.component = component
        line = component.line
        for name in ["DTSTART", "DTEND", "DURATION", "SUMMARY", "STATUS", "UID", "SEQUENCE"] {
            if let second = component.all(name).dropFirst().first {
                throw Unreadable(description: "line \(second.line): a second \(name) in one event")
            }
        }
        let said = component.all("STATUS").first
        status = said?.value.uppercased()
        if let said, let status, !["CONFIRMED", "CANCELLED", "TENTATIVE"].contains(status) {
            throw Unreadable(description: "line \(said.line): \(said.value) is no status of an event: CONFIRMED, TENTATIVE or CANCELLED")
        }
        identity = component.all("UID").first?.value
        sequence = component.all("SEQUENCE").first.flatMap { Int($0.value) } ?? 0
        categories = component.all("CATEGORIES").flatMap(\.list)
    }

    /// As far as it has one, with its first day: for people who look for it.
    var shortName: String {
        let start = component.all("DTSTART").first.flatMap { HolidayEvent.day($0.value)?.description ?? $0.value }
        return [start, component.all("SUMMARY").first?.text].compactMap { $0 }.joined(separator: ", ")
    }

    /// - Throws: that it has none.
    func name() throws(Unreadable) -> String {
        guard let name = component.all("SUMMARY").first?.text, name.contains(where: { !$0.isWhitespace }) else {
            throw Unreadable(description: "line \(line): an event without SUMMARY")
        }
        return name
    }

    /// The numbers of its days.
    ///
    /// - Throws: what makes it something else than a few whole days.
    func days(_ endDay: HolidayImport.Options.EndDay?) throws(Unreadable) -> Range<Int> {
        if let rule = ["RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID"].lazy.compactMap({ component.all($0).first }).first {
            throw Unreadable(description: "line \(rule.line): a repeated event (\(rule.name)); official days are listed one by one")
        }
        guard let start = component.all("DTSTART").first else { throw Unreadable(description: "line \(line): an event without DTSTART") }
        let first = try HolidayEvent.wholeDay(start)
        let end: Day
        switch (component.all("DTEND").first, component.all("DURATION").first) {
        case (nil, nil): end = first.advanced(by: 1)
        case (_?, let duration?):
            throw Unreadable(description: "line \(duration.line): an event with DTEND and DURATION; it can have one of them")
        case (let property?, nil): end = try HolidayEvent.end(property, after: first, endDay)
        case (nil, let property?):
            guard let count = HolidayEvent.dayCount(property.value), count > 0 else {
                throw Unreadable(
                    description:
                        "line \(property.line): DURATION \(property.value) is no number of whole days, such as P8D, or weeks, such as P1W")
            }
            end = first.advanced(by: count)
        }
        let count = end.number - first.number
        guard count <= HolidayEvent.dayLimit else {
            throw Unreadable(
                description: "line \(start.line): the event lasts for \(count) days, \(HolidayEvent.dayLimit) at most are read")
        }
        return first.number..<end.number
    }

    private static let dayLimit = 365

    /// The day after the last one.
    private static func end(_ property: ICalendar.Property, after first: Day, _ endDay: HolidayImport.Options.EndDay?) throws(Unreadable)
        -> Day
    {
        let day = try wholeDay(property)
        guard day >= first else {
            throw Unreadable(description: "line \(property.line): the event ends on \(day), before it begins on \(first)")
        }
        switch endDay {
        case .last: return day.advanced(by: 1)
        case .after: return max(day, first.advanced(by: 1))
        case nil:
            guard day > first else {
                throw Unreadable(
                    description:
                        "line \(property.line): DTEND is \(day), the day on which the event begins, and by RFC 5545 it is the day after the last; "
                        + "say --end-day last where all events of the file end on the day that they name, else --end-day after")
            }
            return day
        }
    }

    private static func wholeDay(_ property: ICalendar.Property) throws(Unreadable) -> Day {
        guard ["DATE", nil].contains(property.parameters["VALUE"]?.uppercased()), let day = day(property.value) else {
            throw Unreadable(description: "line \(property.line): \(property.name) is no whole day, such as 20261001")
        }
        return day
    }

    private static func day(_ digits: String) -> Day? {
        guard digits.utf8.count == 8 else { return nil }
        return Day("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.dropFirst(6))")
    }

    /// Of a length of whole weeks or whole days (section 3.3.6); nil for any other.
    private static func dayCount(_ text: String) -> Int? {
        let text = text.uppercased().drop { $0 == "+" }
        guard text.first == "P", let unit = text.last, unit == "D" || unit == "W" else { return nil }
        let digits = text.dropFirst().dropLast()
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(digits) else {
            return nil
        }
        return unit == "W" ? count * 7 : count
    }
}
