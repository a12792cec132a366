import CaseCore

extension Catalogue {
    /// The first line of a file whose entries of unix users are left out.
    package static let hiddenUsersRemark = "# Which unix users are bound is shown to admins and auditors.\n"

    /// A file of a catalogue without its entries of unix users, for those who are not to know them: as it was written where it has none.
    package static func withoutUsers(_ text: String) -> String {
        guard (try? TOMLText.table(text))?["user"] != nil else { return text }
        let remark = hiddenUsersRemark
        let rest = CatalogueMerge.blocks(text)?.filter { $0.entry != "user" && !$0.entry.hasPrefix("user.") }.map(\.text).joined() ?? ""
        // Where they are bound otherwise than under headings of their own, nothing of the file is shown.
        return (try? TOMLText.table(rest))?["user"] == nil ? remark + rest : remark
    }

    /// With the unix users of the version before, where it binds none: they differ from machine to machine, stand in a file of their own, and
    /// such a file is easily left out. Whoever is not in the catalogue any more is bound no longer.
    ///
    /// - Parameter isAdding: where it binds some itself, the others of the version before stay bound besides.
    /// - Throws: what a name of theirs breaks by the rules of today.
    package func keepingUsers(of before: Register, besidesItsOwn isAdding: Bool = false) throws(Refused) -> Catalogue {
        guard isAdding || register.users.isEmpty else { return self }
        let kept = before.users.values.sorted { $0.id < $1.id }.compactMap { user -> String? in
            guard register.users[user.id] == nil else { return nil }
            return switch user.binding {
            case .person(let id): register.persons[id].map { _ in "[user.\"\(user.id)\"]\nperson = \"\(id)\"\n" }
            case .service(let id): register.services[id].map { _ in "[user.\"\(user.id)\"]\nservice = \"\(id)\"\n" }
            }
        }
        guard !kept.isEmpty else { return self }
        let name = ["users.toml", "users.kept.toml"].first { files[$0] == nil } ?? "users.kept.\(files.count).toml"
        return try Catalogue(files: files.merging([name: kept.joined()]) { $1 })
    }
}
