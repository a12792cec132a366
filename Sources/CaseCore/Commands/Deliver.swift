import WorkingTime

/// The decision, or the refusal to accept, was handed over (Art. 44).
package struct Deliver: CaseCommand, ClientCommand {
    package var how: String

    package init(how: String) {
        self.how = how
    }

    package static let declaration = Declaration(
        "deliver", "Record that the decision was handed over.", by: [.office], .staying(in: State.delivered), involvement: [.approving])

    package static let members = Members<Deliver>(Member("how", \.how, "by which way"), make: { Deliver(how: $0) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard file.progress.deliveredAt == nil else { throw .alreadyDelivered }
        if let revoked = file.validity.revoked { throw .wasRevoked(by: revoked.file) }
        // What was not granted is told whatever was paid.
        if file.state == .granted { try file.requireFees(under: draft.terms) }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Delivered {
        try requireText(how, "how")
        draft.end(.delivery)
        return Delivered(how: how)
    }
}

package struct Delivered: Change {
    package var how: String

    package init(how: String) {
        self.how = how
    }

    package static let name = "delivered"
    package static let members = Members<Delivered>(Member("how", \.how, apart: Erased.text, "by which way"), make: { Delivered(how: $0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.deliveredAt = instant
    }
}
