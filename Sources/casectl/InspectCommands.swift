import ArgumentParser
import CaseWire

struct InspectGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Inspection after the fact: closed cases drawn at random, and what was found.",
        subcommands: [Sample.self] + CommandGroups.commands(for: .inspections) + [List.self])

    struct Sample: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw closed cases at random, however they ended, so that anybody can redo the draw.",
            discussion: """
                The seed is the SHA-256 of the last event in the journal of a day (UTC) that is over. A case's rank is the SHA-256 of the \
                seed, a space and the case's id; the smallest ranks are drawn. To check one by hand: printf '%s %s' SEED C-17 | sha256sum
                """)
        @OptionGroup var server: Server
        @OptionGroup var filter: Filter
        @OptionGroup var output: Output
        @Option(help: "How many cases to draw, up to 1000.") var count: Int
        @Option(help: "The day whose last event is the seed, such as 2026-11-22.") var day: String
        @Option(help: "Only cases decided at or after this instant.") var from: String?
        @Option(help: "Only cases decided before this instant.") var to: String?

        func run() throws {
            try ending {
                let parameters = [JSONValue.Member("count", .integer(count))] + text("day", day) + text("from", from) + text("to", to)
                let result = try server.call(.sample, parameters + [filter.member])
                let columns = [
                    Column("case"), Column("matter"), Column("state"), Column("decided_by"), Column("closed_at", instant: true),
                    Column("inspected") { file in
                        let outcomes = (file["inspections"]?.array ?? []).compactMap { $0.cell("outcome") }
                        return outcomes.isEmpty ? nil : outcomes.joined(separator: ", ")
                    }, Column("rank", wide: true), Column("title"),
                ]
                let (cases, seed) = (result["cases"]?.array ?? [], result["seed"] ?? .null)
                let footer = """


                    \(cases.count) drawn of \(result.cell("population") ?? "")
                    seed \(seed.cell("sha256") ?? "")
                         the SHA-256 of entry \(seed.cell("seq") ?? "") of the journal, the last one through \(seed.cell("day") ?? "")
                    """
                try Listing(columns: columns, records: cases, footer: footer).show(output, server, whole: result)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what inspections found.")
        @OptionGroup var server: Server
        @OptionGroup var filter: Filter
        @OptionGroup var output: Output
        @OptionGroup var range: PageRange

        /// A row for each inspection, with the case that it is about.
        private func inspections(_ file: JSONValue) -> [JSONValue] {
            (file["inspections"]?.array ?? []).map { inspection in
                .object([.init("case", file["case"] ?? .null), .init("state", file["state"] ?? .null)] + (inspection.members ?? []))
            }
        }

        func run() throws {
            try ending {
                let filter = filter.and("inspected")
                let columns = [
                    Column("case"), Column("state"), Column("outcome"), Column("by"), Column("at", instant: true),
                    Column("draw") { $0.cell("draw").map { String($0.prefix(12)) } }, Column("finding"),
                ]
                try PagedListing(
                    method: .list, member: "cases", parameters: [filter.member], columns: columns, rows: inspections,
                    ifEmpty: { try filter.requireKnownNames(server) }
                ).show(output, server, range)
            }
        }
    }
}
