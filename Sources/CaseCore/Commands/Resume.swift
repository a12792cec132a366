import WorkingTime

/// What the case was suspended for has ended.
package struct Resume: CaseCommand, ClientCommand {
    /// Which suspension has ended; it has to be said where several have not.
    package var kind: Suspension.Kind?

    package init(_ kind: Suspension.Kind?) {
        self.kind = kind
    }

    package static let declaration = Declaration(
        "resume", "Let the clocks of a suspended case run on.", by: [.office, .leader], .staying(in: State.open), whileSuspended: true,
        involvement: [.approving])

    package static let members = Members<Resume>(
        Member("kind", \.kind, default: nil, "which suspension has ended; needed where there are several"), make: { Resume($0) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard !file.suspensions.isEmpty else { throw .notSuspended }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Resumed {
        let ended = try ended(on: file)
        // Reasons that overlap stop the clocks once; they run on when the last one has ended.
        if file.pauseCount == 1 { draft.resumeAll() }
        draft.end(ClockID(.suspension, of: ended))
        draft.tell(.handler, of: file)
        return Resumed(ended)
    }

    /// The suspension that is meant: the only one, where none is named.
    private func ended(on file: CaseFile) throws(Refusal) -> Suspension.Kind {
        guard let first = file.suspensions.first else { throw .notSuspended }
        guard let kind else {
            guard file.suspensions.count == 1 else { throw .severalSuspensions(file.suspensions.map(\.kind)) }
            return first.kind
        }
        guard file.suspensions.contains(where: { $0.kind == kind }) else { throw .notSuspended }
        return kind
    }
}

package struct Resumed: Change {
    /// Nil in what was recorded when a case had one suspension at most.
    package var kind: Suspension.Kind?

    package init(_ kind: Suspension.Kind?) {
        self.kind = kind
    }

    package static let name = "resumed"
    package static let members = Members<Resumed>(
        Member("kind", \.kind, unless: nil, "which suspension has ended"), make: { Resumed($0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.timing.suspensions.removeAll { ends($0) }
    }

    /// Whether a suspension is the one that has ended.
    package func ends(_ suspension: Suspension) -> Bool {
        kind == nil || suspension.kind == kind
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        let zone = terms.calendar.zone
        guard let began = before?.suspensions.first(where: ends)?.since, zone.day(of: began) == zone.day(of: instant) else { return nil }
        return Figures([.sameDayPauses])
    }
}
