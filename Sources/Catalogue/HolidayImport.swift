import FoundationEssentials
import Glibc
import WorkingTime

/// Reads lists of holidays as they are published: a year's JSON (`{"year": 2026, "days": [{"name", "date", "isOffDay"}]}`) or an
/// iCalendar file (RFC 5545).
package enum HolidayImport {
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - year: of several years in the file, the one that is meant; its own where it has one only.
    ///   - workedWords: an event of an iCalendar file whose text has one of these is a make-up working day.
    package static func list(
        _ bytes: [UInt8], year: Int? = nil, workedWords: [String] = ["班", "make-up", "working day"]
    ) throws(Unreadable) -> HolidayList {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Unreadable(description: "it is not UTF-8 text") }
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if start.hasPrefix("{") { return try yearly(bytes, year) }
        if start.uppercased().hasPrefix("BEGIN:VCALENDAR") { return try calendar(text, year, workedWords) }
        throw Unreadable(description: "it is neither JSON with a year's days nor an iCalendar file")
    }

    // MARK: JSON

    private struct Year: Decodable {
        struct Day: Decodable {
            let name: String
            let date: String
            let isOffDay: Bool
        }
        let year: Int
        let papers: [String]?
        let days: [Day]
    }

    private static func yearly(_ bytes: [UInt8], _ wanted: Int?) throws(Unreadable) -> HolidayList {
        let content: Year
        do {
            content = try JSONDecoder().decode(Year.self, from: Data(bytes))
        } catch {
            throw Unreadable(description: "its JSON has not the form {\"year\": …, \"days\": [{\"name\", \"date\", \"isOffDay\"}]}")
        }
        if let wanted, wanted != content.year { throw Unreadable(description: "it is of \(content.year), not of \(wanted)") }
        var list = HolidayList(year: content.year, source: (content.papers ?? []).joined(separator: " "), days: [:])
        for entry in content.days {
            guard let day = Day(entry.date) else { throw Unreadable(description: "\"\(entry.date)\" is no day") }
            list.days[day] = HolidayList.Entry(name: entry.name, kind: entry.isOffDay ? .off : .worked(nil))
        }
        return list
    }

    // MARK: iCalendar

    private struct Property {
        let name: String
        let value: String
        let line: Int
    }

    private static func calendar(_ text: String, _ wanted: Int?, _ workedWords: [String]) throws(Unreadable) -> HolidayList {
        var days: [Day: HolidayList.Entry] = [:]
        var event: [Property]?
        for property in properties(of: text) {
            switch (property.name, property.value.uppercased()) {
            case ("BEGIN", "VEVENT"): event = []
            case ("END", "VEVENT"):
                guard let properties = event else { continue }
                event = nil
                guard let (span, entry) = try entry(properties, workedWords) else { continue }
                for number in span { days[Day(number: number)] = entry }
            default: event?.append(property)
            }
        }
        if let wanted { days = days.filter { $0.key.components.year == wanted } }
        let years = Set(days.keys.map { $0.components.year })
        guard let year = wanted ?? years.first, years.count == 1 else {
            throw Unreadable(
                description: years.isEmpty
                    ? "it has no event of \(wanted.map(String.init) ?? "a whole day")"
                    : "it has events of \(years.sorted().map(String.init).joined(separator: ", ")): say which year is meant")
        }
        return HolidayList(year: year, source: "", days: days)
    }

    /// Nil for an event that was called off.
    private static func entry(
        _ properties: [Property], _ workedWords: [String]
    ) throws(Unreadable) -> (days: Range<Int>, HolidayList.Entry)? {
        func property(_ name: String) -> Property? { properties.first { $0.name == name } }
        func day(_ property: Property) throws(Unreadable) -> Day {
            let digits = property.value
            let dashed = "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.dropFirst(6))"
            guard digits.count == 8, let day = Day(dashed) else {
                throw Unreadable(description: "line \(property.line): \(property.name) is no whole day")
            }
            return day
        }
        if property("STATUS")?.value.uppercased() == "CANCELLED" { return nil }
        if let rule = property("RRULE") ?? property("RDATE") {
            throw Unreadable(description: "line \(rule.line): a repeated event; official days are listed one by one")
        }
        guard let start = property("DTSTART"), let summary = property("SUMMARY") else {
            throw Unreadable(description: "line \(properties.first?.line ?? 1): an event without DTSTART or SUMMARY")
        }
        let first = try day(start)
        let end = try property("DTEND").map { property throws(Unreadable) in try day(property) } ?? first.advanced(by: 1)
        guard first < end, end.number - first.number < 366 else {
            throw Unreadable(description: "line \(start.line): the event ends before it begins, or lasts for a year")
        }
        let name = unescaped(summary.value)
        let words = (name + " " + (property("CATEGORIES")?.value ?? "")).lowercased()
        let isWorked = workedWords.contains { words.contains($0.lowercased()) }
        return (first.number..<end.number, HolidayList.Entry(name: name, kind: isWorked ? .worked(nil) : .off))
    }

    /// The content lines; a line that begins with white space continues the one before.
    private static func properties(of text: String) -> [Property] {
        var lines: [(number: Int, text: String)] = []
        for (place, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if let first = line.first, first == " " || first == "\t", !lines.isEmpty {
                lines[lines.count - 1].text += line.dropFirst()
            } else if !line.isEmpty {
                lines.append((place + 1, String(line)))
            }
        }
        return lines.compactMap { number, text in
            // A colon within quotes belongs to a parameter.
            var isQuoted = false
            guard
                let colon = text.firstIndex(where: { character in
                    if character == "\"" { isQuoted.toggle() }
                    return character == ":" && !isQuoted
                })
            else { return nil }
            return Property(
                name: text[..<colon].prefix { $0 != ";" }.uppercased(), value: String(text[text.index(after: colon)...]), line: number)
        }
    }

    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(character == "n" || character == "N" ? " " : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
