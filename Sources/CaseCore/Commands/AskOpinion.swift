import WorkingTime

/// Another office is asked what it thinks of the case, as the matter lets it be.
package struct AskOpinion: CaseCommand, ClientCommand {
    package var office: OfficeID
    package var question: String

    package init(_ office: OfficeID, question: String) {
        self.office = office
        self.question = question
    }

    package static let declaration = Declaration(
        "ask-opinion", "Ask another office for its opinion; it has a time of its own, and decides nothing.", by: [.office],
        .staying(in: [.inReview]), whileSuspended: true, involvement: [.approving])

    package static let members = Members<AskOpinion>(
        Member("office", \.office, "one of those that the matter names"),
        Member("question", \.question, limit: ByteLimit.prose, "what is asked"),
        make: { AskOpinion($0, question: $1) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard !draft.terms.consulted.isEmpty else { throw .notConsulted(OfficeID(""), []) }
        guard file.consultation.requests.count < CaseFile.Consultation.limit else { throw .tooManyOpinions }
        let open = draft.terms.consulted.compactMap { asked($0.office, on: file, under: draft.terms) }
        if open.count == draft.terms.consulted.count, let last = open.last { throw .opinionAlreadyAsked(last.office) }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> OpinionAsked {
        try requireText(question, "question")
        let offices = draft.terms.consulted
        guard let consulted = offices.first(where: { $0.office == office }) else { throw .notConsulted(office, offices.map(\.office)) }
        if let asked = AskOpinion.asked(office, on: file, under: draft.terms) { throw .opinionAlreadyAsked(asked.office) }
        if consulted.suspends { draft.pauseAll() }
        draft.start(ClockID(opinionOf: office), budget: consulted.due)
        draft.tell(.officeHead, file.head(of: office, in: draft.terms.register))
        if consulted.suspends { draft.tell(.applicant, of: file) }
        return OpinionAsked(office, question: question, due: consulted.due, suspends: consulted.suspends)
    }

    /// What an office, or one that it succeeded, was asked and has not answered.
    private static func asked(_ office: OfficeID, on file: CaseFile, under terms: Terms) -> OpinionRequest? {
        file.consultation.open(to: office) ?? file.consultation.open(for: office, in: terms.register)
    }
}

package struct OpinionAsked: Change {
    package var office: OfficeID
    package var question: String
    package var due: Length
    package var suspends: Bool

    package init(_ office: OfficeID, question: String, due: Length, suspends: Bool) {
        self.office = office
        self.question = question
        self.due = due
        self.suspends = suspends
    }

    package static let name = "opinion-asked"
    package static let members = Members<OpinionAsked>(
        Member("office", \.office, "who is asked"),
        Member("question", \.question, apart: Erased.text, "what"),
        Member("due", \.due, "how long there is for the answer"),
        Member("suspends", \.suspends, "whether the clocks of the case stand still meanwhile"),
        make: { OpinionAsked($0, question: $1, due: $2, suspends: $3) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.consultation.open(to: office) == nil
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.consultation.requests.append(
            OpinionRequest(office: office, question: question, due: due, suspends: suspends, by: author, at: instant))
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        suspends ? before?.figuresOfPause(at: instant, under: terms) : nil
    }
}
