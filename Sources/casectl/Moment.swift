import CaseCore
import CasePages
import CaseWire
import Catalogue
import Synchronization
import WorkingTime

/// Days, instants and lengths as people write them; one grammar wherever a parameter of a method is one of these.
///
/// * An instant: `2026-03-24T06:30:00Z`; `2026-03-24 14:30` in the zone of the calendars; `now`, `-2h`, `+30m`; or a day.
/// * A day, which stands for its beginning: `2026-03-24`, `today`, `yesterday`, `tomorrow`, `-7d`, `+1w`, `monday` (the next one),
///   `this-week` (its Sunday).
/// * What is so far ahead: `"3 working-days"`, where the catalogue has one calendar.
/// * A length: `"20 working-days"`, `48h`, `90m`.
struct Moment {
    private let server: Server
    private let present: Present

    /// The server's present when it was first asked for, which is that of the whole run, and the calendars that count: the one that the
    /// command names, or all by which matters count.
    private struct Present {
        let now: Instant
        let calendars: [(name: String, zone: String)]
    }

    private static let known = Mutex<Present?>(nil)

    /// Parameters as a method takes them.
    static func resolved(_ params: [JSONValue.Member], of method: Method, _ server: Server) throws -> [JSONValue.Member] {
        let calendar = params.first { $0.name == "calendar" }?.value.string
        func present() throws -> Moment { try Moment(server, calendar: calendar) }
        func value(_ given: JSONValue, _ parameter: Shape.Member) throws -> JSONValue {
            let option = "--" + parameter.name.replacing("_", with: "-")
            switch (parameter.shape.withoutNull, given) {
            case (.object(let inner), .object(let members)):
                return .object(
                    try members.map { member in
                        guard let shape = inner.first(where: { $0.name == member.name }) else { return member }
                        return .init(member.name, try value(member.value, shape))
                    })
            case (.instant, .string(let text)) where Instant(text) == nil: return .string(try present().instant(text, option))
            case (.dayOrInstant, .string(let text)) where Instant(text) == nil && Day(text) == nil:
                return .string(try present().dayOrInstant(text, option))
            case (.day, .string(let text)) where Day(text) == nil: return .string(try present().day(text, option))
            case (.length, .string(let text)): return .string(Moment.length(text))
            default: return given
            }
        }
        return try params.map { member in
            guard let parameter = method.parameters.first(where: { $0.name == member.name }) else { return member }
            return .init(member.name, try value(member.value, parameter))
        }
    }

    /// A whole day, for what has no part of one; in the zone of reports, where calendars go by several.
    static func wholeDay(_ text: String, _ option: String, _ server: Server) throws -> Day {
        if let day = Day(text) { return day }
        let moment = try Moment(server, calendar: nil)
        guard let day = try moment.relativeDay(text, option, moment.sharedToday) else {
            throw Failure(code: .usage, message: "\(option) \(text) is no whole day", hint: dayForms)
        }
        return day
    }

    /// An instant, or the beginning of a day.
    static func instant(_ text: String, _ option: String, _ server: Server) throws -> String {
        try Instant(text) == nil ? Moment(server, calendar: nil).instant(text, option) : text
    }

    /// Where a watch begins: an instant in whatever form, but for the words and the places that the server knows.
    static func place(_ text: String, _ option: String, _ server: Server) throws -> String {
        let isCursor = text.wholeMatch(of: /[^.]+\.[0-9]+/) != nil
        return ["now", "start"].contains(text) || isCursor ? text : try instant(text, option, server)
    }

    private init(_ server: Server, calendar: String?) throws {
        self.server = server
        if let known = Moment.known.withLock({ $0 }), calendar == nil {
            present = known
            return
        }
        let info = try server.common(.serverInfo)
        let calendars = (info["calendars"]?.array ?? []).map { ($0.cell("calendar") ?? "", $0.cell("zone") ?? "") }
        let now = info.cell("now").flatMap { Instant($0) } ?? .first
        guard let calendar else {
            present = Present(now: now, calendars: calendars)
            Moment.known.withLock { [present] in $0 = present }
            return
        }
        // One that no matter counts by is not among those that the server lists.
        let day = JSONValue.string(Zone.utc.day(of: now).description)
        let zone = try server.common(
            .calendarShow, [.init("calendar", .string(calendar)), .init("from", day), .init("to", day)]
        ).cell("zone")
        present = Present(now: now, calendars: [(calendar, zone ?? "")])
    }

