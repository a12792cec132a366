import WorkingTime

/// The live clocks of a case follow another version's calendar and limits. What has passed stays passed.
package struct Recalculate: CaseCommand {
    /// The version of the catalogue whose calendar and limits the clocks follow from now on.
    package let version: Int
    /// What governed them until now.
    package let former: Terms
    /// Whether a deadline may come before the one that was promised.
    package let allowsEarlier: Bool

    package init(version: Int, former: Terms, allowsEarlier: Bool) {
        self.version = version
        self.former = former
        self.allowsEarlier = allowsEarlier
    }

    package static let declaration = Declaration(
        "reproject", "The clocks of the case follow changed rules.", by: [.catalog], .staying(in: State.clocked), whileSuspended: true,
        involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Recalculated {
        let (terms, now) = (draft.terms, draft.now)
        var moves: [ClockMove] = []
        let isIncomplete = terms.matter.silenceGrants && !file.isComplete(under: terms)
        draft.change({ _ in true }) { clock in
            // An end that came while a material was missing was a breach, and no calendar takes that back.
            if isIncomplete, clock.kind == .decision { clock.noteExpiry(at: now, on: former.calendar) }
            let before = clock
            var strict = clock
            strict.recalculate(from: former, version: file.timing.version, to: terms, allowsEarlier: true, at: now)
            clock.recalculate(from: former, version: file.timing.version, to: terms, allowsEarlier: allowsEarlier, at: now)
            let from = before.ledger.due(on: former.calendar)
            let to = clock.ledger.due(on: terms.calendar)
            let wasProvisional = before.ledger.isProvisional(due: from, on: former.calendar)
            let isProvisional = clock.ledger.isProvisional(due: to, on: terms.calendar)
            let move = ClockMove(
                clock: clock.id, from: from, to: to, isKept: clock.ledger.budget > strict.ledger.budget || clock.raised > before.raised,
                isFirm: wasProvisional && !isProvisional)
            if move.isRemarkable { moves.append(move) }
        }
        if moves.contains(where: \.isEarlier) { draft.tell(.handler, of: file) }
        return Recalculated(version: version, moves: moves)
    }
}

/// The clocks follow another version's calendar and limits. Clocks that did not move are not listed.
package struct Recalculated: Change {
    package var version: Int
    package var moves: [ClockMove]

    package init(version: Int, moves: [ClockMove]) {
        self.version = version
        self.moves = moves
    }

    package static let name = "reprojected"
    package static let members = Members<Recalculated>(
        Member("catalog_version", \.version, "the version that the clocks follow"),
        Member("moves", \.moves, "the deadlines that have changed"),
        make: { Recalculated(version: $0, moves: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.timing.version = version
    }
}

/// What new rules did to the deadline of one clock.
package struct ClockMove: Described {
    package let clock: ClockID
    /// Nil where the clock is paused.
    package let from: Instant?
    package let to: Instant?
    /// Whether the new rules alone would have made the deadline earlier, and the budget was raised instead.
    package let isKept: Bool
    /// Whether a deadline that was provisional rests on an official calendar now.
    package let isFirm: Bool

    package init(clock: ClockID, from: Instant?, to: Instant?, isKept: Bool, isFirm: Bool) {
        self.clock = clock
        self.from = from
        self.to = to
        self.isKept = isKept
        self.isFirm = isFirm
    }

    package static let members = Members<ClockMove>(
        Member(of: \.clock),
        Member("from", \.from, unless: nil, "when it was due"),
        Member("to", \.to, unless: nil, "when it is due"),
        Member("kept", \.isKept, unless: false, "whether the promised deadline was kept against the new rules"),
        Member("firm", \.isFirm, unless: false, "whether it rests on an official calendar now"),
        make: { ClockMove(clock: $0, from: $1, to: $2, isKept: $3, isFirm: $4) })

    package var isEarlier: Bool {
        if let from, let to { to < from } else { false }
    }

    package var isLater: Bool {
        if let from, let to { to > from } else { false }
    }

    /// Whether the clock was in time, and is overdue by its new deadline.
    package func isBreach(at now: Instant) -> Bool {
        if let from, let to { from > now && to <= now } else { false }
    }

    fileprivate var isRemarkable: Bool {
        from != to || isKept || isFirm
    }
}
