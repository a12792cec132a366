import CaseCore
import WorkingTime

/// Which cases are meant: those for which all conditions hold, of those that whoever asks may read.
package struct CaseFilter: Sendable, Equatable {
    package var conditions: [CaseCondition]
    /// What whoever asks may read; nil for everything.
    package var readScope: ReadScope?
    /// What the present is to the conditions.
    package var now: Instant

    package init(_ conditions: CaseCondition..., now: Instant) {
        self.init(conditions, now: now)
    }

    package init(_ conditions: [CaseCondition], readScope: ReadScope? = nil, now: Instant) {
        self.conditions = conditions
        self.readScope = readScope
        self.now = now
    }

    /// As one condition.
    package var condition: CaseCondition {
        .all(conditions + (readScope.map { [$0.condition] } ?? []))
    }

    /// Whether a case is meant. A store that looks columns up finds the same (`CaseTesting.StoreSuite`).
    ///
    /// - Parameter file: the case itself; nil for one that cannot be read, of which no text is part.
    package func matches(_ row: CaseRow, _ file: CaseFile?) -> Bool {
        matches(row, texts: file.map { CaseTexts($0) })
    }

    /// The same, of a case whose texts are known.
    package func matches(_ row: CaseRow, texts: @autoclosure () -> CaseTexts?) -> Bool {
        condition.holds(of: row.id, due: row.due, at: now, { row[$0] }) { text in texts()?.say(CaseTexts.folded(text)) ?? false }
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

package struct RunningCount: Sendable, Equatable {
    /// Open ones, and decided ones that are not delivered.
    package let running: Int
    package let open: Int

    package init(running: Int, open: Int) {
        self.running = running
        self.open = open
    }
}
