extension CaseFile {
    /// Decided or declined: what is left is to hand the paper over.
    func respondUndelivered(to input: Input, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        switch input {
        case .deliver(let how):
            guard deliveredAt == nil else { throw .alreadyDelivered }
            try CaseFile.requireText(how, "how")
            turn.end(.delivery)
            return turn.step(.delivered(how: how))
        case .passRung(let clock, let rung, let due):
            return try passRung(clock, rung, due, turn)
        case .reproject(let reprojection):
            return reproject(reprojection, turn)
        case .note, .answerOrder, .closeOrder, .inspect, .read:
            return try respondClosed(to: input, turn)
        case .submit, .accept, .requestCorrection, .correct, .decline, .assign, .suspend, .resume, .extend, .recommend,
            .return, .grant, .refuse, .withdraw, .escalate, .openOrder, .recuse, .reroute, .deemAccept,
            .lapse, .deemGrant:
            throw .stateNotAllowed(input.kind, state: state)
        }
    }

    /// Final: a record can be added, and nothing changes.
    func respondClosed(to input: Input, _ turn: Turn) throws(Refusal) -> Step {
        switch input {
        case .note(let text):
            try CaseFile.requireText(text, "text")
            return turn.step(.noted(text))
        // Supervision goes on after the fact.
        case .answerOrder(let number, let answer): return try answerOrder(number, answer, turn)
        case .closeOrder(let number, let finding): return try closeOrder(number, finding, turn)
        case .inspect(let outcome, let finding, let draw):
            guard state.isDecision else { throw .stateNotAllowed(.inspect, state: state) }
            return try inspect(outcome, finding, draw: draw, turn)
        case .read(let what): return read(what, turn)
        case .submit, .accept, .requestCorrection, .correct, .decline, .assign, .suspend, .resume, .extend, .recommend,
            .return, .grant, .refuse, .withdraw, .deliver, .escalate, .openOrder, .recuse, .reroute,
            .reproject, .deemAccept, .lapse, .deemGrant, .passRung:
            throw .stateNotAllowed(input.kind, state: state)
        }
    }
}
