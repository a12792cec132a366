import WorkingTime

/// A step of the escalation ladder of a clock.
package struct Rung: Equatable, Sendable {
    package enum Position: Equatable, Sendable {
        /// Of the budget; rounded up to a whole quantum.
        case percent(Int)
        case before(Length)
        case breach
        case after(Length)
    }

    package let position: Position
    /// 1 and up; the highest level passed is the case's `escalation`.
    package let level: Int
    package let addressees: [Addressee]
    /// The order that it opens, unless one is open.
    package let order: RungOrder?

    package init(position: Position, level: Int, addressees: [Addressee], order: RungOrder? = nil) {
        self.position = position
        self.level = level
        self.addressees = addressees
        self.order = order
    }

    /// The consumption at which the rung passes, in quanta of the clock's meter.
    ///
    /// - Precondition: the catalogue was checked: lengths are in the clock's meter, and no warning is longer than the budget.
    package func threshold(of budget: Int64) -> Int64 {
        switch position {
        case .percent(let share): max(1, (budget * Int64(share) + 99) / 100)
        case .before(let length): max(1, budget - length.quanta)
        case .breach: budget
        case .after(let length): budget + length.quanta
        }
    }

    /// Whether it can be measured on an account in this unit.
    func fits(_ meter: Meter) -> Bool {
        switch position {
        case .percent, .breach: true
        case .before(let length), .after(let length): length.meter == meter
        }
    }

    /// A warning comes before the breach.
    package func isWarning(for budget: Int64) -> Bool {
        threshold(of: budget) < budget
    }
}

/// To whom a notice goes.
package enum Addressee: String, Word {
    case handler
    case officeHead = "office-head"
    case leader, commissioner
    case departmentHead = "department-head"
    case applicant
    /// Whoever holds a post that audits.
    case auditor
    /// Whoever holds a post that may agree to a catalogue.
    case confirmer
}

/// The limit that a policy sets for one clock.
package struct Limit: Equatable, Sendable {
    package let budget: Length
    /// As the policy declares them: a rung is known by its place here.
    package let rungs: [Rung]
    /// Whether a last day that is no working day is moved to the next one.
    package let rolls: Bool
    /// Whether the clock of a stage begins anew when the file comes back to it; else it goes on where it ended.
    package let isFreshOnReturn: Bool
    /// The rungs in their order under the budget itself, which is asked for most.
    private let ladder: [Step]

    package typealias Step = (place: Int, rung: Rung)

    package init(budget: Length, rungs: [Rung], rolls: Bool = false, isFreshOnReturn: Bool = true) {
        self.budget = budget
        self.rungs = rungs
        self.rolls = rolls
        self.isFreshOnReturn = isFreshOnReturn
        ladder = Limit.ordered(rungs, for: budget.quanta, in: budget.meter)
    }

    /// With the budget of a matter in its place.
    func with(budget: Length, rolls: Bool? = nil) -> Limit {
        Limit(budget: budget, rungs: rungs, rolls: rolls ?? self.rolls, isFreshOnReturn: isFreshOnReturn)
    }

    /// With a rung at the breach, where its ladder has none: a breach is an event and a notice on every clock. Where the end of a clock is
    /// an event of its own, that tells people itself.
    func hearingOfBreach(of kind: ClockKind) -> Limit {
        guard ![.decides, .isEvent].contains(kind.traits.end), !rungs.contains(where: { $0.position == .breach }) else { return self }
        return Limit(
            budget: budget, rungs: rungs + [Rung(position: .breach, level: 1, addressees: [.officeHead, .leader])], rolls: rolls,
            isFreshOnReturn: isFreshOnReturn)
    }

    /// The rungs in the order in which they pass on this account; of equal ones, the one that is declared first.
    ///
    /// An account keeps its unit when the policy takes another; rungs that are given in the other unit are not for it.
    package func ladder(for ledger: Ledger) -> [Step] {
        ledger.budget == budget.quanta && ledger.meter == budget.meter
            ? ladder : Limit.ordered(rungs, for: ledger.budget, in: ledger.meter)
    }

    private static func ordered(_ rungs: [Rung], for budget: Int64, in meter: Meter) -> [Step] {
        rungs.enumerated().map { (place: $0.offset, rung: $0.element) }.filter { $0.rung.fits(meter) }.sorted {
            ($0.rung.threshold(of: budget), $0.place) < ($1.rung.threshold(of: budget), $1.place)
        }
    }

    package static func == (a: Limit, b: Limit) -> Bool {
        a.budget == b.budget && a.rungs == b.rungs && a.rolls == b.rolls && a.isFreshOnReturn == b.isFreshOnReturn
    }
}
