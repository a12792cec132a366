import WorkingTime

/// The time to decide has ended, and the law of the matter makes that a decision.
package struct DeemGrant: DeemingCommand {
    /// The instant that came.
    package var due: Instant
    package var trust = ClockTrust.own

    package init(due: Instant) {
        self.due = due
    }

    package static let declaration = Declaration(
        "deem-grant", "Silence grants the case, where the matter says so.", by: [.clock],
        .from([.inReview, .withLeader], to: .deemedGranted), involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> DeemedGranted {
        guard let decision = file.liveClock(.decision), file.isGrantedBySilence(decision, under: draft.terms) else { throw .notDue }
        try file.requireDue(.decision, due, draft)
        draft.endAll(of: file, at: due)
        draft.tell(.applicant, .commissioner, of: file)
        return DeemedGranted(due: due, by: Deeming(clock: .decision, rule: "R19", trust: trust))
    }
}

extension CaseFile {
    /// Whether the end of the decision clock grants the case: where the matter says so, and every required material is there in time.
    func isGrantedBySilence(_ decision: Clock, under terms: Terms) -> Bool {
        terms.matter.silenceGrants && isComplete(under: terms) && !decision.hasExpiredIncomplete
    }
}

package struct DeemedGranted: Attested {
    package var due: Instant
    /// Nil in events from before it was recorded.
    package var deeming: Deeming?

    package init(due: Instant, by deeming: Deeming? = nil) {
        self.due = due
        self.deeming = deeming
    }

    package static let name = "deemed-granted"
    package static let significance = Significance.decision
    package static let members = Members<DeemedGranted>(
        Member("due", \.due, "when the time ended"),
        Member("deeming", \.deeming, unless: nil, "by what time decided"),
        make: { DeemedGranted(due: $0, by: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .deemedGranted
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        file.figuresOfDecision(.deemedGranted, before: before, at: instant, under: terms)
    }
}
