import ArgumentParser
import CasePages
import CaseWire

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("How the deadlines of a case came about, so that a person can redo them with a paper calendar."),
        discussion: "Examples: casectl explain C-17; casectl explain C-17 --clock decision")
    @OptionGroup var server: Server
    @OptionGroup var file: OneCase
    @Option(help: "One clock; by default all.") var clock: String?
    @Flag(
        name: [.customLong("utc"), .customLong("iso")],
        help: ArgumentHelp(Say.text("Show instants as they are, in UTC, also on a terminal.")))
    var utc = false

    func run() throws {
        try ending {
            let parameters = [file.member] + (clock.map { [JSONValue.Member("clock", .string($0))] } ?? [])
            let result = try server.call(.explain, parameters)
            let local = try LocalTime(server, isWanted: Terminal.isTerminal && !utc && !server.json, matter: result.cell("matter"))
            server.show(result) { result in
                let catalogs = result["catalogs"]?.array ?? []
                let head = "\(result.cell("case") ?? ""), \(result.cell("matter") ?? ""): \(result.cell("title") ?? "")"
                return ([Terminal.plain(head)] + (result["clocks"]?.array ?? []).map { Explain.text($0, catalogs, local) })
                    .joined(separator: "\n\n") + (local.map { "\n\n" + $0.remark } ?? "")
            }
        }
    }

    /// The explanation of one clock, as a page for people.
    private static func text(_ clock: JSONValue, _ catalogs: [JSONValue], _ local: LocalTime?) -> String {
        let said = ClockExplanation(clock, catalogs, hasLocalTime: local != nil, Say.language) { local?.text($0, isEnd: $1) ?? $0 }
        let name = Say.language == .zh ? "\(said.name)：\(said.budget)" : "\(said.name.uppercased()): \(said.budget)"
        let head = [name] + said.foundations.map { Say.line("  " + $0) }
        var steps = Table(["AT", "BY", "WHAT HAPPENED"])
        for step in said.steps { steps.add([step.at, step.by, step.what]) }
        var count = Table(["FROM", "TO", "COUNTED", "IN ALL", "NOTES"], numbers: ["COUNTED", "IN ALL"])
        for row in said.count { count.add([row.from, row.to, row.counted, row.total, row.notes]) }
        let counted = said.count.isEmpty ? [] : ["", indented(count.text)]
        let end = said.end.map { Terminal.plain(Say.line("  " + $0)) }
        return (head.map(Terminal.plain) + ["", indented(steps.text)] + counted + [""] + end).joined(separator: "\n")
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
    }
}
