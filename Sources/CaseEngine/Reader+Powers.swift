import CaseCore
import CaseWire
import WorkingTime

extension Reader {
    /// Who may do what on a matter or a case, and why.
    func powers(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let register = context.catalogs.newest
        let file = try parameters.caseID().map { try load($0, for: viewer) }
        let matter: Matter
        switch (file, parameters.text("matter")) {
        case (let file?, nil): matter = try context.catalogs.terms(of: file).matter
        case (nil, let name?):
            guard let found = register.matters[MatterID(name)] else {
                throw context.catalogs.noMatter(name)
            }
            matter = found
        case (nil, nil), (_?, _?): throw WireError(.paramsInvalid, "either case or matter is needed", hint: "name one of them")
        }
        let zone = register.policies[matter.policy].flatMap { register.calendars[$0.calendar] }?.zone ?? .utc
        let person = parameters.text("person")
        let powers = register.powers(over: matter, on: zone.day(of: context.time.now), file: file).filter {
            person == nil || $0.holder == person
        }
        let waiting = viewer.shown(context.catalogs.waiting)
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("matter", matter.id.raw)
                writer.member("case", file?.id.description)
                writer.key("powers")
                writer.array(of: powers) { writer, power in
                    writer.object {
                        $0.member("role", power.role.rawValue)
                        $0.member("holder", power.holder)
                        $0.member("reason", power.reason)
                        $0.member("hindrance", power.hindrance)
                        $0.member("inputs", power.commands.map(\.rawValue))
                    }
                }
                writer.key("waiting")
                writer.array(of: waiting.prefix(ServerChange.appointmentLimit)) { $1.write(to: &$0) }
            }
        }
    }

    /// Whether somebody may give a command on a case now.
    func can(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let file = try load(parameters.caseID()!, for: viewer)
        let name = parameters.text("command")!
        guard let command = Commands.all.first(where: { $0.name.rawValue == name }) as? any CaseCommand.Type else {
            preconditionFailure("\(name) is a command on a case")
        }
        var principal = viewer.principal
        if let id = parameters.text("person").map({ PersonID($0) }) {
            let persons = context.catalogs.newest.persons
            guard persons[id] != nil else {
                throw WireError.notFound("person", "person \(id)", name: id.raw, among: persons.keys.map(\.raw))
            }
            principal = Principal(.person(id, via: nil), administers: context.principals.administers(id))
        }
        var refusal: Refusal?
        let terms = try context.catalogs.terms(of: file)
        do throws(Refusal) {
            try file.requirePermitted(command, by: principal, under: terms, at: viewer.now)
        } catch {
            refusal = error
        }
        return JSONWriter.bytes { writer in
            writer.object {
                $0.member("case", file.id.description)
                $0.member("command", name)
                $0.member("principal", principal.name)
                $0.member("permitted", refusal == nil)
                $0.member("kind", refusal?.kind.rawValue)
                $0.member("message", refusal?.message)
                $0.member("hint", refusal?.hint)
            }
        }
    }
}
