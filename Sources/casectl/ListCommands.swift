import ArgumentParser
import CaseCore
import CasePages
import CaseWire

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("List cases."),
        discussion: """
            On a terminal, instants are said in the zone of the calendar; elsewhere, and with --utc, they are shown as they are. \
            --json=case,state prints only these members.

            --sort case, -case and due come from the server as they are; due means open cases with a deadline, the earliest first, and \
            due,case all cases. For any other order the whole list is read, and each case stands where it was when it was read. Going on with --after skips and \
            repeats nothing that did not change meanwhile.

            Examples: casectl list --due this-week --sort due; casectl list --overdue --group-by office; casectl list --submitted-after -7d \
            -o csv --columns case,state,due,title
            """)
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @OptionGroup var output: Output
    @OptionGroup var range: PageRange
    @OptionGroup var freshness: Freshness

    /// The number of a case tells it from all others.
    static let id = Column("case").ordered(by: List.number)

    private static let named = [
        id, Column("light").ordered(by: List.urgency),
        Column("state") { ($0.cell("state") ?? "") + ($0["suspended"]?.members == nil ? "" : ", suspended") },
        Column("matter"), Column("office", wide: true), Column("handler"), Column("leader"), Column("commissioner", wide: true),
        Column("due", deadline: true, List.earliestDue), Column("escalation", number: true),
        Column("applicant", wide: true) { $0["applicant"]?.cell("name") }, Column("channel", wide: true),
        Column("submitted_at", wide: true, instant: true), Column("closed_at", wide: true, instant: true),
        Column("decided_by", wide: true), Column("timeliness", wide: true), Column("receipt", wide: true),
        Column("revision", number: true, wide: true), next, clock, left, Column("title"),
    ]

    /// Who has to act next.
    static let next = Column("next", wide: true) { file in
        let steps = waiting.compactMap { member, what in
            file[member]?.cell("role").map { role in
                ([what, role].compactMap { $0 } + (file[member]?["names"]?.array ?? []).compactMap(\.string)).joined(separator: " ")
            }
        }
        return steps.isEmpty ? nil : steps.joined(separator: "; ")
    }.said { text in
        guard Say.language == .zh else { return text }
        return text.split(separator: "; ").map { step in
            let words = step.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let label = waiting.compactMap(\.what).first { $0 == words.first }
            let rest = label == nil ? words[...] : words.dropFirst()
            return (label.map { Say.text($0) + " " } ?? "") + ([rest.first.map(Say.role) ?? ""] + rest.dropFirst()).joined(separator: " ")
        }.joined(separator: "; ")
    }

    /// Who has to act, and on what beside the case itself.
    private static let waiting: [(member: String, what: String?)] = [
        ("waits_for", nil), ("order_waits_for", "order:"), ("inspection_waits_for", "inspection:"),
    ]

    /// The clock that runs out first, and how much of it is left.
    static let clock = Column("clock", wide: true) { List.earliestClock($0)?.cell("clock") }
    static let left = Column("left", wide: true) { file in
        List.earliestClock(file).flatMap { clock in
            guard let left = clock["left"]?.integer, let unit = clock.cell("unit") else { return nil }
            // A day clock is over by nothing until the first day after its end has passed.
            let isOver = left < 0 || clock["overdue"]?.bool == true
            return (isOver ? left == 0 ? "over by less than 1 " : "over by \(-left) " : "\(left) ") + unit
        }
    }.ordered(by: List.earliestDue).said { text in
        for over in ["over by less than ", "over by "] where text.hasPrefix(over) {
            return Say.text(over) + Say.length(List.inLargerUnits(String(text.dropFirst(over.count))))
        }
        return Say.length(List.inLargerUnits(text))
    }

    /// Many minutes as whole hours, and many hours of the clock as whole days: nobody reads five digits of minutes.
    static func inLargerUnits(_ length: String) -> String {
        let parts = length.split(separator: " ").map(String.init)
        guard parts.count == 2, let amount = Int(parts[0]), amount >= 120 else { return length }
        switch parts[1] {
        case "working-minutes": return "\(amount / 60) working-hours"
        case "minutes": return amount < 2 * 1440 ? "\(amount / 60) hours" : "\(amount / 1440) calendar-days"
        default: return length
        }
    }

    private static let number: @Sendable (JSONValue) -> String? = { file in file.cell("case").map { String($0.dropFirst(2)) } }

    /// Red comes first.
    private static let urgency: @Sendable (JSONValue) -> String? = { file in
        file.cell("light").flatMap { light in ["red", "yellow", "green"].firstIndex(of: light) }.map { "\($0)" }
    }

    /// What of a case has a column of its own, and whatever else was submitted and fits into one.
    static let columns: [Column] = {
        let further = Submission.members.shapes.filter { member in
            if case .map = member.shape { return false }
            return !named.contains { $0.name == member.name }
        }
        return Array(named.dropLast()) + further.map { Column($0.name, wide: true) } + Array(named.suffix(1))
    }()

    func run() throws {
        try ending {
            try PagedListing(
                method: .list, member: "cases", parameters: [filter.member], columns: List.columns,
                serverOrders: ["case", "-case", "due"], freshness: freshness,
                ifEmpty: { try freshness.requireKnownNames(filter, server) }
            ).show(output, server, range)
        }
    }

    /// Of a file that waits for the applicant their own clock, as the others are the office's.
    private static func earliestClock(_ file: JSONValue) -> JSONValue? {
        let clocks = (file["clocks"]?.array ?? []).filter { $0.cell("due") != nil }
        let own = file["waits_for"]?.cell("role") == Role.submitter.rawValue ? clocks.filter { $0.cell("clock") == "correction" } : []
        return (own.isEmpty ? clocks : own).min { $0.cell("due")! < $1.cell("due")! }
    }

    @Sendable static func earliestDue(_ file: JSONValue) -> String? {
        let clock = earliestClock(file)
        return clock.flatMap { $0.cell("due") }.map { $0 + (clock?["provisional"]?.bool == true ? " provisional" : "") }
    }
}

