import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    /// How the promises were kept, a row for each office, or for what is asked.
    func slaReport(_ parameters: Parameters) throws -> [UInt8] {
        let by = parameters.text("by") ?? "office"
        // A department has exactly the cases of its offices.
        let key = ReportKey(rawValue: by) ?? .office
        let (from, to) = (try firstDay(parameters), try endDay(parameters))
        if let from, let to, from > to { throw WireError.parameter("to", "is before from", hint: "swap them") }
        let filter = try reportFilter(parameters)
        let now = context.time.now
        let (open, rollups) = try context.store.read {
            (try $0.openSums(by: key, filter, now: now), try $0.rollups(by: key, filter, from: from, to: to))
        }
        let register = context.catalogs.newest
        func name(_ key: String) -> String {
            by == "department" ? register.offices[OfficeID(key)]?.department.raw ?? "none" : key
        }
        var rows: [String: ReportRow] = [:]
        for (key, sum) in open { rows[name(key), default: ReportRow()].add(sum) }
        for (key, rollup) in rollups { rows[name(key), default: ReportRow()].rollup.add(rollup) }
        let total = rows.values.reduce(into: ReportRow()) { $0.add($1) }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("by", by)
                writer.member("from", from?.description)
                writer.member("to", to?.description)
                writer.member("at", now)
                writer.key("rows")
                writer.array(of: rows.sorted { $0.key < $1.key }) { writer, row in
                    row.value.write(to: &writer, row.key, title: register.title(of: row.key, as: by))
                }
                writer.key("total")
                total.write(to: &writer, "total", title: "total")
            }
        }
    }

    private func reportFilter(_ parameters: Parameters) throws -> ReportFilter {
        let known = ReportKey.allCases.map(\.rawValue)
        if let other = parameters.object("filter")?.members?.first(where: { !known.contains($0.name) && !$0.value.isNull }) {
            throw WireError.parameter(
                "filter.\(other.name)", "means single cases, and a report adds up figures",
                hint: "filter by \(known.joined(separator: ", "))")
        }
        func text(_ name: String) -> String? { parameters.object("filter")?[name]?.string }
        var filter = ReportFilter()
        filter.matter = text("matter").map { MatterID($0) }
        filter.office = text("office").map { OfficeID($0) }
        filter.leader = text("leader").map { PostID($0) }
        filter.commissioner = text("commissioner").map { PostID($0) }
        return filter
    }

    /// Periods are whole days; an instant stands for the day in which it lies, in the zone of the calendars.
    private func firstDay(_ parameters: Parameters) throws -> Day? {
        try parameters.day("from") ?? parameters.instant("from").map { try zone("from").day(of: $0) }
    }

    /// The day before which the period ends: the one that begins at an instant, or the one after that in which it lies.
    private func endDay(_ parameters: Parameters) throws -> Day? {
        if let day = parameters.day("to") { return day }
        guard let instant = parameters.instant("to") else { return nil }
        let zone = try zone("to")
        let day = zone.day(of: instant)
        return zone.instant(on: day, timeOfDay: 0) == instant ? day : day.advanced(by: 1)
    }

    private func zone(_ name: String) throws -> Zone {
        let zones = Dictionary(grouping: context.catalogs.newest.calendars.values.map(\.zone), by: \.name)
        guard let zone = zones.count == 1 ? zones.values.first?.first : Zone.utc, zones.count <= 1 else {
            throw WireError.parameter(name, "is an instant, and the calendars have several zones", hint: "give a day, such as 2026-02-06")
        }
        return zone
    }
}

extension Register {
    /// What people call a row of a report.
    fileprivate func title(of name: String, as by: String) -> String {
        switch by {
        case "matter": matters[MatterID(name)]?.name ?? name
        case "leader", "commissioner": posts[PostID(name)]?.name ?? name
        case "department": departments[DepartmentID(name)]?.name ?? name
        default: offices[OfficeID(name)]?.name ?? name
        }
    }
}

/// One row: what happened within the period, and what is open now.
private struct ReportRow {
    var rollup = Rollup()
    private var open = 0
    private var queues: [State: Int] = [:]
    private var overdue = 0
    private var warned = 0
    private var provisional = 0
    private var oldest: (id: CaseID, submittedAt: Instant)?

    mutating func add(_ sum: OpenSum) {
        open += sum.count
        queues.merge(sum.queues, uniquingKeysWith: +)
        overdue += sum.overdue
        warned += sum.warned
        provisional += sum.provisional
        note((sum.oldest, sum.oldestSubmittedAt))
    }

    mutating func add(_ other: ReportRow) {
        rollup.add(other.rollup)
        open += other.open
        queues.merge(other.queues, uniquingKeysWith: +)
        overdue += other.overdue
        warned += other.warned
        provisional += other.provisional
        if let oldest = other.oldest { note(oldest) }
    }

    private mutating func note(_ other: (id: CaseID, submittedAt: Instant)) {
        if oldest.map({ (other.submittedAt, other.id) < ($0.submittedAt, $0.id) }) ?? true { oldest = other }
    }

    func write(to writer: inout JSONWriter, _ name: String, title: String) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("title", title)
            writer.member("received", rollup[.received])
            writer.member("open", open)
            writer.key("queues")
            writer.object { writer in
                for state in State.allCases where state.isOpen {
                    writer.key(state.rawValue)
                    writer.integer(queues[state] ?? 0)
                }
            }
            writer.member("overdue", overdue)
            writer.member("warned", warned)
            writer.member("provisional", provisional)
            writer.member("decided", rollup.decided)
            for measure in Measure.allCases where measure != .received {
                writer.key(measure.rawValue)
                writer.integer(rollup[measure])
            }
            // Of a thousand decided cases, how many kept what was promised.
            writer.key("in_time_permille")
            if rollup.decided > 0 { writer.integer((rollup[.inTime] * 1000 + rollup.decided / 2) / rollup.decided) } else { writer.null() }
            writer.key("handling_median")
            if let days = rollup.handlingDays(percent: 50) { writer.integer(days) } else { writer.null() }
            writer.key("handling_p90")
            if let days = rollup.handlingDays(percent: 90) { writer.integer(days) } else { writer.null() }
            writer.member("oldest_open", oldest?.id.description)
            writer.member("oldest_submitted_at", oldest?.submittedAt)
        }
    }
}
