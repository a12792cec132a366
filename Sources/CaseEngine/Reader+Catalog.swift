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
                writer.array(of: register.matters.values.sorted { $0.id < $1.id }) { writer, matter in
                    let assignment = matter.assignment
                    let policy = register.policies[matter.policy]
                    let office = register.offices[assignment.office]
                    func budget(_ kind: ClockKind) -> String? {
                        (matter.budgets[kind] ?? policy?.limits[kind]?.budget)?.description
                    }
                    func holder(_ post: PostID) -> String? {
                        register.holder(of: post).flatMap { register.persons[$0]?.name }
                    }
                    writer.object { writer in
                        writer.member("matter", matter.id.raw)
                        writer.member("name", matter.name)
                        writer.member("department", office.flatMap { register.departments[$0.department]?.name })
                        writer.member("office", assignment.office.raw)
                        writer.member("office_name", office?.name)
                        writer.member("leader", assignment.leader.raw)
                        writer.member("leader_holder", holder(assignment.leader))
                        writer.member("commissioner", assignment.commissioner.raw)
                        writer.member("commissioner_holder", holder(assignment.commissioner))
                        writer.member("statutory", budget(.decision))
                        writer.member("promised", budget(.promise))
                        writer.member("silence_grants", matter.silenceGrants)
                        writer.member("basis", matter.basis)
                        writer.member("materials", matter.materials.map(\.name))
                    }
                }
                writer.key("posts")
                writer.array(of: register.posts.values.sorted { $0.id < $1.id }) { writer, post in
                    writer.object { writer in
                        writer.member("post", post.id.raw)
                        writer.member("name", post.name)
                        writer.member("office", post.office?.raw)
                        writer.member("holder", post.holder.flatMap { register.persons[$0]?.name })
                        writer.member("duties", post.duties)
                    }
                }
            }
        }
    }

    func calendarDue(_ parameters: Parameters) throws -> [UInt8] {
        let calendar = try calendar(parameters)
        let ledger = Ledger(
            parameters.length("budget")!, startingAt: parameters.instant("start")!, on: calendar, countsFirstDay: false)
        guard let due = ledger.due(on: calendar) else { preconditionFailure("a running account has no due instant") }
        return JSONWriter.bytes { writer in
            writer.object {
                $0.member("due", due)
                $0.member("provisional", calendar.isProvisional(due))
            }
        }
    }

    func calendarMeasure(_ parameters: Parameters) throws -> [UInt8] {
        let calendar = try calendar(parameters)
        let (from, to) = (parameters.instant("from")!, parameters.instant("to")!)
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

    private func calendar(_ parameters: Parameters) throws -> WorkingCalendar {
        let name = parameters.text("calendar")!
        guard let calendar = context.catalogs.newest.calendars[Identifier(name)] else {
            throw WireError.notFound("calendar", "calendar \"\(name)\"")
        }
        return calendar
    }
}
