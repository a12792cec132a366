import WorkingTime

/// What an inspection after the fact found about a decided case. It changes nothing about the decision.
package struct Inspection: Equatable, Sendable {
    package enum Outcome: String, CaseIterable, Sendable {
        case inOrder = "in-order"
        case defective
    }

    package let outcome: Outcome
    package let finding: String
    /// The seed of the draw by which the case was chosen; nil where it was chosen otherwise.
    package let draw: String?
    package let by: String
    package let at: Instant

    package init(outcome: Outcome, finding: String, draw: String?, by: String, at: Instant) {
        self.outcome = outcome
        self.finding = finding
        self.draw = draw
        self.by = by
        self.at = at
    }
}

extension CaseFile {
    func inspect(_ outcome: Inspection.Outcome, _ finding: String, draw: String?, _ turn: Turn) throws(Refusal) -> Step {
        try CaseFile.requireText(finding, "finding")
        // Nobody judges their own part in a case.
        if let person = turn.principal.person {
            let part = conflict(of: person, as: .leader) ?? (decidedBy == person.raw ? .leader : nil)
            if let part { throw .fourEyes(.inspect, person: person, other: part) }
        }
        return turn.step(
            .inspected(outcome, finding: finding, draw: draw),
            notices: [notice(.officeHead, turn.terms), notice(.leader, turn.terms), notice(.commissioner, turn.terms)])
    }
}
