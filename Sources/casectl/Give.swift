import ArgumentParser
import CaseCore
import CasePages
import CaseWire

/// Gives a command of a client: its options, its help and its place on the command line come from what it declares.
struct Give<Given: ClientCommand>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Given.terminalName, abstract: Say.text(Given.declaration.summary),
            discussion: [TerminalForm.of(Given.name).discussion, "Example: \(Example.of(Given.self))"].filter { !$0.isEmpty }
                .joined(separator: "\n\n"))
    }

    @OptionGroup var server: Server
    @OptionGroup var mutation: Mutation
    @OptionGroup var parameters: ParameterOptions<Given>

    /// What has to come yet, so that whoever stands at the window hears of it there. What was submitted is submitted, whether or not this
    /// can be asked.
    private static func missing(_ file: JSONValue, _ server: Server) -> String {
        guard let receipt = file.cell("receipt"),
            let status = try? server.call(.get, [.init("receipt", .string(receipt))]),
            let names = status["missing_names"]?.array?.compactMap(\.string), !names.isEmpty
        else { return "" }
        return "\n" + Terminal.plain("\(Say.text("not handed in yet: "))\(names.joined(separator: ", "))")
    }

    func run() throws {
        try ending { try Self.give(parameters.members, mutation, server) }
    }

    static func give(_ members: [JSONValue.Member], _ mutation: Mutation, _ server: Server) throws {
        server.show(try server.mutate(Method(Given.self), members, mutation)) { file in
            let times = Times(server, matter: file.cell("matter"))
            let due = (file["clocks"]?.array ?? []).compactMap { clock in
                times(clock, "due", isEnd: true).map { Say.fill("{} due {}", Say.cell("clock", clock.cell("clock") ?? ""), $0) }
            }
            // What whoever submitted takes home.
            let isSubmitted = Given.self == Submit.self && !mutation.dryRun.dryRun
            let receipt = isSubmitted ? file.cell("receipt").map { Say.fill("receipt {}", $0) } : nil
            let state = file.cell("state").map { Say.cell("state", $0) }
            let parts = [file.cell("case"), state, Say.fill("revision {}", file.cell("revision") ?? ""), receipt] + due
            let suspended = file["suspended"]?.members == nil ? [] : [Say.cell("state", "suspended")]
            let line = Terminal.plain((parts.compactMap { $0 } + suspended).joined(separator: "  "))
            if mutation.dryRun.dryRun { return line + "\n" + Terminal.plain(DryRun.remark(file)) }
            // Two give the same command, and it does not do the same.
            let outcome =
                Given.self == ErasePersonal.self
                ? "\n"
                    + Say.line(
                        file["erased_at"] == nil
                            ? "asked: another auditor or the leader carries it out within thirty days"
                            : "what it says of persons was erased")
                : ""
            return line + (isSubmitted ? missing(file, server) : "") + outcome
        }
    }
}

extension ClientCommand {
    /// `request-correction` of `case.request_correction`, `open` of `order.open`.
    static var terminalName: String {
        TerminalForm.of(name).name ?? String(method.drop { $0 != "." }.dropFirst()).replacing("_", with: "-")
    }

    /// As it is typed after `casectl`: `order open`.
    static var terminalPath: String {
        let group = method.hasPrefix("order.") ? "order " : CommandGroups.Group(self) == .inspections ? "inspect " : ""
        return group + terminalName
    }

    static var terminalCommand: any ParsableCommand.Type {
        if Self.self == ErasePersonal.self { return Erase.self }
        return (Self.self as? any SignedCommand.Type)?.signedTerminalCommand ?? Give<Self>.self
    }
}

/// Which commands stand together in the help.
enum CommandGroups {
    /// Those on cases, for whoever acts in a role; those of `order` and `inspect` have groups of their own.
    static func commands(for group: Group) -> [any ParsableCommand.Type] {
        Commands.ofClients.filter { Group($0) == group }.map { $0.terminalCommand }
    }

    enum Group {
        case applicants, office, leader, supervision, everybody
        case orders, inspections

        init(_ command: any ClientCommand.Type) {
            let roles = command.declaration.roles
            self =
                if command.method.hasPrefix("order.") {
                    .orders
                } else if roles.isSuperset(of: [.auditor, .commissioner]) {
                    .inspections
                } else if roles.count > 2 {
                    .everybody
                } else if roles.contains(.submitter) {
                    .applicants
                } else if roles.contains(.office) {
                    .office
                } else if roles.contains(.commissioner) || roles.contains(.auditor) {
                    .supervision
                } else {
                    .leader
                }
        }
    }
}
