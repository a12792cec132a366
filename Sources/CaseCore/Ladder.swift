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

    package init(position: Position, level: Int, addressees: [Addressee]) {
        self.position = position
        self.level = level
        self.addressees = addressees
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

    /// A warning comes before the breach.
    package func isWarning(for budget: Int64) -> Bool {
        threshold(of: budget) < budget
    }
}

/// To whom a notice goes.
package enum Addressee: String, CaseIterable, Sendable {
    case handler
    case officeHead = "office-head"
    case leader, commissioner
    case departmentHead = "department-head"
    case applicant
}

/// The limit that a policy sets for one clock.
package struct Limit: Equatable, Sendable {
    package let budget: Length
    package let rungs: [Rung]
    /// The rungs in their order under the budget itself, which is asked for most.
    private let ladder: [Rung]

    package init(budget: Length, rungs: [Rung]) {
        self.budget = budget
        self.rungs = rungs
        ladder = Limit.ordered(rungs, for: budget.quanta)
    }

    /// The rungs in the order in which they pass under this budget; of equal ones, the one that is declared first.
    package func ladder(for budget: Int64) -> [Rung] {
        budget == self.budget.quanta ? ladder : Limit.ordered(rungs, for: budget)
    }

    private static func ordered(_ rungs: [Rung], for budget: Int64) -> [Rung] {
        rungs.enumerated().sorted {
            ($0.element.threshold(of: budget), $0.offset) < ($1.element.threshold(of: budget), $1.offset)
        }.map(\.element)
    }
}
