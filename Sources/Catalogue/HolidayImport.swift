import CaseWire
import WorkingTime

/// A list of holidays as it was published, read and looked at: a year's JSON (`{"year": 2026, "days": [{"name", "date", "isOffDay"}]}`) or an
/// iCalendar file (RFC 5545). Nothing is guessed: what could be meant in two ways is a question, and what is not taken over is named.
package struct HolidayImport: Equatable, Sendable {
    /// How a file is to be read, where it does not say so itself.
    package struct Options: Sendable {
        /// What an event's DTEND is. By RFC 5545 it is the day after the last; there are programs that write the last.
        package enum EndDay: String, CaseIterable, Sendable {
            case after, last
        }

        /// Of several years in an iCalendar file, the one that is meant.
        package var year: Int?
        /// An event of an iCalendar file that has one of these is a make-up working day.
        package var words = MakeUpWords()
        /// Nil where nobody has said it: then an event that ends on the day on which it begins is not read.
        package var endDay: EndDay?
        /// Days of the file that are off, or worked, whatever it says of them.
        package var decided: [Day: Decision] = [:]
        /// Whether it is known that the year has no day that differs from its weekday.
        package var allowsEmptyYear = false

        package init() {}
    }

    package enum Decision: String, Equatable, Sendable {
        case off, worked
    }

    /// The file is none that can be read.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    /// Something in the file that is not as it may look.
    package struct Remark: Equatable, Sendable, CustomStringConvertible {
        /// Where it begins, from 1; nil for JSON.
        let line: Int?
        let text: String

        package var description: String {
            (line.map { "line \($0): " } ?? "") + text
        }
    }

    /// Something that somebody has to decide before the list can be taken over.
    package struct Question: Equatable, Sendable, CustomStringConvertible {
        package let message: String
        package let mend: String

        package var description: String {
            "\(message); \(mend)"
        }
    }

    package private(set) var list: HolidayList
    /// What of the file is not in the list.
    package private(set) var leftOut: [Remark] = []
    /// What is in the list, and how it was understood.
    package private(set) var understood: [Remark] = []
    /// What keeps the list from being taken over.
    package private(set) var questions: [Question] = []

    /// - Throws: what makes it unreadable, with the line and, where there is one, the mend.
    package init(_ bytes: [UInt8], _ options: Options = Options()) throws(Unreadable) {
        list = HolidayList(year: options.year, source: "", days: [:])
        var reading = Reading()
        if ICalendar.isBegun(by: bytes) {
            try reading.read(calendar: bytes, options)
            try chooseYear(of: &reading, options)
        } else {
            (list.year, list.source) = try reading.read(json: bytes, options)
            for day in Set(reading.sayings.map(\.day)).sorted() where day.components.year != list.year {
                understood.append(Remark(line: nil, text: "\(day) is of another year, and is taken over with this one"))
            }
        }
        leftOut = reading.leftOut.sorted { $0.line ?? 0 < $1.line ?? 0 }
        for (line, sayings) in HolidayImport.byLine(reading.sayings) {
            guard let words = sayings[0].understanding else { continue }
            understood.append(Remark(line: line, text: "\(HolidayImport.span(sayings.map(\.day))), \(sayings[0].name): \(words)"))
        }
        settle(reading, options)
        let year = list.year ?? 0
        if !list.days.keys.contains(where: { $0.components.year == year }), questions.isEmpty, !options.allowsEmptyYear {
            questions.append(
                Question(
                    message: "there is no day of \(year) in it, as in a file that was published before the year is decided",
                    mend: "wait for the decision; where the year really has no day that differs, say --empty-year"))
        }
    }

    /// Leaves the days of all other years out, and says so.
    private mutating func chooseYear(of reading: inout Reading, _ options: Options) throws(Unreadable) {
        let years = Set(reading.sayings.map { $0.day.components.year }).sorted()
        guard let year = options.year ?? (years.count == 1 ? years[0] : nil) else {
            throw Unreadable(
                description: years.isEmpty
                    ? "it has no event of a whole day\(reading.leftOut.isEmpty ? "" : " that counts"): say which year is meant, as --year"
                    : "it has events of \(years.map(String.init).joined(separator: ", ")): say which year is meant, as --year")
        }
        list.year = year
        let others = reading.sayings.filter { $0.day.components.year != year }
        for (line, days) in HolidayImport.byLine(others) {
            let span = HolidayImport.span(days.map(\.day))
            reading.leftOut.append(Remark(line: line, text: "\(span), \(days[0].name): not of \(year)"))
        }
        reading.sayings.removeAll { $0.day.components.year != year }
    }

    /// Makes one entry of all that the file says of a day, or a question.
    private mutating func settle(_ reading: Reading, _ options: Options) {
        for (day, sayings) in Dictionary(grouping: reading.sayings, by: \.day).sorted(by: { $0.key < $1.key }) {
            let kinds = Set(sayings.compactMap(\.decision))
            let decision: Decision
            if let decided = options.decided[day] {
                decision = decided
            } else if let only = kinds.first, kinds.count == 1, !sayings.contains(where: { $0.decision == nil }) {
                decision = only
            } else {
                let said = sayings.map { saying in
                    let place = saying.line.map { " (line \($0))" } ?? ""
                    return "\(saying.decision?.rawValue ?? saying.doubt ?? "") by \"\(saying.name)\"\(place)"
                }
                questions.append(
                    Question(
                        message: "\(day) is \(said.joined(separator: " and "))",
                        mend: "decide it with --off \(day) or --worked \(day)"))
                continue
            }
            // What says otherwise gives no name to it, unless nothing else does.
            let agreeing = sayings.filter { $0.decision == decision }
            let names = (agreeing.isEmpty ? sayings : agreeing).map(\.name).reduce(into: [String]()) { names, name in
                if !names.contains(name) { names.append(name) }
            }
            if names.count > 1 {
                understood.append(
                    Remark(line: sayings.compactMap(\.line).max(), text: "\(day) has \(names.count) names, and keeps all of them"))
            }
            list.days[day] = HolidayList.Entry(name: names.joined(separator: ", "), kind: decision == .off ? .off : .worked(nil))
        }
        for day in options.decided.keys.sorted() where !reading.sayings.contains(where: { $0.day == day }) {
            questions.append(
                Question(
                    message: "\(day) is no day of the file\(list.year.map { " for \($0)" } ?? "")",
                    mend: "leave it out of --off and --worked"))
        }
    }

    private static func byLine(_ sayings: [Reading.Saying]) -> [(line: Int?, sayings: [Reading.Saying])] {
        Dictionary(grouping: sayings, by: \.line).sorted { $0.key ?? 0 < $1.key ?? 0 }.map { (line: $0.key, sayings: $0.value) }
    }

    /// Such as `2026-02-15 to 2026-02-17`.
    private static func span(_ days: [Day]) -> String {
        guard let first = days.min(), let last = days.max() else { return "" }
        return first == last ? "\(first)" : "\(first) to \(last)"
    }
}

