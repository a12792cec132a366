/// What a command answers: the case as it left it; of a dry run, as it would leave it, and with which events.
package struct ShownAnswer: ShownObject {
    private let shown: ShownCase
    private let isDryRun: Bool
    private let events: [Event]

    /// What became of a case.
    package init(_ shown: ShownCase) {
        (self.shown, isDryRun, events) = (shown, false, [])
    }

    /// What would become of a case.
    package init(_ shown: ShownCase, wouldRecord events: [Event]) {
        (self.shown, isDryRun, self.events) = (shown, true, events)
    }

    package static let name = "answer"
    package static let members: [ShownMember<ShownAnswer>] = [
        ShownMember(of: \.shown),
        ShownMember("dry_run", \.isDryRun, unless: false, "where it was a dry run: nothing of this is so"),
        ShownMember(
            "events", \.events, unless: [],
            "of a dry run, the events of the case that would be recorded; none where the key has its answer already"),
    ]
}
