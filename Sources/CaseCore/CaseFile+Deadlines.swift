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
            clock.isLive && clock.ledger.due(on: terms.calendar).map { terms.calendar.isProvisional($0) } ?? false
        }
    }

    /// Who is to be told, by name: a person, else a post or an office; an applicant by their own id.
    func recipient(_ addressee: Addressee, under terms: Terms) -> String {
        let register = terms.register
        let office = register.offices[assignment.office]
        func holder(_ post: PostID?) -> String {
            post.map { register.holder(of: $0)?.raw ?? $0.raw } ?? "office \(assignment.office)"
        }
        return switch addressee {
        case .handler: handler?.raw ?? holder(office?.head)
        case .officeHead: holder(office?.head)
        case .leader: holder(assignment.leader)
        case .commissioner: holder(assignment.commissioner)
        case .departmentHead: holder(office.flatMap { register.departments[$0.department]?.head } ?? office?.head)
        case .applicant: applicant.id
        }
    }
}