struct Count: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Count cases."),
        discussion:
            """
            --by counts those that have the same in a column of casectl list.

            Examples: casectl count --overdue; casectl count --state in-review --by handler
            """)
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @OptionGroup var output: Output
    @OptionGroup var freshness: Freshness
    @Option(help: ArgumentHelp(Say.text("Count by this column."), valueName: "column")) var by: String?

    /// Nobody reads more groups.
    private static let groupLimit = 10_000

    func validate() throws {
        guard by != nil || output.format == nil && output.columns == nil && output.sort == nil && output.groupBy == nil else {
            throw ValidationError("one number has no form: give --by, or leave --output, --columns, --sort and --group-by out")
        }
    }

    private func showGroups(by column: Column) throws {
        var groups: [String?: (cases: Int, warned: Int, overdue: Int)] = [:]
        let cases = PagedListing(method: .list, member: "cases", parameters: [filter.member], columns: [], freshness: freshness)
        try cases.each(server) { file in
            let name = column.value(file)
            guard groups[name] != nil || groups.count < Count.groupLimit else {
                throw Failure(
                    code: .refused, message: "these are more than \(Count.groupLimit) groups", hint: "choose another column")
            }
            let light = file.cell("light")
            groups[name, default: (0, 0, 0)].cases += 1
            if light == "yellow" { groups[name]!.warned += 1 }
            if light == "red" { groups[name]!.overdue += 1 }
        }
        if groups.isEmpty { try freshness.requireKnownNames(filter, server) }
        let records = groups.sorted { ($1.value.cases, $0.key ?? "") < ($0.value.cases, $1.key ?? "") }.map { name, count in
            JSONValue.object([
                .init(column.name, name.map(JSONValue.string) ?? .null), .init("cases", .integer(count.cases)),
                .init("warned", .integer(count.warned)),
                .init("overdue", .integer(count.overdue)),
            ])
        }
        let columns = [Column(column.name).said(column.said)] + ["cases", "warned", "overdue"].map { Column($0, number: true) }
        try Listing(columns: columns, records: records)
            .show(output, server, whole: .object([.init("groups", .array(records))]), member: "groups")
    }

    func run() throws {
        try ending {
            if let by { return try showGroups(by: List.columns.named(by)) }
            let result = try server.call(.count, [filter.member] + freshness.members)
            if result["count"]?.integer == 0 { try freshness.requireKnownNames(filter, server) }
            Freshness.remark(Freshness.instant(of: result))
            server.show(result) { $0.cell("count") ?? "" }
        }
    }
}
