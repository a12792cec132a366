import WorkingTime

/// An officer takes the next step of the examination, and says what was found.
package struct Examine: CaseCommand, ClientCommand {
    package var step: StepID
    package var outcome: Inspection.Outcome
    package var finding: String

    package init(_ step: StepID, _ outcome: Inspection.Outcome, finding: String) {
        self.step = step
        self.outcome = outcome
        self.finding = finding
    }

    package static let declaration = Declaration(
        "examine", "Take the next step of the examination that the matter asks for.", by: [.office], .staying(in: [.inReview]),
        involvement: [.approving, .examining])

    package static let members = Members<Examine>(
        Member("step", \.step, "the step, as the matter names it"),
        Member("outcome", \.outcome, "in-order or defective"),
        Member("finding", \.finding, limit: ByteLimit.prose, "what was found"),
        make: { Examine($0, $1, finding: $2) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard !draft.terms.matter.steps.isEmpty else { throw .stepUnknown(StepID(""), []) }
        if let next = file.missingSteps(under: draft.terms).first {
            if let step = draft.terms.matter.steps.first(where: { $0.id == next }) { try file.requireActor(for: step, draft) }
        } else if let last = file.examinations.last {
            throw .stepTaken(last.step, by: last.by, at: last.at)
        }
        try file.requireDecider(besides: draft.principal, Examine.name, draft)
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Examined {
        try requireText(finding, "finding")
        let steps = draft.terms.matter.steps
        guard let step = steps.first(where: { $0.id == step }) else { throw .stepUnknown(step, steps.map(\.id)) }
        if let taken = file.examinations.first(where: { $0.step == step.id }) { throw .stepTaken(step.id, by: taken.by, at: taken.at) }
        if let next = file.missingSteps(under: draft.terms).first, next != step.id { throw .stepNotNext(step.id, next: next) }
        draft.tell(.handler, of: file)
        return Examined(step.id, outcome, finding: finding)
    }
}

package struct Examined: Change {
    package var step: StepID
    package var outcome: Inspection.Outcome
    package var finding: String

    package init(_ step: StepID, _ outcome: Inspection.Outcome, finding: String) {
        self.step = step
        self.outcome = outcome
        self.finding = finding
    }

    package static let name = "examined"
    package static let members = Members<Examined>(
        Member("step", \.step, "the step"),
        Member("outcome", \.outcome, "in-order or defective"),
        Member("finding", \.finding, apart: Erased.text, "what was found"),
        make: { Examined($0, $1, finding: $2) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.examinations.append(Examination(step: step, outcome: outcome, finding: finding, by: author, at: instant))
    }
}

/// A step of the examination that was taken: it stays so, also where the leader returns the case.
package struct Examination: Described {
    package let step: StepID
    package let outcome: Inspection.Outcome
    package let finding: String
    package let by: String
    package let at: Instant

    package init(step: StepID, outcome: Inspection.Outcome, finding: String, by: String, at: Instant) {
        self.step = step
        self.outcome = outcome
        self.finding = finding
        self.by = by
        self.at = at
    }

    package static let members = Members<Examination>(
        Member("step", \.step, "the step"),
        Member("outcome", \.outcome, "in-order or defective"),
        Member("finding", \.finding, apart: Erased.text, "what was found"),
        Member("by", \.by, "who took it"),
        Member("at", \.at, "when"),
        make: { Examination(step: $0, outcome: $1, finding: $2, by: $3, at: $4) })
}
