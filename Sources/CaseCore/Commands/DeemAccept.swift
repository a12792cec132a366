import WorkingTime

/// The office's time to answer has ended: the submission is accepted as of its receipt (Art. 32).
package struct DeemAccept: DeemingCommand {
    /// The instant that came.
    package var due: Instant
    package var trust = ClockTrust.own

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
        return DeemedAccepted(effective: file.progress.receivedAt, by: Deeming(clock: .intake, rule: "R12", trust: trust))
    }
}

package struct DeemedAccepted: Change {
    /// The receipt of the materials.
    package var effective: Instant
    /// Nil in events from before it was recorded.
    package var deeming: Deeming?

    package init(effective: Instant, by deeming: Deeming? = nil) {
        self.effective = effective
        self.deeming = deeming
    }

    package static let name = "deemed-accepted"
    package static let members = Members<DeemedAccepted>(
        Member("effective", \.effective, "as of when"), Member("deeming", \.deeming, unless: nil, "by what time decided"),
        make: { DeemedAccepted(effective: $0, by: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .inReview
    }
}
