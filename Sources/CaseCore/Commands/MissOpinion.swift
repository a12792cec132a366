import WorkingTime

/// The time of an office that was asked has passed: the case waits no longer, and its commissioner is told.
package struct MissOpinion: CaseCommand {
    package var office: OfficeID
    /// The instant that came.
    package var due: Instant

    package init(_ office: OfficeID, due: Instant) {
        self.office = office
        self.due = due
    }

    package static let declaration = Declaration(
        "miss-opinion", "The time for an opinion passes without one.", by: [.clock], .staying(in: [.inReview]), whileSuspended: true,
        involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> OpinionOverdue {
        guard let request = file.consultation.awaited.first(where: { $0.office == office }),
            let clock = file.clocks.first(where: { $0.id == request.clock && $0.isLive }),
            clock.ledger.due(on: draft.terms.calendar) == due, due <= draft.now
        else { throw .notDue }
        // A stop of the daemon makes no suspension longer.
        if request.suspends, file.pauseCount == 1 { draft.resumeAll(at: due) }
        draft.tell(.commissioner, .handler, of: file)
        draft.tell(.officeHead, file.head(of: office, in: draft.terms.register))
        return OpinionOverdue(office, due: due)
    }
}

package struct OpinionOverdue: Change {
    package var office: OfficeID
    package var due: Instant

    package init(_ office: OfficeID, due: Instant) {
        self.office = office
        self.due = due
    }

    package static let name = "opinion-overdue"
    package static let significance = Significance.escalation
    package static let members = Members<OpinionOverdue>(
        Member("office", \.office, "who was asked"), Member("due", \.due, "when its time had passed"),
        make: { OpinionOverdue($0, due: $1) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.consultation.awaited.contains { $0.office == office }
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.consultation.update(to: office) { $0.isOverdue = true }
        file.progress.escalation = max(file.escalation, 1)
    }
}
