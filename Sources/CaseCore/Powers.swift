import WorkingTime

// Who may do what. Every command passes here.

extension CaseFile {
    /// In which functions a principal acts on this case, and in whose place where it is not their own.
    package func parts(of principal: Principal, under terms: Terms, at now: Instant) -> [Role: Part] {
        functions(of: principal, under: terms, at: now).filter { hindrance(of: principal, as: $0.key, under: terms) == nil }
    }

    /// The functions that the catalogue gives a principal on this case, whatever they had to do with it.
    ///
    /// Whoever supervises the case has no other, whatever else the catalogue says. Whoever is recused has none in examining or deciding
    /// it.
    private func functions(of principal: Principal, under terms: Terms, at now: Instant) -> [Role: Part] {
        let register = terms.register
        var parts: [Role: Part] = [:]
        if principal.isAdmin { parts[.admin] = .own }
        switch principal.identity {
        case .clock: parts[.clock] = .own
        case .catalog: parts[.catalog] = .own
        case .file: parts[.revocation] = .own
        case .user: break
        case .service(let id):
            if origin.by == id.raw || origin.via == id { parts[.submitter] = .own }
        case .person(let id, via: _):
            if origin.by == id.raw { parts[.submitter] = .own }
            if register.isAuditor(id) { parts[.auditor] = .own }
            let day = terms.calendar.zone.day(of: now)
            func part(for post: PostID, as role: Role) -> Part? {
                actors(for: post, as: role, on: day, in: register).first { $0.person == id }.map {
                    $0.instead.map(Part.insteadOf) ?? .own
                }
            }
            let assignment = assignment(in: register)
            let supervising = [assignment.commissioner] + selection.supervising(in: register, at: closedAt)
            if let part = supervising.lazy.compactMap({ part(for: $0, as: .commissioner) }).first {
                parts[.commissioner] = part
                return parts
            }
            let officePosts = register.posts(of: assignment.office)
            let inOffice = officePosts.compactMap { part(for: $0, as: .office) }
            parts[.office] = inOffice.first { $0 == .own } ?? inOffice.first
            let consulted = consultation.requests.flatMap(register.posts(answering:)).filter { !officePosts.contains($0) }.compactMap {
                part(for: $0, as: .consulted)
            }
            parts[.consulted] = consulted.first { $0 == .own } ?? consulted.first
            parts[.leader] = part(for: assignment.leader, as: .leader)
            parts[.extensionAuthority] = terms.extensionAuthority.flatMap { part(for: $0, as: .extensionAuthority) }
        }
        return parts
    }

    /// Who acts for a post on this case on a day. Where whoever substitutes is kept from it, so that nobody would act, the holder does.
    func actors(for post: PostID, as role: Role, on day: Day, in register: Register) -> [Actor] {
        let actors = register.actors(for: post, on: day, recused: role == .commissioner ? [] : recused)
        guard let holder = register.holder(of: post), !recused.contains(holder), !actors.contains(where: { $0.person == holder }),
            actors.allSatisfy({ hindrance(of: $0.person, as: role, in: register) != nil })
        else { return actors }
        return actors + [Actor(person: holder, instead: nil)]
    }

    /// Refuses what the catalogue gives the principal no power to do.
    ///
    /// - Returns: the functions in which it gives it.
    func authorize(
        _ command: Declaration, by principal: Principal, under terms: Terms, at now: Instant
    ) throws(Refusal) -> [Role: Part] {
        try principal.requireMatter(matter, in: terms.register)
        let all = functions(of: principal, under: terms, at: now)
        let functions = all.filter { command.roles.contains($0.key) }
        guard functions.isEmpty else { return functions }
        if let person = principal.person, recused.contains(person), isWithPost(of: principal, in: terms.register) {
            throw .hasRecused(person)
        }
        // What nobody may, since the matter does not let it be, is not kept from somebody.
        if command.roles == [.extensionAuthority], terms.extensionAuthority == nil { throw .clockNotExtendable(.decision) }
        let isStranger = all.isEmpty && !isWithPost(of: principal, in: terms.register)
        throw .notPermitted(
            command.name, principal: principal.name, permitted: command.roles.sorted { $0.rawValue < $1.rawValue },
            holders: command.roles.compactMap { holders(of: $0, under: terms, at: now, namesPersons: !isStranger) }.sorted())
    }

