import WorkingTime

/// What was recorded of the server itself: a row of the journal that belongs to no case.
package struct ServerEvent: Equatable, Sendable {
    /// 1 for the first of a store, then one more each time.
    package let revision: Int
    package let at: Instant
    /// The name of the principal, see `Principal.name`.
    package let by: String
    /// The unix user that spoke; nil where nobody did.
    package let uid: UInt32?
    package let change: ServerChange

    package init(revision: Int, at: Instant, by: String, uid: UInt32? = nil, change: ServerChange) {
        self.revision = revision
        self.at = at
        self.by = by
        self.uid = uid
        self.change = change
    }
}

package enum ServerChange: Equatable, Sendable {
    /// The machine's clock was set: forward by so many milliseconds, or backward where negative.
    case clockStepped(milliseconds: Int64, isHeld: Bool)
    /// Deadlines pass again, by somebody's word or because the clock went back.
    case clockConfirmed
    /// A new version began to move the clocks of running cases.
    case recalculationStarted(version: Int, caseCount: Int)
    case recalculationFinished(version: Int, caseCount: Int)
    /// A catalogue became the newest version. `digest` is the SHA-256 of its files in hexadecimal digits, `appointments` what it says otherwise
    /// than the version before about who has which part, at most `appointmentLimit` of them; `confirmed` is the last version that counts in full.
    /// `goneAt` is when names are gone that do not count any more; nil where all still do. `waiting` is the catalogue for a later day, with the change.
    case catalogApplied(
        version: Int, digest: String, confirmed: Int, appointments: [Appointment], appointmentCount: Int, goneAt: Instant?,
        waiting: WaitingCatalog?)
    /// A second one agreed to the parts that a version gives, or will give on its day.
    case catalogConfirmed(version: Int?, digest: String, goneAt: Instant?)
    /// A catalogue was applied for a later day, or given up before it.
    case catalogScheduled(effectiveAt: Instant, digest: String)
    case catalogCancelled(effectiveAt: Instant)
    /// An auditor read what concerns more than one case; `parameters` is what they asked, as JSON.
    /// `readers` are who supervised by it the cases that there were; none where an admin read.
    case casesRead(method: String, parameters: String, readers: Set<Participant>)
    /// The system's time zones are of another release than when the store was last open.
    case zonesChanged(from: String, to: String)
    /// A copy of the store was made, as of a place in the journal.
    case backedUp(seq: Int64, byteCount: Int64)
    /// The store was made from a backup that ended at a place in the journal.
    case restored(seq: Int64)
    /// From this place in the journal on, its own, what events say of persons is kept apart from what the tree covers, and can be erased.
    case personalApart(from: Int64)
    /// The word for a draw was given, the day before it.
    case drawCommitted(DrawCommitment)
    /// Cases were drawn for inspection.
    case drawMade(DrawResult)

    /// A catalogue for a later day: the SHA-256 of its files in hexadecimal digits, and whether a second one has agreed to it.
    package struct WaitingCatalog: Equatable, Sendable {
        package let digest: String
        package let isConfirmed: Bool

        package init(digest: String, isConfirmed: Bool) {
            (self.digest, self.isConfirmed) = (digest, isConfirmed)
        }
    }

    package static let appointmentLimit = 500
    package static let casesReadName = "cases-read"
    package static let catalogAppliedName = "catalog-applied"
    package static let catalogScheduledName = "catalog-scheduled"
    package static let catalogCancelledName = "catalog-cancelled"
    package static let catalogConfirmedName = "catalog-confirmed"
    package static let drawCommittedName = "draw-committed"
    package static let drawMadeName = "draw-made"

    package var name: String {
        switch self {
        case .clockStepped: "clock-stepped"
        case .clockConfirmed: "clock-confirmed"
        case .recalculationStarted: "reprojection-started"
        case .recalculationFinished: "reprojection-finished"
        case .catalogApplied: ServerChange.catalogAppliedName
        case .catalogConfirmed: ServerChange.catalogConfirmedName
        case .catalogScheduled: ServerChange.catalogScheduledName
        case .catalogCancelled: ServerChange.catalogCancelledName
        case .casesRead: ServerChange.casesReadName
        case .zonesChanged: "zones-changed"
        case .backedUp: "backed-up"
        case .restored: "restored"
        case .personalApart: "personal-apart"
        case .drawCommitted: ServerChange.drawCommittedName
        case .drawMade: ServerChange.drawMadeName
        }
    }
}
