import ArgumentParser
import CaseWire

struct InspectGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: Say.text("Inspection after the fact: closed cases drawn at random, and what was found."),
        subcommands: [Draws.self, Drawn.self, Redo.self] + CommandGroups.commands(for: .inspections) + [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: Say.text("List what inspections found."))
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
                    Column("draw"), Column("finding"),
                ]
                try PagedListing(
                    method: .list, member: "cases", parameters: [filter.member], columns: columns,
                    identity: [casectl.List.id, Column("at"), Column("by"), Column("finding")],
                    rows: inspections,
                    ifEmpty: { try filter.requireKnownNames(server) }
                ).show(output, server, range)
            }
        }
    }
}
