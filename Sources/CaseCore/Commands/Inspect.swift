import WorkingTime

/// An auditor, or the commissioner, has looked at a decided case and says what was found. It changes nothing about the decision.
package struct Inspect: CaseCommand, ClientCommand {
    package var outcome: Inspection.Outcome
    package var finding: String
    /// The draw that took the case, such as `monthly/2026-03-01`; nil where it was chosen otherwise.
    package var draw: String?

    package init(_ outcome: Inspection.Outcome, finding: String, draw: String?) {
        self.outcome = outcome
        self.finding = finding
        self.draw = draw
    }

    package static let declaration = Declaration(
        "inspect", "Record what an inspection of a closed case found; its end stands.", by: [.auditor, .commissioner],
        .staying(in: State.closed), involvement: [.supervising])

    package static let members = Members<Inspect>(
        Member("outcome", \.outcome, "in-order or defective"),
        Member("finding", \.finding, limit: ByteLimit.prose, "what was found"),
        Member("draw", \.draw, default: nil, "the draw that took the case; none where it was chosen otherwise"),
        make: { Inspect($0, finding: $1, draw: $2) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Inspected {
        try requireText(finding, "finding")
        if let draw, !file.selection.draws.contains(draw) { throw .notDrawn(draw, file.selection.draws) }
        draft.tell(.officeHead, .leader, .commissioner, of: file)
        return Inspected(outcome, finding: finding, draw: draw)
    }
}

package struct Inspected: Change {
    package var outcome: Inspection.Outcome
    package var finding: String
    package var draw: String?

    package init(_ outcome: Inspection.Outcome, finding: String, draw: String?) {
        self.outcome = outcome
        self.finding = finding
        self.draw = draw
    }

    package static let name = "inspected"
    package static let isInternal = true
    package static let members = Members<Inspected>(
        Member("outcome", \.outcome, "in-order or defective"),
        Member("finding", \.finding, apart: Erased.text, "what was found"),
        Member("draw", \.draw, unless: nil, "the draw that took the case"),
        make: { Inspected($0, finding: $1, draw: $2) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.inspections.append(Inspection(outcome: outcome, finding: finding, draw: draw, by: author, at: instant))
    }
}

/// What an inspection after the fact found about a decided case.
package struct Inspection: Described {
    package enum Outcome: String, Word {
        case inOrder = "in-order"
        case defective
    }

    package let outcome: Outcome
    package let finding: String
    /// The draw that took the case, in the first versions the seed of one; nil where it was chosen otherwise.
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

    package static var shape: Shape { .named("inspection", .object(members.shapes)) }

    package static let members = Members<Inspection>(
        Member("outcome", \.outcome, "in-order or defective"),
        Member("finding", \.finding, apart: Erased.text, "what was found"),
        Member("draw", \.draw, default: nil, "the draw that took the case"),
        Member("by", \.by, "who looked at it"),
        Member("at", \.at, "when"),
        make: { Inspection(outcome: $0, finding: $1, draw: $2, by: $3, at: $4) })
}
