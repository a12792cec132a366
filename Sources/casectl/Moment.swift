import CaseCore
import CaseWire
import Catalogue
import WorkingTime

/// Days, instants and lengths as people write them; one grammar wherever a parameter of a method is one of these.
///
/// * An instant: `2026-03-24T06:30:00Z`; `2026-03-24 14:30` in the zone of the calendars; `now`, `-2h`, `+30m`; or a day.
/// * A day, which stands for its beginning: `2026-03-24`, `today`, `yesterday`, `tomorrow`, `-7d`, `+1w`, `monday` (the next one).
/// * What is so far ahead: `"3 working-days"`, where the catalogue has one calendar.
/// * A length: `"20 working-days"`, `48h`, `90m`.
struct Moment {
    private let server: Server
    private let now: Instant
    private let calendars: [(name: String, zone: String)]

    /// Parameters as a method takes them.
    static func resolved(_ params: [JSONValue.Member], of method: Method, _ server: Server) throws -> [JSONValue.Member] {
        var moment: Moment?
        func present() throws -> Moment {
            if moment == nil { moment = try Moment(server) }
            return moment!
        }
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

    private init(_ server: Server) throws {
        let info = try server.common(.serverInfo)
        self.server = server
        now = info.cell("now").flatMap { Instant($0) } ?? .first
        calendars = (info["calendars"]?.array ?? []).map { ($0.cell("calendar") ?? "", $0.cell("zone") ?? "") }
    }

    private static let forms = "write 2026-03-24, today, yesterday, -7d, \"2026-03-24 14:30\", -2h or 2026-03-24T06:30:00Z"

    private func failure(_ text: String, _ option: String, _ what: String, _ hint: String = Moment.forms) -> Failure {
        Failure(code: .usage, message: "\(option) \(text) is no \(what)", hint: hint)
    }

    // MARK: What stands for it

    private func instant(_ text: String, _ option: String) throws -> String {
        if let day = try Day(text) ?? relativeDay(text, option) { return try zone(option).instant(on: day, timeOfDay: 0).description }
        return try otherInstant(text, option) ?? { throw failure(text, option, "day and no instant") }()
    }

    private func dayOrInstant(_ text: String, _ option: String) throws -> String {
        if let day = try relativeDay(text, option) { return day.description }
        return try otherInstant(text, option) ?? { throw failure(text, option, "day and no instant") }()
    }

    private func day(_ text: String, _ option: String) throws -> String {
        try relativeDay(text, option)?.description
            ?? { throw failure(text, option, "day", "write 2026-03-24, today, yesterday, tomorrow, -7d or monday") }()
    }

    private func relativeDay(_ text: String, _ option: String) throws -> Day? {
        func after(_ days: Int) throws -> Day { try zone(option).day(of: now).advanced(by: days) }
        switch text {
        case "today": return try after(0)
        case "yesterday": return try after(-1)
        case "tomorrow": return try after(1)
        default: break
        }
        if let weekday = Moment.weekdays.firstIndex(of: text) {
            let today = try after(0).weekday.rawValue
            return try after((weekday - today + 6) % 7 + 1)
        }
        guard let span = Span(text), span.isSigned, let days = span.days else { return nil }
        return try after(days)
    }

    private func otherInstant(_ text: String, _ option: String) throws -> String? {
        if text == "now" { return now.description }
        if let span = Span(text), span.isSigned {
            return now.advanced(byMilliseconds: span.milliseconds).description
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
        return try server.call(.calendarDue, parameters.map { .init($0.0, .string($0.1)) }).cell("due")
    }

    /// The zone by which a day begins; refused where the calendars go by several.
    private func zone(_ option: String) throws -> Zone {
        let names = Set(calendars.map(\.zone)).sorted()
        guard names.count < 2 else {
            throw Failure(
                code: .usage,
                message: "\(option): the calendars go by \(names.joined(separator: " and ")), so no day begins everywhere at once",
                hint: "write an instant, such as 2026-03-24T06:30:00Z")
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
