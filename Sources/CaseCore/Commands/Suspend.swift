import WorkingTime

/// The clocks stand still for a lawful reason (Art. 45).
package struct Suspend: CaseCommand, ClientCommand {
    package var kind: Suspension.Kind
    package var basis: String
    package var expected: Length
    package var note: String

    package init(_ kind: Suspension.Kind, basis: String, expected: Length, note: String) {
        self.kind = kind
        self.basis = basis
        self.expected = expected
        self.note = note
    }

    package static let declaration = Declaration(
        "suspend", "Stop the clocks for a lawful reason.", by: [.office, .leader], .staying(in: State.open), whileSuspended: true,
        involvement: [.approving])

    package static let members = Members<Suspend>(
        Member("kind", \.kind, "what for"),
        Member("basis", \.basis, limit: ByteLimit.prose, "the legal basis"),
        Member("expected", \.expected, "the announced length"),
        Member("note", \.note, default: "", limit: ByteLimit.prose, "a remark"),
        make: { Suspend($0, basis: $1, expected: $2, note: $3) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        let kinds = Set(file.suspensions.map(\.kind))
        if let last = file.suspensions.last, kinds.count == Suspension.Kind.allCases.count { throw .alreadySuspended(last.kind) }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Suspended {
        guard !file.suspensions.contains(where: { $0.kind == kind }) else { throw .alreadySuspended(kind) }
        try requireText(basis, "basis")
        if let longest = draft.terms.longestSuspensions[kind] {
            func end(_ length: Length) -> Instant? {
                Ledger(length, startingAt: draft.now, on: draft.terms.calendar, countsFirstDay: draft.terms.countsFirstDay)
                    .due(on: draft.terms.calendar)
            }
            guard let announced = end(expected), let latest = end(longest), announced <= latest else {
                throw .suspensionTooLong(kind, limit: longest)
            }
        }
        draft.pauseAll()
        draft.start(ClockID(.suspension, of: kind), budget: expected)
        draft.tell(.applicant, of: file)
        return Suspended(Suspension(kind: kind, basis: basis, expected: expected, note: note, since: draft.now))
    }
}

package struct Suspended: Change {
    package var suspension: Suspension

    package init(_ suspension: Suspension) {
        self.suspension = suspension
    }

    package static let name = "suspended"
    package static let members = Members<Suspended>(
        Member("suspension", \.suspension, "why, and for how long"), make: { Suspended($0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.timing.suspensions.append(suspension)
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        before?.figuresOfPause(at: instant, under: terms)
    }
}

/// Why the clocks of an open case stand still.
package struct Suspension: Described {
    /// Art. 45 of the Administrative Licensing Law and what is handled alike.
    package enum Kind: String, Word {
        case hearing
        case expertReview = "expert-review"
        case inspection, appraisal
        case applicant
        case forceMajeure = "force-majeure"
    }

    package var kind: Kind
    package var basis: String
    package var expected: Length
    package var note: String
    package var since: Instant

    package init(kind: Kind, basis: String, expected: Length, note: String, since: Instant) {
        self.kind = kind
        self.basis = basis
        self.expected = expected
        self.note = note
        self.since = since
    }

    package static var shape: Shape { .named("suspension", .object(members.shapes)) }

    package static let members = Members<Suspension>(
        Member("kind", \.kind, "what for"),
        Member("basis", \.basis, apart: Erased.text, "the legal basis"),
        Member("expected", \.expected, "the announced length"),
        Member("note", \.note, apart: Erased.text, "a remark"),
        Member("since", \.since, "from when on"),
        make: { Suspension(kind: $0, basis: $1, expected: $2, note: $3, since: $4) })
}
