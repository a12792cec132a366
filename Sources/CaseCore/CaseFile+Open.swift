import WorkingTime

extension CaseFile {
    /// What any open case takes, wherever its file is.
    func respondOpen(to input: Input, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        let terms = turn.terms
        switch input {
        case .withdraw(let reason):
            turn.endAll()
            return turn.step(.withdrawn(reason: reason), notices: [notice(.handler, terms)])
        case .assign(let person):
            if let person, !terms.register.officers(of: assignment.office).contains(person) {
                throw .notAnOfficer(person, assignment.office)
            }
            if let person, recused.contains(person) { throw .isRecused(person) }
            if let person, let other = conflict(of: person, as: .office) { throw .fourEyes(.assign, person: person, other: other) }
            return turn.step(.assigned(person), notices: person.map { [Notice(addressee: .handler, recipient: $0.raw)] } ?? [])
        case .note(let text):
            try CaseFile.requireText(text, "text")
            return turn.step(.noted(text))
        case .extend(let kind, let by, let reason):
            try CaseFile.requireText(reason, "reason")
            return try extend(kind, by, reason, turn)
        case .suspend(let kind, let basis, let expected, let note):
            guard !suspensions.contains(where: { $0.kind == kind }) else { throw .alreadySuspended(kind) }
            try CaseFile.requireText(basis, "basis")
            turn.pauseAll()
            turn.start(ClockID(.suspension, of: kind), budget: expected)
            return turn.step(
                .suspended(Suspension(kind: kind, basis: basis, expected: expected, note: note, since: turn.now)),
                notices: [notice(.applicant, terms)])
        case .resume(let kind):
            let ended = try suspension(kind)
            // Reasons that overlap stop the clocks once; they run on when the last one has ended.
            if suspensions.count == 1 { turn.resumeAll() }
            turn.end(ClockID(.suspension, of: ended))
            return turn.step(.resumed(ended), notices: [notice(.handler, terms)])
        case .escalate(let reason):
            try CaseFile.requireText(reason, "reason")
            return turn.step(
                .escalated(reason: reason, level: escalation + 1),
                notices: [notice(.leader, terms), notice(.commissioner, terms), notice(.departmentHead, terms)])
        case .openOrder(let reason, let recipient, let due): return try openOrder(reason, to: recipient, due: due, turn)
        case .answerOrder(let number, let answer): return try answerOrder(number, answer, turn)
        case .closeOrder(let number, let finding): return try closeOrder(number, finding, turn)
        case .recuse(let reason):
            try CaseFile.requireText(reason, "reason")
            return try recuse(reason, turn)
        case .reroute(let assignment):
            return turn.step(.rerouted(assignment))
        case .read(let what): return read(what, turn)
        case .reproject(let reprojection):
            return reproject(reprojection, turn)
        case .passRung(let clock, let rung, let due):
            return try passRung(clock, rung, due, turn)
        case .submit, .accept, .requestCorrection, .correct, .decline, .recommend, .return, .grant, .refuse, .deliver,
            .deemAccept, .lapse, .deemGrant, .inspect:
            throw .stateNotAllowed(input.kind, state: state)
        }
    }

    /// The suspension that is meant: the only one, where none is named.
    private func suspension(_ kind: Suspension.Kind?) throws(Refusal) -> Suspension.Kind {
        guard let first = suspensions.first else { throw .notSuspended }
        guard let kind else {
            guard suspensions.count == 1 else { throw .severalSuspensions(suspensions.map(\.kind)) }
            return first.kind
        }
        guard suspensions.contains(where: { $0.kind == kind }) else { throw .notSuspended }
        return kind
    }

    /// Hands the step to whoever else may take it; refused where that is nobody.
    private func recuse(_ reason: String, _ turn: Turn) throws(Refusal) -> Step {
        guard let person = turn.principal.person else {
            preconditionFailure("\(turn.principal.name) has a part in \(id) and is no person")
        }
        var after = self
        after.recused.insert(person)
        let register = turn.terms.register
        let day = turn.terms.calendar.zone.day(of: turn.now)
        func remaining(_ posts: [PostID], as role: Role) -> Set<PersonID> {
            Set(
                posts.flatMap { post in
                    register.actors(for: post, on: day, recused: after.recused).map(\.person).filter {
                        after.conflict(of: $0, as: role) == nil
                    }
                })
        }
        let (officers, leaders) = (
            remaining(register.posts(of: assignment.office), as: .office), remaining([assignment.leader], as: .leader)
        )
        guard !officers.isEmpty else { throw .nobodyElse(person, "office \(assignment.office)") }
        // Whoever examines it from now on does not decide it: one person cannot be what is left of both.
        let isEnough = state == .withLeader ? !leaders.isEmpty : leaders.contains { leader in officers.contains { $0 != leader } }
        guard isEnough else { throw .nobodyElse(person, "post \(assignment.leader)") }
        return turn.step(.recused(person, reason: reason), notices: [notice(.officeHead, turn.terms), notice(.leader, turn.terms)])
    }

    /// Once, before the breach, within the limit (Art. 42); the applicant is told why.
    private func extend(_ kind: ClockKind, _ by: Length, _ reason: String, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        guard kind == .decision, let allowed = turn.terms.matter.extension_ else { throw .clockNotExtendable(kind) }
        guard let clock = liveClock(kind) else { throw .clockNotRunning(kind) }
        guard !clock.isExtended else { throw .alreadyExtended(kind) }
        guard !clock.isOverdue(at: turn.now, on: turn.terms.calendar) else { throw .alreadyBreached(kind) }
        guard by.meter == allowed.limit.meter, by.quanta <= allowed.limit.quanta else {
            throw .extensionTooLong(limit: allowed.limit)
        }
        let (limit, now, calendar) = (turn.terms.limits[kind], turn.now, turn.terms.calendar)
        turn.change({ $0 == clock.id }) { $0.extend(by: by.quanta, under: limit, at: now, on: calendar) }
        return turn.step(
            .extended(kind, by: by, reason: reason),
            notices: [notice(.applicant, turn.terms), notice(.commissioner, turn.terms)])
    }
}
