import WorkingTime

/// The office that was asked says what it thinks.
package struct GiveOpinion: CaseCommand, ClientCommand {
    package var office: OfficeID
    package var opinion: OpinionRequest.Opinion
    package var text: String

    package init(_ opinion: OpinionRequest.Opinion, of office: OfficeID, text: String) {
        self.office = office
        self.opinion = opinion
        self.text = text
    }

    package static let declaration = Declaration(
        "give-opinion", "Give the opinion for which another office asked.", by: [.consulted], .staying(in: [.inReview, .withLeader]),
        whileSuspended: true, involvement: [.approving])

    package static let members = Members<GiveOpinion>(
        Member("office", \.office, "the office that was asked"),
        Member("opinion", \.opinion, "for, against, or none"),
        Member("text", \.text, limit: ByteLimit.prose, "why"),
        make: { GiveOpinion($1, of: $0, text: $2) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard file.consultation.requests.contains(where: \.isOpen) else {
            throw .noOpenOpinion(file.consultation.requests.last?.office ?? OfficeID(""))
        }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> OpinionGiven {
        try requireText(text, "text")
        let request = try file.openRequest(to: office)
        let (register, day) = (draft.terms.register, draft.terms.calendar.zone.day(of: draft.now))
        let isAsked = register.posts(answering: request).contains { post in
            file.actors(for: post, as: .consulted, on: day, in: register).contains { $0.person == draft.principal.person }
        }
        guard isAsked else { throw .opinionOfAnother(office) }
        file.end(request, &draft)
        draft.tell(.handler, of: file)
        return OpinionGiven(opinion, of: office, text: text)
    }
}

package struct OpinionGiven: Change {
    package var office: OfficeID
    package var opinion: OpinionRequest.Opinion
    package var text: String

    package init(_ opinion: OpinionRequest.Opinion, of office: OfficeID, text: String) {
        self.office = office
        self.opinion = opinion
        self.text = text
    }

    package static let name = "opinion-given"
    package static let members = Members<OpinionGiven>(
        Member("office", \.office, "who was asked"),
        Member("opinion", \.opinion, "for, against, or none"),
        Member("text", \.text, apart: Erased.text, "why"),
        make: { OpinionGiven($1, of: $0, text: $2) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.consultation.open(to: office) != nil
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.consultation.update(to: office) {
            $0.answer = OpinionRequest.Answer(opinion: opinion, text: text, by: author, at: instant)
        }
    }
}
