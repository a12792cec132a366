import WorkingTime

/// The applicant's time to supply what is missing has ended. It ends so, and never in a refusal.
package struct Lapse: CaseCommand {
    /// The instant that came.
    package var due: Instant

    package init(due: Instant) {
        self.due = due
    }

    package static let declaration = Declaration(
        "lapse", "The submission lapses, as nothing was supplied.", by: [.clock], .from(.correction, to: .lapsed), involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Lapsed {
        try file.requireDue(.correction, due, draft)
        draft.endAll(at: due)
        draft.tell(.applicant, of: file)
        return Lapsed(due: due)
    }
}

package struct Lapsed: Change {
    package var due: Instant

    package init(due: Instant) {
        self.due = due
    }

    package static let name = "lapsed"
    package static let members = Members<Lapsed>(Member("due", \.due, "when the time ended"), make: { Lapsed(due: $0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .lapsed
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures([.closedOtherwise])
    }
}
