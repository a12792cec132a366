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
        /// Since when names of these offices, posts and matters are theirs that were others' before: what was closed by then is not theirs.
        package var began: [CaseColumn: [String: Instant]] = [:]
        /// What others had closed until they were gone.
        package var inherited: [Inheritance] = []

        package init() {}
    }

    /// Cases that are somebody's through an office or a post that is gone: of names in a column, those closed after an instant, and through another
    /// one. Of a column that says which offices were asked, those that are open.
    package struct Inheritance: Equatable, Sendable {
        let column: CaseColumn
        let names: [String]
        let after: Instant?
        let through: Instant?
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
        scope.offices = Set(mine.compactMap { posts[$0]?.office })
        scope.inherited =
            inheritances(.office, scope.offices, former.offices) + inheritances(.consulted, scope.offices, former.offices)
            + inheritances(.leader, mine, former.posts) + inheritances(.commissioner, mine, former.posts)
        let headed = Set(departments.values.filter { $0.head.map(mine.contains) ?? false }.map(\.id))
        for matter in matters.values
        where matter.extension_.map({ mine.contains($0.authority) }) ?? false || department(of: matter).map(headed.contains) ?? false {
            scope.matters.insert(matter.id)
        }
        scope.began = [
            .office: began(scope.offices, former.offices), .leader: began(mine, former.posts), .commissioner: began(mine, former.posts),
            .matter: began(scope.matters, former.matters),
        ].filter { !$0.value.isEmpty }
        return scope
    }

    private func began<Kind>(_ names: Set<Identifier<Kind>>, _ former: Succession<Kind>) -> [String: Instant] {
        names.reduce(into: [:]) { found, name in found[name.raw] = former.began(name) }
    }

    private func inheritances<Kind>(
        _ column: CaseColumn, _ heirs: Set<Identifier<Kind>>, _ former: Succession<Kind>
    ) -> [ReadScope.Inheritance] {
        let all = Set(heirs.flatMap { former.inheritance[$0] ?? [] })
        return Dictionary(grouping: all) { [$0.after, $0.through] }.map { stretch, found in
            ReadScope.Inheritance(column: column, names: found.map(\.name.raw).sorted(), after: stretch[0], through: stretch[1])
        }.sorted { $0.names.lexicographicallyPrecedes($1.names) }
    }

    private func isReader(_ person: PersonID, of post: Post, on day: Day) -> Bool {
        post.holder == person || post.substitute.flatMap { holder(of: $0) } == person
            || actors(for: post.id, on: day).contains { $0.person == person }
    }
}
