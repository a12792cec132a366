import WorkingTime

/// The case of an order has ended, and the order with it: nobody has to answer any more.
package struct EndOrder: CaseCommand {
    /// Its number in its case.
    package var number: Int

    package init(_ number: Int) {
        self.number = number
    }

    package static let declaration = Declaration(
        "end-order", "A supervision order ends with its case.", by: [.clock], .staying(in: State.closed), involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> OrderEnded {
        guard let open = file.openOrder, open.number == number else { throw .notDue }
        draft.end(.order)
        draft.tell(open.recipient.addressee, .commissioner, of: file)
        return OrderEnded(number)
    }
}

package struct OrderEnded: Change {
    package var number: Int

    package init(_ number: Int) {
        self.number = number
    }

    package static let name = "order-ended"
    package static let isInternal = true
    package static let members = Members<OrderEnded>(
        Member("order", \.number, "its number in its case"), make: { OrderEnded($0) })

    package func canFollow(_ file: CaseFile) -> Bool {
        !file.state.isOpen && file.openOrder?.number == number
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.update(order: number) { $0.endedAt = instant }
    }
}
