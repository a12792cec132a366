import CaseCore
import CaseWire
import WorkingTime

extension Reader {
    /// The list of powers and responsibilities: which post of which office has which part in which matter.
    func dutyList(_ parameters: Parameters) throws -> [UInt8] {
        let version = parameters.integer("version").map(Int.init) ?? context.catalogs.newestVersion
        guard let register = try context.catalogs.register(version) else {
            throw WireError.notFound("catalog", version == 0 ? "catalogue yet" : "catalogue version \(version)")
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("version", version)
                writer.key("matters")
                writer.array(of: register.matters.values.sorted { $0.id < $1.id }) { ListedMatter($1, in: register).write(to: &$0) }
                writer.key("posts")
                writer.array(of: register.posts.values.sorted { $0.id < $1.id }) { ListedPost($1, in: register).write(to: &$0) }
            }
        }
    }

    func calendarDue(_ parameters: Parameters) throws -> [UInt8] {
        let calendar = try calendar(parameters)
        let ledger = Ledger(
            parameters.length("budget")!, startingAt: parameters.instant("start", in: calendar.zone)!, on: calendar,
            countsFirstDay: false)
        guard let due = ledger.due(on: calendar) else { preconditionFailure("a running account has no due instant") }
        let lastDay = calendar.zone.day(of: due.advanced(byMilliseconds: -1))
        guard due < .last else {
            throw WireError.parameter("budget", "ends after the year 9999", hint: "ask for less, or begin earlier")
        }
        return JSONWriter.bytes { writer in
            writer.object {
                $0.member("due", due)
                $0.member("last_day", lastDay.description)
                $0.member("provisional", calendar.isProvisional(due))
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
                        writer.member("name", calendar.exceptions[day]?.name)
                        writer.member("provisional", day > calendar.validThrough)
                    }
                }
            }
        }
    }

    private func calendar(_ parameters: Parameters) throws -> WorkingCalendar {
        let name = parameters.text("calendar")!
        guard let calendar = context.catalogs.newest.calendars[Identifier(name)] else {
            throw WireError.notFound("calendar", "calendar \"\(name)\"")
        }
        return calendar
    }
}
