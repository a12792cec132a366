import CaseCore
import WorkingTime

/// Which cases are meant; all conditions hold. What depends on the present is compared with `now`.
package struct CaseFilter: Sendable, Equatable {
    package var state: State?
    package var matter: MatterID?
    package var office: OfficeID?
    package var leader: PostID?
    package var commissioner: PostID?
    package var handler: PersonID?
    package var applicant: String?
    package var light: Light?
    package var isOverdue: Bool?
    package var isSuspended: Bool?
    package var isProvisional: Bool?
    package var hasOpenOrder: Bool?
    package var dueBefore: Instant?
    package var submittedAfter: Instant?
    package var submittedBefore: Instant?
    package var closedAfter: Instant?
    package var closedBefore: Instant?
    /// Whether the case is granted, refused or deemed granted.
    package var isDecided: Bool?
    package var isInspected: Bool?
    /// What whoever asks may read; nil for everything.
    package var sight: Sight?
    /// A part of the title or of the applicant's name.
    package var text: String?
    package var now: Instant

    package init(now: Instant) {
        self.now = now
    }
}

package enum CaseSort: String, CaseIterable, Sendable {
    /// By number, which is the order of submission.
    case number = "case"
    case numberDescending = "-case"
    /// By the earliest due instant; cases without one are left out.
    case due
}

/// The place in a list after which to go on. `due` is nil but for `CaseSort.due`.
package struct CaseCursor: Sendable, Equatable {
    package let id: CaseID
    package let due: Instant?

    package init(id: CaseID, due: Instant?) {
        self.id = id
        self.due = due
    }
}

package enum TallyKey: String, CaseIterable, Sendable {
    case office, matter, leader, commissioner
}

/// How many cases share a key, a state and a timeliness.
package struct Tally: Sendable, Equatable {
    package let key: String
    package let state: State
    package let timeliness: Timeliness?
    package let count: Int
    /// Submitted, or closed, within the period.
    package let submittedInPeriod: Int
    package let closedInPeriod: Int
    package let overdue: Int
    /// Open, with a deadline that rests on days not yet official.
    package let provisional: Int

    package init(
        key: String, state: State, timeliness: Timeliness?, count: Int, submittedInPeriod: Int, closedInPeriod: Int,
        overdue: Int, provisional: Int
    ) {
        self.key = key
        self.state = state
        self.timeliness = timeliness
        self.count = count
        self.submittedInPeriod = submittedInPeriod
        self.closedInPeriod = closedInPeriod
        self.overdue = overdue
        self.provisional = provisional
    }
}

package struct RunningCount: Sendable, Equatable {
    /// Open ones, and decided ones that are not delivered.
    package let running: Int
    package let open: Int

    package init(running: Int, open: Int) {
        self.running = running
        self.open = open
    }
}
