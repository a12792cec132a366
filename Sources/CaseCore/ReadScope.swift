import WorkingTime

/// Which cases somebody may read: those in which they have, or would have, a part; an auditor and an admin all of them.
package struct ReadScope: Equatable, Sendable {
    /// What makes a case somebody's own to read; any of it is enough.
    package struct Own: Equatable, Sendable {
        /// Services and persons as submitters, and services through which persons submitted.
        package var submitters: Set<String> = []
        package var offices: Set<OfficeID> = []
        package var leaders: Set<PostID> = []
        package var commissioners: Set<PostID> = []
        /// Those whose time somebody may extend, and those of a department that somebody heads.
        package var matters: Set<MatterID> = []
        /// When those of these offices and posts were gone whose names have come back: what was closed by then is not theirs.
        package var gone: [CaseColumn: [String: Instant]] = [:]
        /// What came to somebody with a matter, from an office or a post that is gone.
        package var inherited: [Inheritance] = []

        package init() {}
    }

    /// Closed cases stay with an office or a post until it is gone; then they are with whoever has their matter.
    package struct Inheritance: Equatable, Sendable {
        /// By which they were somebody's: office, leader or commissioner.
        let column: CaseColumn
        /// Those that have come to somebody.
        let matters: [MatterID]
        /// What is gone of the column's kind.
        let gone: [String]
        /// What was gone by an instant, and has its name again.
        let back: [String: Instant]
    }

    package var own = Own()
    package var isEverything = false
    /// As whom somebody reads what is not their own, which goes on record; nil for nobody of whom it does.
    package var oversight: Oversight?
    /// The matters beyond which a service shows nothing; nil for no such limit.
    package var limit: Set<MatterID>?

    /// What lets somebody read what is not their own.
    package enum Oversight: Sendable {
        case audit, administration
    }

    package var isAudit: Bool {
        oversight == .audit
    }

    package init() {}

    package static let everything = {
        var readScope = ReadScope()
        readScope.isEverything = true
        return readScope
    }()

    /// To whom notices of the server are one's own to read; nil for all.
    package var addresses: Set<String>? {
        isEverything ? nil : own.submitters.union(own.commissioners.map(\.raw))
    }

    /// Whether a case is somebody's own to read, and not as an auditor or an admin.
    package func isOwn(_ file: CaseFile) -> Bool {
        own.condition.holds(of: file) && limit?.contains(file.matter) ?? true
    }

    /// Whether a reading of this case goes on record.
    package func isRecorded(_ file: CaseFile) -> Bool {
        oversight != nil && !own.condition.holds(of: file)
    }
}

extension Register {
    /// Which cases a principal may read at an instant.
    ///
    /// Whoever may act on a case may read it. A post's declared substitute reads what its holder reads, to be ready; a dated one
    /// does on its days, in any zone of the catalogue.
    ///
    /// - Parameter isTraining: in a store for training one unix user plays everybody, and its looking around is nobody's reading.
    package func readScope(of principal: Principal, at now: Instant, isTraining: Bool = false) -> ReadScope {
        var readScope = ReadScope()
        readScope.isEverything = principal.isAdmin
        if principal.isAdmin, !isTraining { readScope.oversight = .administration }
        switch principal.identity {
        case .clock, .catalog, .user, .file: break
        case .service(let id):
            readScope.own.submitters = [id.raw]
            readScope.limit = services[id]?.matters
        case .person(let person, let service):
            readScope.own = scope(of: person, at: now)
            readScope.limit = service.flatMap { services[$0]?.matters }
            if isAuditor(person) {
                readScope.isEverything = true
                readScope.oversight = .audit
            }
        }
        return readScope
    }

    /// Whether somebody reads all cases, on record, and inspects what was decided.
    package func isAuditor(_ person: PersonID) -> Bool {
        posts.values.contains { $0.isAuditing && $0.holder == person }
    }

    private func scope(of person: PersonID, at now: Instant) -> ReadScope.Own {
        let days = Set(calendars.values.map { $0.zone.day(of: now) } + [Zone.utc.day(of: now)])
        let mine = Set(posts.values.filter { post in days.contains { isReader(person, of: post, on: $0) } }.map(\.id))
        var scope = ReadScope.Own()
        scope.submitters = [person.raw]
        (scope.leaders, scope.commissioners) = (mine, mine)
        let formerOffices = Set(gone.successors.keys).union(offices.values.flatMap(\.succeeds)).filter { offices[$0] == nil }
        for office in Set(mine.compactMap { posts[$0]?.office }) {
            scope.offices.insert(office)
            scope.offices.formUnion(formerOffices.filter { acting(for: $0).contains(office) })
        }
        func inherit<Kind>(
            _ column: CaseColumn, _ gone: [Identifier<Kind>: Instant], _ present: Set<Identifier<Kind>>, where isMine: (Assignment) -> Bool
        ) {
            guard !gone.isEmpty, !mine.isEmpty else { return }
            let names = { (ids: [Identifier<Kind>: Instant]) in Dictionary(uniqueKeysWithValues: ids.map { ($0.key.raw, $0.value) }) }
            let back = names(gone.filter { present.contains($0.key) })
            if !back.isEmpty { scope.gone[column] = back }
            let matters = matters.values.filter { isMine($0.assignment) }.map(\.id).sorted()
            guard !matters.isEmpty else { return }
            scope.inherited.append(
                ReadScope.Inheritance(
                    column: column, matters: matters, gone: gone.keys.filter { !present.contains($0) }.map(\.raw).sorted(), back: back))
        }
        inherit(.office, gone.offices, Set(offices.keys)) { scope.offices.contains($0.office) }
        inherit(.leader, gone.posts, Set(posts.keys)) { mine.contains($0.leader) }
        inherit(.commissioner, gone.posts, Set(posts.keys)) { mine.contains($0.commissioner) }
        let headed = Set(departments.values.filter { $0.head.map(mine.contains) ?? false }.map(\.id))
        for matter in matters.values
        where matter.extension_.map({ mine.contains($0.authority) }) ?? false || department(of: matter).map(headed.contains) ?? false {
            scope.matters.insert(matter.id)
        }
        return scope
    }

    private func isReader(_ person: PersonID, of post: Post, on day: Day) -> Bool {
        post.holder == person || post.substitute.flatMap { holder(of: $0) } == person
            || actors(for: post.id, on: day).contains { $0.person == person }
    }
}
