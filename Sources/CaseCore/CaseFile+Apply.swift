import WorkingTime

extension CaseFile {
    /// The case that a first event makes; nil where it is not a submission.
    package init?(_ event: Event) {
        guard let change = event.change as? Submitted else { return nil }
        self.init(
            id: event.file,
            origin: Origin(
                receipt: change.receipt, submission: change.submission, by: event.by, via: event.via, at: event.at,
                catalogVersion: change.catalogVersion),
            progress: Progress(
                revision: event.revision, state: .submitted, assignment: change.assignment, materials: change.materials,
                noticedItems: nil, receivedAt: event.at, recommendation: nil, escalation: 0, closedAt: nil, deliveredAt: nil,
                decidedBy: nil),
            timing: Timing(clocks: event.clocks, version: change.catalogVersion, suspensions: [], extension: nil),
            participants: Participants(handler: change.handler, recused: [], involved: [:]), orders: [], inspections: [])
        if !change.supervisors.isEmpty { participants.involved[.supervising] = change.supervisors }
        if !change.submitters.isEmpty { participants.involved[.submitting] = change.submitters }
        participants.note(event)
    }

    /// Whether an event can be the next one of this case, or a reading of what it was. A journal that was damaged can hold others.
    package func isNext(_ event: Event) -> Bool {
        guard event.file == id, !isReading(event) else { return event.file == id }
        return event.revision == revision + 1 && event.change.canFollow(self)
    }

    /// Whether an event only says that somebody read the case at a revision. In journals of the first versions that was a revision of its own.
    private func isReading(_ event: Event) -> Bool {
        event.change.isReading && (1...revision).contains(event.revision)
    }

    /// Whether its first event says all of it: nothing has happened since, and no auditor has read it.
    package var isAsSubmitted: Bool {
        revision == 1 && participants[.supervising].isEmpty
    }

    /// Takes in what was recorded.
    ///
    /// - Precondition: `isNext(event)`.
    package mutating func apply(_ event: Event) {
        precondition(isNext(event), "event \(event.revision) of \(event.file) cannot follow revision \(revision) of \(id)")
        guard !isReading(event) else { return participants.note(event) }
        progress.revision = event.revision
        for clock in event.clocks {
            if let index = clocks.firstIndex(where: { $0.id == clock.id }) {
                timing.clocks[index] = clock
            } else {
                timing.clocks.append(clock)
            }
        }
        participants.note(event)
        event.change.apply(to: &self, by: event.by, at: event.at)
        if !state.isOpen {
            timing.suspensions = []
            consultation.end(at: event.at)
            progress.closedAt = closedAt ?? event.at
        }
    }
}
