import WorkingTime

/// The leader, who alone decides, grants the case.
package struct Grant: SignedCommand {
    package var reasons: String
    package var own: OwnSignature

    package init(reasons: String, own: OwnSignature = OwnSignature()) {
        self.reasons = reasons
        self.own = own
    }

    package static let declaration = Declaration(
        "grant", "Decide: granted.", by: [.leader], .from(.withLeader, to: .granted), involvement: [.approving])

    package static let signatory = Signatory.leader

    package static let members = Members<Grant>(
        Member("reasons", \.reasons, default: "", limit: ByteLimit.prose, "why"), Member(of: \.own),
        make: { Grant(reasons: $0, own: $1) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        try file.requireMaterials(under: draft.terms)
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Granted {
        draft.endAll(of: file)
        draft.start(.delivery)
        draft.tell(.applicant, .handler, of: file)
        return Granted(reasons: reasons)
    }
}

package struct Granted: Attested {
    package var reasons: String

    package init(reasons: String) {
        self.reasons = reasons
    }

    package static let name = "granted"
    package static let significance = Significance.decision
    package static let members = Members<Granted>(Member("reasons", \.reasons, apart: Erased.text, "why"), make: { Granted(reasons: $0) })

    package var grounds: String? { reasons }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .granted
        file.progress.decidedBy = author
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        file.figuresOfDecision(.granted, before: before, at: instant, under: terms)
    }
}
