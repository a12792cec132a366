import CaseWire
import WorkingTime

/// Instants as people who work by a calendar say them.
struct LocalTime {
    private let zone: Zone
    private let now: Instant

    /// The zone of the calendars, where they have one together and this machine knows it; nil where instants are shown as they are.
    ///
    /// - Parameter isWanted: whether a person looks on who has not asked for instants as they are.
    init?(_ server: Server, isWanted: Bool) throws {
        guard isWanted else { return nil }
        let info = try server.common(.serverInfo)
        guard let zone = Moment.zone(info), let now = info.cell("now").flatMap({ Instant($0) }) else { return nil }
        (self.zone, self.now) = (zone, now)
    }

    init(_ zone: Zone, now: Instant) {
        (self.zone, self.now) = (zone, now)
    }

    /// What stands below a table whose instants are said so.
    var remark: String {
        "Times are those of \(zone.name)."
    }

    /// Such as `Tue 24 Mar 14:30`, with the year where it is another one. What follows an instant, as in `… provisional`, stays. Nil where the text
    /// is no instant.
    ///
    /// - Parameter isEnd: whether something ends then: where that is as a day does, it is `Tue 24 Mar, end of day`.
    func text(_ text: String, isEnd: Bool = false) -> String? {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let first = parts.first, let instant = Instant(first) else { return nil }
        let rest = parts.count > 1 ? " " + parts[1] : ""
        let (day, last) = (zone.day(of: instant), zone.day(of: instant.advanced(byMilliseconds: -1)))
        if isEnd, last != day { return date(last) + ", end of day" + rest }
        let minute = zone.timeOfDay(of: instant) / 60_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return date(day) + " \(two(minute / 60)):\(two(minute % 60))" + rest
    }

    private func date(_ day: Day) -> String {
        let parts = day.components
        let year = parts.year == zone.day(of: now).components.year ? "" : " \(parts.year)"
        return "\(LocalTime.weekdays[day.weekday.rawValue]) \(parts.day) \(LocalTime.months[parts.month - 1])\(year)"
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
