import CaseCore
import WorkingTime

/// How many open cases there are of each kind, as stores keep it with each commit: a case goes out of the sum in which it was, and into the
/// one in which it is. What is overdue depends on the present: whole hours are sums, and of the hour that has begun the cases are counted.
package struct OpenSumChanges {
    package static let hour: Int64 = 3_600_000
    /// The `due_hour` of a case that waits for nothing.
    package static let never: Int64 = 1 << 53

    /// A row of the sums. The first full hour, from 1970, at which its cases are overdue is `dueHour`.
    package struct Kind: Hashable {
        package let matter, office, leader, commissioner, submitter, state: String
        package let warned: Int64
        package let provisional: Int64
        package let dueHour: Int64

        /// - Parameter due: in milliseconds; nil where nothing is waited for.
        package init(
            matter: String, office: String, leader: String, commissioner: String, submitter: String, state: String, warned: Int64,
            provisional: Int64, due: Int64?
        ) {
            (self.matter, self.office, self.leader, self.commissioner) = (matter, office, leader, commissioner)
            (self.submitter, self.state, self.warned, self.provisional) = (submitter, state, warned, provisional)
            dueHour = OpenSumChanges.dueHour(due)
        }

        /// In the order of the columns.
        package var texts: [String] {
            [matter, office, leader, commissioner, submitter, state]
        }
    }

    /// Where its columns are among the values of a case.
    private struct Places {
        let matter = CaseColumn.matter.place
        let office = CaseColumn.office.place
        let leader = CaseColumn.leader.place
        let commissioner = CaseColumn.commissioner.place
        let state = CaseColumn.state.place
        let submittedVia = CaseColumn.submittedVia.place
        let submittedBy = CaseColumn.submittedBy.place
        let running = CaseColumn.running.place
        let closedAt = CaseColumn.closedAt.place
        let warned = CaseColumn.warned.place
        let provisional = CaseColumn.provisional.place
    }

    private static let places = Places()

    /// What is added to a row, below zero what is taken away; and the lowest number that was added.
    private var changes: [Kind: (count: Int64, firstID: Int64)] = [:]

    package init() {}

    private static func dueHour(_ due: Int64?) -> Int64 {
        due.map { ($0 + hour - 1) / hour } ?? never
    }

    /// Takes a case as it stands in the store out of its sum.
    package mutating func remove(_ kind: Kind) {
        changes[kind, default: (0, .max)].count -= 1
    }

    /// Puts a case as it is written into its sum.
    package mutating func add(_ row: CaseRow) {
        let places = OpenSumChanges.places
        guard row.values[places.running] == .integer(1), row.values[places.closedAt] == .null else { return }
        func text(_ place: Int) -> String? { if case .text(let text) = row.values[place] { text } else { nil } }
        func number(_ place: Int) -> Int64 { if case .integer(let number) = row.values[place] { number } else { 0 } }
        let kind = Kind(
            matter: text(places.matter) ?? "", office: text(places.office) ?? "", leader: text(places.leader) ?? "",
            commissioner: text(places.commissioner) ?? "", submitter: text(places.submittedVia) ?? text(places.submittedBy) ?? "",
            state: text(places.state) ?? "", warned: number(places.warned), provisional: number(places.provisional),
            due: row.due?.milliseconds)
        func count(_ change: inout (count: Int64, firstID: Int64)) {
            change = (change.count + 1, min(change.firstID, row.id.number))
        }
        count(&changes[kind, default: (0, .max)])
    }

    /// What becomes of the rows: those that stay as they are are left out.
    package var made: [(kind: Kind, count: Int64, firstID: Int64)] {
        changes.filter { $0.value.count != 0 || $0.value.firstID != .max }.map { ($0.key, $0.value.count, $0.value.firstID) }
    }
}

/// Sums of one key of a report, while they are read.
package struct OpenSumGroup {
    private var queues: [State: Int] = [:]
    private var (overdue, warned, both, provisional) = (0, 0, 0, 0)
    private var oldest: (id: CaseID, at: Instant)?

    package init() {}

    package mutating func add(_ state: State, count: Int, provisional: Int, warned: Int, overdue: Int, both: Int) {
        queues[state, default: 0] += count
        self.provisional += provisional
        self.warned += warned
        self.overdue += overdue
        self.both += both
    }

    /// Of the hour that has begun.
    package mutating func fallDue(_ count: Int, warned: Int) {
        overdue += count
        both += warned
    }

    package mutating func note(_ id: CaseID, at instant: Instant) {
        if oldest.map({ id < $0.id }) ?? true { oldest = (id, instant) }
    }

    /// Nil where there is no case.
    package var sum: OpenSum? {
        oldest.map {
            OpenSum(
                queues: queues, overdue: overdue, warned: warned - both, provisional: provisional, oldest: $0.id,
                oldestSubmittedAt: $0.at)
        }
    }
}
