import WorkingTime

extension CaseFile {
    /// The case that a first event makes; nil where it is not a submission.
    package init?(_ event: Event) {
        guard let change = event.change as? Submitted else { return nil }
        let submission = change.submission
        self.init(
            id: event.file, receipt: change.receipt, matter: submission.matter, title: submission.title,
            applicant: submission.applicant, channel: submission.channel, fields: submission.fields,
            submittedBy: event.by, submittedVia: event.via, submittedAt: event.at, catalogVersion: change.catalogVersion,
            revision: event.revision, state: .submitted, assignment: change.assignment, handler: nil,
            materials: submission.materials, noticedItems: nil, receivedAt: event.at, suspensions: [], recommendation: nil,
            escalation: 0, orders: [], clocks: event.clocks,
            clockVersion: change.catalogVersion, extension: nil, closedAt: nil, deliveredAt: nil)
    }

    /// Whether an event can be the next one of this case. A journal that was damaged can hold others.
    package func isNext(_ event: Event) -> Bool {
        event.file == id && event.revision == revision + 1 && event.change.canFollow(self)
    }

    /// Takes in what was recorded.
    ///
    /// - Precondition: `isNext(event)`.
    package mutating func apply(_ event: Event) {
        precondition(
            event.file == id && event.revision == revision + 1,
            "event \(event.revision) of \(event.file) cannot follow revision \(revision) of \(id)")
        revision = event.revision
        for clock in event.clocks {
            if let index = clocks.firstIndex(where: { $0.id == clock.id }) {
                clocks[index] = clock
            } else {
                clocks.append(clock)
            }
        }
        event.change.apply(to: &self, by: event.by, at: event.at)
        if !state.isOpen {
            suspensions = []
            closedAt = closedAt ?? event.at
        }
    }
}