    /// Whether it is with a post that somebody holds, although another one acts for it today.
    private func isWithPost(of principal: Principal, in register: Register) -> Bool {
        guard let person = principal.person else { return false }
        let assignment = assignment(in: register)
        return ([assignment.leader, assignment.commissioner] + register.posts(of: assignment.office)).contains {
            register.holder(of: $0) == person
        }
    }

    /// Refuses what somebody has to do with the case otherwise.
    ///
    /// - Returns: in whose place the principal acts; nil where the power is their own.
    func requireUnhindered(
        _ command: Declaration, in functions: [Role: Part], by principal: Principal, under terms: Terms
    ) throws(Refusal) -> PersonID? {
        let ordered = functions.sorted { $0.key.rawValue < $1.key.rawValue }
        let hindrances = ordered.map { role, _ in
            // What an admin had to do with the case keeps them from supervising it, and from nothing else.
            role == .admin && !command.involvement.contains(.supervising) ? nil : hindrance(of: principal, as: role, under: terms)
        }
        let parts = zip(ordered, hindrances).filter { $0.1 == nil }.map(\.0.value)
        if parts.isEmpty, let hindrance = hindrances.first ?? nil { throw hindrance.refusal(command.name, principal) }
        return parts.contains(.own) ? nil : parts.lazy.compactMap(\.instead).first
    }

    /// Refuses to show the case to whoever has no part in it and is no auditor.
    ///
    /// - Parameter readScope: what the newest catalogue lets the principal read.
    package func authorizeReading(by principal: Principal, with readScope: ReadScope, under terms: Terms, at now: Instant) throws(Refusal) {
        try principal.requireMatter(matter, in: terms.register)
        guard !readScope.covers(self), functions(of: principal, under: terms, at: now).isEmpty else { return }
        let readers: [Role] = [.submitter, .office, .leader, .commissioner, .auditor]
        throw .notReadable(
            id, principal: principal.name,
            holders: readers.compactMap { role in holders(of: role, under: terms, at: now, namesPersons: false) })
    }

    /// Whether a principal whose read scope covers the case may see it in a list: an auditor none whose approval they had to do with.
    package func isShown(to principal: Principal, with readScope: ReadScope, under terms: Terms) -> Bool {
        !(readScope.isAudit && readScope.isRecorded(self)) || hindrance(of: principal, as: .auditor, under: terms) == nil
    }

    /// What keeps somebody from acting in a function: nobody examines or decides what they, or somebody for them, submitted; nobody decides
    /// what they examined, whoever handles it now; and nobody ever approves what they supervised, or supervises what they approved, under
    /// whatever name.
    package func hindrance(of principal: Principal, as role: Role, under terms: Terms) -> Hindrance? {
        let who = principal.participants(under: terms)
        if role == .admin {
            // To raise a case is to supervise it.
            if participants.isInvolved(who, .submitting) { return .acted(.submitter) }
            return participants.isInvolved(who, .approving) ? .acted(.office) : nil
        }
        guard let person = principal.person else { return nil }
        if principal.administers, !terms.isTraining { return .administers }
        if let hindrance = hindrance(of: person, known: who, as: role, in: terms.register) { return hindrance }
        guard let service = principal.via, !terms.isTraining else { return nil }
        // By its unix user as well, whatever that was called when it spoke.
        let speaker = Set([Participant(speaker: service), principal.uid.map { Participant(user: $0) }].compactMap { $0 })
        let hasSpoken =
            switch role {
            case .office, .consulted, .leader, .extensionAuthority: isSupervised(by: speaker, in: terms.register)
            case .commissioner, .auditor: participants.isInvolved(speaker, .approving)
            case .submitter, .admin, .clock, .catalog, .revocation: false
            }
        return hasSpoken ? .spoke(service) : nil
    }

    /// The same of somebody who does not act themselves.
    package func hindrance(of person: PersonID, as role: Role, in register: Register) -> Hindrance? {
        hindrance(of: person, known: register.participants(of: person), as: role, in: register)
    }

