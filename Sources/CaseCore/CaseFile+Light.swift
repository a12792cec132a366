import WorkingTime

/// What a supervisor sees first.
package enum Light: String, Word {
    case green
    /// A warning rung has passed.
    case yellow
    /// A clock is overdue.
    case red
    /// The case is closed.
    case none

    /// The rule of the light.
    package init(isOpen: Bool, isOverdue: Bool, hasWarning: Bool) {
        self = !isOpen ? .none : isOverdue ? .red : hasWarning ? .yellow : .green
    }
}

/// How a decision stood to its promises.
package enum Timeliness: String, Word {
    case inTime = "in-time"
    /// Within the statutory limit, after the promised one.
    case promiseMissed = "promise-missed"
    case late
}

extension CaseFile {
    package func light(at now: Instant, under terms: Terms) -> Light {
        Light(isOpen: state.isOpen, isOverdue: due(under: terms).map { $0 <= now } ?? false, hasWarning: hasWarning(under: terms))
    }

    /// Whether a live clock has passed a warning rung in its present generation.
    package func hasWarning(under terms: Terms) -> Bool {
        guard state.isOpen else { return false }
        return clocks.contains { clock in
            guard clock.isLive, let rungs = terms.limits[clock.kind]?.rungs else { return false }
            return clock.passedRungs.contains { rungs.indices.contains($0) && rungs[$0].isWarning(for: clock.ledger.budget) }
        }
    }

    /// Nil unless the case is decided.
    package func timeliness(under terms: Terms) -> Timeliness? {
        guard state.isDecision, let closedAt else { return nil }
        func missed(_ kind: ClockKind) -> Bool {
            clock(kind)?.isOverdue(at: closedAt, on: terms.calendar) ?? false
        }
        return missed(.decision) ? .late : missed(.promise) ? .promiseMissed : .inTime
    }
}
