import WorkingTime

/// Whether approval and supervision are kept apart, over the whole catalogue, all days and all ways in.
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
    /// Persons, services, an unknown unix user, an admin, the timer and the catalogue, each asked for on each matter.
    package private(set) var principalCount = 0
    package private(set) var checkCount = 0
    /// Sentences; empty where the powers are apart.
    package private(set) var conflicts: [String] = []

    package init(_ register: Register) {
        checkLifecycle()
        let persons = register.persons.keys.sorted()
        let others =
            register.services.keys.sorted().map { Principal(.service($0)) }
            + [Principal(.user(.max)), Principal(.user(0), isAdmin: true), .clock, .catalog]
        principalCount = persons.count + others.count
        for matter in register.matters.values.sorted(by: { $0.id < $1.id }) {
            check(matter, register, persons)
            check(matter, register, others)
        }
    }

    /// Which commands lead to a decision, and who may give them.
    private mutating func checkLifecycle() {
        for row in Lifecycle.rows where row.target.isDecision && row.target != row.state {
            checkCount += 1
            let wanted: Set<Role> = row.target == .deemedGranted ? [.clock] : [.leader]
            if row.command.roles != wanted {
                conflicts.append(
                    "\(row.command.name) leads to \(row.target.rawValue) and is not for the \(wanted.map(\.rawValue).joined()) alone")
            }
        }
    }

    private mutating func check(_ matter: Matter, _ register: Register, _ persons: [PersonID]) {
        let deciders = register.everyActor(for: matter.assignment.leader)
        let supervisors = register.everyActor(for: matter.assignment.commissioner)
        let approving = register.everyApprover(of: matter)
        rows.append(
            MatterRow(
                matter: matter.id, deciders: deciders.sorted(), supervisors: supervisors.sorted(), silenceGrants: matter.silenceGrants))
        for person in persons {
            checkCount += 1
            if approving.contains(person), supervisors.contains(person) || register.isAuditor(person) {
                conflicts.append("\(person) can both approve and supervise \(matter.id)")
            }
        }
    }

    /// Whoever is no person has no part in examining, deciding or supervising.
    private mutating func check(_ matter: Matter, _ register: Register, _ others: [Principal]) {
        guard let terms = Terms(matter: matter.id, pinned: register, newest: register) else { return }
        let now = Instant(seconds: 0)
        let submission = Submission(matter: matter.id, title: "", applicant: Applicant(id: "", name: ""), fields: [:], channel: "")
        let opening = Event(
            file: CaseID(1), revision: 1, at: now, by: "", via: nil,
            change: Submitted(submission, materials: [], receipt: "", assignment: matter.assignment, catalogVersion: 1), clocks: [])
        guard let file = CaseFile(opening) else { return }
        for principal in others {
            checkCount += 1
            let parts = Set(file.parts(of: principal, under: terms, at: now).keys)
            if !parts.isDisjoint(with: [.leader, .office, .consulted, .extensionAuthority, .commissioner]) {
                conflicts.append("\(principal.name), which is no person, has a part in \(matter.id)")
            }
        }
    }
}

/// Who may do what on a matter, and why.
package struct Power: Equatable, Sendable {
    package let role: Role
    /// A person, or what acts by itself.
    package let holder: String
    package let reason: String
    /// Nil where no case is meant, or nothing hinders.
    package let hindrance: String?
    package let commands: [CommandName]
}

extension Register {
    /// The powers over a matter on a day; on a case, with what hinders somebody there.
    ///
    /// - Parameter file: one case of the matter.
    package func powers(over matter: Matter, on day: Day, file: CaseFile? = nil) -> [Power] {
        let assignment = file?.assignment ?? matter.assignment
        let officePosts = posts(of: assignment.office)
        var powers: [Power] = []
        func add(_ role: Role, _ holder: String, _ reason: String, _ hindrance: String? = nil) {
            let commands = Commands.declarations.filter { command in
                command.roles.contains(role) && (command.name != DeemGrant.name || matter.silenceGrants)
            }
            powers.append(
                Power(role: role, holder: holder, reason: reason, hindrance: hindrance, commands: commands.map(\.name)))
        }
        func add(_ role: Role, posts: [PostID], recused: Set<PersonID> = []) {
            for post in posts {
                for actor in actors(for: post, on: day, recused: recused) {
                    let reason = actor.instead.map { "substitutes for \($0) as \(post)" } ?? "holds \(post)"
                    add(role, actor.person.raw, reason, file.flatMap { hindrance(role, actor.person, $0) })
                }
            }
        }
        let recused = file?.recused ?? []
        if let file { add(.submitter, file.origin.by, "submitted the case") }
        add(.office, posts: officePosts, recused: recused)
        let consulted = file.map { $0.consultation.requests.map(\.office) } ?? matter.consulted.map(\.office)
        add(.consulted, posts: Set(consulted).sorted().flatMap(self.posts), recused: recused)
        add(.leader, posts: [assignment.leader], recused: recused)
        if let authority = matter.extension_?.authority { add(.extensionAuthority, posts: [authority], recused: recused) }
        add(.commissioner, posts: [assignment.commissioner])
        for post in self.posts.values.filter(\.isAuditing).sorted(by: { $0.id < $1.id }) {
            if let holder = post.holder {
                add(.auditor, holder.raw, "holds \(post.id)", file.flatMap { hindrance(.auditor, holder, $0) })
            }
        }
        add(.clock, "the passing of time", matter.silenceGrants ? "silence grants, as the matter says" : "silence never grants this matter")
        add(.admin, "root, the daemon's user, or the admin group", "administers the machine")
        for person in recused.sorted() {
            powers.append(
                Power(role: .office, holder: person.raw, reason: "is recused", hindrance: "has no part in this case", commands: []))
        }
        return powers
    }

    private func hindrance(_ role: Role, _ person: PersonID, _ file: CaseFile) -> String? {
        switch file.hindrance(of: person, as: role, in: self) {
        case nil: nil
        case .acted(.submitter): "submitted it, or applies for it, and takes no other step in it"
        case .acted(.commissioner): "supervised it, and may not approve it"
        case .acted: role == .leader ? "examined it, and may not decide" : "had to do with its approval, and may not supervise it"
        case .recused: "is recused"
        case .administers: "administers the server, and has no part in any case"
        case .spoke(let service): "is spoken for by \(service), which spoke for the other side"
        }
    }
}
