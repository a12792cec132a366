import ArgumentParser
import CaseWire

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List cases.",
        discussion: "Instants are shown from now on a terminal, and as they are elsewhere. --json=case,state prints only these members.")
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @OptionGroup var output: Output
    @Option(help: "case, -case or due.") var sort = "case"
    @Option(help: "At most so many, up to 1000.") var limit = 100
    @Option(help: "Go on after the place that the page before ended with.") var after: String?

    static let columns = [
        Column("case"), Column("light"),
        Column("state") { ($0.cell("state") ?? "") + ($0["suspended"]?.members == nil ? "" : ", suspended") },
        Column("matter"), Column("office", wide: true), Column("handler"), Column("leader"), Column("commissioner", wide: true),
        Column("due", instant: true, List.earliestDue), Column("escalation", number: true),
        Column("applicant", wide: true) { $0["applicant"]?.cell("name") }, Column("channel", wide: true),
        Column("submitted_at", wide: true, instant: true), Column("closed_at", wide: true, instant: true),
        Column("decided_by", wide: true), Column("timeliness", wide: true), Column("receipt", wide: true),
        Column("revision", number: true, wide: true), Column("title"),
    ]

    func run() throws {
        try ending {
            let parameters = [filter.member, .init("sort", .string(sort)), .init("limit", .integer(limit))] + text("after", after)
            let result = try server.call(.list, parameters)
            let more = result.cell("next").map { "\n\nMore: casectl list --after \($0)" } ?? ""
            try Listing(columns: List.columns, records: result["cases"]?.array ?? [], footer: more).show(output, server, whole: result)
        }
    }

    static func earliestDue(_ file: JSONValue) -> String? {
        let clock = (file["clocks"]?.array ?? []).filter { $0.cell("due") != nil }.min { $0.cell("due")! < $1.cell("due")! }
        return clock.flatMap { $0.cell("due") }.map { $0 + (clock?["provisional"]?.bool == true ? " provisional" : "") }
    }
}

struct Count: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Count cases.")
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter

    func run() throws {
        try ending { server.show(try server.call(.count, [filter.member])) { $0.cell("count") ?? "" } }
    }
}

struct Notices: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who was to be told of what.")
    @OptionGroup var server: Server
    @OptionGroup var output: Output
    @Option(help: "Only notices to this person, post or applicant.") var recipient: String?
    @Option(help: "At most so many, up to 1000.") var limit = 100
    @Option(help: "Go on after this number.") var after: Int?

    private static let columns = [
        Column("seq", number: true), Column("at", instant: true), Column("case"), Column("event"), Column("recipient"), Column("addressee"),
        Column("revision", number: true, wide: true),
    ]

    func run() throws {
        try ending {
            var parameters = [JSONValue.Member("limit", .integer(limit))] + text("recipient", recipient)
            if let after { parameters.append(.init("after", .integer(after))) }
            let result = try server.call(.noticeList, parameters)
            let more = result.cell("next").map { "\n\nMore: casectl notices --after \($0)" } ?? ""
            try Listing(columns: Notices.columns, records: result["notices"]?.array ?? [], footer: more).show(output, server, whole: result)
        }
    }
}
