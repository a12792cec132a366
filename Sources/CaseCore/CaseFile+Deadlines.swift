import WorkingTime

/// Something that the passing of time will do to a case.
package struct Deadline: Sendable {
    package let at: Instant
    /// What it will do, which the clock gives then.
    package let command: any CaseCommand
}

extension CaseFile {
    /// The next rung or expiry; nil where nothing is running.
    ///
    /// Of two at the same instant a rung passes before an expiry, and clocks go in their declared order.
    package func nextDeadline(under terms: Terms) -> Deadline? {
        var next: Deadline?
        func consider(_ at: Instant?, _ command: (Instant) -> any CaseCommand) {
            guard let at, next.map({ at < $0.at }) ?? true else { return }
            next = Deadline(at: at, command: command(at))
        }
        for clock in clocks where clock.isLive {
            if let (place, rung) = clock.nextRung(under: terms.limits[clock.kind]) {
                consider(clock.ledger.instant(reaching: rung.threshold(of: clock.ledger.budget), on: terms.calendar)) {
                    PassRung(clock.id, rung: place, due: $0)
                }
            }
        }
        if let closedAt, !state.isOpen, let order = openOrder {
            consider(closedAt) { _ in EndOrder(order.number) }
        }
        for request in consultation.awaited {
            guard let clock = clocks.first(where: { $0.id == request.clock && $0.isLive }) else { continue }
            consider(clock.ledger.due(on: terms.calendar)) { MissOpinion(request.office, due: $0) }
        }
        if let clock = liveClock(.intake), state == .submitted, !isSuspended {
            consider(clock.ledger.due(on: terms.calendar)) { DeemAccept(due: $0) }
        }
        if let clock = liveClock(.correction), state == .correction, !isSuspended {
            consider(clock.ledger.due(on: terms.calendar)) { Lapse(due: $0) }
        }
        if let clock = liveClock(.decision), state == .inReview || state == .withLeader, !isSuspended,
            isGrantedBySilence(clock, under: terms)
        {
            consider(clock.ledger.due(on: terms.calendar)) { DeemGrant(due: $0) }
        }
        return next
    }

    /// The earliest due instant of the live clocks: the case is overdue from then on. Nil where none is running or overdue.
    package func due(under terms: Terms) -> Instant? {
        guard state.isOpen else { return nil }
        return clocks.filter(\.isLive).compactMap { $0.ledger.due(on: terms.calendar) }.min()
    }

    /// Whether the deadline of a live clock rests on days for which the calendar is not official yet.
    package func isProvisional(under terms: Terms) -> Bool {
        clocks.contains { clock in
            clock.isLive && clock.ledger.isProvisional(due: clock.ledger.due(on: terms.calendar), on: terms.calendar)
        }
    }

    /// Who is to be told on a day, by name: whoever acts for the post then, else the post or the office; an applicant by their own id.
    func recipients(_ addressee: Addressee, under terms: Terms, on day: Day) -> [String] {
        let register = terms.register
        let assignment = assignment(in: register)
        let office = register.offices[assignment.office]
        func actors(_ post: PostID?, as role: Role) -> [String] {
            guard let post else { return [Register.recipient(assignment.office)] }
            return recipients(for: post, as: role, on: day, in: register)
        }
        // What nobody handles is the head's; where they have no part in it, the others'.
        func unassigned(_ heads: [String]) -> [String] {
            guard heads.allSatisfy({ recused.contains(PersonID($0)) }) else { return heads }
            let others = register.officers(of: assignment.office).subtracting(recused).map(\.raw).sorted()
            return others.isEmpty ? heads : others
        }
        return switch addressee {
        case .handler:
            // Of decided cases the handler is as they were then: who has left the office since delivers nothing.
            handler.flatMap { handler in
                state.isOpen || register.officers(of: assignment.office).contains(handler) ? handler : nil
            }.map { standIns(for: $0, on: day, in: register) } ?? unassigned(actors(office?.head, as: .office))
        case .officeHead: actors(office?.head, as: .office)
        case .leader: actors(assignment.leader, as: .leader)
        case .commissioner: actors(assignment.commissioner, as: .commissioner)
        case .departmentHead: actors(office.flatMap { register.departments[$0.department]?.head } ?? office?.head, as: .office)
        case .applicant: [applicant.id]
        case .auditor: register.auditingPosts.flatMap { register.recipients(for: $0, on: day) }
        case .confirmer: register.confirmingPosts.flatMap { register.recipients(for: $0, on: day) }
        }
    }

    /// Whoever acts for a post on this case; the holder or the post itself where nobody does.
    private func recipients(for post: PostID, as role: Role, on day: Day, in register: Register) -> [String] {
        let acting = actors(for: post, as: role, on: day, in: register).map(\.person.raw)
        let holder = register.holder(of: post).flatMap { role == .commissioner || !recused.contains($0) ? $0 : nil }
        return acting.isEmpty ? [holder?.raw ?? post.raw] : acting
    }

    /// An officer, or on days on which they are substituted whoever acts for them in the office.
    private func standIns(for officer: PersonID, on day: Day, in register: Register) -> [String] {
        let posts = register.posts(of: assignment(in: register).office).filter { register.holder(of: $0) == officer }
        let acting = posts.flatMap { recipients(for: $0, as: .office, on: day, in: register) }
        return acting.isEmpty || acting.contains(officer.raw) ? [officer.raw] : acting
    }
}
