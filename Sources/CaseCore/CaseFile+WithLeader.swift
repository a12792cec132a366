extension CaseFile {
    /// With the one leader, who alone decides.
    func respondWithLeader(to input: Input, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        switch input {
        case .return(let reason):
            try CaseFile.requireText(reason, "reason")
            turn.end(.leader)
            turn.start(.review)
            return turn.step(.returned(reason: reason), notices: [notice(.handler, turn.terms)])
        case .grant(let reasons):
            try requireFourEyes(.grant, as: .leader, by: turn.principal)
            try requireMaterials(under: turn.terms)
            turn.endAll()
            turn.start(.delivery)
            return turn.step(.granted(reasons: reasons), notices: [notice(.applicant, turn.terms), notice(.handler, turn.terms)])
        case .refuse(let reasons):
            try requireFourEyes(.refuse, as: .leader, by: turn.principal)
            try CaseFile.requireText(reasons, "reasons")
            turn.endAll()
            turn.start(.delivery)
            return turn.step(.refused(reasons: reasons), notices: [notice(.applicant, turn.terms), notice(.handler, turn.terms)])
        case .deemGrant(let due):
            return try deemGrant(due, turn)
        case .withdraw, .assign, .note, .extend, .suspend, .resume, .escalate, .openOrder, .answerOrder, .closeOrder,
            .recuse, .read, .inspect, .reroute, .reproject, .passRung:
            return try respondOpen(to: input, turn)
        case .submit, .accept, .requestCorrection, .correct, .decline, .recommend, .deliver, .deemAccept, .lapse:
            throw .stateNotAllowed(input.kind, state: state)
        }
    }
}
