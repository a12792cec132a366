import WorkingTime

/// One submission and all that happened to it, as the fold of its events.
///
/// `respond` answers a command and changes nothing; `apply` takes in a recorded event and decides nothing.
package struct CaseFile: Equatable, Sendable {
    package let id: CaseID
    package internal(set) var origin: Origin
    package var progress: Progress
    package var timing: Timing
    package var participants: Participants
    /// In the order in which they were opened; at most the last one is open.
    package var orders: [SupervisionOrder]
    /// What was found about the decision afterwards, in the order of time.
    package var inspections: [Inspection]
    /// The steps of its examination that were taken, in the order of time.
    package var examinations: [Examination]
    /// Its fees that were settled, at most one of each.
    package var settlements: [Settlement]
    package var selection: Selection
    package var validity: Validity
    package var consultation: Consultation
    package var erasure: Erasure

    package init(
        id: CaseID, origin: Origin, progress: Progress, timing: Timing, participants: Participants, orders: [SupervisionOrder],
        inspections: [Inspection], examinations: [Examination] = [], settlements: [Settlement] = [], selection: Selection = Selection(),
        validity: Validity = Validity(), consultation: Consultation = Consultation(), erasure: Erasure = Erasure()
    ) {
        self.id = id
        self.origin = origin
        self.progress = progress
        self.timing = timing
        self.participants = participants
        self.orders = orders
        self.inspections = inspections
        self.examinations = examinations
        self.settlements = settlements
        self.selection = selection
        self.validity = validity
        self.consultation = consultation
        self.erasure = erasure
    }

    /// What was submitted, by whom and under which version of the catalogue. It never changes, but that what it says of persons is erased.
    package struct Origin: Equatable, Sendable {
        /// Unguessable; all that a public status look-up needs.
        package let receipt: String
        package let submission: Submission
        package let by: String
        package let via: ServiceID?
        package let at: Instant
        /// The version of the catalogue to which matter, limits and calendar are pinned.
        package let catalogVersion: Int

        package init(receipt: String, submission: Submission, by: String, via: ServiceID?, at: Instant, catalogVersion: Int) {
            self.receipt = receipt
            self.submission = submission
            self.by = by
            self.via = via
            self.at = at
            self.catalogVersion = catalogVersion
        }
    }

    /// How far it has come.
    package struct Progress: Equatable, Sendable {
        package var revision: Int
        package var state: State
        package var assignment: Assignment
        package var materials: [SubmittedMaterial]
        /// The items of the first notice of what is missing; nil before it.
        package var noticedItems: [MaterialID]?
        /// When the materials were received, first or after a correction: intake counts from here.
        package var receivedAt: Instant
        package var recommendation: Recommendation?
        package var escalation: Int
        package var closedAt: Instant?
        package var deliveredAt: Instant?
        /// The leader who granted or refused it.
        package var decidedBy: String?

        package init(
            revision: Int, state: State, assignment: Assignment, materials: [SubmittedMaterial], noticedItems: [MaterialID]?,
            receivedAt: Instant, recommendation: Recommendation?, escalation: Int, closedAt: Instant?, deliveredAt: Instant?,
            decidedBy: String?
        ) {
            self.revision = revision
            self.state = state
            self.assignment = assignment
            self.materials = materials
            self.noticedItems = noticedItems
            self.receivedAt = receivedAt
            self.recommendation = recommendation
            self.escalation = escalation
            self.closedAt = closedAt
            self.deliveredAt = deliveredAt
            self.decidedBy = decidedBy
        }
    }

    /// Its clocks, and what makes them stand still or longer.
    package struct Timing: Equatable, Sendable {
        /// At most one of an id, in the order in which they first started.
        package var clocks: [Clock]
        /// The version of the catalogue whose calendar and limits the clocks follow.
        package var version: Int
        /// At most one of a kind, in the order in which they began; the clocks stand still while there is any.
        package var suspensions: [Suspension]
        /// The extension of the decision clock, which the applicant is told.
        package var extension_: Extension?

        package init(clocks: [Clock], version: Int, suspensions: [Suspension], extension extension_: Extension?) {
            self.clocks = clocks
            self.version = version
            self.suspensions = suspensions
            self.extension_ = extension_
        }
    }

    package struct Extension: Equatable, Sendable {
        package var by: Length
        package var reason: String
        package var at: Instant

        package init(by: Length, reason: String, at: Instant) {
            self.by = by
            self.reason = reason
            self.at = at
        }
    }
}

// MARK: What is asked of it often

extension CaseFile {
    package var matter: MatterID { origin.submission.matter }
    package var title: String { origin.submission.title }
    package var applicant: Applicant { origin.submission.applicant }
    package var revision: Int { progress.revision }
    package var state: State { progress.state }
    package var assignment: Assignment { progress.assignment }
    package var materials: [SubmittedMaterial] { progress.materials }
    package var closedAt: Instant? { progress.closedAt }
    package var escalation: Int { progress.escalation }
    package var clocks: [Clock] { timing.clocks }
    package var suspensions: [Suspension] { timing.suspensions }
    package var handler: PersonID? { participants.handler }
    package var recused: Set<PersonID> { participants.recused }

    /// Whether its clocks stand still: for a lawful reason, or while an opinion is awaited.
    package var isSuspended: Bool {
        pauseCount > 0
    }

    /// The clock of a kind; of several suspensions the first that began.
    package func clock(_ kind: ClockKind) -> Clock? {
        clocks.first { $0.kind == kind }
    }

    package func liveClock(_ kind: ClockKind) -> Clock? {
        clocks.first { $0.kind == kind && $0.isLive }
    }

    /// The versions by whose calendars clocks that stand still were promised their time.
    package var formerVersions: Set<Int> {
        Set(clocks.filter(\.isLive).flatMap(\.pausedPromises).map(\.version))
    }
}
