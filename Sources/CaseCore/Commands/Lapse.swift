import WorkingTime

/// The applicant's time to supply what is missing has ended. It ends so, and never in a refusal.
package struct Lapse: DeemingCommand {
    /// The instant that came.
    package var due: Instant
    package var trust = ClockTrust.own

    package init(due: Instant) {
        self.due = due
    }

    package static let declaration = Declaration(
        "lapse", "The submission lapses, as nothing was supplied.", by: [.clock], .from(.correction, to: .lapsed), involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Lapsed {
        try file.requireDue(.correction, due, draft)
        draft.endAll(of: file, at: due)
        draft.tell(.applicant, of: file)
        return Lapsed(due: due, by: Deeming(clock: .correction, rule: "R13", trust: trust))
    }
}

package struct Lapsed: Attested {
    package var due: Instant
    /// Nil in events from before it was recorded.
    package var deeming: Deeming?

    package init(due: Instant, by deeming: Deeming? = nil) {
        self.due = due
        self.deeming = deeming
    }

    package static let name = "lapsed"
    package static let members = Members<Lapsed>(
        Member("due", \.due, "when the time ended"),
        Member("deeming", \.deeming, unless: nil, "by what time decided"),
        make: { Lapsed(due: $0, by: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .lapsed
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures([.closedOtherwise])
    }
}
