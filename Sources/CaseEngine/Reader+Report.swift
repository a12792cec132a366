import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    /// How the promises were kept, a row for each office, or for what is asked.
    func slaReport(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let by = parameters.text("by") ?? "office"
        // A department has exactly the cases of its offices.
        let key = ReportKey(rawValue: by) ?? .office
        let (from, to) = (try firstDay(parameters), try endDay(parameters))
        if let from, let to, from > to { throw WireError.parameter("to", "is before from", hint: "swap them") }
        let filter = try reportFilter(parameters)
        let now = context.time.now
        let (open, rollups) = try store.read {
            (try $0.openSums(by: key, filter, now: now), try $0.rollups(by: key, filter, from: from, to: to))
        }
        let register = context.catalogs.newest
        let matters = register.matters.values.filter { filter.means($0) }
        let zones = ReportZones(of: matters, in: register, at: now)
        func name(_ key: String) -> String {
            by == "department" ? register.offices[OfficeID(key)]?.department.raw ?? "none" : key
        }
        var rows: [String: ReportRow] = [:]
        for (key, sum) in open { rows[name(key), default: ReportRow()].add(sum) }
        for (key, rollup) in rollups { rows[name(key), default: ReportRow()].rollup.add(rollup) }
        var total = rows.values.reduce(into: ReportRow()) { $0.add($1) }
        // What an auditor or an admin would read of a case is no figure, and would have to go on record.
        func isReadable(_ id: CaseID) throws -> Bool {
            guard viewer.readScope.oversight == nil else { return false }
            return try store.read { try $0.caseFile(id) }.map(viewer.readScope.covers) ?? false
        }
        try total.nameOldest(where: isReadable)
        for key in rows.keys { try rows[key]!.nameOldest(where: isReadable) }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("by", by)
                writer.member("training", context.catalogs.isTraining)
                writer.member("administration", register.administration(of: matters))
                writer.member("catalog_version", context.catalogs.newestVersion)
                writer.member("zone", zones.own.name)
                writer.member("zones", zones.names)
                writer.member("today", zones.today.description)
                writer.member("from", from?.description)
                writer.member("to", to?.description)
                writer.member("at", now)
                writer.key("rows")
                writer.array(of: rows.sorted { $0.key < $1.key }) { writer, row in
                    var shown = row.value
                    (shown.key, shown.title) = (row.key, register.title(of: row.key, as: by))
                    shown.write(to: &writer)
                }
                writer.key("total")
                total.write(to: &writer)
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
        // None comes after the last one.
        return zone.instant(on: day, timeOfDay: 0) == instant || day >= .last ? min(day, .last) : day.advanced(by: 1)
    }

    private func zone(_ name: String) throws -> Zone {
        let zones = Dictionary(grouping: context.catalogs.newest.calendars.values.map(\.zone), by: \.name)
        guard let zone = zones.count == 1 ? zones.values.first?.first : Zone.utc, zones.count <= 1 else {
            throw WireError.parameter(name, "is an instant, and the calendars have several zones", hint: "give a day, such as 2026-02-06")
        }
        return zone
    }
}

extension ReportFilter {
    fileprivate func means(_ matter: Matter) -> Bool {
        self.matter.map { $0 == matter.id } ?? true && office.map { $0 == matter.assignment.office } ?? true
            && leader.map { $0 == matter.assignment.leader } ?? true
            && commissioner.map { $0 == matter.assignment.commissioner } ?? true
    }
}

extension Register {
    /// The names of the departments whose matters these are.
    fileprivate func administration(of matters: some Sequence<Matter>) -> [String] {
        let names = matters.compactMap { department(of: $0) }.compactMap { departments[$0]?.name }
        return Set(names.isEmpty ? departments.values.map(\.name) : names).sorted()
    }

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
