import WorkingTime

/// What was recorded of one case at one instant: one row of the journal.
package struct Event: Equatable, Sendable {
    package let file: CaseID
    /// 1 for the submission, then one more each time.
    package let revision: Int
    package let at: Instant
    /// The name of the principal, see `Principal.name`.
    package let by: String
    package let via: ServiceID?
    /// The holder of the post, where a substitute acted in its place.
    package let instead: PersonID?
    package let change: Change
    /// The clocks that the event touched, as they stand after it.
    package let clocks: [Clock]

    package init(
        file: CaseID, revision: Int, at: Instant, by: String, via: ServiceID?, instead: PersonID? = nil, change: Change,
        clocks: [Clock]
    ) {
        self.file = file
        self.revision = revision
        self.at = at
        self.by = by
        self.via = via
        self.instead = instead
        self.change = change
        self.clocks = clocks
    }
}

/// What happened, in the past participle.
package enum Change: Equatable, Sendable {
    case submitted(Submission, receipt: String, Assignment, catalogVersion: Int)
    case accepted
    /// By silence, effective from the receipt of the materials.
    case deemedAccepted(effective: Instant)
    case correctionRequested(missing: [MaterialID], note: String)
    case corrected(materials: [SubmittedMaterial], note: String)
    case declined(ground: String, competent: String?)
    case assigned(PersonID?)
    case suspended(Suspension)
    /// Nil in what was recorded when a case had one suspension at most.
    case resumed(Suspension.Kind?)
    case extended(ClockKind, by: Length, reason: String)
    case recommended(Recommendation, opinion: String, handler: PersonID)
    case returned(reason: String)
    case granted(reasons: String)
    case refused(reasons: String)
    case deemedGranted(due: Instant)
    case withdrawn(reason: String)
    case lapsed(due: Instant)
    case delivered(how: String)
    case noted(String)
    case escalated(reason: String, level: Int)
    case rungPassed(PassedRung)
    /// The number where it is not the next one of the case.
    case orderOpened(Int? = nil, reason: String, to: SupervisionOrder.Recipient, due: Length)
    case orderAnswered(Int, answer: String)
    case orderClosed(Int, finding: String)
    case recused(PersonID, reason: String)
    case inspected(Inspection.Outcome, finding: String, draw: String?)
    /// An auditor read the case by this method.
    case read(String)
    case rerouted(Assignment)
    /// The clocks follow another version's calendar and limits. Clocks that did not move are not listed.
    case reprojected(version: Int, moves: [ClockMove])

    package var name: String {
        switch self {
        case .submitted: "submitted"
        case .accepted: "accepted"
        case .deemedAccepted: "deemed-accepted"
        case .correctionRequested: "correction-requested"
        case .corrected: "corrected"
        case .declined: "declined"
        case .assigned: "assigned"
        case .suspended: "suspended"
        case .resumed: "resumed"
        case .extended: "extended"
        case .recommended: "recommended"
        case .returned: "returned"
        case .granted: "granted"
        case .refused: "refused"
        case .deemedGranted: "deemed-granted"
        case .withdrawn: "withdrawn"
        case .lapsed: "lapsed"
        case .delivered: "delivered"
        case .noted: "noted"
        case .escalated: "escalated"
        case .rungPassed: "rung-passed"
        case .orderOpened: "order-opened"
        case .orderAnswered: "order-answered"
        case .orderClosed: "order-closed"
        case .recused: "recused"
        case .inspected: "inspected"
        case .read: "read"
        case .rerouted: "rerouted"
        case .reprojected: "reprojected"
        }
    }
}

package struct PassedRung: Equatable, Sendable {
    package let clock: ClockID
    package let generation: Int
    /// Its place on the policy's ladder, from 0.
    package let rung: Int
    package let level: Int
    package let addressees: [Addressee]
    /// When it should have passed.
    package let due: Instant
    /// Whether it passed more than a minute afterwards, such as after a stop of the daemon.
    package let isLate: Bool
    /// The order that it opened.
    package let order: RungOrder?

    package init(
        clock: ClockID, generation: Int, rung: Int, level: Int, addressees: [Addressee], due: Instant, isLate: Bool,
        order: RungOrder? = nil
    ) {
        self.clock = clock
        self.generation = generation
        self.rung = rung
        self.level = level
        self.addressees = addressees
        self.due = due
        self.isLate = isLate
        self.order = order
    }

    package static let lateAfterMilliseconds: Int64 = 60_000
}

/// What a command does: the event that makes it so, and who is to be told.
package struct Step: Equatable, Sendable {
    package let event: Event
    package let notices: [Notice]
}

/// Somebody is to be told of an event.
package struct Notice: Equatable, Sendable {
    package let addressee: Addressee
    /// A person, else a post; an applicant's own id.
    package let recipient: String

    package init(addressee: Addressee, recipient: String) {
        self.addressee = addressee
        self.recipient = recipient
    }
}
