import WorkingTime

/// What a commissioner, or a rung, wants to know of somebody by some time. It informs and asks; it moves no decision.
package struct SupervisionOrder: Equatable, Sendable {
    /// Who has to answer.
    package enum Recipient: String, CaseIterable, Sendable {
        case handler
        case officeHead = "office-head"
        case leader

        var addressee: Addressee {
            switch self {
            case .handler: .handler
            case .officeHead: .officeHead
            case .leader: .leader
            }
        }
    }

    /// From 1 within its case; with gaps in stores that were restored.
    package let number: Int
    package let recipient: Recipient
    package let reason: String
    /// The length of time for the answer.
    package let due: Length
    package let openedBy: String
    package let openedAt: Instant
    package var answer: String?
    package var finding: String?

    package init(
        number: Int, recipient: Recipient, reason: String, due: Length, openedBy: String, openedAt: Instant,
        answer: String? = nil, finding: String? = nil
    ) {
        self.number = number
        self.recipient = recipient
        self.reason = reason
        self.due = due
        self.openedBy = openedBy
        self.openedAt = openedAt
        self.answer = answer
        self.finding = finding
    }

    package var isOpen: Bool {
        finding == nil
    }
}

/// The order that a rung opens when it passes.
package struct RungOrder: Equatable, Sendable {
    package let recipient: SupervisionOrder.Recipient
    package let due: Length
    /// Once it is opened: its number, where that is not the next one of the case.
    package let number: Int?

    package init(recipient: SupervisionOrder.Recipient, due: Length, number: Int? = nil) {
        self.recipient = recipient
        self.due = due
        self.number = number
    }
}

/// An order as it is named outside its case: `O-17-1`.
package struct OrderID: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    package let file: CaseID
    package let number: Int

    package init(_ file: CaseID, _ number: Int) {
        self.file = file
        self.number = number
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "O", let file = CaseID("C-\(parts[1])"), let number = Int(parts[2]), number > 0,
            text == "O-\(file.number)-\(number)"
        else { return nil }
        self.init(file, number)
    }

    package var description: String {
        "O-\(file.number)-\(number)"
    }
}

extension CaseFile {
    /// The order that is not closed; there is one at most.
    package var openOrder: SupervisionOrder? {
        orders.last { $0.isOpen }
    }

    func openOrder(_ reason: String, to recipient: SupervisionOrder.Recipient, due: Length, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        try CaseFile.requireText(reason, "reason")
        guard openOrder == nil else { throw .orderAlreadyOpen }
        turn.start(ClockID(.order), budget: due)
        return turn.step(
            .orderOpened(ownOrderNumber(under: turn.terms), reason: reason, to: recipient, due: due),
            notices: [notice(recipient.addressee, turn.terms)])
    }

    /// The number of the next order.
    var nextOrderNumber: Int {
        (orders.last?.number ?? 0) + 1
    }

    /// The number of the next order, where the one that follows from the case may have been given out in a store that was lost.
    func ownOrderNumber(under terms: Terms) -> Int? {
        nextOrderNumber > terms.orderFloor ? nil : terms.orderFloor + 1
    }

    /// By the one who was asked.
    func answerOrder(_ number: Int, _ answer: String, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        try CaseFile.requireText(answer, "answer")
        guard let order = openOrder, order.number == number, order.answer == nil else { throw .noOpenOrder }
        let parts = parts(of: turn.principal, under: turn.terms, at: turn.now)
        let isAsked =
            switch order.recipient {
            case .leader: parts[.leader] != nil
            case .handler: parts[.office] != nil && (handler == nil || handler == turn.principal.person)
            case .officeHead: parts[.office] != nil && isHead(turn)
            }
        guard isAsked else { throw .orderForAnother(order.recipient) }
        turn.end(.order)
        return turn.step(.orderAnswered(number, answer: answer), notices: [notice(.commissioner, turn.terms)])
    }

    func closeOrder(_ number: Int, _ finding: String, _ turn: Turn) throws(Refusal) -> Step {
        var turn = turn
        try CaseFile.requireText(finding, "finding")
        guard let order = openOrder, order.number == number else { throw .noOpenOrder }
        turn.end(.order)
        return turn.step(
            .orderClosed(number, finding: finding), notices: [notice(order.recipient.addressee, turn.terms), notice(.leader, turn.terms)])
    }

    private func isHead(_ turn: Turn) -> Bool {
        guard let head = turn.terms.register.offices[assignment.office]?.head else { return false }
        let day = turn.terms.calendar.zone.day(of: turn.now)
        return turn.terms.register.actors(for: head, on: day, recused: recused).contains { $0.person == turn.principal.person }
    }
}
