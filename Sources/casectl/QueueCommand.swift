import ArgumentParser
import CaseCore
import CaseWire

/// What waits for whoever asks.
struct Queue: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("What waits for you: as officer, leader, commissioner, asked office or applicant."),
        discussion: """
            The most urgent first, and behind them what has no deadline now. Whoever stands in for somebody sees what waits for them on \
            those days. casectl queue --due today leaves what has time. An open order waits for whoever is asked and, once answered, for the \
            commissioner; what is overdue waits for its commissioner as well, and what was drawn for whoever inspects it. \
            casectl list --mine, count --mine, bulk --mine and watch --mine mean the same cases.

            Examples: casectl queue --due today; casectl queue --group-by matter
            """)
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @OptionGroup var output: Output

    private static let columns = [
        Column("case"), Column("light"), Column("state"), List.next, List.clock, List.left, Column("due", deadline: true, List.earliestDue),
        Column("matter"), Column("title"),
    ].map { $0.always }

    /// Nobody looks through more at once.
    private static let limit = 1000

    func run() throws {
        try ending {
            let mine = filter.and("mine").member
            var (records, seen): ([JSONValue], Set<String>) = ([], [])
            // What has no deadline is in no list by deadlines.
            for sort in ["due", "case"] {
                let listing = PagedListing(
                    method: .list, member: "cases", parameters: [mine, .init("sort", .string(sort))], columns: Queue.columns)
                for file in try listing.first(Queue.limit, server) where seen.insert(file.cell("case") ?? "").inserted {
                    records.append(file)
                }
            }
            try Listing(
                columns: Queue.columns, records: records, footer: records.isEmpty ? "\n\n" + Say.text("Nothing waits for you.") : ""
            )
            .show(output, server, whole: .object([.init("cases", .array(records))]), member: "cases")
        }
    }
}
