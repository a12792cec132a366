import ArgumentParser
import CaseCore
import CasePages
import CaseWire

struct ClockGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock", abstract: Say.text("The machine's clock, and that of a training instance."),
        subcommands: [Confirm.self, ClockHistory.self, Advance.self])

    struct Confirm: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Say that the machine's clock is right although it was set further than is believed."),
            discussion:
                "Look at the time first: cased goes by it from then on, and whatever fell due in between passes at once, marked late.")
        @OptionGroup var server: Server
        @OptionGroup var noDryRun: NoDryRun

        func validate() throws {
            try noDryRun.refuse("--dry-run is not taken here: casectl clock history says by how much the clock was set")
        }

        func run() throws {
            try ending {
                server.show(try server.call(.clockConfirm)) {
                    Say.fill("It is {} by this clock, and cased goes by it.", Times(server)($0, "now") ?? "")
                }
            }
        }
    }

    struct ClockHistory: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "history", abstract: Say.text("What the journal holds about the server itself: steps of the clock, changed rules.")
        )
        @OptionGroup var server: Server
        @OptionGroup var output: Output
        @OptionGroup var range: PageRange

        private static let columns = [
            Column("revision", number: true), Column("at", instant: true), Column("event"), Column("by"),
            Column("what") { event in
                let data = event["data"]
                return (data?.members ?? []).compactMap { member in data?.cell(member.name).map { "\(member.name) \($0)" } }
                    .joined(separator: ", ")
            },
        ]

        func run() throws {
            try ending {
                try PagedListing(
                    method: .serverHistory, member: "events", parameters: [], columns: ClockHistory.columns, tableLimit: .max,
                    isNextSparse: true
                ).show(output, server, range)
            }
        }
    }

    struct Advance: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Move a manual clock forward; what falls due on the way happens in order."),
            discussion: "Example: casectl clock advance 2026-03-24T06:30:00Z")
        @OptionGroup var server: Server
        @Argument(help: "The new present, as an instant.") var to: String
        @OptionGroup var noDryRun: NoDryRun

        func validate() throws {
            try noDryRun.refuse("--dry-run is not taken here: casectl list --due-before says what falls due until then")
        }

        func run() throws {
            try ending {
                server.show(try server.call(.clockAdvance, [.init("to", .string(to))])) {
                    Say.fill("It is {}.", Times(server)($0, "now") ?? "")
                }
            }
        }
    }
}

struct RPC: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpc", abstract: Say.text("Send any method and print its result as JSON."),
        discussion: """
            Examples: casectl rpc server.info; casectl rpc case.list '{"limit": 5}'
            """)
    @OptionGroup var server: Server
    @Argument(help: "The method, such as case.get; rpc.discover lists them.") var method: String
    @Argument(help: "Its parameters as a JSON object; - reads them from standard input.") var parameters = "{}"

    func run() throws {
        try ending {
            var text = parameters
            if text == "-" {
                text = ""
                while let line = readLine(strippingNewline: false) { text += line }
            }
            let value: JSONValue
            do throws(JSONReader.Malformed) {
                value = try JSONReader.read(Array(text.utf8))
            } catch {
                throw Failure(code: .usage, message: "the parameters are not JSON: \(error.description)", hint: nil)
            }
            let acting = server.acting.flatMap { value["acting"] == nil ? JSONValue.Member("acting", .string($0)) : nil }
            let params = value.members.map { .object($0 + (acting.map { [$0] } ?? [])) } ?? value
            let result = try server.call(method, params)
            StandardOutput.data(String(decoding: JSONWriter.bytes { $0.value(result) }, as: UTF8.self) + "\n")
        }
    }
}
