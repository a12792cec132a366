import WorkingTime

/// Whoever was asked answers.
package struct AnswerOrder: CaseCommand, ClientCommand {
    package var order: OrderID
    package var answer: String

    package init(_ order: OrderID, answer: String) {
        self.order = order
        self.answer = answer
    }

    package static let declaration = Declaration(
        "answer-order", "Answer a supervision order.", by: [.office, .leader], .staying(in: State.allCases), whileSuspended: true,
        involvement: [.approving])

    package static let method = "order.answer"
    package static let subject = CommandSubject.order

    package static let members = Members<AnswerOrder>(
        Member("order", \.order, "the order, such as O-17-1"),
        Member("answer", \.answer, limit: ByteLimit.prose, "the answer"),
        make: { AnswerOrder($0, answer: $1) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard let open = file.openOrder, open.answer == nil else { throw .noOpenOrder }
        let parts = file.parts(of: draft.principal, under: draft.terms, at: draft.now)
        let isAsked =
            switch open.recipient {
            case .leader: parts[.leader] != nil
            case .handler: parts[.office] != nil && (file.handler == nil || file.handler == draft.principal.person)
            case .officeHead: parts[.office] != nil && file.isHead(draft.principal, under: draft.terms, at: draft.now)
            }
        guard isAsked else { throw .orderForAnother(open.recipient) }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> OrderAnswered {
        try requireText(answer, "answer")
        guard file.openOrder?.number == order.number else { throw .noOpenOrder }
        draft.end(.order)
        draft.tell(.commissioner, of: file)
        return OrderAnswered(order.number, answer: answer)
    }
}

extension CaseFile {
    fileprivate func isHead(_ principal: Principal, under terms: Terms, at now: Instant) -> Bool {
        guard let head = terms.register.offices[assignment(in: terms.register).office]?.head else { return false }
        let day = terms.calendar.zone.day(of: now)
        return actors(for: head, as: .office, on: day, in: terms.register).contains { $0.person == principal.person }
    }
}

package struct OrderAnswered: Change {
    package var number: Int
    package var answer: String

    package init(_ number: Int, answer: String) {
        self.number = number
        self.answer = answer
    }

    package static let name = "order-answered"
    package static let isInternal = true
    package static let members = Members<OrderAnswered>(
        Member("order", \.number, "its number in its case"),
        Member("answer", \.answer, apart: Erased.text, "the answer"),
        make: { OrderAnswered($0, answer: $1) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.orders.contains { $0.number == number }
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.update(order: number) {
            $0.answer = answer
            $0.asked.insert(PersonID(author))
        }
    }
}
