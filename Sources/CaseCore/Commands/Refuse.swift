import WorkingTime

/// The leader, who alone decides, refuses the case and gives reasons.
package struct Refuse: SignedCommand {
    package var reasons: String
    package var own: OwnSignature

    package init(reasons: String, own: OwnSignature = OwnSignature()) {
        self.reasons = reasons
        self.own = own
    }

    package static let declaration = Declaration(
        "refuse", "Decide: refused, with reasons.", by: [.leader], .from(.withLeader, to: .refused), involvement: [.approving])

    package static let signatory = Signatory.leader

    package static let members = Members<Refuse>(
        Member("reasons", \.reasons, limit: ByteLimit.prose, "why"), Member(of: \.own), make: { Refuse(reasons: $0, own: $1) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Refused {
        try requireText(reasons, "reasons")
        draft.endAll(of: file)
        draft.start(.delivery)
        draft.tell(.applicant, .handler, of: file)
        return Refused(reasons: reasons)
    }
}

package struct Refused: Attested {
    package var reasons: String

    package init(reasons: String) {
        self.reasons = reasons
    }

    package static let name = "refused"
    package static let significance = Significance.decision
    package static let members = Members<Refused>(Member("reasons", \.reasons, apart: Erased.text, "why"), make: { Refused(reasons: $0) })

    package var grounds: String? { reasons }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .refused
        file.progress.decidedBy = author
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        file.figuresOfDecision(.refused, before: before, at: instant, under: terms)
    }
}
