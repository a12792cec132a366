import ArgumentParser
import CasePages
import CaseWire

struct Powers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Who may do what on a matter or a case, and why."),
        discussion: """
            --proof asks for everybody who could act, on every matter and on all days, whether somebody can both approve and \
            supervise, and whether anybody but a leader decides. --can asks whether somebody may give a command now. Both exit with 1 \
            where the answer is no.

            Examples: casectl powers C-17; casectl powers C-17 --can grant; casectl powers road-sign --person li.wei; casectl powers --proof
            """)
    @OptionGroup var server: Server
    @OptionGroup var output: Output
    @Argument(help: "A matter, or a case such as C-17.") var subject: String?
    @Option(help: "Only what this person may; with --can, whether they may.") var person: String?
    @Option(
        help:
            "Whether somebody may give this command, such as grant, on a case now, and if not, why; by default you, or for a service --as.")
    var can: String?
    @Flag(help: "Show over the whole catalogue that the powers are apart.") var proof = false

    func validate() throws {
        try CaseName.require(subject)
        guard proof == (subject == nil) else { throw ValidationError("name a matter or a case, or give --proof") }
        guard !proof && can == nil || !output.isGiven else {
            throw ValidationError("--proof and --can are no lists: leave the options of lists out; --json is for programs")
        }
        guard !proof || person == nil else { throw ValidationError("--proof is about everybody: leave --person out") }
        guard can == nil || subject?.hasPrefix("C-") == true else { throw ValidationError("--can is asked of a case, such as C-17") }
    }

    func run() throws {
        try ending {
            guard let subject else { return try prove() }
            if let can { return try ask(can, on: subject) }
            let name = subject.hasPrefix("C-") ? "case" : "matter"
            let only = person.map { [JSONValue.Member("person", .string($0))] } ?? []
            let result = try server.call(.powers, [.init(name, .string(subject))] + only)
            let columns = [
                Column("role"), Column("holder").said(Say.lineOrID), Column("reason").said(Say.line), Column("hindrance").said(Say.line),
                Column("inputs") { ($0["inputs"]?.array ?? []).compactMap(\.string).joined(separator: ", ") },
            ]
            try Listing(columns: columns, records: result["powers"]?.array ?? []).show(output, server, whole: result, member: "powers")
            let waiting = result["waiting"]?.array?.count ?? 0
            if waiting > 0 {
                StandardError.write(
                    Say.line("\(waiting) parts wait for a second word and do not count yet: casectl catalog versions") + "\n")
            }
        }
    }

    private func ask(_ command: String, on file: String) throws {
        let person = person.map { [JSONValue.Member("person", .string($0))] } ?? []
        let result = try server.call(.can, [.init("case", .string(file)), .init("command", .string(command))] + person)
        server.show(result) { result in
            let who = result.cell("principal") ?? ""
            if result["permitted"]?.bool == true { return Terminal.plain(Say.fill("Yes: {} may {} {}.", who, command, file)) }
            let said = [
                result.cell("kind").map { Say.refusal($0, result.cell("message") ?? "") } ?? result.cell("message"),
                result.cell("hint").map(Say.line),
            ].compactMap { $0 }
            return Terminal.plain(Say.fill("No: {}.", said.joined(separator: Say.language == .zh ? "；" : "; ")))
        }
        if result["permitted"]?.bool != true { throw ExitCode(Failure.Code.refused.rawValue) }
    }

    private func prove() throws {
        let result = try server.callShowingProgress(.proof)
        server.show(result) { result in
            var table = Table(["MATTER", "DECIDED BY", "SUPERVISED BY", "SILENCE"])
            for row in result["matters"]?.array ?? [] {
                func names(_ key: String) -> String { (row[key]?.array ?? []).compactMap(\.string).joined(separator: ", ") }
                table.add([
                    row.cell("matter"), names("deciders"), names("supervisors"),
                    row["silence_grants"]?.bool == true ? Say.line("grants") : nil,
                ])
            }
            let conflicts = (result["conflicts"]?.array ?? []).compactMap(\.string).map(Terminal.plain)
            let cases = result.cell("cases").map { "\($0) running cases" } ?? "no running case, which only an admin or an auditor reads"
            var lines =
                conflicts.isEmpty
                ? [
                    "Nobody can both approve and supervise, and nobody but a leader decides: \(result.cell("checks") ?? "") checks of \(result.cell("principals") ?? "") principals and of \(cases)."
                ] : conflicts
            let stranded = (result["stranded_cases"]?.array ?? []).compactMap(\.string)
            if !stranded.isEmpty {
                lines.append("Nobody is left to decide \(result.cell("stranded") ?? "") of them: \(stranded.joined(separator: ", ")).")
            }
            lines.append("It rests on this:")
            lines += (result["trusted"]?.array ?? []).compactMap(\.string).map { Say.line("  \(Terminal.plain($0))") }
            return table.text + "\n\n" + lines.map(Say.line).joined(separator: "\n")
        }
        if result["holds"]?.bool != true { throw ExitCode(Failure.Code.refused.rawValue) }
    }
}
