extension CaseFile {
    /// With the office, which has to accept, decline or name what is missing.
    func respondSubmitted(to input: Input, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        switch input {
        case .accept:
            try requireFourEyes(.accept, as: .office, by: turn.principal)
            try requireMaterials(under: turn.terms)
            try requireDecider(besides: turn.principal, .accept, turn)
            turn.end(.intake)
            turn.start(.decision)
            turn.start(.promise)
            turn.start(.review)
            return turn.step(.accepted, notices: [notice(.applicant, turn.terms)])
        case .requestCorrection(let missing, let note):
            try requireFourEyes(.requestCorrection, as: .office, by: turn.principal)
            guard !missing.isEmpty else { throw .empty(parameter: "missing") }
            try requireDecider(besides: turn.principal, .requestCorrection, turn)
            try CaseFile.requireKnown(missing, under: turn.terms)
            if let noticedItems {
                let new = missing.filter { !noticedItems.contains($0) }
                guard new.isEmpty else { throw .itemsNotInFirstNotice(new) }
            }
            turn.end(.intake)
            turn.start(.correction)
            return turn.step(.correctionRequested(missing: missing, note: note), notices: [notice(.applicant, turn.terms)])
        case .decline(let ground, let competent):
            try requireFourEyes(.decline, as: .office, by: turn.principal)
            try CaseFile.requireText(ground, "ground")
            turn.end(.intake)
            turn.start(.delivery)
            return turn.step(.declined(ground: ground, competent: competent), notices: [notice(.applicant, turn.terms)])
        case .deemAccept(let due):
            try requireDue(.intake, due, turn)
            // As if it had been accepted on receipt: the same pauses, and no more.
            let intake = liveClock(.intake)?.ledger
            turn.end(.intake, at: due)
            turn.start(.decision, at: receivedAt, withPausesOf: intake)
            turn.start(.promise, at: receivedAt, withPausesOf: intake)
            turn.start(.review)
            // What ended before there was an acceptance is a breach: silence does not accept and grant at once.
            let calendar = turn.terms.calendar
            turn.change({ $0.kind == .decision }) { $0.noteExpiry(at: due, on: calendar) }
            return turn.step(
                .deemedAccepted(effective: receivedAt),
                notices: [notice(.applicant, turn.terms), notice(.officeHead, turn.terms)])
        case .withdraw, .assign, .note, .extend, .suspend, .resume, .escalate, .openOrder, .answerOrder, .closeOrder,
            .recuse, .read, .inspect, .reroute, .reproject, .passRung:
            return try respondOpen(to: input, turn)
        case .submit, .correct, .recommend, .return, .grant, .refuse, .deliver, .lapse, .deemGrant:
            throw .stateNotAllowed(input.kind, state: state)
        }
    }
}
