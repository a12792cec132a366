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
            if let rung = rung(clock, terms) {
                consider(clock.ledger.instant(reaching: rung.threshold(of: clock.ledger.budget), on: terms.calendar)) {
                    .passRung(clock.kind, rung: clock.passedRungCount, due: $0)
                }
            }
        }
        if let clock = liveClock(.intake), state == .submitted, suspension == nil {
            consider(clock.ledger.due(on: terms.calendar)) { .deemAccept(due: $0) }
        }
        if let clock = liveClock(.correction), state == .correction, suspension == nil {
            consider(clock.ledger.due(on: terms.calendar)) { .lapse(due: $0) }
        }
        if let clock = liveClock(.decision), terms.matter.silenceGrants, state == .inReview || state == .withLeader,
            suspension == nil
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

    /// The next rung of a clock's ladder.
    private func rung(_ clock: Clock, _ terms: Terms) -> Rung? {
        guard let limit = terms.limits[clock.kind] else { return nil }
        let ladder = limit.ladder(for: clock.ledger.budget)
        return clock.passedRungCount < ladder.count ? ladder[clock.passedRungCount] : nil
    }

    func passRung(_ kind: ClockKind, _ place: Int, _ due: Instant, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        guard let clock = liveClock(kind), clock.passedRungCount == place, let rung = rung(clock, turn.terms),
            clock.ledger.instant(reaching: rung.threshold(of: clock.ledger.budget), on: turn.terms.calendar) == due,
            due <= turn.now
        else { throw .notDue }
        turn.change(kind) { $0.pass(rung) }
        return turn.step(
            .rungPassed(
                PassedRung(
                    clock: kind, generation: clock.generation, rung: place, level: rung.level, addressees: rung.addressees,
                    due: due, isLate: turn.now - due > PassedRung.lateAfterMilliseconds)),
            notices: rung.addressees.map { notice($0, turn.terms) })
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
