import WorkingTime

/// What another office is asked about a case, and what it says. It decides nothing.
package struct OpinionRequest: Described {
    package enum Opinion: String, Word {
        case inFavour = "for"
        case against
        case neither = "none"
    }

    package struct Answer: Described {
        package let opinion: Opinion
        package let text: String
        package let by: String
        package let at: Instant

        package static let members = Members<Answer>(
            Member("opinion", \.opinion, "for, against, or none"),
            Member("text", \.text, "why"),
            Member("by", \.by, "who gave it"),
            Member("at", \.at, "when"),
            make: { Answer(opinion: $0, text: $1, by: $2, at: $3) })
    }

    package let office: OfficeID
    package let question: String
    /// The length of time for the answer.
    package let due: Length
    /// Whether the clocks of the case stand still until it is answered, withdrawn or overdue.
    package let suspends: Bool
    package let by: String
    package let at: Instant
    package internal(set) var isOverdue = false
    package internal(set) var answer: Answer?
    package internal(set) var withdrawnAt: Instant?

    package static var shape: Shape { .named("opinion", .object(members.shapes)) }

    package static let members = Members<OpinionRequest>(
        Member("office", \.office, "who is asked"),
        Member("question", \.question, "what"),
        Member("due", \.due, "how long there is for the answer"),
        Member("suspends", \.suspends, unless: false, "whether the clocks of the case stand still meanwhile"),
        Member("by", \.by, "who asked"),
        Member("at", \.at, "when"),
        Member("overdue", \.isOverdue, unless: false, "whether its time has passed without an answer"),
        Member("answer", \.answer, unless: nil, "the opinion"),
        Member("withdrawn_at", \.withdrawnAt, unless: nil, "when it was withdrawn, or the case ended without it"),
        make: {
            OpinionRequest(
                office: $0, question: $1, due: $2, suspends: $3, by: $4, at: $5, isOverdue: $6, answer: $7, withdrawnAt: $8)
        })

    package var isOpen: Bool {
        answer == nil && withdrawnAt == nil
    }

    /// Whether the case waits for it: until its time has passed.
    package var isAwaited: Bool {
        isOpen && !isOverdue
    }

    /// The clock of its own time.
    package var clock: ClockID {
        ClockID(opinionOf: office)
    }
}

extension CaseFile {
    /// What other offices were asked, in the order of time.
    package struct Consultation: Described {
        package internal(set) var requests: [OpinionRequest]

        package init(requests: [OpinionRequest] = []) {
            self.requests = requests
        }

        package static let members = Members<Consultation>(
            Member("opinions", \.requests, unless: [], "what other offices were asked, and said"), make: { Consultation(requests: $0) })

        /// Requests of one case, withdrawn ones included.
        package static let limit = 10

        package var awaited: [OpinionRequest] {
            requests.filter(\.isAwaited)
        }

        /// The request to an office that is neither answered nor withdrawn; there is one at most.
        package func open(to office: OfficeID) -> OpinionRequest? {
            requests.first { $0.office == office && $0.isOpen }
        }

        /// The open request that an office answers: to itself, or to one that it succeeds.
        func open(for office: OfficeID, in register: Register) -> OpinionRequest? {
            requests.first { $0.isOpen && register.offices(actingFor: $0.office, at: $0.at).contains(office) }
        }

        mutating func update(to office: OfficeID, _ body: (inout OpinionRequest) -> Void) {
            guard let index = requests.firstIndex(where: { $0.office == office && $0.isOpen }) else {
                preconditionFailure("\(office) is not asked")
            }
            body(&requests[index])
        }

        /// The case has ended: nobody waits any more.
        mutating func end(at instant: Instant) {
            for index in requests.indices where requests[index].isOpen { requests[index].withdrawnAt = instant }
        }
    }

    /// For how many reasons the clocks stand still.
    var pauseCount: Int {
        suspensions.count + consultation.awaited.count(where: \.suspends)
    }

    /// Ends the clock of a request, and lets the others run on where it was the last that kept them.
    func end(_ request: OpinionRequest, _ draft: inout Draft) {
        if request.isAwaited, request.suspends, pauseCount == 1 { draft.resumeAll() }
        draft.end(request.clock)
    }

    /// The open request to an office.
    func openRequest(to office: OfficeID) throws(Refusal) -> OpinionRequest {
        guard let request = consultation.open(to: office) else { throw .noOpenOpinion(office) }
        return request
    }

    /// Who heads an office, or one that succeeds it, by name: a person, else a post or the office.
    func head(of office: OfficeID, in register: Register) -> String {
        let asked = consultation.open(to: office)?.at
        let acting = register.offices(actingFor: office, at: asked).min().flatMap { register.offices[$0] }
        return acting.map { register.holder(of: $0.head)?.raw ?? $0.head.raw } ?? "office \(office)"
    }
}
