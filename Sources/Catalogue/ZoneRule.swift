import WorkingTime

/// The rule at the end of a tz file that holds for all later years, such as `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 8536, 3.3; POSIX `TZ`).
struct ZoneRule {
    private let standardOffset: Int
    private let summer: (offset: Int, starts: Turn, ends: Turn)?

    /// When summer time begins or ends; `second` counts from 00:00 local time of the day.
    private struct Turn {
        let date: Date
        let second: Int

        enum Date {
            /// The `week`th `weekday` (0 is Sunday) of a month, 5 being the last.
            case weekday(month: Int, week: Int, weekday: Int)
            /// From 1 to 365; 29 February is never counted.
            case dayWithoutLeapDays(Int)
            /// From 0 to 365; 29 February is counted.
            case dayOfYear(Int)
        }

        func day(year: Int) -> Day {
            switch date {
            case .weekday(let month, let week, let weekday):
                let first = Day(year: year, month: month, day: 1)!
                let weekdayOfFirst = (first.weekday.rawValue + 1) % 7
                let day = 1 + (weekday - weekdayOfFirst + 7) % 7 + (week - 1) * 7
                let length = Day.length(ofMonth: month, year: year)
                return first.advanced(by: (day > length ? day - 7 : day) - 1)
            case .dayWithoutLeapDays(let number):
                let isAfterLeapDay = number >= 60 && Day.length(ofMonth: 2, year: year) == 29
                return Day(year: year, month: 1, day: 1)!.advanced(by: number - (isAfterLeapDay ? 0 : 1))
            case .dayOfYear(let number): return Day(year: year, month: 1, day: 1)!.advanced(by: number)
            }
        }
    }

    /// Nil where the text is no rule, or one whose clocks would skip a whole day every year.
    init?(_ text: String) {
        var rest = text[...]
        guard ZoneRule.name(&rest), let offset = ZoneRule.time(&rest, hourLimit: 25) else { return nil }
        standardOffset = -offset
        guard !rest.isEmpty else {
            summer = nil
            return
        }
        guard ZoneRule.name(&rest) else { return nil }
        let summerOffset = rest.first == "," ? standardOffset + 3600 : ZoneRule.time(&rest, hourLimit: 25).map { -$0 }
        guard let summerOffset, let starts = ZoneRule.turn(&rest), let ends = ZoneRule.turn(&rest), rest.isEmpty,
            abs(summerOffset - standardOffset) < 86_400
        else { return nil }
        summer = (summerOffset, starts, ends)
    }

    /// The changes of a stretch of years, each within 1 to 9999, in rising order and each at an instant of its own.
    ///
    /// Summer time that ends as the next one begins does not end: of changes at one instant, that of the later year counts.
    func changes(in years: ClosedRange<Int>) -> [Zone.Change] {
        guard let summer else { return [] }
        func change(_ turn: Turn, _ year: Int, from before: Int, to offset: Int) -> Zone.Change {
            Zone.Change(
                at: Instant(seconds: Int64(turn.day(year: year).number) * 86_400 + Int64(turn.second - before)), offset: offset)
        }
        let changes = years.flatMap { year in
            let starts = change(summer.starts, year, from: standardOffset, to: summer.offset)
            let ends = change(summer.ends, year, from: summer.offset, to: standardOffset)
            return starts.at <= ends.at ? [starts, ends] : [ends, starts]
        }
        let ordered = changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        return zip(ordered, ordered.dropFirst().map(Optional.init) + [nil]).filter { $0.at != $1?.at }.map(\.0)
    }

    private static func name(_ rest: inout Substring) -> Bool {
        if rest.first == "<" {
            guard let end = rest.firstIndex(of: ">") else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let name = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(name.count)
        return name.count >= 3
    }

    /// RFC 8536 allows 167 hours for the time of a change.
    private static let hourLimit = 167

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private static func time(_ rest: inout Substring, hourLimit: Int = hourLimit) -> Int? {
        let sign = rest.first == "-" ? -1 : 1
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        let digits = rest.prefix { $0.isNumber || $0 == ":" }
        rest = rest.dropFirst(digits.count)
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        let limits = [hourLimit, 59, 59]
        let isTime = zip(parts, limits).allSatisfy { part, limit in part.map { (0...limit).contains($0) } ?? false }
        guard (1...3).contains(parts.count), isTime else { return nil }
        return sign * zip(parts.map { $0! }, [3600, 60, 1]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func turn(_ rest: inout Substring) -> Turn? {
        guard rest.first == "," else { return nil }
        rest = rest.dropFirst()
        let form = rest.first
        if form == "M" || form == "J" { rest = rest.dropFirst() }
        let text = rest.prefix { $0.isNumber || $0 == "." }
        rest = rest.dropFirst(text.count)
        let parts = text.split(separator: ".").compactMap { Int($0) }
        guard let date = date(form, parts) else { return nil }
        var second = 7200
        if rest.first == "/" {
            rest = rest.dropFirst()
            guard let time = time(&rest) else { return nil }
            second = time
        }
        return Turn(date: date, second: second)
    }

    private static func date(_ form: Character?, _ parts: [Int]) -> Turn.Date? {
        if form == "M" {
            guard parts.count == 3, (1...12).contains(parts[0]), (1...5).contains(parts[1]), (0...6).contains(parts[2]) else { return nil }
            return .weekday(month: parts[0], week: parts[1], weekday: parts[2])
        }
        guard parts.count == 1 else { return nil }
        if form == "J" { return (1...365).contains(parts[0]) ? .dayWithoutLeapDays(parts[0]) : nil }
        return (0...365).contains(parts[0]) ? .dayOfYear(parts[0]) : nil
    }
}
