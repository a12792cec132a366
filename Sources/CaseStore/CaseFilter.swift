import CaseCore
import Foundation
import WorkingTime

/// Which cases are meant; all conditions hold. What depends on the present is compared with `now`.
package struct CaseFilter: Sendable, Equatable {
    package var id: CaseID?
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
    /// A part of the title or of the applicant's name, in whatever case and composition.
    package var text: String?
    package var now: Instant

    package init(now: Instant) {
        self.now = now
    }

    /// The form in which texts are compared, byte by byte.
    package static func folded(_ text: String) -> String {
        text.lowercased().precomposedStringWithCanonicalMapping
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

package enum ReportKey: String, CaseIterable, Sendable {
    case office, matter, leader, commissioner
}

/// Whose figures are meant; nil means all.
package struct ReportFilter: Sendable, Equatable {
    package var matter: MatterID?
    package var office: OfficeID?
    package var leader: PostID?
    package var commissioner: PostID?

    package init() {}
}

/// The open cases that share a key, as they stand.
package struct OpenSum: Sendable, Equatable {
    package let count: Int
    /// How many are in each open state.
    package let queues: [State: Int]
    package let overdue: Int
    /// With a warning behind them, and not overdue.
    package let warned: Int
    /// With a deadline that rests on days not yet official.
    package let provisional: Int
    /// The one that was submitted first, and when.
    package let oldest: CaseID
    package let oldestSubmittedAt: Instant

    package init(
        queues: [State: Int], overdue: Int, warned: Int, provisional: Int, oldest: CaseID, oldestSubmittedAt: Instant
    ) {
        count = queues.values.reduce(0, +)
        self.queues = queues.filter { $0.value > 0 }
        self.overdue = overdue
        self.warned = warned
        self.provisional = provisional
        self.oldest = oldest
        self.oldestSubmittedAt = oldestSubmittedAt
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
