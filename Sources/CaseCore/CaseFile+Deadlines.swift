import WorkingTime

/// Something that the passing of time will do to a case.
package struct Deadline: Equatable, Sendable {
    package let at: Instant
    package let input: Input
}

extension CaseFile {
    /// The next rung or expiry; nil where nothing is running.
    ///
    /// Of two at the same instant a rung passes before an expiry, and clocks go in their declared order.
    package func nextDeadline(under terms: Terms) -> Deadline? {
        var next: Deadline?
        func consider(_ at: Instant?, _ input: (Instant) -> Input) {
            guard let at, next.map({ at < $0.at }) ?? true else { return }
            next = Deadline(at: at, input: input(at))
        }
        for clock in clocks where clock.isLive {
            if let (place, rung) = clock.nextRung(under: terms.limits[clock.kind]) {
                consider(clock.ledger.instant(reaching: rung.threshold(of: clock.ledger.budget), on: terms.calendar)) {
                    .passRung(clock.id, rung: place, due: $0)
                }
            }
        }
        if let clock = liveClock(.intake), state == .submitted, !isSuspended {
            consider(clock.ledger.due(on: terms.calendar)) { .deemAccept(due: $0) }
        }
        if let clock = liveClock(.correction), state == .correction, !isSuspended {
            consider(clock.ledger.due(on: terms.calendar)) { .lapse(due: $0) }
        }
        if let clock = liveClock(.decision), state == .inReview || state == .withLeader, !isSuspended,
            isGrantedBySilence(clock, under: terms)
        {
            consider(clock.ledger.due(on: terms.calendar)) { .deemGrant(due: $0) }
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

    func passRung(_ id: ClockID, _ place: Int, _ due: Instant, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        guard let clock = clocks.first(where: { $0.id == id && $0.isLive }),
            let (next, rung) = clock.nextRung(under: turn.terms.limits[id.kind]), next == place,
            clock.ledger.instant(reaching: rung.threshold(of: clock.ledger.budget), on: turn.terms.calendar) == due,
            due <= turn.now
        else { throw .notDue }
        turn.change({ $0 == id }) { $0.pass(place, rung) }
        let order = (openOrder == nil && state.isOpen ? rung.order : nil)
            .map { RungOrder(recipient: $0.recipient, due: $0.due, number: ownOrderNumber(under: turn.terms)) }
        if let order { turn.start(ClockID(.order), budget: order.due) }
        // An order that nobody answers goes one level up from where the case is.
        let level = id.kind == .order ? max(rung.level, escalation + 1) : rung.level
        return turn.step(
            .rungPassed(
                PassedRung(
                    clock: id, generation: clock.generation, rung: place, level: level, addressees: rung.addressees,
                    due: due, isLate: turn.now - due > PassedRung.lateAfterMilliseconds, order: order)),
            notices: (rung.addressees + [order?.recipient.addressee].compactMap { $0 }).map { notice($0, turn.terms) })
    }

    /// Refuses an expiry that is not due: timers are hints.
    func requireDue(_ kind: ClockKind, _ due: Instant, _ turn: Turn) throws(Refusal) {
        guard let clock = liveClock(kind), clock.ledger.due(on: turn.terms.calendar) == due, due <= turn.now else {
            throw .notDue
        }
    }

    func notice(_ addressee: Addressee, _ terms: Terms) -> Notice {
        let register = terms.register
        let office = register.offices[assignment.office]
        func holder(_ post: PostID?) -> String {
            post.map { register.holder(of: $0)?.raw ?? $0.raw } ?? "office \(assignment.office)"
        }
        let recipient =
            switch addressee {
            case .handler: handler?.raw ?? holder(office?.head)
            case .officeHead: holder(office?.head)
            case .leader: holder(assignment.leader)
            case .commissioner: holder(assignment.commissioner)
            case .departmentHead: holder(office.flatMap { register.departments[$0.department]?.head } ?? office?.head)
            case .applicant: applicant.id
            }
        return Notice(addressee: addressee, recipient: recipient)
    }
}
