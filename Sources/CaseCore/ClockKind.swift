import WorkingTime

/// The promises that a case can be under. A new one is a case here, and a command that starts it.
package enum ClockKind: String, Word {
    /// The office's time to accept, decline or name what is missing (Art. 32).
    case intake
    /// The applicant's time to supply it.
    case correction
    /// The statutory time to decide (Art. 42).
    case decision
    /// The shorter time that was promised in public.
    case promise
    /// The office's part of it.
    case review
    /// The leader's part of it.
    case leader
    /// The announced length of a suspension.
    case suspension
    /// The time to hand over the decision (Art. 44).
    case delivery
    /// The time to answer a supervision order.
    case order
    /// The time of another office to give its opinion.
    case opinion

    /// What holds of all clocks of a kind.
    package struct Traits: Sendable {
        /// Whether it stands still while the case is suspended.
        package let pausesWithCase: Bool
        package let end: End
        /// Whether a matter can set its length, whatever its policy says.
        package var isSetByMatters = false
        /// Whether the others can stand still until it ends.
        package var keepsOthers = false
        /// Whether it is the part of an office or a leader, to whom a file can come again.
        package var isStage = false
        /// The ladder of a clock whose length is announced case by case, where the policy declares none.
        package var announced: [Rung]?
    }

    /// What the end of a clock does beside being a breach.
    package enum End: Sendable {
        /// It accepts a submission, or lets it lapse.
        case decides
        /// It grants the case where the matter says so.
        case decidesWhereSilenceGrants
        case breachOnly
        /// It is an event of its own, which tells people.
        case isEvent
    }

    package var traits: Traits {
        switch self {
        case .intake, .correction: Traits(pausesWithCase: true, end: .decides, isSetByMatters: true)
        case .decision: Traits(pausesWithCase: true, end: .decidesWhereSilenceGrants, isSetByMatters: true)
        case .promise: Traits(pausesWithCase: true, end: .breachOnly, isSetByMatters: true)
        case .review, .leader: Traits(pausesWithCase: true, end: .breachOnly, isStage: true)
        case .delivery: Traits(pausesWithCase: false, end: .breachOnly, isSetByMatters: true)
        // A suspension that outlasts what was announced is always noticed (Art. 45).
        case .suspension:
            Traits(
                pausesWithCase: false, end: .breachOnly,
                announced: [Rung(position: .breach, level: 1, addressees: [.officeHead, .leader])])
        case .opinion: Traits(pausesWithCase: false, end: .isEvent, keepsOthers: true, announced: [])
        // So is an order that nobody answers.
        case .order:
            Traits(
                pausesWithCase: false, end: .breachOnly,
                announced: [
                    Rung(position: .percent(80), level: 1, addressees: [.officeHead]),
                    Rung(position: .breach, level: 2, addressees: [.leader, .commissioner, .departmentHead]),
                ])
        }
    }
}

extension Matter {
    /// Whether the end of a clock decides something: it accepts a submission, lets it lapse or, where silence grants, grants it.
    package func decides(_ kind: ClockKind) -> Bool {
        switch kind.traits.end {
        case .decides: true
        case .decidesWhereSilenceGrants: silenceGrants
        case .breachOnly, .isEvent: false
        }
    }
}
