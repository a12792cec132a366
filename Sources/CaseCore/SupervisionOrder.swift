import WorkingTime

/// What a commissioner, or a rung, wants to know of somebody by some time. It informs and asks; it moves no decision.
package struct SupervisionOrder: Equatable, Sendable {
    /// Who has to answer.
    package enum Recipient: String, Word {
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
    /// Who could have answered when it was opened, and who did: none of them ever closes it.
    package var asked: Set<PersonID>
    package var answer: String?
    package var finding: String?
    /// When its case ended before it was closed.
    package var endedAt: Instant?

    package init(
        number: Int, recipient: Recipient, reason: String, due: Length, openedBy: String, openedAt: Instant,
        asked: Set<PersonID>, answer: String? = nil, finding: String? = nil, endedAt: Instant? = nil
    ) {
        self.number = number
        self.recipient = recipient
        self.reason = reason
        self.due = due
        self.openedBy = openedBy
        self.openedAt = openedAt
        self.asked = asked
        self.answer = answer
        self.finding = finding
        self.endedAt = endedAt
    }

    package var isOpen: Bool {
        finding == nil && endedAt == nil
    }
}

/// The order that a rung opens when it passes.
package struct RungOrder: Described {
    package let recipient: SupervisionOrder.Recipient
    package let due: Length
    /// Once it is opened: its number, where that is not the next one of the case.
    package let number: Int?
    /// Once it is opened: who could answer then.
    package let asked: Set<PersonID>

    package init(recipient: SupervisionOrder.Recipient, due: Length, number: Int? = nil, asked: Set<PersonID> = []) {
        self.recipient = recipient
        self.due = due
        self.number = number
        self.asked = asked
    }

    package static let members = Members<RungOrder>(
        Member("to", \.recipient, "who has to answer"),
        Member("due", \.due, "how long there is for the answer"),
        Member("number", \.number, unless: nil, "its number, where it is not the next one of the case"),
        Member("asked", \.asked, unless: [], "who could answer when it was opened"),
        make: { RungOrder(recipient: $0, due: $1, number: $2, asked: $3) })
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

    /// The number of the next order.
    var nextOrderNumber: Int {
        (orders.last?.number ?? 0) + 1
    }

    /// The number of the next order, where the one that follows from the case may have been given out in a store that was lost.
    func ownOrderNumber(under terms: Terms) -> Int? {
        nextOrderNumber > terms.orderFloor ? nil : terms.orderFloor + 1
    }

    mutating func open(
        _ number: Int?, _ reason: String, _ recipient: SupervisionOrder.Recipient, _ due: Length, asking asked: Set<PersonID>,
        by author: String,
        at instant: Instant
    ) {
        orders.append(
            SupervisionOrder(
                number: number ?? nextOrderNumber, recipient: recipient, reason: reason, due: due, openedBy: author, openedAt: instant,
                asked: asked))
    }

    /// Who can answer an order to a recipient.
    func persons(askedBy recipient: SupervisionOrder.Recipient, under terms: Terms, at now: Instant) -> Set<PersonID> {
        let register = terms.register
        let assignment = assignment(in: register)
        let posts: [PostID] =
            switch recipient {
            case .leader: [assignment.leader]
            case .officeHead: [register.offices[assignment.office]?.head].compactMap { $0 }
            case .handler: handler == nil ? register.posts(of: assignment.office) : []
            }
        let day = terms.calendar.zone.day(of: now)
        let actors = posts.flatMap {
            self.actors(for: $0, as: recipient == .leader ? .leader : .office, on: day, in: register).map(\.person)
        }
        return Set(actors + (recipient == .handler ? [handler].compactMap { $0 } : []))
    }

    mutating func update(order number: Int, _ body: (inout SupervisionOrder) -> Void) {
        guard let index = orders.firstIndex(where: { $0.number == number }) else { preconditionFailure("\(id) has no order \(number)") }
        body(&orders[index])
    }
}
