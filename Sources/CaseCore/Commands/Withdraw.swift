import WorkingTime

/// The applicant takes the submission back.
package struct Withdraw: CaseCommand, ClientCommand {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package static let declaration = Declaration(
        "withdraw", "Withdraw the submission.", by: [.submitter], .from(State.open, to: .withdrawn), whileSuspended: true,
        involvement: [])

    package static let members = Members<Withdraw>(
        Member("reason", \.reason, default: "", limit: ByteLimit.prose, "why"), make: { Withdraw(reason: $0) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Withdrawn {
        draft.endAll(of: file)
        draft.tell(.handler, of: file)
        return Withdrawn(reason: reason)
    }
}

package struct Withdrawn: Change {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package static let name = "withdrawn"
    package static let members = Members<Withdrawn>(Member("reason", \.reason, apart: Erased.text, "why"), make: { Withdrawn(reason: $0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .withdrawn
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures([.closedOtherwise])
    }
}
