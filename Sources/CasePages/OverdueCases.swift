import CaseCore
import CaseWire
import Catalogue
import WorkingTime

/// The open cases that are overdue, the most late first: who has to act on each, and by how much it is late.
package struct OverdueCases {
    package struct Entry {
        package let file: String
        package let matter: String
        package let state: State?
        /// In what function somebody has to act, and who it is; nil where nothing can be done.
        package let waitsFor: (role: Role, names: [String])?
        package let clock: ClockKind?
        package let due: Instant
        /// The zone of its calendar; nil where this machine does not know it.
        package let zone: Zone?
        /// In whole units of the clock, rounded down.
        package let late: (amount: Int64, unit: String)
    }

    package let entries: [Entry]
    /// All that are overdue, also those that whoever asks may not read.
    package let count: Int
    package let limit: Int

    /// - Parameters:
    ///   - cases: case objects.
    ///   - list: the duty list, for what the catalogue names.
    ///   - count: how many the report has.
    ///   - limit: at most so many were asked for.
    ///   - now: the instant of the report.
    package init(_ cases: [JSONValue], of list: JSONValue, count: Int, limit: Int, now: Instant) {
        let names = Names(list)
        (self.count, self.limit) = (count, limit)
        entries = cases.compactMap { OverdueCases.entry($0, now: now, names) }
    }

    /// Nil for a case that is overdue no longer.
    private static func entry(_ file: JSONValue, now: Instant, _ names: Names) -> Entry? {
        let clocks = (file["clocks"]?.array ?? []).compactMap { clock in
            clock.cell("due").flatMap { Instant($0) }.map { (clock: clock, due: $0) }
        }
        guard let first = clocks.min(by: { $0.due < $1.due }), first.due <= now else { return nil }
        let waits = file["waits_for"] ?? .null
        return Entry(
            file: file.cell("case") ?? "", matter: names.matters[file.cell("matter") ?? ""] ?? file.cell("matter") ?? "",
            state: file.cell("state").flatMap { State(rawValue: $0) },
            waitsFor: waits.cell("role").flatMap { Role(rawValue: $0) }.map { role in
                (role, (waits["names"]?.array ?? []).compactMap(\.string).map(names.person))
            },
            clock: first.clock.cell("clock").flatMap { ClockKind(rawValue: $0) }, due: first.due,
            zone: names.zones[file.cell("matter") ?? ""],
            late: (max(0, -(first.clock["left"]?.integer ?? 0)), first.clock.cell("unit") ?? ""))
    }

    /// What people call what the catalogue names.
    private struct Names {
        var matters: [String: String] = [:]
        /// Of each matter.
        var zones: [String: Zone] = [:]
        private var persons: [String: String] = [:]

        init(_ list: JSONValue) {
            for matter in list["matters"]?.array ?? [] {
                let id = matter.cell("matter") ?? ""
                matters[id] = matter.cell("name")
                zones[id] = matter.cell("zone").flatMap { try? ZoneFile.zone(named: $0) }
            }
            for post in list["posts"]?.array ?? [] {
                if let id = post.cell("holder_id") { persons[id] = post.cell("holder") }
                persons[post.cell("post") ?? ""] = post.cell("name")
            }
        }

        func person(_ id: String) -> String {
            persons[id].map { $0 == id ? id : "\($0) (\(id))" } ?? id
        }
    }
}

extension Language {
    /// Who has to act on an overdue case.
    package func waitsFor(_ entry: OverdueCases.Entry) -> String? {
        entry.waitsFor.map { ([role($0.role)] + ($0.names.isEmpty ? [] : [list($0.names)])).joined(separator: self == .zh ? "：" : ": ") }
    }

    /// When the clock of an overdue case ran out, in the zone of its calendar, which is named where there are several.
    package func due(_ entry: OverdueCases.Entry, amongZones count: Int) -> String {
        guard let zone = entry.zone else { return "\(entry.due)" }
        return list([end(entry.due, in: zone)] + (count > 1 ? [zone.name] : []))
    }

    /// By how much a case is late. What has not come to a whole unit yet is said to be less than one.
    package func late(_ entry: OverdueCases.Entry) -> String {
        let (amount, unit) = entry.late
        guard amount > 0 else { return (self == .zh ? "不足 " : "less than ") + length(1, unit) }
        let hours = ["working-minutes": "working-hours", "minutes": "hours"]
        guard amount >= 120, let hour = hours[unit] else { return length(amount, unit) }
        return length(amount / 60, hour)
    }

    /// How many there are, and which of them are listed; nil where a list is not wanted.
    package func remark(on overdue: OverdueCases) -> String? {
        let (count, listed) = (overdue.count, overdue.entries.count)
        guard count > 0 else { return self == .zh ? "没有逾期案件。" : "No case is overdue." }
        guard overdue.limit > 0 else { return nil }
        let isWhole = listed >= count
        switch self {
        case .en:
            let all = count == 1 ? "1 case is overdue" : "\(count) cases are overdue"
            if isWhole { return "\(all)\(count == 1 ? "" : ", the most late first")." }
            if listed == overdue.limit { return "\(all); these are the first \(listed), the most late first." }
            return "\(all); whoever made this report may read \(listed == 0 ? "none" : "\(listed)") of them."
        case .zh:
            let all = "共有 \(count) 件逾期"
            if isWhole { return "\(all)，按逾期时间由长到短排列。" }
            if listed == overdue.limit { return "\(all)；以下为逾期时间最长的 \(listed) 件。" }
            return "\(all)；其中 \(listed) 件可由报表制作人查阅。"
        }
    }
}
