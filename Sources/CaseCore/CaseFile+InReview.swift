import WorkingTime

extension CaseFile {
    /// Accepted and being examined by the one office.
    func respondInReview(to input: Input, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        switch input {
        case .recommend(let recommendation, let opinion):
            try requireFourEyes(.recommend, as: .office, by: turn.principal)
            try CaseFile.requireText(opinion, "opinion")
            try requireDecider(besides: turn.principal, .recommend, turn)
            guard let officer = turn.principal.person else {
                preconditionFailure("\(turn.principal.name) acts for office \(assignment.office) and is no person")
            }
            if let handler, handler != officer { throw .assignedTo(handler) }
            turn.end(.review)
            turn.start(.leader)
            return turn.step(
                .recommended(recommendation, opinion: opinion, handler: officer), notices: [notice(.leader, turn.terms)])
        case .correct(let materials, let note):
            // After a deemed acceptance something can still be missing, without which nothing can be granted.
            guard !materials.isEmpty else { throw .empty(parameter: "materials") }
            try CaseFile.requireKnown(materials.map(\.id), under: turn.terms)
            // What comes after the end of a clock does not make that end a decision.
            if turn.terms.matter.silenceGrants, !isComplete(under: turn.terms) {
                let (now, calendar) = (turn.now, turn.terms.calendar)
                turn.change({ $0.kind == .decision }) { $0.noteExpiry(at: now, on: calendar) }
            }
            return turn.step(.corrected(materials: materials, note: note), notices: [notice(.handler, turn.terms)])
        case .deemGrant(let due):
            return try deemGrant(due, turn)
        case .withdraw, .assign, .note, .extend, .suspend, .resume, .escalate, .openOrder, .answerOrder, .closeOrder,
            .recuse, .read, .inspect, .reroute, .reproject, .passRung:
            return try respondOpen(to: input, turn)
        case .submit, .accept, .requestCorrection, .decline, .return, .grant, .refuse, .deliver, .deemAccept, .lapse:
            throw .stateNotAllowed(input.kind, state: state)
        }
    }

    /// Whether the end of the decision clock grants the case: where the matter says so, and every required material is there in time.
    func isGrantedBySilence(_ decision: Clock, under terms: Terms) -> Bool {
        terms.matter.silenceGrants && isComplete(under: terms) && !decision.hasExpiredIncomplete
    }

    func deemGrant(_ due: Instant, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        guard let decision = liveClock(.decision), isGrantedBySilence(decision, under: turn.terms) else { throw .notDue }
        try requireDue(.decision, due, turn)
        turn.endAll(at: due)
        return turn.step(
            .deemedGranted(due: due), notices: [notice(.applicant, turn.terms), notice(.commissioner, turn.terms)])
    }
}
