import WorkingTime

/// The case is raised one level, whatever its clocks say.
package struct Escalate: CaseCommand, ClientCommand {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package static let declaration = Declaration(
        "escalate", "Raise the case one level: leader, commissioner and department head are told.", by: [.commissioner, .admin],
        .staying(in: State.open), whileSuspended: true, involvement: [.supervising])

    package static let members = Members<Escalate>(
        Member("reason", \.reason, limit: ByteLimit.prose, "why"), make: { Escalate(reason: $0) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Escalated {
        try requireText(reason, "reason")
        draft.tell(.leader, .commissioner, .departmentHead, of: file)
        return Escalated(reason: reason, level: file.escalation + 1)
    }
}

package struct Escalated: Change {
    package var reason: String
    package var level: Int

    package init(reason: String, level: Int) {
        self.reason = reason
        self.level = level
    }

    package static let name = "escalated"
    package static let isInternal = true
    package static let significance = Significance.escalation
    package static let members = Members<Escalated>(
        Member("reason", \.reason, apart: Erased.text, "why"), Member("level", \.level, "the level that it has now"),
        make: { Escalated(reason: $0, level: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.escalation = level
    }
}
