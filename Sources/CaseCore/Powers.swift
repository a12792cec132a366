import WorkingTime

// Who may do what. Every command passes here.

extension CaseFile {
    /// In which functions a principal acts on this case, and in whose place where it is not their own.
    ///
    /// Whoever supervises the case has no other part in it, whatever else the catalogue says. Whoever is recused has no part in
    /// examining or deciding it.
    package func parts(of principal: Principal, under terms: Terms, at now: Instant) -> [Role: Part] {
        let register = terms.register
        var parts: [Role: Part] = [:]
        if principal.isAdmin { parts[.admin] = .own }
        switch principal.identity {
        case .clock: parts[.clock] = .own
        case .catalog: parts[.catalog] = .own
        case .user: break
        case .service(let id):
            if origin.by == id.raw || origin.via == id { parts[.submitter] = .own }
        case .person(let id, via: _):
            if origin.by == id.raw { parts[.submitter] = .own }
            if register.isAuditor(id) { parts[.auditor] = .own }
            let day = terms.calendar.zone.day(of: now)
            func part(for post: PostID, recused: Set<PersonID> = []) -> Part? {
                register.actors(for: post, on: day, recused: recused).first { $0.person == id }.map {
                    $0.instead.map(Part.insteadOf) ?? .own
                }
            }
            if let part = part(for: assignment.commissioner) {
                parts[.commissioner] = part
                return parts
            }
            let officePosts = register.posts(of: assignment.office)
            let inOffice = officePosts.compactMap { part(for: $0, recused: recused) }
            parts[.office] = inOffice.first { $0 == .own } ?? inOffice.first
            parts[.leader] = part(for: assignment.leader, recused: recused)
            parts[.extensionAuthority] = terms.matter.extension_.flatMap { part(for: $0.authority, recused: recused) }
        }
        return parts
    }

    /// Refuses what the principal has no power to do.
    ///
    /// - Returns: in whose place the principal acts; nil where the power is their own.
    func authorize(
        _ command: Declaration, by principal: Principal, under terms: Terms, at now: Instant
    ) throws(Refusal) -> PersonID? {
        try principal.requireMatter(matter, in: terms.register)
        let parts = parts(of: principal, under: terms, at: now).filter { command.roles.contains($0.key) }
        guard !parts.isEmpty else {
            throw .notPermitted(
                command.name, principal: principal.name, permitted: command.roles.sorted { $0.rawValue < $1.rawValue },
                holders: command.roles.compactMap { holders(of: $0, under: terms, at: now) }.sorted())
        }
        if parts.values.contains(.own) { return nil }
        return parts.sorted { $0.key.rawValue < $1.key.rawValue }.lazy.compactMap { $0.value.instead }.first
    }

    /// Refuses to show the case to whoever has no part in it and is no auditor.
    ///
    /// - Parameter readScope: what the newest catalogue lets the principal read.
    package func authorizeReading(by principal: Principal, with readScope: ReadScope, under terms: Terms, at now: Instant) throws(Refusal) {
        try principal.requireMatter(matter, in: terms.register)
        guard !readScope.covers(self), parts(of: principal, under: terms, at: now).isEmpty else { return }
        let readers: [Role] = [.submitter, .office, .leader, .commissioner, .auditor]
        throw .notReadable(
            id, principal: principal.name, holders: readers.compactMap { role in holders(of: role, under: terms, at: now) })
    }

    /// The function in which a person already acts on this case, where that keeps them from acting in this one: nobody examines or
    /// decides what they submitted, and nobody decides what they examined, whoever handles it now.
    package func conflict(of person: PersonID, as role: Role) -> Role? {
        switch role {
        case .office: origin.by == person.raw ? .submitter : nil
        case .leader: origin.by == person.raw ? .submitter : handler == person || examiners.contains(person) ? .office : nil
        case .submitter, .extensionAuthority, .commissioner, .auditor, .admin, .clock, .catalog: nil
        }
    }

    /// Refuses a step to whoever acted on the case in another function.
    func requireFourEyes(_ command: CommandName, as role: Role, by principal: Principal) throws(Refusal) {
        guard let person = principal.person, let other = conflict(of: person, as: role) else { return }
        throw .fourEyes(command, person: person, other: other)
    }

    /// Refuses a part in examining to the only person who is left to decide: nobody decides what they examined. Whoever substitutes
    /// only for some days is not one to rely on.
    func requireDecider(besides principal: Principal, _ command: CommandName, _ draft: Draft) throws(Refusal) {
        guard let person = principal.person else { return }
        let (terms, post) = (draft.terms, assignment.leader)
        let register = terms.register
        func isFree(_ person: PersonID) -> Bool {
            !recused.contains(person) && !examiners.contains(person) && origin.by != person.raw
        }
        let today = register.actors(for: post, on: terms.calendar.zone.day(of: draft.now), recused: recused).map(\.person)
        let lasting = register.lastingActors(for: post).filter(isFree)
        guard isFree(person), lasting.contains(person) || today.contains(person), lasting.subtracting([person]).isEmpty else { return }
        throw .lastDecider(command, person, post)
    }

    /// Who could act in a function, for people to read: the post or office, and the persons behind it.
    private func holders(of role: Role, under terms: Terms, at now: Instant) -> String? {
        let register = terms.register
        let day = terms.calendar.zone.day(of: now)
        func named(_ what: String, _ posts: [PostID], recused: Set<PersonID> = []) -> String {
            let persons = Set(posts.flatMap { register.actors(for: $0, on: day, recused: recused).map(\.person.raw) }).sorted()
            return persons.isEmpty ? what : "\(what) (\(persons.joined(separator: ", ")))"
        }
        switch role {
        case .submitter: return origin.by
        case .office:
            return named(
                "office \(assignment.office)", register.posts(of: assignment.office), recused: recused)
        case .leader: return named("post \(assignment.leader)", [assignment.leader], recused: recused)
        case .commissioner: return named("post \(assignment.commissioner)", [assignment.commissioner])
        case .extensionAuthority: return terms.matter.extension_.map { named("post \($0.authority)", [$0.authority], recused: recused) }
        case .auditor:
            let auditing = register.posts.values.filter(\.isAuditing).map(\.id)
            return auditing.isEmpty ? nil : named("an auditor", auditing)
        case .admin: return "an admin"
        case .clock, .catalog: return nil
        }
    }
}

extension Principal {
    /// Refuses a service, and whoever acts through it, where the catalogue names other matters for it.
    func requireMatter(_ matter: MatterID, in register: Register) throws(Refusal) {
        guard let service = via ?? service, let matters = register.services[service]?.matters, !matters.contains(matter) else { return }
        throw .serviceNotForMatter(service, matter)
    }
}

/// How somebody comes to act in a function.
package enum Part: Equatable, Sendable {
    case own
    /// As the substitute of a post's holder.
    case insteadOf(PersonID)

    package var instead: PersonID? {
        if case .insteadOf(let person) = self { person } else { nil }
    }
}
