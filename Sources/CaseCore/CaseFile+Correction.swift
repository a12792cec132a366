extension CaseFile {
    /// Back with the applicant. Time that runs out here is the applicant's: it ends in `lapsed`, never in `refused`.
    func respondCorrection(to input: Input, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        switch input {
        case .correct(let materials, let note):
            guard !materials.isEmpty else { throw .empty(parameter: "materials") }
            try CaseFile.requireKnown(materials.map(\.id), under: turn.terms)
            turn.end(.correction)
            turn.start(.intake)
            return turn.step(.corrected(materials: materials, note: note), notices: [notice(.handler, turn.terms)])
        case .lapse(let due):
            try requireDue(.correction, due, turn)
            turn.endAll(at: due)
            return turn.step(.lapsed(due: due), notices: [notice(.applicant, turn.terms)])
        case .withdraw, .assign, .note, .extend, .suspend, .resume, .escalate, .openOrder, .answerOrder, .closeOrder,
            .recuse, .read, .inspect, .reroute, .reproject, .passRung:
            return try respondOpen(to: input, turn)
        case .submit, .accept, .requestCorrection, .decline, .recommend, .return, .grant, .refuse, .deliver, .deemAccept,
            .deemGrant:
            throw .stateNotAllowed(input.kind, state: state)
        }
    }
}
