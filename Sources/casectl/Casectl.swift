import ArgumentParser
import CaseCore
import CaseWire
import ChildProcesses
import Glibc

/// The administrator's and the officer's hand on `cased`: a command for each method of the wire.
@main
struct Casectl: ParsableCommand {
    static func main() {
        StandardStreams.occupy()
        StandardOutput.flushAtExit()
        // A file that would become too large is one that cannot be written.
        signal(SIGXFSZ, SIG_IGN)
        let arguments = words()
        let isCheck = Array(arguments.prefix(2)) == ["sla", "check"]
        let isStatusCheck = arguments.first == "status" && arguments.contains("--check")
        if isCheck || isStatusCheck { StandardOutput.isForMonitor() }
        if let word = UsageWords.foreignWord { refuse(UsageWords.refusal(of: word), arguments) }
        if let message = arguments.first == "help" ? misspelled(arguments) : Repetition.fault(in: arguments) {
            refuse(message, arguments)
        }
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch {
            // A monitor takes any other code for something else: what cannot be found out is unknown to it.
            if isCheck, exitCode(for: error) == .validationFailure {
                SLA.Check.endUnknown(message(for: error), isPlugin: arguments.contains("--plugin"))
            }
            if isStatusCheck, exitCode(for: error) == .validationFailure {
                StandardOutput.print(Terminal.plain("UNKNOWN: \(message(for: error))"))
                exit(withError: ExitCode(Failure.unknown))
            }
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            // It repeats what somebody wrote.
            let message =
                misspelled(arguments)
                ?? UsageWords.mended(
                    DashedText.plain(fullMessage(for: error)), words: arguments, help: helpMessage(for: command(of: arguments).type))
            StandardError.write(Terminal.plainLines(UsageWords.said(message)) + "\n")
            _exit(exitCode(for: error).rawValue)
        }
    }

    /// Ends the program, as monitoring expects it of what monitoring calls.
    private static func refuse(_ message: String, _ arguments: [String]) -> Never {
        if Array(arguments.prefix(2)) == ["sla", "check"] { SLA.Check.endUnknown(message, isPlugin: arguments.contains("--plugin")) }
        if arguments.first == "status", arguments.contains("--check") {
            StandardOutput.print(Terminal.plain("UNKNOWN: \(message)"))
            exit(withError: ExitCode(3))
        }
        StandardError.write(Terminal.plainLines(UsageWords.said(message)) + "\n")
        _exit(Failure.Code.usage.rawValue)
    }

    /// The command that a command line names, as far as it does.
    private static func command(of words: [String]) -> (type: any ParsableCommand.Type, path: String) {
        var (command, path): (any ParsableCommand.Type, String) = (Casectl.self, "casectl")
        for word in words.first == "help" ? words.dropFirst() : words[...] {
            guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else { break }
            (command, path) = (next, path + " " + word)
        }
        if let inner = command.configuration.defaultSubcommand { command = inner }
        return (command, path)
    }

    /// What was typed, as the parser is to see it. A shell that completes a word asks the parser itself.
    private static func words() -> [String] {
        var words = CommandLine.arguments.dropFirst().flatMap(fields)
        guard words.first != "---completion" else { return words }
        if words.dropFirst().contains(where: HelpWord.all.contains), words.first != "help" {
            let (type, path) = command(of: words)
            words = HelpWord(path: path.split(separator: " ").dropFirst().map(String.init), help: helpMessage(for: type)).told(words)
        }
        let isCalendar = words.first == "calendar" && ["due", "measure"].contains(words.dropFirst().first)
        return DashedText.guarded(words, takesTexts: isCalendar || words.first.map(takesTexts) ?? false)
    }

    /// Whether a command, or those of a group, are what a method of a client declares.
    private static func takesTexts(_ command: String) -> Bool {
        Commands.ofClients.contains { given in
            given.terminalName == command
                || [OrderGroup.self, InspectGroup.self].contains { (group: any ParsableCommand.Type) in group._commandName == command }
        }
    }

    /// What is said where a command line names a command that there is not; nil where it does not.
    private static func misspelled(_ words: [String]) -> String? {
        var (command, path): (any ParsableCommand.Type, String) = (Casectl.self, "casectl")
        for word in words.first == "help" ? words.dropFirst() : words[...] {
            let known = command.configuration.subcommands
            guard !known.isEmpty else { return nil }
            if word.hasPrefix("-") {
                return words.contains("--help") || words.contains("-h")
                    ? nil
                    : "Error: \(path) takes options after the command: \(path) COMMAND \(word)\nSee '\(path) --help' for the commands."
            }
            guard let next = known.first(where: { $0._commandName == word }) else {
                let names = known.map { $0._commandName }
                let likely =
                    (UsageWords.meant(word).flatMap { names.contains($0) ? $0 : nil } ?? Likeness.nearest(word, among: names)).map {
                        " Did you mean \($0)?"
                    } ?? ""
                return "Error: there is no command '\(DashedText.plain(word))'.\(likely)\nSee '\(path) --help' for the commands."
            }
            (command, path) = (next, path + " " + word)
        }
        return nil
    }

    /// `--json=case,state` stands for `--output json --columns case,state`.
    private static func fields(_ argument: String) -> [String] {
        guard argument.hasPrefix("--json="), argument.utf8.count > 7 else { return [argument] }
        return ["--output", "json", "--columns", String(argument.dropFirst(7))]
    }

    static let configuration = CommandConfiguration(
        commandName: "casectl",
        abstract: Say.text("Submit, examine, decide, supervise and report approval cases."),
        discussion: [
            Say.text("casectl finds the server by --socket, then CASED_SOCKET, then /run/cased/cased.sock."),
            Say.text(
                "Exit codes: 0 done; 1 refused by a rule; 64 wrong usage; 65 the journal is not the one that was witnessed; 66 not found; 69 the server cannot be reached; 73 conflict, somebody was first, or a file cannot be made; 74 the output cannot be written; 75 try again later; 77 not permitted."
            ),
        ].joined(separator: "\n\n"),
        version: productVersion,
        groupedSubcommands: [
            CommandGroup(name: Say.text("Applicants and windows"), subcommands: CommandGroups.commands(for: .applicants)),
            CommandGroup(name: Say.text("The office"), subcommands: CommandGroups.commands(for: .office)),
            CommandGroup(name: Say.text("The leader"), subcommands: CommandGroups.commands(for: .leader)),
            CommandGroup(
                name: Say.text("Commissioners and auditors"),
                subcommands: CommandGroups.commands(for: .supervision) + [OrderGroup.self, InspectGroup.self]),
            CommandGroup(name: Say.text("Everybody on a case"), subcommands: CommandGroups.commands(for: .everybody) + [Bulk.self]),
            CommandGroup(
                name: Say.text("Looking"),
                subcommands: [
                    Queue.self, List.self, Count.self, Show.self, History.self, Explain.self, Decision.self, Watch.self, Wait.self,
                    Top.self, Export.self,
                    Powers.self,
                    Notices.self, SLA.self,
                    Status.self,
                ]),
            CommandGroup(
                name: Say.text("Running it"),
                subcommands: [CatalogGroup.self, EvidenceGroup.self, CalendarGroup.self, ClockGroup.self, Backup.self, RPC.self]),
        ])
}
