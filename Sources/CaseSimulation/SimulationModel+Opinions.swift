import CaseCore

/// What is true of opinions of other offices.
extension SimulationModel {
    func checkOpinion(_ event: Event, after before: CaseFile) throws {
        func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
            if !condition { throw Broken(description: "\(event.file) at \(event.at): \(what())") }
        }
        switch event.change {
        case let given as OpinionGiven:
            try require(before.consultation.open(to: given.office) != nil, "\(given.office) was not asked")
            let isAgreed = agreed.contains { register in
                register.posts(of: given.office).contains { register.everyActor(for: $0).contains(PersonID(event.by)) }
            }
            try require(isAgreed, "\(event.by) speaks for \(given.office), and two never agreed to that")
            try require(!before.participants[.submitting].contains(Participant(named: event.by)), "\(event.by) submitted it")
        case let missed as OpinionOverdue:
            try require(missed.due <= event.at, "\(missed.office) is overdue early")
            try require(before.consultation.open(to: missed.office) != nil, "\(missed.office) was not asked")
        default: break
        }
    }
}
