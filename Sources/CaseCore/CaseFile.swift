import WorkingTime

/// One submission and all that happened to it, as the fold of its events.
///
/// `respond` answers a command and changes nothing; `apply` takes in a recorded event and decides nothing.
package struct CaseFile: Equatable, Sendable {
    package let id: CaseID
    /// Unguessable; all that a public status look-up needs.
    package let receipt: String
    package let matter: MatterID
    package let title: String
    package let applicant: Applicant
    package let channel: String
    package let fields: Fields
    package let submittedBy: String
    package let submittedVia: ServiceID?
    package let submittedAt: Instant
    /// The version of the catalogue to which matter, limits and calendar are pinned.
    package let catalogVersion: Int

    package var revision: Int
    package var state: State
    package var assignment: Assignment
    package var handler: PersonID?
    /// Who has declared to have no part in it.
    package var recused: Set<PersonID>
    /// Who accepted it, asked for a correction or recommended: none of them ever decides it, whoever handles it now.
    package var examiners: Set<PersonID>
    package var materials: [SubmittedMaterial]
    /// The items of the first notice of what is missing; nil before it.
    package var noticedItems: [MaterialID]?
    /// When the materials were received, first or after a correction: intake counts from here.
    package var receivedAt: Instant
    /// At most one of a kind, in the order in which they began; the clocks stand still while there is any.
    package var suspensions: [Suspension]
    package var recommendation: Recommendation?
    package var escalation: Int
    /// In the order in which they were opened; at most the last one is open.
    package var orders: [SupervisionOrder]
    /// At most one of an id, in the order in which they first started.
    package var clocks: [Clock]
    /// The version of the catalogue whose calendar and limits the clocks follow.
    package var clockVersion: Int
    /// The extension of the decision clock, which the applicant is told.
    package var extension_: Extension?
    package var closedAt: Instant?
    package var deliveredAt: Instant?
    /// The leader who granted or refused it.
    package var decidedBy: String?
    /// What was found about the decision afterwards, in the order of time.
    package var inspections: [Inspection]

    /// The versions by whose calendars clocks that stand still were promised their time.
    package var formerVersions: Set<Int> {
        Set(clocks.filter(\.isLive).flatMap(\.pausedPromises).map(\.version))
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

    package init(
        id: CaseID, receipt: String, matter: MatterID, title: String, applicant: Applicant, channel: String,
        fields: Fields, submittedBy: String, submittedVia: ServiceID?, submittedAt: Instant, catalogVersion: Int,
        revision: Int, state: State, assignment: Assignment, handler: PersonID?, recused: Set<PersonID> = [],
        examiners: Set<PersonID> = [],
        materials: [SubmittedMaterial],
        noticedItems: [MaterialID]?, receivedAt: Instant, suspensions: [Suspension], recommendation: Recommendation?,
        escalation: Int, orders: [SupervisionOrder], clocks: [Clock], clockVersion: Int, extension extension_: Extension?,
        closedAt: Instant?, deliveredAt: Instant?, decidedBy: String? = nil, inspections: [Inspection] = []
    ) {
        self.id = id
        self.receipt = receipt
        self.matter = matter
        self.title = title
        self.applicant = applicant
        self.channel = channel
        self.fields = fields
        self.submittedBy = submittedBy
        self.submittedVia = submittedVia
        self.submittedAt = submittedAt
        self.catalogVersion = catalogVersion
        self.revision = revision
        self.state = state
        self.assignment = assignment
        self.handler = handler
        self.recused = recused
        self.examiners = examiners
        self.materials = materials
        self.noticedItems = noticedItems
        self.receivedAt = receivedAt
        self.suspensions = suspensions
        self.recommendation = recommendation
        self.escalation = escalation
        self.orders = orders
        self.clocks = clocks
        self.clockVersion = clockVersion
        self.extension_ = extension_
        self.closedAt = closedAt
        self.deliveredAt = deliveredAt
        self.decidedBy = decidedBy
        self.inspections = inspections
    }

    package var isSuspended: Bool {
        !suspensions.isEmpty
    }

    /// The clock of a kind; of several suspensions the first that began.
    package func clock(_ kind: ClockKind) -> Clock? {
        clocks.first { $0.kind == kind }
    }

    package func liveClock(_ kind: ClockKind) -> Clock? {
        clocks.first { $0.kind == kind && $0.isLive }
    }
}
