import WorkingTime

/// The commissioner wants to know something of somebody by some time.
package struct OpenOrder: CaseCommand, ClientCommand {
    package var reason: String
    package var recipient: SupervisionOrder.Recipient
    /// The length of time for the answer.
    package var due: Length

    package init(reason: String, to recipient: SupervisionOrder.Recipient, due: Length) {
        self.reason = reason
        self.recipient = recipient
        self.due = due
    }

    package static let declaration = Declaration(
        "open-order", "Open a supervision order: somebody has to answer by some time.", by: [.commissioner], .staying(in: State.open),
        whileSuspended: true, involvement: [.supervising])

    package static let method = "order.open"

    package static let members = Members<OpenOrder>(
        Member("reason", \.reason, limit: ByteLimit.prose, "what is asked, and why"),
        Member("due", \.due, "how long there is for the answer"),
        Member("to", \.recipient, default: .handler, "who has to answer; by default the handler"),
        make: { OpenOrder(reason: $0, to: $2, due: $1) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard file.openOrder == nil else { throw .orderAlreadyOpen }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> OrderOpened {
        try requireText(reason, "reason")
        draft.start(ClockID(.order), budget: due)
        draft.tell(recipient.addressee, of: file)
        return OrderOpened(
            file.ownOrderNumber(under: draft.terms), reason: reason, to: recipient, due: due,
            asking: file.persons(askedBy: recipient, under: draft.terms, at: draft.now))
    }
}

package struct OrderOpened: Change {
    /// Where it is not the next one of the case.
    package var number: Int?
    package var reason: String
    package var recipient: SupervisionOrder.Recipient
    package var due: Length
    /// Who could answer when it was opened.
    package var asked: Set<PersonID>

    package init(
        _ number: Int? = nil, reason: String, to recipient: SupervisionOrder.Recipient, due: Length, asking asked: Set<PersonID> = []
    ) {
        self.number = number
        self.reason = reason
        self.recipient = recipient
        self.due = due
        self.asked = asked
    }

    package static let name = "order-opened"
    package static let isInternal = true
    package static let members = Members<OrderOpened>(
        Member("order", \.number, unless: nil, "its number, where it is not the next one of the case"),
        Member("reason", \.reason, apart: Erased.text, "what is asked, and why"),
        Member("to", \.recipient, "who has to answer"),
        Member("due", \.due, "how long there is for the answer"),
        Member("asked", \.asked, unless: [], "who could answer when it was opened"),
        make: { OrderOpened($0, reason: $1, to: $2, due: $3, asking: $4) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.open(number, reason, recipient, due, asking: asked, by: author, at: instant)
    }
}
