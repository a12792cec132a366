import WorkingTime

/// The office does not accept the submission, and says why.
package struct Decline: SignedCommand {
    package var ground: String
    /// The organ that is competent instead.
    package var competent: String?
    package var own: OwnSignature

    package init(ground: String, competent: String?, own: OwnSignature = OwnSignature()) {
        self.ground = ground
        self.competent = competent
        self.own = own
    }

    package static let declaration = Declaration(
        "decline", "Do not accept the submission.", by: [.office], .from(.submitted, to: .notAccepted), involvement: [.approving])

    package static let signatory = Signatory.handler

    package static let members = Members<Decline>(
        Member("ground", \.ground, limit: ByteLimit.prose, "why"),
        Member("competent", \.competent, default: nil, "the organ that is competent"), Member(of: \.own),
        make: { Decline(ground: $0, competent: $1, own: $2) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Declined {
        try requireText(ground, "ground")
        draft.endAll(of: file)
        draft.start(.delivery)
        draft.tell(.applicant, of: file)
        return Declined(ground: ground, competent: competent)
    }
}

package struct Declined: Attested {
    package var ground: String
    package var competent: String?

    package init(ground: String, competent: String?) {
        self.ground = ground
        self.competent = competent
    }

    package static let name = "declined"
    package static let members = Members<Declined>(
        Member("ground", \.ground, apart: Erased.text, "why"),
        Member("competent", \.competent, default: nil, "the organ that is competent"),
        make: { Declined(ground: $0, competent: $1) })

    package var grounds: String? { ground }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .notAccepted
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures([.closedOtherwise])
    }
}
