import ArgumentParser
import CaseCore
import CaseWire

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List cases.",
        discussion:
            "On a terminal, instants are said in the zone of the calendar; elsewhere, and with --utc, they are shown as they are. --json=case,state prints only these members."
    )
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @OptionGroup var output: Output
    @Option(help: "case, -case or due.") var sort = "case"
    @OptionGroup var range: PageRange

    private static let named = [
        Column("case"), Column("light"),
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
        file["waits_for"]?.cell("role").map { role in
            ([role] + (file["waits_for"]?["names"]?.array ?? []).compactMap(\.string)).joined(separator: " ")
        }
    }

    /// The clock that runs out first, and how much of it is left.
    static let clock = Column("clock", wide: true) { List.earliestClock($0)?.cell("clock") }
    static let left = Column("left", wide: true) { file in
        List.earliestClock(file).flatMap { clock in
            guard let left = clock["left"]?.integer, let unit = clock.cell("unit") else { return nil }
            return (left < 0 ? "over by \(-left) " : "\(left) ") + unit
        }
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
                method: .list, member: "cases", parameters: [filter.member, .init("sort", .string(sort))], columns: List.columns,
                ifEmpty: { try filter.requireKnownNames(server) }
            ).show(output, server, range)
        }
    }

    private static func earliestClock(_ file: JSONValue) -> JSONValue? {
        (file["clocks"]?.array ?? []).filter { $0.cell("due") != nil }.min { $0.cell("due")! < $1.cell("due")! }
    }

    static func earliestDue(_ file: JSONValue) -> String? {
        let clock = earliestClock(file)
        return clock.flatMap { $0.cell("due") }.map { $0 + (clock?["provisional"]?.bool == true ? " provisional" : "") }
    }
}

struct Count: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Count cases.")
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter

    func run() throws {
        try ending {
            let result = try server.call(.count, [filter.member])
            if result["count"]?.integer == 0 { try filter.requireKnownNames(server) }
            server.show(result) { $0.cell("count") ?? "" }
        }
    }
}
