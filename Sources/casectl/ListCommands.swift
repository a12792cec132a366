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
    static let next = Column("next", wide: true) { CaseRow($0).next }.said { Say.language.nextStep($0) }

    /// The clock that runs out first, and how much of it is left.
    static let clock = Column("clock", wide: true) { CaseRow($0).earliestClock?.cell("clock") }
    static let left = Column("left", wide: true) { CaseRow($0).left }.ordered(by: List.earliestDue).said { Say.language.timeLeft($0) }

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

    @Sendable static func earliestDue(_ file: JSONValue) -> String? {
        let clock = CaseRow(file).earliestClock
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
