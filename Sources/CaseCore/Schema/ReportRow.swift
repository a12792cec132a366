import WorkingTime

/// One row of a report: what happened within the period, and what is open now.
package struct ReportRow: ShownObject {
    /// What it is about, as the catalogue names it; `total` for all rows together.
    package var key = "total"
    /// What people call that.
    package var title = "total"
    package var rollup = Rollup()
    private var open = 0
    private var queues: [State: Int] = [:]
    private var overdue = 0
    private var warned = 0
    private var provisional = 0
    private var oldest: (id: CaseID, submittedAt: Instant)?
    private var isOldestNamed = false

    package init() {}

    package mutating func add(_ sum: OpenSum) {
        open += sum.count
        queues.merge(sum.queues, uniquingKeysWith: +)
        overdue += sum.overdue
        warned += sum.warned
        provisional += sum.provisional
        note((sum.oldest, sum.oldestSubmittedAt))
    }

    package mutating func add(_ other: ReportRow) {
        rollup.add(other.rollup)
        open += other.open
        queues.merge(other.queues, uniquingKeysWith: +)
        overdue += other.overdue
        warned += other.warned
        provisional += other.provisional
        if let oldest = other.oldest { note(oldest) }
    }

    /// Names the open case that was submitted first only to whoever may read it; when that was is a figure like the others.
    package mutating func nameOldest(where isReadable: (CaseID) throws -> Bool) rethrows {
        isOldestNamed = try oldest.map { try isReadable($0.id) } ?? false
    }

    private mutating func note(_ other: (id: CaseID, submittedAt: Instant)) {
        if oldest.map({ (other.submittedAt, other.id) < ($0.submittedAt, $0.id) }) ?? true { oldest = other }
    }

    /// Of a thousand decided cases, how many kept what was promised; nil where none was decided.
    private var inTimePermille: Int? {
        rollup.decided > 0 ? (rollup[.inTime] * 1000 + rollup.decided / 2) / rollup.decided : nil
    }

    /// How many cases are in each open state.
    private struct Queues: Shown {
        let counts: [State: Int]

        static var shape: Shape { .map(.integer) }

        func write(to writer: inout JSONWriter) {
            writer.object { writer in
                for state in State.allCases where state.isOpen {
                    writer.key(state.rawValue)
                    writer.integer(counts[state] ?? 0)
                }
            }
        }
    }

    /// The bounds of the distribution of handling, in working days.
    private static let handlingBounds = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 180]

    /// How many cases were decided within each of the bounds, those of smaller ones among them.
    private struct HandlingDistribution: Shown {
        let handling: [Int: Int]

        static var shape: Shape { .map(.integer) }

        func write(to writer: inout JSONWriter) {
            writer.object { writer in
                for bound in ReportRow.handlingBounds {
                    writer.key("\(bound)")
                    writer.integer(handling.reduce(0) { $0 + ($1.key <= bound ? $1.value : 0) })
                }
            }
        }
    }

    private static func figure(_ measure: Measure) -> ShownMember<ReportRow> {
        ShownMember(measure.rawValue, { $0.rollup[measure] }, measure.summary)
    }

    package static let name = "report-row"
    package static let members: [ShownMember<ReportRow>] =
        [
            ShownMember("name", \.key, "what the row is about, as the catalogue names it; total for all rows"),
            ShownMember("title", \.title, "what people call that"),
            figure(.received),
            ShownMember("open", \.open, "cases that are open"),
            ShownMember("queues", { Queues(counts: $0.queues) }, "open cases by state"),
            ShownMember("overdue", \.overdue, "open cases with an overdue clock"),
            ShownMember("warned", \.warned, "open cases with a warning behind them that are not overdue"),
            ShownMember("provisional", \.provisional, "open cases with a deadline that rests on days not yet official"),
            ShownMember("decided", \.rollup.decided, "cases that were decided"),
        ] + Measure.allCases.filter { $0 != .received }.map(figure) + [
            ShownMember("in_time_permille", \.inTimePermille, "of a thousand decided cases, how many kept what was promised"),
            ShownMember(
                "handling_median", { $0.rollup.handlingDays(percent: 50) }, "within how many working days half of the cases were decided"),
            ShownMember("handling_p90", { $0.rollup.handlingDays(percent: 90) }, "within how many working days nine tenths were decided"),
            ShownMember(
                "handling_net_median", { $0.rollup.handlingDays(percent: 50, isNet: true) },
                "the median without the days on which the clocks stood still"),
            ShownMember(
                "handling_net_p90", { $0.rollup.handlingDays(percent: 90, isNet: true) },
                "within how many such days nine tenths were decided"),
            ShownMember(
                "handling_within", { HandlingDistribution(handling: $0.rollup.handling) },
                "how many cases were decided within so many working days"),
            ShownMember(
                "handling_days", { $0.rollup.handling.reduce(0) { $0 + $1.key * $1.value } },
                "the working days that the decided cases took together"),
            ShownMember(
                "oldest_open", { $0.isOldestNamed ? $0.oldest?.id : nil },
                "the open case that was submitted first, where it is the reader's own to read"),
            ShownMember("oldest_submitted_at", { $0.oldest?.submittedAt }, "when that was"),
        ]
}
