import CaseCore
import CasePages
import CaseWire

/// What a person who works on a case wants to see beside it: what was said lately, who bears its posts, and what they may do with it now.
struct Desk {
    /// Texts of the last events, oldest first.
    let said: [(label: String, text: String)]
    /// What whoever asks may do now, and what they may not yet.
    let may: String?

    /// So many of the last events are looked through.
    private static let eventCount = 100
    /// Of the words that are events, the last of each kind is shown; of notes so many.
    private static let noteCount = 5

    /// - Parameter when: how instants are said.
    init(_ file: JSONValue, _ server: Server, when: (String) -> String) throws {
        guard let id = file.cell("case") else { (said, may) = ([], nil); return }
        let history = try server.call(.history, [.init("case", .string(id)), .init("last", .integer(Desk.eventCount))])
        said = Desk.said(history["events"]?.array ?? [], when)
        may = try Desk.may(id, server)
    }

    /// An id with the name that people know; nil where there is none.
    static func named(_ member: String, _ file: JSONValue, _ names: [String: String]) -> String? {
        guard let id = file.cell(member), let name = names[member], name != id else { return nil }
        return "\(id) (\(name))"
    }

    /// The names of what a case has to do with, by the member that holds its id.
    static func names(_ server: Server, of file: JSONValue) throws -> [String: String] {
        let list = try server.common(.catalogDutyList)
        let matter = (list["matters"]?.array ?? []).first { $0.cell("matter") == file.cell("matter") } ?? .null
        var names: [String: String] = [:]
        names["matter"] = matter.cell("name")
        if matter.cell("office") == file.cell("office") { names["office"] = matter.cell("office_name") }
        let posts = list["posts"]?.array ?? []
        names["handler"] = posts.first { $0.cell("holder_id") == file.cell("handler") && $0["holder_id"]?.string != nil }?.cell("holder")
        for member in ["leader", "commissioner"] {
            let post = posts.first { $0.cell("post") == file.cell(member) }
            names[member] = post.map { [$0.cell("name"), $0.cell("holder")].compactMap { $0 }.joined(separator: ", ") }
        }
        return names
    }

    private static func said(_ events: [JSONValue], _ when: (String) -> String) -> [(label: String, text: String)] {
        let words = ["correction-requested", "recommended", "returned", "granted", "refused", "declined", "withdrawn", "revoked", "noted"]
        var left: [String: Int] = ["noted": noteCount]
        let told = events.reversed().filter { event in
            guard let name = event.cell("event"), words.contains(name), left[name] ?? 1 > 0 else { return false }
            left[name, default: 1] -= 1
            return true
        }
        return told.reversed().map { event in
            let author = [event.cell("by"), event.cell("instead_of").map { Say.fill("for {}", $0) }].compactMap { $0 }.joined(
                separator: " ")
            return (
                event.cell("event") ?? "",
                [History.what(event, in: Say.language) ?? "", Say.fill("by {}", author), when(event.cell("at") ?? "")]
                    .filter { !$0.isEmpty }.joined(separator: Say.comma)
            )
        }
    }

    private static func may(_ id: String, _ server: Server) throws -> String? {
        var possible = Possibilities()
        for command in Possibilities.commands {
            let answer = try server.call(.can, [.init("case", .string(id)), .init("command", .string(command.name.rawValue))])
            possible.add(command, answer, in: Say.language)
        }
        guard !possible.now.isEmpty || !possible.later.isEmpty else { return nil }
        func list(_ commands: [any ClientCommand.Type]) -> String { commands.map { $0.terminalPath }.joined(separator: ", ") }
        let lines =
            ["\(Say.text("You may: "))\(possible.now.isEmpty ? Say.text("nothing now") : list(possible.now))"]
            + (possible.later.isEmpty ? [] : [Say.text("Not now:")])
            + possible.later.map { "  \(list($0.commands)): \($0.reason)" }
        return lines.map(Terminal.plain).joined(separator: "\n")
    }
}
