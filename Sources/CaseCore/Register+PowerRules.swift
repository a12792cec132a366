/// The rules that keep one person, one service or one unix user from having two sides, and time from deciding what no law lets it.
extension Register {
    var powerViolations: [Violation] {
        let matters = matters.values.filter { offices[$0.assignment.office] != nil }.sorted { $0.id < $1.id }
        return matters.flatMap(examinerViolations) + services.values.sorted { $0.id < $1.id }.flatMap(sideViolations)
            + mutualSupervision(over: matters) + adminViolations { $0.raw == "root" || $0.raw == "0" } + nameViolations
            + userViolations { $0.raw == "root" ? 0 : UInt32($0.raw) } + matters.flatMap(silenceViolations)
            + matters.flatMap(revocationViolations) + matters.flatMap(opinionViolations)
            + Set(matters.map(\.policy)).sorted().flatMap(suspensionViolations)
    }

    /// Persons who approve a matter on some day, or would.
    func everyApprover(of matter: Matter) -> Set<PersonID> {
        let authority = matter.extension_.map { everyActor(for: $0.authority) } ?? []
        return everyOfficer(of: matter.assignment.office).union(everyActor(for: matter.assignment.leader)).union(authority)
            .union(everyConsulted(by: matter))
    }

    /// Persons who give their opinion on a matter on some day, or would.
    func everyConsulted(by matter: Matter) -> Set<PersonID> {
        matter.consulted.reduce(into: []) { $0.formUnion(everyOfficer(of: $1.office)) }
    }

    /// Persons who supervise a matter on some day, or would.
    func everySupervisor(of matter: Matter) -> Set<PersonID> {
        everyActor(for: matter.assignment.commissioner).union(persons.keys.filter(isAuditor))
    }

    /// Whether somebody holds any post.
    package func hasPost(_ person: PersonID) -> Bool {
        posts.values.contains { $0.holder == person }
    }

    private func examinerViolations(of matter: Matter) -> [Violation] {
        let both = everyOfficer(of: matter.assignment.office).intersection(everyActor(for: matter.assignment.leader))
        return both.sorted().map { person in
            Violation(
                path: ["matter", matter.id.raw, "leader"], rule: .examiner,
                message: "\(person) would examine \(matter.id) and decide it",
                mend: "let a leader, and whoever substitutes, hold no post of the office that examines")
        }
    }

    private func sideViolations(of service: Service) -> [Violation] {
        guard case .persons(let persons) = service.actsFor else { return [] }
        let matters = matters.values.filter { service.matters?.contains($0.id) ?? true }.sorted { $0.id < $1.id }
        let conflict = matters.lazy.compactMap { matter -> (MatterID, PersonID, PersonID)? in
            guard let approver = persons.intersection(everyApprover(of: matter)).min(),
                let supervisor = persons.intersection(everySupervisor(of: matter)).min()
            else { return nil }
            return (matter.id, approver, supervisor)
        }.first
        guard let (matter, approver, supervisor) = conflict else { return [] }
        return [
            Violation(
                path: ["service", service.id.raw, "acts-for"], rule: .serviceSide,
                message: "\(service.id) would act for \(approver), who approves \(matter), and for \(supervisor), who supervises it",
                mend: "let a service of its own, under a unix user of its own, act for those who supervise",
                premises: [.key(["service", service.id.raw, "matters"])])
        ]
    }

    private func mutualSupervision(over matters: [Matter]) -> [Violation] {
        var supervised: [PersonID: [PersonID: MatterID]] = [:]
        for matter in matters {
            for supervisor in everyActor(for: matter.assignment.commissioner) {
                for leader in everyActor(for: matter.assignment.leader) where supervised[supervisor]?[leader] == nil {
                    supervised[supervisor, default: [:]][leader] = matter.id
                }
            }
        }
        return supervised.sorted { $0.key < $1.key }.flatMap { one, led in
            led.sorted { $0.key < $1.key }.compactMap { other, matter in
                guard one < other, let back = supervised[other]?[one] else { return nil }
                return Violation(
                    path: ["matter", matter.raw, "commissioner"], rule: .mutualSupervision,
                    message: "\(one) would supervise \(other) in \(matter), and \(other) would supervise \(one) in \(back)",
                    mend: "let a third person supervise one of the two matters")
            }
        }
    }