/// What a file says, before it is settled.
private struct Reading {
    typealias Unreadable = HolidayImport.Unreadable

    /// What one event, or one entry, says of one day.
    struct Saying {
        let day: Day
        let name: String
        /// Nil where it could be either.
        let decision: HolidayImport.Decision?
        /// Why that cannot be said.
        var doubt: String?
        /// By what it was understood so, where that is not plain.
        var understanding: String?
        /// Nil for JSON.
        let line: Int?
    }

    var sayings: [Saying] = []
    var leftOut: [HolidayImport.Remark] = []

    // MARK: JSON

    /// - Returns: of which year it is, and where it was published.
    mutating func read(json bytes: [UInt8], _ options: HolidayImport.Options) throws(Unreadable) -> (year: Int, source: String) {
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
        if let foreign = ForeignText(bytes, at: "FILE") { throw Unreadable(description: "\(foreign.message); \(foreign.mend)") }
        guard bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "{") else {
            throw Unreadable(description: "it is neither JSON with a year's days nor an iCalendar file")
        }
        let content: JSONValue
        do throws(JSONReader.Malformed) { content = try JSONReader.read(bytes) } catch {
            let line = 1 + bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") }
            throw Unreadable(description: "line \(line): \(error.reason)")
        }
        guard let year = content["year"]?.integer.flatMap({ Int(exactly: $0) }), let days = content["days"]?.array,
            let papers = Reading.papers(of: content)
        else { throw Reading.otherForm }
        if let wanted = options.year, wanted != year { throw Unreadable(description: "it is of \(year), not of \(wanted)") }
        for entry in days {
            guard let name = entry["name"]?.string, let date = entry["date"]?.string, let isOff = entry["isOffDay"]?.bool else {
                throw Reading.otherForm
            }
            guard let day = Day(date) else { throw Unreadable(description: "\"\(date)\" is no day") }
            sayings.append(Saying(day: day, name: name, decision: isOff ? .off : .worked, line: nil))
        }
        return (year, papers.joined(separator: " "))
    }

    private static let otherForm = Unreadable(
        description: "its JSON has not the form {\"year\": …, \"days\": [{\"name\", \"date\", \"isOffDay\"}]}")

    /// Where it was published, as far as the file says so; nil where that has another form.
    private static func papers(of content: JSONValue) -> [String]? {
        guard let said = content["papers"], !said.isNull else { return [] }
        let papers = said.array?.compactMap(\.string)
        return papers?.count == said.array?.count ? papers : nil
    }

    // MARK: iCalendar

    mutating func read(calendar bytes: [UInt8], _ options: HolidayImport.Options) throws(Unreadable) {
        let file: ICalendar
        do throws(ICalendar.Malformed) { file = try ICalendar(bytes) } catch {
            throw Unreadable(description: "line \(error.line): \(error.message)")
        }
        for calendar in file.calendars {
            if let version = calendar.all("VERSION").first, version.value != "2.0" {
                throw Unreadable(description: "line \(version.line): version \(version.value) of iCalendar; only 2.0 (RFC 5545) is read")
            }
            let isCancelled = calendar.all("METHOD").contains { $0.value.uppercased() == "CANCEL" }
            var (events, newest): ([HolidayEvent], [String: Int]) = ([], [:])
            for component in calendar.components {
                switch component.name {
                case "VEVENT":
                    let event = try HolidayEvent(component)
                    events.append(event)
                    if let identity = event.identity { newest[identity] = max(newest[identity] ?? 0, event.sequence) }
                case "VTODO", "VJOURNAL": leftOut.append(.init(line: component.line, text: "\(component.name): no event"))
                // Zones and free times say nothing of days.
                default: continue
                }
            }
            for event in events {
                if let status = isCancelled ? "CANCELLED" : event.status, status != "CONFIRMED" {
                    leftOut.append(.init(line: event.line, text: "\(event.shortName): \(status)"))
                } else if let identity = event.identity, let revision = newest[identity], event.sequence < revision {
                    leftOut.append(.init(line: event.line, text: "\(event.shortName): revised by a later event of the same UID"))
                } else {
                    try read(event, options)
                }
            }
        }
    }

    private mutating func read(_ event: HolidayEvent, _ options: HolidayImport.Options) throws(Unreadable) {
        let (name, days) = (try event.name(), try event.days(options.endDay))
        var (decision, doubt, understanding): (HolidayImport.Decision?, String?, String?)
        switch options.words.sense(of: [name] + event.categories) {
        case .none: decision = .off
        case .within(let word):
            (decision, understanding) = (.off, "off, as \"\(word)\" stands in it only within a longer word, or denied")
        case .worked(let word): (decision, understanding) = (.worked, "worked, by the word \"\(word)\"")
        case .unclear(let word, let contrary): doubt = "worked by the word \"\(word)\" or not by \"\(contrary)\","
        }
        sayings += days.map {
            Saying(day: Day(number: $0), name: name, decision: decision, doubt: doubt, understanding: understanding, line: event.line)
        }
    }
}