    private func hindrance(of person: PersonID, known who: Set<Participant>, as role: Role, in register: Register) -> Hindrance? {
        func did(_ involvement: Involvement) -> Bool { participants.isInvolved(who, involvement) }
        switch role {
        case .submitter, .admin, .clock, .catalog, .revocation: return nil
        case .office, .consulted, .leader, .extensionAuthority:
            if did(.submitting) || register.isApplicant(person, of: self) { return .acted(.submitter) }
            if role == .leader, did(.examining) || handler == person { return .acted(.office) }
            if isSupervised(by: who, in: register) { return .acted(.commissioner) }
        case .commissioner, .auditor:
            if did(.submitting) || register.isApplicant(person, of: self) { return .acted(.submitter) }
            if did(.examining) { return .acted(.office) }
            if did(.approving) { return .acted(progress.decidedBy == person.raw ? .leader : .office) }
        }
        return did(.recusing) ? .recused : nil
    }

    /// Refuses a part in examining to the only person who is left to decide: nobody decides what they examined. Whoever substitutes
    /// only for some days is not one to rely on.
    func requireDecider(besides principal: Principal, _ command: CommandName, _ draft: Draft) throws(Refusal) {
        guard let person = principal.person else { return }
        let terms = draft.terms
        let register = terms.register
        let post = assignment(in: register).leader
        func isFree(_ person: PersonID) -> Bool {
            let known = register.participants(of: person)
            return !recused.contains(person)
                && ![.submitting, .examining].contains { participants.isInvolved(known, $0) }
                && !isSupervised(by: known, in: register)
                && !register.isApplicant(person, of: self)
        }
        let today = register.actors(for: post, on: terms.calendar.zone.day(of: draft.now), recused: recused).map(\.person)
        let lasting = register.lastingActors(for: post).filter(isFree)
        guard isFree(person), lasting.contains(person) || today.contains(person), lasting.subtracting([person]).isEmpty else { return }
        throw .lastDecider(command, person, post)
    }

    /// Who could act in a function, for people to read: the post or office, and the persons behind it.
    ///
    /// - Parameter namesPersons: whoever has no part in the case hears of posts, and neither who holds them nor who submitted it.
    private func holders(of role: Role, under terms: Terms, at now: Instant, namesPersons: Bool) -> String? {
        let register = terms.register
        let assignment = assignment(in: register)
        let day = terms.calendar.zone.day(of: now)
        func named(_ what: String, _ posts: [PostID]) -> String {
            guard namesPersons else { return what }
            let persons = Set(
                posts.flatMap { actors(for: $0, as: role, on: day, in: register) }.map { actor in
                    actor.instead.map { "\(actor.person) for \($0)" } ?? actor.person.raw
                }
            ).sorted()
            return persons.isEmpty ? what : "\(what) (\(persons.joined(separator: ", ")))"
        }
        switch role {
        case .submitter: return namesPersons ? origin.by : "whoever submitted it"
        case .office:
            return named("office \(assignment.office)", register.posts(of: assignment.office))
        case .consulted:
            let offices = Set(consultation.requests.filter(\.isOpen).map(\.office)).sorted()
            return offices.isEmpty
                ? nil : named("office \(offices.map(\.raw).joined(separator: ", "))", offices.flatMap(register.posts))
        case .leader: return named("post \(assignment.leader)", [assignment.leader])
        case .commissioner: return named("post \(assignment.commissioner)", [assignment.commissioner])
        case .extensionAuthority: return terms.extensionAuthority.map { named("post \($0)", [$0]) }
        case .auditor:
            let auditing = register.posts.values.filter(\.isAuditing).map(\.id)
            return auditing.isEmpty ? nil : named("an auditor", auditing)
        case .admin: return "an admin"
        case .clock, .catalog, .revocation: return nil
        }
    }
}

extension Hindrance {
    fileprivate func refusal(_ command: CommandName, _ principal: Principal) -> Refusal {
        let person = principal.person ?? PersonID(principal.name)
        return switch self {
        case .acted(let other): .fourEyes(command, person: person, other: other)
        case .recused: .hasRecused(person)
        case .administers: .administers(person)
        case .spoke(let service): .serviceSide(command, service)
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
