import ArgumentParser
import CaseCore
import CaseWire
import Glibc

/// Gives the one command that takes something away for ever: says what, and asks.
struct Erase: ParsableCommand {
    static var configuration: CommandConfiguration { Give<ErasePersonal>.configuration }

    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var parameters: ParameterOptions<ErasePersonal>
    @Flag(help: ArgumentHelp(Say.text("Do not ask."))) var yes = false

    func run() throws {
        try ending {
            if !mutation.dryRun.dryRun { try ask() }
            try Give<ErasePersonal>.give(parameters.members, mutation, server)
        }
    }

    private func ask() throws {
        guard !yes else { return }
        let lines = [
            "Applicant, title, further data, reasons, remarks, opinions and findings of this case will be gone, from its events as well.",
            "Who acted, when, and what was decided stays, and so does the reason that you give.",
            "An auditor asks; with the word of a second person, within thirty days, they are gone.",
        ]
        StandardError.write(lines.map { Say.line($0) + "\n" }.joined())
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(code: .refused, message: "nobody can be asked here", hint: "with --yes it is done without asking")
        }
        StandardError.write(Say.line("Erase it? [y/N]") + " ")
        guard let answer = readLine(), answer.lowercased().hasPrefix("y") else {
            throw Failure(code: .refused, message: "nothing was erased, and nothing was asked for", hint: nil)
        }
    }
}
