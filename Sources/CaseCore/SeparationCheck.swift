import WorkingTime

/// Whether approval and supervision are kept apart: over the whole catalogue on all days, by every way in, and in running cases.
///
/// It asks the same functions that every command passes, for everybody who could act, on every matter.
package struct SeparationCheck: Equatable, Sendable {
    package struct MatterRow: Equatable, Sendable {
        package let matter: MatterID
        /// Everybody who decides it, on some day.
        package let deciders: [PersonID]
        /// Everybody who supervises it, on some day.
        package let supervisors: [PersonID]
        /// Whether the passing of time grants it, as its law says.
        package let silenceGrants: Bool
    }

    package private(set) var rows: [MatterRow] = []
    /// Persons by themselves and as admins, services, an unknown unix user, an admin, the timer and the catalogue, each asked for on each matter.
    package private(set) var principalCount = 0
    package private(set) var checkCount = 0
    /// Sentences, at most `conflictLimit` of them; empty where the powers are apart.
    package private(set) var conflicts: [String] = []
    /// The running cases that were looked at, and the versions of the catalogue under which they were submitted.
    package private(set) var caseCount = 0
    package private(set) var versions: Set<Int> = []
    /// How many of them nobody is left to decide, and the first of these.
    package private(set) var strandedCount = 0
    package private(set) var stranded: [CaseID] = []
    /// What it rests on, in sentences.
    package let trusted: [String]

    package static let conflictLimit = 1000
    package static let strandedLimit = 100

    /// - Parameter isTraining: in a store for training one unix user plays everybody, and nothing is asked of users and services.
    package init(_ register: Register, isTraining: Bool = false) {
        trusted = SeparationCheck.trusted(register, isTraining: isTraining)
        checkLifecycle()
        let persons = register.persons.keys.sorted()
        let others =
            register.services.keys.sorted().map { Principal(.service($0)) }
            + [Principal(.user(.max)), Principal(.user(0), isAdmin: true), .clock, .catalog]
        let admins = isTraining ? [] : persons.map { Principal(.person($0, via: nil), isAdmin: true, uid: 0) }
        principalCount = persons.count + others.count + admins.count
        for matter in register.matters.values.sorted(by: { $0.id < $1.id }) {
            check(matter, register, persons)
            check(matter, register, others) { "\($0.name), which is no person, has a part in \(matter.id)" }
            check(matter, register, admins) { "\($0.name) has a part in \(matter.id) while administering the server" }
            if !isTraining { checkServices(matter, register) }
        }
    }

    private mutating func found(_ conflict: String) {
        if conflicts.count < SeparationCheck.conflictLimit { conflicts.append(conflict) }
    }

    /// Which commands lead to a decision, and who may give them.
    private mutating func checkLifecycle() {
        for row in Lifecycle.rows where row.target.isDecision && row.target != row.state {
            checkCount += 1
            let wanted: Set<Role> = row.target == .deemedGranted ? [.clock] : [.leader]
            if row.command.roles != wanted {
                found("\(row.command.name) leads to \(row.target.rawValue) and is not for the \(wanted.map(\.rawValue).joined()) alone")
            }
        }
    }

    private mutating func check(_ matter: Matter, _ register: Register, _ persons: [PersonID]) {
        let deciders = register.everyActor(for: matter.assignment.leader)
        let supervisors = register.everyActor(for: matter.assignment.commissioner)
        rows.append(
            MatterRow(
                matter: matter.id, deciders: deciders.sorted(), supervisors: supervisors.sorted(), silenceGrants: matter.silenceGrants))
        let (approving, supervising) = (register.everyApprover(of: matter), register.everySupervisor(of: matter))
        for person in persons {
            checkCount += 1
            if approving.contains(person), supervising.contains(person) {
                found("\(person) can both approve and supervise \(matter.id)")
            }
        }
    }

    /// Whoever is no person, or administers the server, has no part in examining, deciding or supervising.
    private mutating func check(_ matter: Matter, _ register: Register, _ principals: [Principal], conflict: (Principal) -> String) {
        guard let terms = Terms(matter: matter.id, pinned: register, newest: register) else { return }
        let now = Instant(seconds: 0)
        let submission = Submission(matter: matter.id, title: "", applicant: Applicant(id: "", name: ""), fields: [:], channel: "")
        let opening = Event(
            file: CaseID(1), revision: 1, at: now, by: "", via: nil,
            change: Submitted(submission, materials: [], receipt: "", assignment: matter.assignment, catalogVersion: 1), clocks: [])
        guard var file = CaseFile(opening) else { return }
        // Each office that the matter asks has been asked.
        file.consultation.requests = matter.consulted.map {
            OpinionRequest(office: $0.office, question: "", due: $0.due, suspends: $0.suspends, by: "", at: now)
        }
        for principal in principals {
            checkCount += 1
            let parts = Set(file.parts(of: principal, under: terms, at: now).keys)
            if !parts.isDisjoint(with: [.leader, .office, .consulted, .extensionAuthority, .commissioner, .auditor]) {
                found(conflict(principal))
            }
        }
    }

    /// No service, and so no unix user through one, speaks for both sides of a matter.
    private mutating func checkServices(_ matter: Matter, _ register: Register) {
        let (approving, supervising) = (register.everyApprover(of: matter), register.everySupervisor(of: matter))
        for service in register.services.values.sorted(by: { $0.id < $1.id }) where service.matters?.contains(matter.id) ?? true {
            checkCount += 1
            func speaks(for persons: Set<PersonID>) -> Bool {
                persons.contains { service.mayAct(for: $0, in: register, isTraining: false) }
            }
            if speaks(for: approving), speaks(for: supervising) {
                found("service \(service.id) can speak for both sides of \(matter.id)")
            }
        }
    }

    /// Looks at a running case: who had to do with it under whatever catalogue, by name, unix user and service, and who is left to decide it.
    package mutating func look(at file: CaseFile, under terms: Terms) {
        caseCount += 1
        versions.insert(file.origin.catalogVersion)
        checkCount += 2
        for who in file.participants[.approving].sorted() where !(terms.isTraining && who.isSpeaker) {
            let known = terms.register.participants(of: PersonID(who.name))
            if file.participants.isInvolved(known, .supervising) { found("\(who.name) approved and supervised \(file.id)") }
        }
        if let leader = file.progress.decidedBy, file.participants.isInvolved(terms.register.participants(of: PersonID(leader)), .examining)
        {
            found("\(leader) examined and decided \(file.id)")
        }
        guard file.state.isOpen, file.deciders(in: terms.register).isEmpty else { return }
        strandedCount += 1
        if stranded.count < SeparationCheck.strandedLimit { stranded.append(file.id) }
    }

    private static func trusted(_ register: Register, isTraining: Bool) -> [String] {
        if isTraining {
            return ["this store is for training: one unix user plays everybody, and nothing is proved of unix users and services"]
        }
        let services = register.services.values.sorted { $0.id < $1.id }.compactMap { service -> String? in
            switch service.actsFor {
            case .anyone: "whoever trusts \(service.id) trusts it to tell persons without a post from one another"
            case .persons(let persons) where persons.isEmpty: nil
            case .persons(let persons): "whoever trusts \(service.id) trusts it to tell \(persons.count) persons from one another"
            }
        }
        return [
            "the machine's kernel says which unix user speaks, and the catalogue who that is: its first version by one word, later ones by two",
            register.secondWords.isEmpty
                ? "nobody but admins could agree to a later version: no auditor, and no holder of a post that confirms, has a unix user"
                : "later versions are agreed to by admins, or by \(register.secondWords.map(\.raw).joined(separator: ", "))",
            "root can speak as every unix user, and leaves its own in the journal only where it does not",
        ] + services
    }
}

extension CaseFile {
    /// Who may still decide it: whoever acts for the leader's post on some day, and is kept from it by nothing that they had to do with the case.
    ///
    /// - Parameter register: what the catalogue is, or would become.
    package func deciders(in register: Register) -> Set<PersonID> {
        let leader = register.matters[matter]?.assignment.leader ?? assignment.leader
        return register.everyActor(for: leader).filter { hindrance(of: $0, as: .leader, in: register) == nil }
    }
}
