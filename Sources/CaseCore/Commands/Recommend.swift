import WorkingTime

/// The examination is closed with a written opinion: the file goes to the leader.
package struct Recommend: SignedCommand {
    package var recommendation: Recommendation
    package var opinion: String
    package var own: OwnSignature

    package init(_ recommendation: Recommendation, opinion: String, own: OwnSignature = OwnSignature()) {
        self.recommendation = recommendation
        self.opinion = opinion
        self.own = own
    }

    package static let declaration = Declaration(
        "recommend", "Close the examination with an opinion; the file goes to the leader.", by: [.office],
        .from(.inReview, to: .withLeader), involvement: [.approving, .examining])

    package static let signatory = Signatory.handler

    package static let members = Members<Recommend>(
        Member("recommendation", \.recommendation, "grant or refuse"),
        Member("opinion", \.opinion, limit: ByteLimit.prose, "the written opinion"), Member(of: \.own),
        make: { Recommend($0, opinion: $1, own: $2) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        try file.requireSteps(under: draft.terms)
        try file.requireDecider(besides: draft.principal, Recommend.name, draft)
        if let handler = file.handler, handler != draft.principal.person { throw .assignedTo(handler) }
        if let awaited = file.consultation.awaited.first { throw .opinionAwaited(awaited.office) }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Recommended {
        try requireText(opinion, "opinion")
        if recommendation == .grant { try file.requireFees(under: draft.terms) }
        guard let officer = draft.principal.person else {
            preconditionFailure("\(draft.principal.name) acts for office \(file.assignment.office) and is no person")
        }
        draft.end(.review)
        draft.startStage(.leader)
        draft.tell(.leader, of: file)
        return Recommended(recommendation, opinion: opinion, handler: officer)
    }
}

package struct Recommended: Attested {
    package var recommendation: Recommendation
    package var opinion: String
    package var handler: PersonID

    package init(_ recommendation: Recommendation, opinion: String, handler: PersonID) {
        self.recommendation = recommendation
        self.opinion = opinion
        self.handler = handler
    }

    package static let name = "recommended"
    package static let members = Members<Recommended>(
        Member("recommendation", \.recommendation, "grant or refuse"),
        Member("opinion", \.opinion, apart: Erased.text, "the written opinion"),
        Member("handler", \.handler, "who examined it"),
        make: { Recommended($0, opinion: $1, handler: $2) })

    package static let isDecision = false
    package var grounds: String? { opinion }
    package var recommended: Recommendation? { recommendation }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .withLeader
        file.progress.recommendation = recommendation
        file.participants.handler = handler
    }
}

package enum Recommendation: String, Word {
    case grant, refuse
}
