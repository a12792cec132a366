import ArgumentParser
import CasePages
import CaseWire

struct OrderGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: Say.text("Supervision orders: what a commissioner wants to know, of whom, by when."),
        subcommands: CommandGroups.commands(for: .orders) + [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: Say.text("List the orders that are not closed, or all of one case."))
        @OptionGroup var server: Server
        @OptionGroup var filter: Filter
        @OptionGroup var output: Output
        @Argument(help: "One case, with its closed orders.", completion: Completion.cases) var file: String?
        @Option(name: .customLong("case"), help: "The same, as an option.", completion: Completion.cases) var named: String?
        @OptionGroup var range: PageRange
        @OptionGroup var freshness: Freshness

        func validate() throws {
            guard file == nil || named == nil else { throw ValidationError("--case and the case exclude each other") }
            try CaseName.require(file ?? named)
        }

        func run() throws {
            try ending {
                let columns = [
                    Column("order"), Column("case", wide: true), Column("state"), Column("to").said { Say.cell("told", $0) }, Column("by"),
                    Column("at", wide: true, instant: true), Column("due", instant: true), Column("reason"), Column("answer"),
                    Column("finding"),
                ]
                try PagedListing(
                    method: .orderList, member: "orders",
                    parameters: (file ?? named).map { [.init("case", .string($0))] } ?? [filter.member],
                    columns: columns, identity: [Column("order")], freshness: freshness,
                    ifEmpty: { try freshness.requireKnownNames(filter, server) }
                ).show(output, server, range)
            }
        }
    }
}
