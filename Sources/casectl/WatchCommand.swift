import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import ChildProcesses
import FoundationEssentials
import Glibc

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Follow cases: print each event as it becomes durable, or run a command for it."),
        discussion: """
            With --cursor-file it goes on where it ended the last time, so that each event is delivered at least once, also over restarts \
            of the server and of this program. The place is kept once the event is printed and the command has succeeded.

            --exec runs the command by sh. It gets the event as JSON on standard input, and in its environment CASED_CASE, CASED_EVENT, \
            CASED_REVISION, CASED_AT, CASED_BY and CASED_CURSOR. These are text from outside: quote them ("$CASED_BY"). Where it fails, \
            the watch ends with its exit code, and the next one begins with the same event. Whatever asks the watch to end, such as \
            Ctrl-C, ends the command first, with all that it has started.

            A watch of one case says first how it stands, but to programs (--json).

            Examples: casectl watch C-17; casectl watch --from yesterday; casectl watch --mine --cursor-file place --exec \
            'mail -s "$CASED_CASE" me'
            """)
    @OptionGroup var server: Server
    @OptionGroup var filter: Filter
    @Argument(help: "Only this case.", completion: Completion.cases) var file: String?
    @Option(help: "now, start (the whole journal), a day or an instant at which to begin, or a cursor after which to go on.")
    var from: String?
    @Flag(help: "Show the cases as they stand first.") var snapshot = false
    @Option(help: "Keep the place here, and go on from it; --from counts where the file is not there yet.") var cursorFile: String?
    @Option(help: "Run this for each event.") var exec: String?
    @Option(help: "End after so many events.") var count: Int?
    @Flag(
        name: [.customLong("utc"), .customLong("iso")],
        help: ArgumentHelp(Say.text("Show instants as they are, in UTC, also on a terminal.")))
    var utc = false

    func validate() throws {
        try CaseName.require(file)
        if snapshot, cursorFile != nil {
            throw ValidationError("--snapshot and --cursor-file exclude each other: a cursor needs no snapshot")
        }
        if exec?.isEmpty == true { throw ValidationError("--exec is empty: name a command") }
        if server.outputFile != nil { throw ValidationError("a watch ends by itself only where --count says so: redirect its output") }
        try require(count, of: "--count", from: 1)
    }

    func run() throws {
        try ending {
            let filter = file.map { self.filter.and("case", .string($0)) } ?? self.filter
            try requireKnownNames(filter)
            var place = try storedCursor() ?? from.map { try Moment.place($0, "--from", server) } ?? Watch.present
            var remaining = count
            let times = Times(server, isUTC: utc)
            let showsCase = file != nil && !server.json
            // What begins with the present has it from the same place of the journal.
            if showsCase, place != Watch.present {
                for file in try server.call(.list, [filter.member])["cases"]?.array ?? [] { show(.object([.init("case", file)]), times) }
            }
            let params = [filter.member, JSONValue.Member("snapshot", .bool(snapshot || showsCase && place == Watch.present))]
            try server.follow(params, from: &place, began: keep) { told in
                switch told.cell("type") {
                case "snapshot": show(told, times)
                case "event":
                    show(told, times)
                    try deliver(told)
                    if let left = remaining { remaining = left - 1 }
                default: break
                }
                if told.cell("type") != "snapshot" { try keep(told.cell("cursor")) }
                return remaining != 0
            }
        }
    }

    /// Where a watch begins that is told nothing else.
    private static let present = "now"

    /// A watch on a name that nothing has would wait in silence for ever.
    private func requireKnownNames(_ filter: Filter) throws {
        guard try server.call(.count, [filter.member])["count"]?.integer == 0 else { return }
        if let file { try CaseName.requireReadable(file, server) }
        try filter.requireKnownNames(server)
    }

    private func show(_ params: JSONValue, _ times: Times) {
        if server.json {
            StandardOutput.data(String(decoding: JSONWriter.bytes { $0.value(params) }, as: UTF8.self) + "\n")
        } else if let file = params["case"], file.members != nil {
            let state = Say.cell("state", file.cell("state") ?? "")
            StandardOutput.print(Terminal.plain("\(file.cell("case") ?? "")  \(state)  \(file.cell("title") ?? "")"))
        } else if let event = params["event"] {
            let author = [event.cell("by"), event.cell("via").map { Say.fill("via {}", $0) }].compactMap { $0 }.joined(separator: " ")
            let parts = [
                times(event, "at"), event.cell("case"), event.cell("event").map { Say.cell("event", $0) }, Say.fill("by {}", author),
                History.what(event, in: Say.language, times),
            ]
            StandardOutput.print(Terminal.plain(parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")))
        }
        StandardOutput.flush()
    }

    /// Runs the command; where it fails, this program ends before the place is kept.
    private func deliver(_ params: JSONValue) throws {
        guard let exec, let event = params["event"] else { return }
        let facts = [
            ("CASED_CASE", event.cell("case")), ("CASED_EVENT", event.cell("event")), ("CASED_REVISION", event.cell("revision")),
            ("CASED_AT", event.cell("at")), ("CASED_BY", event.cell("by")), ("CASED_CURSOR", params.cell("cursor")),
        ]
        let end: Child.End
        do throws(ChildProcess.Failed) {
            end = try Child.run(
                exec, environment: facts.reduce(into: [:]) { $0[$1.0] = $1.1 },
                input: JSONWriter.bytes { $0.value(event) } + [UInt8(ascii: "\n")], patience: nil, isSharing: true)
        } catch {
            throw Failure(code: .unavailable, message: "the command cannot be run: \(error)", hint: nil)
        }
        let status: Int32 =
            switch end {
            case .ended(let code): code
            case .stopped(let number): 128 + number
            case .late: preconditionFailure("no time was set for the command")
            }
        guard status == 0 else {
            let said = Say.line(
                "the command failed with \(status) on \(Terminal.plain(event.cell("case") ?? "")); the next watch begins with this event")
            StandardError.write("casectl: \(said)\n")
            throw ExitCode(status)
        }
    }

    // MARK: The place

    private func storedCursor() throws -> String? {
        guard let cursorFile, FileManager.default.fileExists(atPath: cursorFile) else { return nil }
        try WholeFile.requireOrdinary(cursorFile)
        guard let text = try? String(contentsOfFile: cursorFile, encoding: .utf8) else {
            throw Failure(code: .usage, message: "\(cursorFile) cannot be read", hint: "name another --cursor-file")
        }
        let cursor = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return cursor.isEmpty ? nil : cursor
    }

    /// The file holds the old place or the new one, never a part.
    private func keep(_ place: String?) throws {
        guard let cursorFile, let place else { return }
        try WholeFile.write(place + "\n", to: cursorFile)
    }
}
