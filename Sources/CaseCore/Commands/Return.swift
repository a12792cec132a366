import WorkingTime

/// The leader sends the file back to the office.
package struct Return: CaseCommand, ClientCommand {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package static let declaration = Declaration(
        "return", "Send the file back to the office.", by: [.leader], .from(.withLeader, to: .inReview), involvement: [.approving])

    package static let members = Members<Return>(Member("reason", \.reason, limit: ByteLimit.prose, "why"), make: { Return(reason: $0) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Returned {
        try requireText(reason, "reason")
        draft.end(.leader)
        draft.startStage(.review)
        draft.tell(.handler, of: file)
        return Returned(reason: reason)
    }
}

package struct Returned: Change {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package static let name = "returned"
    package static let members = Members<Returned>(Member("reason", \.reason, apart: Erased.text, "why"), make: { Returned(reason: $0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .inReview
        file.progress.recommendation = nil
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures([.returns])
    }
}
