import CaseCore
import CaseWire

/// What somebody may do with a case now, and what they may not yet, by what `case.can` answers for each command.
///
/// What the catalogue gives to others is passed over: what is left is what somebody may do, or could but for where the file is or for something
/// they can mend.
package struct Possibilities {
    package private(set) var now: [any ClientCommand.Type] = []
    /// What is refused for one reason stands together, in the order of the commands.
    package private(set) var later: [(reason: String, commands: [any ClientCommand.Type])] = []

    /// Each of these is asked about.
    package static let commands = Commands.ofClients.filter { $0.name != Submit.name }

    package init() {}

    /// - Parameter answer: what `case.can` says of the command.
    package mutating func add(_ command: any ClientCommand.Type, _ answer: JSONValue, in language: Language) {
        if answer["permitted"]?.bool == true { return now.append(command) }
        guard let kind = answer.cell("kind"), kind != "permission.denied" else { return }
        let reason =
            kind == "state.not_allowed"
            ? language.text("where the file is now") : language.refusal(kind, answer.cell("message") ?? kind)
        if let index = later.firstIndex(where: { $0.reason == reason }) {
            later[index].commands.append(command)
        } else {
            later.append((reason, [command]))
        }
    }
}
