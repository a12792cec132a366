import ArgumentParser
import CaseWire

struct OrderGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "Supervision orders: what a commissioner wants to know, of whom, by when.",
        subcommands: [Open.self, Answer.self, Close.self, List.self])

    struct Open: CaseCommand {
        static let method = Method.orderOpen
        static let configuration = CommandConfiguration(
            abstract: "Open an order on a case; for its commissioner.",
            discussion: "An order that nobody answers in time raises the case one level.")
        @OptionGroup var server: Server
        @OptionGroup var mutation: Mutation
        @OptionGroup var file: OneCase
        @Option(help: "What is asked, and why.") var reason: String
        @Option(help: "How long there is for the answer, such as \"2 working-days\".") var due: String
        @Option(help: "Who has to answer: handler, office-head or leader.") var to = "handler"
        var parameters: [JSONValue.Member] { [file.member] + text("reason", reason) + text("due", due) + text("to", to) }
    }

    struct Answer: CaseCommand {
        static let method = Method.orderAnswer
        static let configuration = CommandConfiguration(abstract: "Answer an order; for whoever is asked.")
        @OptionGroup var server: Server
        @OptionGroup var mutation: Mutation
        @Argument(help: "The order, such as O-17-1.") var order: String
        @Option(help: "The answer.") var answer: String
        var parameters: [JSONValue.Member] { text("order", order) + text("answer", answer) }
    }

    struct Close: CaseCommand {
        static let method = Method.orderClose
        static let configuration = CommandConfiguration(
            abstract: "Close an order with a finding; for the commissioner, also after the decision.")
        @OptionGroup var server: Server
        @OptionGroup var mutation: Mutation
        @Argument(help: "The order, such as O-17-1.") var order: String
        @Option(help: "What was found.") var finding: String
        var parameters: [JSONValue.Member] { text("order", order) + text("finding", finding) }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the orders that are not closed, or all of one case.")
        @OptionGroup var server: Server
        @OptionGroup var filter: Filter
        @OptionGroup var output: Output
        @Option(name: .customLong("case"), help: "One case, with its closed orders.") var file: String?
        @OptionGroup var range: PageRange

        func run() throws {
            try ending {
                let columns = [
                    Column("order"), Column("case", wide: true), Column("state"), Column("to"), Column("by"),
                    Column("at", wide: true, instant: true), Column("due", instant: true), Column("reason"), Column("answer"),
                    Column("finding"),
                ]
                try PagedListing(
                    method: .orderList, member: "orders", parameters: file.map { [.init("case", .string($0))] } ?? [filter.member],
                    columns: columns, ifEmpty: { try filter.requireKnownNames(server) }
                ).show(output, server, range)
            }
        }
    }
}
