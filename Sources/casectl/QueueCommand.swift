import ArgumentParser
import CaseCore
import CasePages
import CaseWire

/// What waits for whoever asks.
struct Queue: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("What waits for you: as officer, leader, commissioner, asked office or applicant."),
        discussion: """
            The most urgent first, and behind them what has no deadline now. Whoever stands in for somebody sees what waits for them on \
            those days. casectl queue --due today leaves what has time. An open order waits for whoever is asked and, once answered, for the \
            commissioner; what is overdue waits for its commissioner as well, and what was drawn for whoever inspects it. \
            Below the cases stands which catalogue waits for your word, and how to give it. \
            casectl list --mine, count --mine, bulk --mine and watch --mine mean the same cases.

            Examples: casectl queue --due today; casectl queue --group-by matter
            """)
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @OptionGroup var output: Output

    private static let columns = [
        List.id, Column("light"), Column("state"), List.next, List.clock, List.left, Column("due", deadline: true, List.earliestDue),
        Column("matter"), Column("title"),
    ].map { $0.always }

    /// Nobody looks through more at once.
    private static let limit = 1000

    /// What has no deadline is in no list by deadlines.
    private static let passes = ["due", "case"]

    func run() throws {
        try ending {
            let mine = filter.and("mine").member
            guard [.table, .wide].contains(try output.format(server)) else {
                return try PagedListing(
                    method: .list, member: "cases", parameters: [mine], columns: Queue.columns, isNextSparse: true, passes: Queue.passes
                ).show(output, server, try PageRange.parse([]))
            }
            var (records, seen): ([JSONValue], Set<String>) = ([], [])
            for sort in Queue.passes {
                let listing = PagedListing(
                    method: .list, member: "cases", parameters: [mine, .init("sort", .string(sort))], columns: Queue.columns)
                for file in try listing.first(Queue.limit, server) where seen.insert(file.cell("case") ?? "").inserted {
                    records.append(file)
                }
            }
            let words = try SecondWord.waiting(server)
            let remark = records.isEmpty && words.isEmpty ? [Say.text("Nothing waits for you.")] : words
            try Listing(
                columns: Queue.columns, records: records, footer: remark.isEmpty ? "" : "\n\n" + remark.joined(separator: "\n")
            )
            .show(output, server, whole: .null)
        }
    }
}

/// What waits for the word of whoever asks, beside cases.
enum SecondWord {
    /// A sentence for each, with the command that gives it.
    static func waiting(_ server: Server) throws -> [String] {
        // Nobody speaks for somebody else here: what a service says is no word of theirs.
        guard server.acting == nil else { return [] }
        let info = try server.common(.serverInfo)
        let isHeld = info["clock_held"]?.members != nil && info["principal"]?["admin"]?.bool == true
        return catalogs(info)
            + (isHeld ? [Say.line("the clock of the machine waits for your word, if it is right: casectl clock confirm")] : [])
    }

    /// Those about catalogues.
    ///
    /// - Parameter info: what the server says of itself.
    static func catalogs(_ info: JSONValue) -> [String] {
        var sentences: [String] = []
        if let waiting = info["unconfirmed_catalog"], waiting["yours"]?.bool == true {
            sentences.append(
                Say.fill(
                    "version {} of the catalogue waits for your word: casectl catalog versions, then casectl catalog confirm",
                    waiting.cell("newest") ?? ""))
        }
        if let pending = info["pending_catalog"], pending["yours"]?.bool == true {
            sentences.append(
                Say.fill(
                    "the catalogue by {} that is to take effect waits for your word: casectl catalog get --pending, then casectl catalog confirm --pending",
                    pending.cell("by") ?? ""))
        }
        return sentences
    }
}