    private var now: Instant {
        present.now
    }

    private var calendars: [(name: String, zone: String)] {
        present.calendars
    }

    private static let dayForms = "write 2026-03-24, today, yesterday, tomorrow, -7d, monday or this-week"
    private static let forms = "write 2026-03-24, today, yesterday, -7d, \"2026-03-24 14:30\", -2h or 2026-03-24T06:30:00Z"

    private func failure(_ text: String, _ option: String, _ what: String, _ hint: String = Moment.forms) -> Failure {
        if let (text, option) = Moment.end(text) {
            return Failure(code: .usage, message: "\(option) \(text) is no day", hint: Moment.dayForms)
        }
        return Failure(code: .usage, message: "\(option) \(text) is no \(what)", hint: hint)
    }

    // MARK: What stands for it

    /// The end of a day, as `Filter` means it by an option of its own.
    static func endOf(_ day: String, option: String) -> String {
        "\(endMark)\(option) \(day)"
    }

    private static let endMark = "end of "

    private static func end(_ text: String) -> (day: String, option: String)? {
        guard text.hasPrefix(endMark) else { return nil }
        let parts = text.dropFirst(endMark.count).split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 ? (parts[1], parts[0]) : nil
    }

    private func instant(_ text: String, _ option: String) throws -> String {
        if let (text, option) = Moment.end(text) {
            guard let day = try Day(text) ?? relativeDay(text, option) else {
                throw failure(Moment.endOf(text, option: option), option, "day")
            }
            // A deadline of whole days is the instant at which its last day ends.
            return try zone(option).instant(on: day.advanced(by: 1), timeOfDay: 0).advanced(byMilliseconds: 1).description
        }
        if let day = try Day(text) ?? relativeDay(text, option) { return try zone(option).instant(on: day, timeOfDay: 0).description }
        return try otherInstant(text, option) ?? { throw failure(text, option, "day and no instant") }()
    }

    private func dayOrInstant(_ text: String, _ option: String) throws -> String {
        if let day = try relativeDay(text, option, sharedToday) { return day.description }
        return try otherInstant(text, option) ?? { throw failure(text, option, "day and no instant") }()
    }

    /// Where calendars go by several zones, the day of reports; nil where they go by one.
    private var sharedToday: Day? {
        get throws {
            let isShared = Set(calendars.map(\.zone)).count > 1
            return isShared ? try server.common(.slaReport).cell("today").flatMap { Day($0) } : nil
        }
    }

    private func day(_ text: String, _ option: String) throws -> String {
        try relativeDay(text, option)?.description
            ?? { throw failure(text, option, "day", Moment.dayForms) }()
    }

    /// - Parameter today: which day it is; nil for that in the zone of the calendars.
    private func relativeDay(_ text: String, _ option: String, _ today: Day? = nil) throws -> Day? {
        func after(_ days: Int) throws -> Day { try (today ?? zone(option).day(of: now)).advanced(by: days) }
        switch text {
        case "today": return try after(0)
        case "yesterday": return try after(-1)
        case "tomorrow": return try after(1)
        case "this-week": return try after(6 - after(0).weekday.rawValue)
        default: break
        }
        if let weekday = Moment.weekdays.firstIndex(of: text.lowercased()) {
            return try after((weekday - after(0).weekday.rawValue + 6) % 7 + 1)
        }
        guard let span = Span(text), span.isSigned, let days = span.days else { return nil }
        return try after(days)
    }

