import WorkingTime

/// The commissioner closes an order with what was found.
package struct CloseOrder: CaseCommand, ClientCommand {
    package var order: OrderID
    package var finding: String

    package init(_ order: OrderID, finding: String) {
        self.order = order
        self.finding = finding
    }

    package static let declaration = Declaration(
        "close-order", "Close a supervision order with a finding.", by: [.commissioner], .staying(in: State.allCases),
        whileSuspended: true, involvement: [.supervising])

    package static let method = "order.close"
    package static let subject = CommandSubject.order

    package static let members = Members<CloseOrder>(
        Member("order", \.order, "the order, such as O-17-1"),
        Member("finding", \.finding, limit: ByteLimit.prose, "what was found"),
        make: { CloseOrder($0, finding: $1) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard let open = file.openOrder else { throw .noOpenOrder }
        if let person = draft.principal.person, open.asked.contains(person) {
            throw .fourEyes(CloseOrder.name, person: person, other: open.recipient == .leader ? .leader : .office)
        }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> OrderClosed {
        try requireText(finding, "finding")
        guard let open = file.openOrder, open.number == order.number else { throw .noOpenOrder }
        draft.end(.order)
        draft.tell(open.recipient.addressee, .leader, of: file)
        return OrderClosed(order.number, finding: finding)
    }
}

package struct OrderClosed: Change {
    package var number: Int
    package var finding: String

    package init(_ number: Int, finding: String) {
        self.number = number
        self.finding = finding
    }

    package static let name = "order-closed"
    package static let isInternal = true
    package static let members = Members<OrderClosed>(
        Member("order", \.number, "its number in its case"),
        Member("finding", \.finding, apart: Erased.text, "what was found"),
        make: { OrderClosed($0, finding: $1) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.orders.contains { $0.number == number }
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.update(order: number) { $0.finding = finding }
    }
}
