import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import Catalogue

extension CatalogGroup {
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("What one catalogue says otherwise than another, key by key, and who has which part by it."),
            discussion: """
                Each of the two is a version, by its number, or a folder. Without the second, a folder is compared with the newest version, and a \
                version with the newest one; without both, the newest version with the one before it. Two folders need no server.

                Examples: casectl catalog diff; casectl catalog diff 2 3; casectl catalog diff catalog
                """)
        @OptionGroup var server: Server
        @Argument(help: "A version, or a folder with .toml files.", completion: .directory) var from: String?
        @Argument(help: "Another one.", completion: .directory) var to: String?
        @OptionGroup var further: Further

        func run() throws {
            try ending {
                let sides = [from, to].compactMap { $0 }
                guard further.with.isEmpty || sides.contains(where: { Int($0) == nil }) else {
                    throw Failure(code: .usage, message: "--with goes with a folder", hint: "name the folder that it belongs to")
                }
                guard sides.contains(where: { Int($0) == nil }) else {
                    let members = zip(["from", "to"], sides).map { JSONValue.Member($0, .integer(Int($1)!)) }
                    return server.show(try server.call(.catalogDiff, members)) { CatalogGroup.difference($0) }
                }
                // A folder by itself is what would come next.
                let (old, new) = sides.count == 1 ? (nil, sides[0]) : (sides[0], sides[1])
                let (before, after) = (
                    try CatalogGroup.side(old, server, with: further.with), try CatalogGroup.side(new, server, with: further.with)
                )
                server.show(CatalogGroup.compared(before, after)) { CatalogGroup.difference($0) }
            }
        }

    }

    /// - Parameters:
    ///   - name: a version, by its number, or a folder; nil for the newest version.
    ///   - further: files that a folder is made of besides.
    static func side(_ name: String?, _ server: Server, with further: [String]) throws -> Side {
        guard let name, Int(name) == nil else {
            let version = name.flatMap(Int.init)
            let stored = try server.call(.catalogGet, version.map { [.init("version", .integer($0))] } ?? [])
            let files = Dictionary((stored["files"]?.members ?? []).map { ($0.name, $0.value.string ?? "") }) { $1 }
            let catalog = try Side.readable("version \(stored.cell("version") ?? "")") { () throws(Catalogue.Refused) in
                try Catalogue(files: files, isStored: true)
            }
            let showsUsers = !files.values.contains { $0.hasPrefix(Catalogue.hiddenUsersRemark) }
            return Side(name: stored["version"] ?? .null, catalog: catalog, showsUsers: showsUsers)
        }
        let folder = try CatalogGroup.folder(name, with: further)
        let catalog = try Side.readable(name) { () throws(Catalogue.Refused) in try folder.catalogue() }
        return Side(name: .string(name), catalog: catalog, showsUsers: true)
    }

    /// One of two catalogues that are compared.
    struct Side {
        /// A number, or the path of a folder.
        let name: JSONValue
        let catalog: Catalogue
        /// Whether it says which unix users are bound.
        let showsUsers: Bool

        static func readable(_ name: String, _ read: () throws(Catalogue.Refused) -> Catalogue) throws(Failure) -> Catalogue {
            do throws(Catalogue.Refused) { return try read() } catch {
                throw Failure(code: .refused, message: error.message(name), hint: error.findings.lines.joined(separator: "\n"))
            }
        }
    }

    /// As `catalog.diff` answers.
    private static func compared(_ before: Side, _ after: Side) -> JSONValue {
        // Files that bind no unix user leave those of before bound.
        let leavesUsers = after.name.string != nil && after.catalog.register.users.isEmpty
        let showsUsers = before.showsUsers && after.showsUsers && !leavesUsers
        let (old, new) = (before.catalog.register, after.catalog.register)
        let changes = old.changes(to: new).filter { showsUsers || !$0.entry.hasPrefix("user.") }
        let bytes = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("from")
                writer.value(before.name)
                writer.key("to")
                writer.value(after.name)
                writer.key("changes")
                let comparison = CatalogueComparison(from: before.catalog.files, to: after.catalog.files)
                writer.changes(comparison.entries(changes, showsUsers: showsUsers))
                writer.key("appointments")
                writer.array(of: old.appointments(to: new).filter { showsUsers || !$0.isBinding }) { writer, appointment in
                    writer.object {
                        $0.member("entry", appointment.entry)
                        $0.member("key", appointment.key)
                        $0.member("from", appointment.from)
                        $0.member("to", appointment.to)
                    }
                }
            }
        }
        guard let value = try? JSONReader.read(bytes) else { preconditionFailure("a difference is JSON") }
        return value
    }

    private static func difference(_ result: JSONValue) -> String {
        func name(_ key: String) -> String {
            result[key]?.string ?? result.cell(key).map { "version \($0)" } ?? "no version"
        }
        let head = "From \(name("from")) to \(name("to")):"
        let changes = result["changes"]?.array ?? []
        guard !changes.isEmpty else { return Terminal.plain(Say.line("\(head) nothing changes.")) }
        let appointments = result["appointments"]?.array ?? []
        let lines = [head] + changeLines(changes) + (appointments.isEmpty ? [] : ["", "Who has which part:"])
        return fitted((lines + appointments.map { "  \(appointment($0))" }).map(Say.line).map(Terminal.plain)).joined(separator: "\n")
    }

    /// What changes, entry by entry, each with its keys: the old value and the new one.
    ///
    /// - Parameter hasKeys: whether they are said; a first version has all of them.
    static func changeLines(_ changes: [JSONValue], hasKeys: Bool = true) -> [String] {
        changes.flatMap { change -> [String] in
            let place = change.cell("file").map { " (\($0):\(change.cell("line") ?? "1"))" } ?? ""
            let more = hasKeys ? change["more"]?.integer ?? 0 : 0
            let keys = (hasKeys ? change["keys"]?.array ?? [] : []).map { key in
                let name = key.cell("key") ?? ""
                return switch (key.cell("from"), key.cell("to")) {
                case (let from?, let to?): "    \(name): \(from) → \(to)"
                case (nil, let to?): "    \(name): \(change.cell("change") == "added" ? "" : "not set → ")\(to)"
                case (let from?, nil): "    \(name): \(from)\(change.cell("change") == "removed" ? "" : " → not set")"
                case (nil, nil): "    \(name)"
                }
            }
            return ["  \(change.cell("change") ?? "") \(change.cell("entry") ?? "")\(place)"] + keys
                + (more > 0 ? ["    and \(more) more: --json lists the first \(CatalogueComparison.keyLimit) of all entries"] : [])
        }
    }

    /// Lines as they are for programs; on a terminal none is wider than it, and what goes on is set in.
    static func fitted(_ lines: [String]) -> [String] {
        guard Terminal.isTerminal else { return lines }
        return lines.flatMap { Terminal.wrapped($0, to: max(20, Terminal.size.columns)) }
    }
}
