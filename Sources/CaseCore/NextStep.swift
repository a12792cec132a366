import WorkingTime

/// Who has to act on a case next.
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
    /// Who has to act next; nil where nothing is left to be done.
    package func nextStep(under terms: Terms, at now: Instant) -> NextStep? {
        let day = terms.calendar.zone.day(of: now)
        switch state {
        case .correction: return NextStep(.submitter, recipients(.applicant, under: terms, on: day))
        case .submitted, .inReview:
            let asked = consultation.awaited.map { "office \($0.office)" }
            return asked.isEmpty ? NextStep(.office, recipients(.handler, under: terms, on: day)) : NextStep(.consulted, asked)
        case .withLeader: return NextStep(.leader, recipients(.leader, under: terms, on: day))
        case .granted, .refused, .deemedGranted:
            return liveClock(.delivery) == nil ? nil : NextStep(.office, recipients(.handler, under: terms, on: day))
        case .notAccepted, .withdrawn, .lapsed: return nil
        }
    }
}

extension Register {
    /// The cases that wait for somebody now: as officer, leader, commissioner, asked office or applicant, by themselves or in the place of
    /// whomever they stand in for. An open order waits for the office and the leader, a case that is overdue for its commissioner as well.
    package func duties(of principal: Principal, at now: Instant) -> CaseCondition {
        switch principal.identity {
        case .clock, .catalog, .user, .file: .any([])
        case .service(let id): .all([.any([.equal(.submittedBy, id.raw), .equal(.submittedVia, id.raw)]), .isOne(of: [.correction])])
        case .person(let person, via: _): duties(of: person, at: now)
        }
    }

    private func duties(of person: PersonID, at now: Instant) -> CaseCondition {
        let days = Set(calendars.values.map { $0.zone.day(of: now) } + [Zone.utc.day(of: now)])
        let mine = posts.values.filter { post in days.contains { actors(for: post.id, on: $0).contains { $0.person == person } } }
        func isAny(_ column: CaseColumn, _ names: some Sequence<String>) -> CaseCondition {
            .isAny(column, Set(names).sorted().map { .text($0) })
        }
        let handled = isAny(.handler, [person.raw] + mine.compactMap { holder(of: $0.id)?.raw })
        let (offices, posts) = (Set(mine.compactMap { $0.office?.raw }), mine.map(\.id.raw))
        let led = isAny(.leader, posts)
        return .any([
            .all([handled, .isOne(of: [.submitted, .inReview])]),
            .all([handled, .isOne(of: [.granted, .refused, .deemedGranted]), .isSet(.running)]),
            .all([isAny(.office, offices), .isNull(.handler), .isOne(of: [.submitted, .inReview])]),
            .all([.lists(.awaited, offices.sorted()), .isNull(.closedAt)]),
            .all([led, .isOne(of: [.withLeader])]),
            .all([.any([handled, led]), .isSet(.ordered)]),
            .all([isAny(.commissioner, posts), .isOverdue]),
            .all([.equal(.submittedBy, person.raw), .isOne(of: [.correction])]),
        ])
    }
}

extension CaseCondition {
    fileprivate static func isOne(of states: [State]) -> CaseCondition {
        .isAny(.state, states.map { .text($0.rawValue) })
    }
}
