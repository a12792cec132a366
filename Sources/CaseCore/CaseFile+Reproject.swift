import WorkingTime

/// New rules for the clocks of a case that is running.
package struct Reprojection: Equatable, Sendable {
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
}

/// What new rules did to the deadline of one clock.
package struct ClockMove: Equatable, Sendable {
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

extension CaseFile {
    /// Lets the live clocks follow another version's calendar and limits. What has passed stays passed.
    func reproject(_ reprojection: Reprojection, _ turn: Turn) -> Step {
        var turn = turn
        let (former, terms, now, version) = (reprojection.former, turn.terms, turn.now, clockVersion)
        var moves: [ClockMove] = []
        let isIncomplete = terms.matter.silenceGrants && !isComplete(under: terms)
        turn.change({ _ in true }) { clock in
            // An end that came while a material was missing was a breach, and no calendar takes that back.
            if isIncomplete, clock.kind == .decision { clock.noteExpiry(at: now, on: former.calendar) }
            let before = clock
            var strict = clock
            strict.reproject(from: former, version: version, to: terms, allowsEarlier: true, at: now)
            clock.reproject(from: former, version: version, to: terms, allowsEarlier: reprojection.allowsEarlier, at: now)
            let from = before.ledger.due(on: former.calendar)
            let to = clock.ledger.due(on: terms.calendar)
            let wasProvisional = from.map { former.calendar.isProvisional($0) } ?? false
            let isProvisional = to.map { terms.calendar.isProvisional($0) } ?? false
            let move = ClockMove(
                clock: clock.id, from: from, to: to, isKept: clock.ledger.budget > strict.ledger.budget,
                isFirm: wasProvisional && !isProvisional)
            if move.isRemarkable { moves.append(move) }
        }
        return turn.step(
            .reprojected(version: reprojection.version, moves: moves),
            notices: moves.contains(where: \.isEarlier) ? [notice(.handler, terms)] : [])
    }
}