    private func otherInstant(_ text: String, _ option: String) throws -> String? {
        if text == "now" { return now.description }
        if let span = Span(text) {
            return span.isSigned ? now.advanced(byMilliseconds: span.milliseconds).description : nil
        }
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }.map(String.init)
        if parts.count == 2, let day = Day(parts[0]), let time = Moment.timeOfDay(parts[1]) {
            return try zone(option).instant(on: day, timeOfDay: time).description
        }
        let ahead = text.hasPrefix("+") ? String(text.dropFirst()) : text
        guard let length = try? Length(parsing: ahead) else { return nil }
        guard let calendar = calendars.first, calendars.count == 1 else {
            throw failure(text, option, "instant here", "the catalogue has \(calendars.count) calendars, not one: \(Moment.forms)")
        }
        let parameters = [("calendar", calendar.name), ("start", now.description), ("budget", length.description)]
        return try server.common(.calendarDue, parameters.map { .init($0.0, .string($0.1)) }).cell("due")
    }

    /// The zone by which a day begins; refused where the calendars go by several.
    private func zone(_ option: String) throws -> Zone {
        let names = Set(calendars.map(\.zone)).sorted()
        guard names.count < 2 else {
            throw Failure(
                code: .usage,
                message: "\(option): the calendars go by \(names.joined(separator: " and ")), so no day begins everywhere at once",
                hint: option == "--due"
                    ? "give --due-before with an instant, such as 2026-03-24T06:30:00Z" : "write an instant, such as 2026-03-24T06:30:00Z")
        }
        guard let name = names.first else { return .utc }
        guard let zone = try? ZoneFile.zone(named: name) else {
            throw Failure(
                code: .usage, message: "\(option): this machine does not know the time zone \(name)",
                hint: "install the package tzdata, or write an instant, such as 2026-03-24T06:30:00Z")
        }
        return zone
    }

    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private static func timeOfDay(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64($0) : nil }
        guard parts.count == numbers.count, (2...3).contains(numbers.count), numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 })
        else { return nil }
        return (numbers[0] * 60 + numbers[1]) * 60_000 + (numbers.count > 2 ? numbers[2] * 1000 : 0)
    }

    /// A short length as the wire takes it; any other as it is.
    private static func length(_ text: String) -> String {
        guard let span = Span(text), !span.isSigned, span.unit == .minute || span.unit == .hour else { return text }
        return "\(span.amount) \(span.unit == .minute ? "minutes" : "hours")"
    }
}

/// A number of seconds, minutes, hours, days or weeks: `30s`, `"30 seconds"`, `2m`, `-7d`.
struct Span {
    enum Unit: Int64, CaseIterable {
        case second = 1000, minute = 60_000, hour = 3_600_000, day = 86_400_000, week = 604_800_000

        fileprivate var names: [String] {
            switch self {
            case .second: ["s", "sec", "second", "seconds"]
            case .minute: ["m", "min", "minute", "minutes"]
            case .hour: ["h", "hour", "hours"]
            case .day: ["d", "day", "days"]
            case .week: ["w", "week", "weeks"]
            }
        }
    }

    /// Negative for what is past.
    let amount: Int64
    let unit: Unit
    let isSigned: Bool

    /// Longer ones lead out of time.
    private static let digitLimit = 5

    /// Nil where the text is none.
    init?(_ text: String) {
        let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let digits = unsigned.prefix { $0.isASCII && $0.isNumber }
        let name = unsigned.dropFirst(digits.count).drop { $0 == " " }
        guard digits.count <= Span.digitLimit, let amount = Int64(digits),
            let unit = Unit.allCases.first(where: { $0.names.contains(String(name)) })
        else { return nil }
        (self.amount, self.unit) = (text.hasPrefix("-") ? -amount : amount, unit)
        isSigned = unsigned.count < text.count
    }

    /// Whole days, where it is given in such.
    var days: Int? {
        switch unit {
        case .day: Int(amount)
        case .week: Int(amount * 7)
        case .second, .minute, .hour: nil
        }
    }

    var milliseconds: Int64 {
        amount * unit.rawValue
    }
}
