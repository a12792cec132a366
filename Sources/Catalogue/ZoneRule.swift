import WorkingTime

/// The rule at the end of a tz file that holds for all later years, such as `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 8536, 3.3; POSIX `TZ`).
struct ZoneRule {
    private let standardOffset: Int
    private let summer: (offset: Int, starts: Turn, ends: Turn)?

    /// The `week`th `weekday` (0 is Sunday) of a month, 5 being the last; `second` counts from 00:00 local time.
    private struct Turn {
        let month: Int
        let week: Int
        let weekday: Int
        let second: Int

        func day(year: Int) -> Day {
            let first = Day(year: year, month: month, day: 1)!
            let weekdayOfFirst = (first.weekday.rawValue + 1) % 7
            let day = 1 + (weekday - weekdayOfFirst + 7) % 7 + (week - 1) * 7
            let length = Day.length(ofMonth: month, year: year)
            return first.advanced(by: (day > length ? day - 7 : day) - 1)
        }
    }

    /// Nil where the text is no rule of this form; zones with rules by day of the year are read up to their last listed change.
    init?(_ text: String) {
        var rest = text[...]
        guard ZoneRule.name(&rest), let offset = ZoneRule.time(&rest) else { return nil }
        standardOffset = -offset
        guard !rest.isEmpty else {
            summer = nil
            return
        }
        guard ZoneRule.name(&rest) else { return nil }
        let summerOffset = rest.first == "," ? standardOffset + 3600 : ZoneRule.time(&rest).map { -$0 }
        guard let summerOffset, let starts = ZoneRule.turn(&rest), let ends = ZoneRule.turn(&rest), rest.isEmpty else { return nil }
        summer = (summerOffset, starts, ends)
    }

    func changes(through lastYear: Int) -> [Zone.Change] {
        guard let summer else { return [] }
        func instant(_ turn: Turn, _ year: Int, _ offsetBefore: Int) -> Instant {
            Instant(seconds: Int64(turn.day(year: year).number) * 86_400 + Int64(turn.second - offsetBefore))
        }
        return (1970...lastYear).flatMap { year in
            [
                Zone.Change(at: instant(summer.starts, year, standardOffset), offset: summer.offset),
                Zone.Change(at: instant(summer.ends, year, summer.offset), offset: standardOffset),
            ]
        }.sorted { $0.at < $1.at }
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

    /// RFC 8536 allows 167 hours.
    private static let hourLimit = 167

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private static func time(_ rest: inout Substring) -> Int? {
        let sign = rest.first == "-" ? -1 : 1
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        let digits = rest.prefix { $0.isNumber || $0 == ":" }
        rest = rest.dropFirst(digits.count)
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(parts.count), parts.allSatisfy({ $0.map { (0...hourLimit).contains($0) } ?? false }) else { return nil }
        return sign * zip(parts.map { $0! }, [3600, 60, 1]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func turn(_ rest: inout Substring) -> Turn? {
        guard rest.hasPrefix(",M") else { return nil }
        rest = rest.dropFirst(2)
        let date = rest.prefix { $0.isNumber || $0 == "." }
        rest = rest.dropFirst(date.count)
        let parts = date.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(parts[0]), (1...5).contains(parts[1]), (0...6).contains(parts[2]) else { return nil }
        var second = 7200
        if rest.first == "/" {
            rest = rest.dropFirst()
            guard let time = time(&rest) else { return nil }
            second = time
        }
        return Turn(month: parts[0], week: parts[1], weekday: parts[2], second: second)
    }
}
