import CasePages
import CaseWire
import Catalogue
import WorkingTime

/// How instants are said to whoever looks on: a person on a terminal hears local time, a program and whoever asks for UTC reads them as they
/// are. What is shown to people takes its instants from here.
struct Times: Sendable {
    private let local: LocalTime?

    init(_ local: LocalTime?) {
        self.local = local
    }

    /// - Parameters:
    ///   - isUTC: whether somebody asked for instants as they are.
    ///   - matter: by whose calendar they are said, where the calendars of a store go by several zones.
    init(_ server: Server, isUTC: Bool = false, matter: String? = nil) {
        // What was done is done, and is said as it is where the server does not answer any more.
        local = try? LocalTime(server, isWanted: Terminal.isTerminal && !isUTC && !server.json, matter: matter)
    }

    /// - Parameter isEnd: whether something ends then.
    func callAsFunction(_ text: String, isEnd: Bool = false) -> String {
        local?.text(text, isEnd: isEnd) ?? text
    }

    /// A member of a record that is an instant.
    func callAsFunction(_ record: JSONValue?, _ member: String, isEnd: Bool = false) -> String? {
        record?.cell(member).map { self($0, isEnd: isEnd) }
    }

    /// What stands below, as a part of its own.
    var remark: String {
        local.map { "\n\n" + $0.remark } ?? ""
    }
}

/// Instants as people who work by a calendar say them.
struct LocalTime: Sendable {
    private let zone: Zone
    private let now: Instant
    /// That of whoever reads it; text for somebody else is in theirs.
    private let language: Language
    /// What stands below a table whose instants are said so.
    let remark: String

    /// The zone of the calendars; UTC where they go by several, or where this machine does not know theirs. Nil where instants are shown as
    /// they are.
    ///
    /// - Parameters:
    ///   - isWanted: whether a person looks on who has not asked for instants as they are.
    ///   - matter: whose calendar counts, where there are several zones.
    init?(_ server: Server, isWanted: Bool, matter: String? = nil) throws {
        guard isWanted else { return nil }
        language = Say.language
        let info = try server.common(.serverInfo)
        let zones = LocalTime.zoneNames(info)
        guard let now = info.cell("now").flatMap({ Instant($0) }) else { return nil }
        var common = LocalTime.zone(info)
        if common == nil, zones.count > 1, let matter {
            let matters = try server.common(.catalogDutyList)["matters"]?.array ?? []
            common = matters.first { $0.cell("matter") == matter }?.cell("zone").flatMap { try? ZoneFile.zone(named: $0) }
        }
        (zone, self.now) = (common ?? .utc, now)
        remark =
            if common != nil { LocalTime.remark(zone) } else if zones.count > 1 {
                Say.text("Times are UTC") + Say.line(": the calendars go by \(zones.sorted().joined(separator: " and ")).")
            } else { Say.text("Times are UTC") + (zones.first.map { Say.line(": this machine does not know the zone \($0).") } ?? ".") }
    }

    /// The zone of one calendar; nil where there is no such calendar, or this machine does not know its zone.
    init?(_ server: Server, calendar: String) throws {
        let info = try server.common(.serverInfo)
        let calendar = (info["calendars"]?.array ?? []).first { $0.cell("calendar") == calendar }
        guard let now = info.cell("now").flatMap({ Instant($0) }), let name = calendar?.cell("zone"),
            let zone = try? ZoneFile.zone(named: name)
        else { return nil }
        (self.zone, self.now, language, remark) = (zone, now, Say.language, LocalTime.remark(zone))
    }

    init(_ zone: Zone, now: Instant, in language: Language) {
        (self.zone, self.now, self.language, remark) = (zone, now, language, LocalTime.remark(zone))
    }

    private static func zoneNames(_ info: JSONValue) -> Set<String> {
        Set((info["calendars"]?.array ?? []).compactMap { $0.cell("zone") })
    }

    /// The zone of the calendars, as the server says it, where they have one together and this machine knows it.
    static func zone(_ info: JSONValue) -> Zone? {
        let zones = zoneNames(info)
        return zones.count == 1 ? try? ZoneFile.zone(named: zones.first!) : nil
    }

    private static func remark(_ zone: Zone) -> String {
        Say.text("Times are those of ") + zone.name + (Say.language == .zh ? "。" : ".")
    }

    /// The present day.
    var today: Day {
        zone.day(of: now)
    }

    var zoneName: String {
        zone.name
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
        if isEnd, last != day { return date(last) + (language == .zh ? Chinese.texts["end of day"] ?? "" : ", end of day") + rest }
        let minute = zone.timeOfDay(of: instant) / 60_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return date(day) + " \(two(minute / 60)):\(two(minute % 60))" + rest
    }

    private func date(_ day: Day) -> String {
        let parts = day.components
        if language == .zh {
            let year = parts.year == zone.day(of: now).components.year ? "" : "\(parts.year)年"
            return "\(year)\(parts.month)月\(parts.day)日（周\(LocalTime.weekdaysInChinese[day.weekday.rawValue])）"
        }
        let year = parts.year == zone.day(of: now).components.year ? "" : " \(parts.year)"
        return "\(LocalTime.weekdays[day.weekday.rawValue]) \(parts.day) \(LocalTime.months[parts.month - 1])\(year)"
    }

    private static let weekdaysInChinese = ["一", "二", "三", "四", "五", "六", "日"]
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
