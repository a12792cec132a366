import WorkingTime

/// The office's time to answer has ended: the submission is accepted as of its receipt (Art. 32).
package struct DeemAccept: CaseCommand {
    /// The instant that came.
    package var due: Instant

    package init(due: Instant) {
        self.due = due
    }

    package static let declaration = Declaration(
        "deem-accept", "Silence accepts the submission.", by: [.clock], .from(.submitted, to: .inReview), involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> DeemedAccepted {
        try file.requireDue(.intake, due, draft)
        // As if it had been accepted on receipt: the same pauses, and no more.
        let intake = file.liveClock(.intake)?.ledger
        draft.end(.intake, at: due)
        draft.start(.decision, at: file.progress.receivedAt, withPausesOf: intake)
        draft.start(.promise, at: file.progress.receivedAt, withPausesOf: intake)
        draft.start(.review)
        // What ended before there was an acceptance is a breach: silence does not accept and grant at once.
        let (due, calendar) = (due, draft.terms.calendar)
        draft.change({ $0.kind == .decision }) { $0.noteExpiry(at: due, on: calendar) }
        draft.tell(.applicant, .officeHead, of: file)
        return DeemedAccepted(effective: file.progress.receivedAt)
    }
}

package struct DeemedAccepted: Change {
    /// The receipt of the materials.
    package var effective: Instant

    package init(effective: Instant) {
        self.effective = effective
    }

    package static let name = "deemed-accepted"
    package static let members = Members<DeemedAccepted>(
        Member("effective", \.effective, "as of when"), make: { DeemedAccepted(effective: $0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .inReview
    }
}
