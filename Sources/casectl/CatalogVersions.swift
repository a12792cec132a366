import ArgumentParser
import CasePages
import CaseWire

extension CatalogGroup {
    struct Confirm: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Agree, as a second one, to the parts that a catalogue gives."),
            discussion: """
                Whoever applied it cannot. Another admin can, an auditor, and the holder of a post with confirms = true. Look at it first: \
                casectl catalog versions.

                Examples: casectl catalog confirm; casectl catalog confirm --version 3
                """)
        @OptionGroup var server: Server
        @Option(help: "A version, and those before it; by default the newest.") var version: Int?
        @Flag(help: "The catalogue that waits for its day; by default where no version waits.") var pending = false
        @Option(help: "Refuse unless this is its digest, as casectl catalog versions shows it.") var digest: String?
        @OptionGroup var dryRun: DryRun

        func validate() throws {
            try require(version, of: "--version", from: 1)
        }

        func run() throws {
            try ending {
                var parameters: [JSONValue.Member] = []
                if let version { parameters.append(.init("version", .integer(version))) }
                if pending { parameters.append(.init("pending", .bool(true))) }
                if let digest { parameters.append(.init("digest", .string(digest))) }
                server.show(try server.call(.catalogConfirm, parameters + dryRun.members)) { result in
                    let day = Times(server)(result, "effective") ?? ""
                    let what = result.cell("version").map { "Version \($0)" } ?? "The catalogue for \(day)"
                    let said = dryRun.dryRun ? "\(what) would be confirmed; nothing was changed." : "\(what) is confirmed."
                    return ([Say.line(said)] + (result["appointments"]?.array ?? []).map { "  \(appointment($0))" })
                        .map(Terminal.plain).joined(separator: "\n")
                }
            }
        }
    }

    struct Versions: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("The versions of the catalogue, and what of them waits for a second word."))
        @OptionGroup var server: Server
        @Option(help: "At most so many.") var limit: Int?
        @Option(help: "Go on with those before this version.") var after: Int?

        func validate() throws {
            try require(limit, of: "--limit", from: 1)
            try require(after, of: "--after", from: 1)
        }

        func run() throws {
            try ending {
                let place = after.map { [JSONValue.Member("after", .string("\($0)"))] } ?? []
                let parameters = (limit.map { [JSONValue.Member("limit", .integer($0))] } ?? []) + place
                server.show(try server.call(.catalogVersions, parameters)) { result in
                    let times = Times(server)
                    var table = Table(["VERSION", "AT", "BY", "CONFIRMED", "DIGEST"], numbers: ["VERSION"])
                    for version in result["versions"]?.array ?? [] {
                        table.add([
                            version.cell("version"), times(version, "at"), version.cell("by"),
                            version["confirmed"]?.bool == true ? "yes" : "no", version.cell("digest").map { String($0.prefix(16)) },
                        ])
                    }
                    var parts = [table.text]
                    if let next = result["next"]?.string {
                        parts.append("\(Say.text("More: "))\(Terminal.plain(Invocation.again(after: .string(next))))")
                    }
                    let waiting = result["waiting"]?.array ?? []
                    if !waiting.isEmpty {
                        parts.append(Say.line("Waits for a second word:") + "\n" + lines(waiting))
                    }
                    if let pending = result["pending"], let effective = times(pending, "effective") {
                        let word = pending.cell("confirmed_by").map { "confirmed by \($0)" } ?? "not confirmed"
                        let digest = pending.cell("digest").map { String($0.prefix(16)) } ?? ""
                        let head = "Waits for \(effective), applied by \(pending.cell("by") ?? ""), \(word), digest \(digest):"
                        let changes = (pending["changes"]?.array ?? []).map { "  \($0.cell("change") ?? "") \($0.cell("entry") ?? "")" }
                        let rest = "Its files: casectl catalog get --pending. Who gets which part by it:"
                        parts.append(([head] + changes + [rest]).map(Say.line).map(Terminal.plain).joined(separator: "\n"))
                        parts[parts.count - 1] += "\n" + lines(pending["appointments"]?.array ?? [])
                    }
                    return parts.joined(separator: "\n\n") + times.remark
                }
            }
        }
    }

    private static func lines(_ appointments: [JSONValue]) -> String {
        appointments.map { Terminal.plain("  \(appointment($0))") }.joined(separator: "\n")
    }

    /// Such as `post.leader holder: from chen to li`.
    static func appointment(_ appointment: JSONValue) -> String {
        let change = [appointment.cell("from").map { "from \($0)" }, appointment.cell("to").map { "to \($0)" } ?? "to nobody"]
        return Say.line(
            "\(appointment.cell("entry") ?? "") \(appointment.cell("key") ?? ""): \(change.compactMap { $0 }.joined(separator: " "))")
    }
}
