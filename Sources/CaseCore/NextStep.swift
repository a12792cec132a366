import WorkingTime

/// Who has to act on a case.
package struct NextStep: Equatable, Sendable {
    /// In what function.
    package let role: Role
    /// By name: whoever acts for the post today, else the post or the office; an applicant by their own id.
    package let names: [String]

    init(_ role: Role, _ names: [String]) {
        (self.role, self.names) = (role, names)
    }
}

extension CaseFile {
    /// Who has to act next, so that the case comes on; nil where nothing is left to be done.
    package func nextStep(under terms: Terms, at now: Instant) -> NextStep? {
        let day = terms.calendar.zone.day(of: now)
        switch state {
        case .correction: return NextStep(.submitter, recipients(.applicant, under: terms, on: day))
        case .submitted, .inReview:
            let asked = consultation.awaited.map { "office \($0.office.raw)" }
            guard asked.isEmpty else { return NextStep(.consulted, asked) }
            let step = nextExaminationStep(under: terms)
            let persons = step.flatMap { takers(of: $0, on: day, in: terms.register) }?.map(\.raw)
            return NextStep(.office, persons ?? recipients(.handler, under: terms, on: day))
        case .withLeader: return NextStep(.leader, recipients(.leader, under: terms, on: day))
        case .granted, .refused, .deemedGranted, .notAccepted:
            return liveClock(.delivery) == nil ? nil : NextStep(.office, recipients(.handler, under: terms, on: day))
        case .withdrawn, .lapsed: return nil
        }
    }

    /// Who has to act on its open order: whoever is asked, and once they have answered the commissioner; nil where there is none.
    package func orderStep(under terms: Terms, at now: Instant) -> NextStep? {
        guard let order = openOrder else { return nil }
        let day = terms.calendar.zone.day(of: now)
        guard order.answer == nil else { return NextStep(.commissioner, recipients(.commissioner, under: terms, on: day)) }
        return NextStep(order.recipient == .leader ? .leader : .office, recipients(order.recipient.addressee, under: terms, on: day))
    }

    /// Whether a draw took it, and nobody has inspected it for that.
    package var hasOpenDraw: Bool {
        !Set(selection.draws).isSubset(of: inspections.compactMap(\.draw))
    }

    /// Who has to inspect it, as it was drawn; nil where nobody has.
    package func inspectionStep(under terms: Terms, at now: Instant) -> NextStep? {
        guard hasOpenDraw else { return nil }
        let day = terms.calendar.zone.day(of: now)
        let posts = selection.posts.flatMap { terms.register.posts(actingFor: $0, at: closedAt) }.sorted()
        let isAudit = posts.contains { terms.register.posts[$0]?.isAuditing == true }
        return NextStep(isAudit ? .auditor : .commissioner, posts.flatMap { terms.register.recipients(for: $0, on: day) })
    }
}

extension Register {
    /// The cases that wait for somebody now: as officer, leader, commissioner, asked office or applicant, by themselves or in the place of
    /// whomever they stand in for. An open order waits for whoever is asked, and once answered for the commissioner; a case that is overdue
    /// waits for its commissioner as well, and one that was drawn for whoever inspects it.
    package func duties(of principal: Principal, at now: Instant) -> CaseCondition {
        switch principal.identity {
        case .clock, .catalog, .user, .file: .any([])
        case .service(let id): .all([.any([.equal(.submittedBy, id.raw), .equal(.submittedVia, id.raw)]), .isOne(of: [.correction])])
        case .person(let person, via: _): duties(of: person, at: now)
        }
    }

