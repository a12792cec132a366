import CaseCore
import CaseWire
import Catalogue
import WorkingTime

extension Reader {
    /// The versions, and what waits for a second word. Which unix users are bound is for those who read everything.
    func catalogVersions(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let newest = context.catalogs.newestVersion
        let (confirmed, limit) = (engine.view.unconfirmed?.confirmed ?? newest, try limit(parameters))
        let after = try parameters.text("after").map { text in
            guard let version = Int(text), version > 0 else {
                throw WireError.parameter("after", "is no version", hint: "give the `next` of the page before")
            }
            return version
        }
        let first = after.map { min($0 - 1, newest) } ?? newest
        let stored = try store.read { snapshot in
            try stride(from: first, to: max(0, first - limit), by: -1).compactMap { try snapshot.catalog(version: $0) }
        }
        let waiting = context.catalogs.waiting
        let counting = context.catalogs.newest
        let pending = try engine.view.pending.map { pending in
            (pending, try pending.catalog(keepingUsersOf: counting, isStored: true).register)
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("versions")
                writer.array(of: stored) { writer, catalog in
                    writer.object {
                        $0.member("version", catalog.version)
                        $0.member("at", catalog.at)
                        $0.member("by", catalog.by)
                        $0.member("digest", CatalogDigest.of(catalog.files))
                        $0.member("confirmed", catalog.version <= confirmed)
                    }
                }
                writer.member("next", first > limit ? "\(first - limit + 1)" : nil)
                writer.key("waiting")
                writer.array(of: viewer.shown(waiting)) { $1.write(to: &$0) }
                writer.key("pending")
                guard let (pending, register) = pending else { return writer.null() }
                writer.object { writer in
                    writer.member("effective", pending.effectiveAt)
                    writer.member("by", pending.author.name)
                    writer.member("digest", CatalogDigest.of(pending.files))
                    writer.member("confirmed_by", pending.confirmer?.name)
                    writer.key("changes")
                    writer.array(of: context.catalogs.asWritten.changes(to: register)) { writer, change in
                        writer.object {
                            $0.member("change", change.kind.rawValue)
                            $0.member("entry", change.entry)
                        }
                    }
                    writer.key("appointments")
                    writer.array(of: viewer.shown(counting.appointments(to: register))) { $1.write(to: &$0) }
                }
            }
        }
    }

    /// What a version says otherwise than another one.
    func catalogDiff(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let to = parameters.integer("to").map(Int.init) ?? context.catalogs.newestVersion
        guard (0...context.catalogs.newestVersion).contains(to) else {
            throw WireError.notFound("catalog", "catalogue version \(to)", hint: "casectl catalog versions lists them")
        }
        let from = parameters.integer("from").map(Int.init) ?? max(0, to - 1)
        func register(_ version: Int) throws -> Register {
            if version == 0 { return Register() }
            guard let register = try context.catalogs.register(version) else {
                throw WireError.notFound("catalog", "catalogue version \(version)", hint: "casectl catalog versions lists them")
            }
            return register
        }
        let (old, new) = (try register(from), try register(to))
        let comparison = try store.read { snapshot in
            func files(_ version: Int) throws -> [String: String] {
                version == 0 ? [:] : try snapshot.catalog(version: version)?.files ?? [:]
            }
            return CatalogueComparison(from: try files(from), to: try files(to))
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("from", from)
                writer.member("to", to)
                writer.key("changes")
                writer.changes(comparison.entries(old.changes(to: new), showsUsers: viewer.seesUsers))
                writer.key("appointments")
                writer.array(of: viewer.shown(old.appointments(to: new))) { $1.write(to: &$0) }
            }
        }
    }

    /// The list of powers and responsibilities: which post of which office has which part in which matter.
    func dutyList(_ parameters: Parameters) throws -> [UInt8] {
        let version = parameters.integer("version").map(Int.init) ?? context.catalogs.newestVersion
        guard let register = try context.catalogs.register(version),
            let stored = try store.read({ try $0.catalog(version: version) })
        else {
            throw WireError.notFound("catalog", version == 0 ? "catalogue yet" : "catalogue version \(version)")
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("version", version)
                writer.member("issued", ReportZones(of: register.matters.values, in: register, at: stored.at).today.description)
                writer.member("training", context.catalogs.isTraining)
                writer.key("matters")
                writer.array(of: register.matters.values.sorted { $0.id < $1.id }) { ListedMatter($1, in: register).write(to: &$0) }
                writer.key("posts")
                let today = ReportZones(of: register.matters.values, in: register, at: context.time.now).today
                let day = version == context.catalogs.newestVersion ? today : nil
                writer.array(of: register.posts.values.sorted { $0.id < $1.id }) { ListedPost($1, in: register, on: day).write(to: &$0) }
            }
        }
    }

    func calendarDue(_ parameters: Parameters) throws -> [UInt8] {
        let calendar = try calendar(parameters)
        let ledger = Ledger(
            parameters.length("budget")!, startingAt: parameters.instant("start", in: calendar.zone)!, on: calendar,
            countsFirstDay: false, rolls: parameters.boolean("rolls") ?? false)
        guard let due = ledger.due(on: calendar) else { preconditionFailure("a running account has no due instant") }
        let lastDay = calendar.zone.day(of: due.advanced(byMilliseconds: -1))
        guard due < .last else {
            throw WireError.parameter("budget", "ends after the year 9999", hint: "ask for less, or begin earlier")
        }
        return JSONWriter.bytes { writer in
            writer.object {
                $0.member("due", due)
                $0.member("last_day", lastDay.description)
                $0.member("provisional", ledger.isProvisional(due: due, on: calendar))
            }
        }
    }

    func calendarMeasure(_ parameters: Parameters) throws -> [UInt8] {
        let calendar = try calendar(parameters)
        let (from, to) = (parameters.instant("from", in: calendar.zone)!, parameters.instant("to", in: calendar.zone)!)
        guard from <= to else { throw WireError.parameter("to", "is before from", hint: "swap them") }
        let unit = parameters.text("unit")!
        guard let length = try? Length(parsing: "1 \(unit)") else { preconditionFailure("\(unit) is a unit") }
        let ledger = Ledger(length, startingAt: from, on: calendar, countsFirstDay: false)
        return JSONWriter.bytes { writer in
            writer.object {
                $0.member("amount", ledger.consumed(at: to, on: calendar) / length.quanta)
                $0.member("unit", unit)
            }
        }
    }

    /// Every day of a stretch: worked or not, and where it differs from its weekday, why.
    func calendarShow(_ parameters: Parameters) throws -> [UInt8] {
        let calendar = try calendar(parameters)
        let (from, to) = (parameters.day("from")!, parameters.day("to")!)
        guard from <= to else { throw WireError.parameter("to", "is before from", hint: "swap them") }
        guard to.number - from.number < 732 else {
            throw WireError.parameter("to", "is more than two years after from", hint: "ask for less")
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("calendar", calendar.name)
                writer.member("zone", calendar.zone.name)
                writer.member("valid_through", calendar.validThrough.description)
                writer.member("source", calendar.source)
                writer.member("today", calendar.zone.day(of: context.time.now).description)
                writer.key("days")
                writer.array(of: (from.number...to.number).map { Day(number: $0) }) { writer, day in
                    writer.object { writer in
                        writer.member("day", day.description)
                        writer.member("weekday", "\(day.weekday)")
                        writer.member("worked", calendar.isWorkingDay(day))
                        writer.member("windows", calendar.windows(on: day).map(\.description))
                        writer.member("name", calendar.has(day) ? calendar.exceptions[day]?.name : calendar.reasonOff(day))
                        writer.member("provisional", !calendar.isOfficial(day))
                    }
                }
            }
        }
    }

    /// Why one day is worked or not, by the newest version or another one.
    func calendarWhy(_ parameters: Parameters) throws -> [UInt8] {
        let newest = context.catalogs.newestVersion
        let version = parameters.integer("version").map(Int.init) ?? newest
        guard let register = version == newest ? context.catalogs.newest : try context.catalogs.register(version),
            let stored = try store.read({ try $0.catalog(version: version) })
        else {
            throw WireError.notFound("catalog", version == 0 ? "catalogue yet" : "catalogue version \(version)")
        }
        let calendar = try calendar(parameters, in: register)
        let day = parameters.day("day")!
        let reason = calendar.reason(on: day)
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("calendar", calendar.name)
                writer.member("zone", calendar.zone.name)
                writer.member("valid_through", calendar.validThrough.description)
                writer.member("day", day.description)
                writer.member("weekday", "\(day.weekday)")
                writer.member("worked", calendar.isWorkingDay(day))
                writer.member("windows", calendar.windows(on: day).map(\.description))
                writer.member("rule", reason.rule.rawValue)
                writer.member("name", reason.name)
                writer.member("entry", reason.entry)
                writer.member("overruled", reason.overruled)
                writer.member("provisional", reason.isProvisional)
                writer.member("year_named", reason.isYearNamed)
                writer.member("catalog_version", version)
                writer.member("applied_at", stored.at)
                writer.member("applied_by", stored.by)
            }
        }
    }

    /// - Parameter register: of which version; by default what of the newest counts.
    private func calendar(_ parameters: Parameters, in register: Register? = nil) throws -> WorkingCalendar {
        let calendars = (register ?? context.catalogs.newest).calendars
        guard let name = parameters.text("calendar") else {
            if let only = calendars.values.first, calendars.count == 1 { return only }
            let names = calendars.keys.map(\.raw).sorted().joined(separator: ", ")
            throw WireError.parameter(
                "calendar", "is missing, and the catalogue has \(calendars.count) calendars",
                hint: calendars.isEmpty ? "apply a catalogue with a calendar" : "one of \(names)")
        }
        guard let calendar = calendars[Identifier(name)] else {
            throw WireError.notFound("calendar", "calendar \"\(name)\"", name: name, among: calendars.keys.map(\.raw))
        }
        return calendar
    }
}