    /// Unix users of admins that are bound to somebody with a part in cases, or to a service that acts for one.
    package func adminViolations(isAdmin: (Identifier<User>) -> Bool) -> [Violation] {
        users.values.filter { isAdmin($0.id) }.sorted { $0.id < $1.id }.compactMap { user in
            let (key, persons): (String, Set<PersonID>) =
                switch user.binding {
                case .person(let id): ("person", [id])
                case .service(let id): ("service", services[id].map { $0.namedPersons } ?? [])
                }
            guard let person = persons.filter(hasPost).min() else { return nil }
            return Violation(
                path: ["user", user.id.raw, key], rule: .boundAdmin,
                message: "unix user \(user.id) administers the server, and would act for \(person), who holds a post",
                mend: "bind a unix user that administers nothing")
        }
    }

    private static let takenNames: Set = ["server", "anyone", "clock", "catalog"]

    private var nameViolations: [Violation] {
        services.keys.sorted().filter { persons[PersonID($0.raw)] != nil }.map { service in
            Violation(
                path: ["service", service.raw], rule: .oneNameSpace, message: "\(service) is a person and a service",
                mend: "give the service another name: the journal says who acted by one word")
        }
            + (persons.keys.map { ("person", $0.raw) } + services.keys.map { ("service", $0.raw) })
            .filter { Register.takenNames.contains($0.1) }.sorted { $0 < $1 }.map { kind, name in
                Violation(
                    path: [kind, name], rule: .oneNameSpace, message: "a \(kind) cannot be called \(name), which means something already",
                    mend: "give it another name")
            }
    }

    /// Entries for one unix user, by its name and by its number.
    ///
    /// - Parameter number: of a user, where it is known.
    package func userViolations(number: (Identifier<User>) -> UInt32?) -> [Violation] {
        var first: [UInt32: Identifier<User>] = [:]
        return users.keys.sorted().compactMap { user in
            guard let uid = number(user) else { return nil }
            guard let other = first.updateValue(user, forKey: uid) else { return nil }
            return Violation(
                path: ["user", user.raw], rule: .oneUser, message: "user \(user) and user \(other) are one unix user, \(uid)",
                mend: "keep one of the two entries")
        }
    }

    private func silenceViolations(of matter: Matter) -> [Violation] {
        guard matter.silenceGrants else { return [] }
        let missing: [(isMissing: Bool, key: String, what: String, mend: String)] = [
            (matter.basis.isEmpty, "basis", "names no law that says so", "add basis = \"…\", or leave silence out"),
            (
                !matter.documents.contains(where: \.isRequired), "material",
                "requires no material: nothing would tell when it is complete",
                "add [[matter.\(matter.id).material]], such as the application form"
            ),
        ]
        return missing.filter(\.isMissing).map { _, key, what, mend in
            Violation(
                path: ["matter", matter.id.raw, "silence"], rule: .silence,
                message: "silence would grant \(matter.id), which \(what)", mend: mend, premises: [.key(["matter", matter.id.raw, key])])
        }
    }

    private func suspensionViolations(of id: Identifier<Policy>) -> [Violation] {
        guard let policy = policies[id] else { return [] }
        let missing = Suspension.Kind.allCases.filter { policy.longestSuspension(for: $0) == nil }
        guard !missing.isEmpty else { return [] }
        return [
            Violation(
                path: ["sla", id.raw, "suspension"], rule: .longestSuspension,
                message: "\(id) does not say how long a case is suspended at most for \(missing.map(\.rawValue).joined(separator: ", "))",
                mend: "add longest = \"60 calendar-days\" to [sla.\(id).suspension], or a length for each kind")
        ]
    }
}