    private func duties(of person: PersonID, at now: Instant) -> CaseCondition {
        let days = days(at: now)
        func actors(for post: PostID) -> Set<PersonID> { Set(days.flatMap { self.actors(for: post, on: $0).map(\.person) }) }
        let mine = posts.values.filter { actors(for: $0.id).contains(person) }
        func isAny(_ column: CaseColumn, _ names: some Sequence<String>) -> CaseCondition {
            .isAny(column, Set(names).sorted().map { .text($0) })
        }
        // On days on which others act for all posts of an officer, what they handle waits for those.
        let ownPosts = posts.values.filter { $0.office != nil && holder(of: $0.id) == person }
        let isAway =
            !ownPosts.isEmpty
            && ownPosts.allSatisfy { post in
                let actors = actors(for: post.id)
                return !actors.isEmpty && !actors.contains(person)
            }
        // Where those have no part in a case, the holder acts.
        let back = posts.values.filter { holder(of: $0.id) == person && !actors(for: $0.id).contains(person) }.map { post in
            (post, CaseCondition.all(actors(for: post.id).sorted().map { .lists(.recused, [$0.raw]) }))
        }
        let posts = mine.map(\.id.raw)
        /// That a column names a post for which somebody acts.
        func isOwn(_ column: CaseColumn) -> CaseCondition {
            .any([isAny(column, posts)] + back.map { post, isAlone in .all([isAny(column, [post.id.raw]), isAlone]) })
        }
        let officePosts = mine.compactMap { $0.office?.raw }
        let handled = CaseCondition.any(
            [isAny(.handler, (isAway ? [] : [person.raw]) + mine.compactMap { holder(of: $0.id)?.raw })]
                + back.filter { $0.0.office != nil }.map { .all([isAny(.handler, [person.raw]), $0.1]) })
        let unassigned = CaseCondition.all([isAny(.office, officePosts), .isNull(.handler)])
        let inOffice = CaseCondition.any([handled, unassigned])
        // What somebody decided about who has left the office is left for the office to deliver, and for one that succeeds it.
        let left = Set(officePosts).sorted().flatMap { office in
            ([office] + former(of: office)).map { name in
                CaseCondition.all([
                    isAny(.office, [name]),
                    .any([.isNull(.handler), .not(isAny(.handler, officers(of: OfficeID(office)).map(\.raw)))]),
                ])
            }
        }
        let led = isOwn(.leader)
        // Where the holder has no part, the declared substitute leads.
        let standing = self.posts.values.filter { $0.substitute.flatMap { holder(of: $0) } == person }.compactMap { post in
            holder(of: post.id).map { CaseCondition.all([isAny(.leader, [post.id.raw]), .lists(.recused, [$0.raw])]) }
        }
        let headed = offices.values.filter { posts.contains($0.head.raw) }.map(\.id.raw)
        // A step whose post has nobody to take it is everybody's.
        let taken = self.posts.values.filter { !actors(for: $0.id).isEmpty }.map(\.id.raw)
        let isEverybodys = CaseCondition.any([.isNull(.stepPost), .not(isAny(.stepPost, taken))])
        let hasPart = CaseCondition.not(.lists(.recused, [person.raw]))
        let asked = officePosts.flatMap { [$0] + former(of: $0) }
        let ordered = CaseCondition.any([
            .all([.equal(.orderFor, SupervisionOrder.Recipient.leader.rawValue), .any([led] + standing)]),
            .all([.equal(.orderFor, SupervisionOrder.Recipient.handler.rawValue), inOffice]),
            .all([.equal(.orderFor, SupervisionOrder.Recipient.officeHead.rawValue), isAny(.office, headed)]),
        ])
        return .any([
            .all([inOffice, isEverybodys, hasPart, .isOne(of: [.submitted, .inReview]), .not(.isSet(.asking))]),
            .all([isOwn(.stepPost), hasPart, .not(.isSet(.asking))]),
            .all([.any([inOffice] + left), hasPart, .isOne(of: [.granted, .refused, .deemedGranted, .notAccepted]), .isSet(.running)]),
            .all([.lists(.awaited, Set(asked).sorted()), .isNull(.closedAt)]),
            .all([.any([led] + standing), hasPart, .isOne(of: [.withLeader])]),
            .all([ordered, hasPart]),
            .all([.equal(.orderFor, Role.commissioner.rawValue), isAny(.commissioner, posts)]),
            .all([isAny(.commissioner, posts), .isOverdue]),
            .lists(.drawn, posts.sorted()),
            .all([.equal(.submittedBy, person.raw), .isOne(of: [.correction])]),
        ])
    }
}

extension Register {
    /// The names of offices that an office has taken over, and of those that they had taken over.
    fileprivate func former(of office: String) -> [String] {
        var (found, next): ([String], [String]) = ([], [office])
        while let heir = next.popLast() {
            let former = (offices[OfficeID(heir)]?.succeeds ?? []).map(\.raw).filter { !found.contains($0) && $0 != office }
            found += former
            next += former
        }
        return found
    }
}

extension CaseCondition {
    fileprivate static func isOne(of states: [State]) -> CaseCondition {
        .isAny(.state, states.map { .text($0.rawValue) })
    }
}
