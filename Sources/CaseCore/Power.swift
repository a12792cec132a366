import WorkingTime

/// Who may do what on a matter, and why.
package struct Power: Equatable, Sendable {
    package let role: Role
    /// A person, or what acts by itself.
    package let holder: String
    package let reason: String
    /// Nil where no case is meant, or nothing hinders.
    package let hindrance: String?
    package let commands: [CommandName]
}

extension Register {
    /// The powers over a matter on a day; on a case, with what hinders somebody there.
    ///
    /// - Parameter file: one case of the matter.
    package func powers(over matter: Matter, on day: Day, file: CaseFile? = nil) -> [Power] {
        let assignment = file?.assignment(in: self) ?? matter.assignment
        let officePosts = posts(of: assignment.office)
        var powers: [Power] = []
        func add(_ role: Role, _ holder: String, _ reason: String, _ hindrance: String? = nil) {
            let commands = Commands.declarations.filter { command in
                command.roles.contains(role) && (command.name != DeemGrant.name || matter.silenceGrants)
            }
            powers.append(
                Power(role: role, holder: holder, reason: reason, hindrance: hindrance, commands: commands.map(\.name)))
        }
        func add(_ role: Role, posts: [PostID]) {
            for post in posts {
                for actor in file?.actors(for: post, as: role, on: day, in: self) ?? actors(for: post, on: day) {
                    let reason = actor.instead.map { "substitutes for \($0) as \(post)" } ?? "holds \(post)"
                    add(role, actor.person.raw, reason, file.flatMap { hindrance(role, actor.person, $0) })
                }
            }
        }
        let recused = file?.recused ?? []
        if let file { add(.submitter, file.origin.by, "submitted the case") }
        add(.office, posts: officePosts)
        let consulted = file?.consultation.requests.flatMap(posts(answering:)) ?? matter.consulted.flatMap { posts(of: $0.office) }
        add(.consulted, posts: Set(consulted).sorted())
        add(.leader, posts: [assignment.leader])
        if let authority = matter.extension_?.authority { add(.extensionAuthority, posts: [authority]) }
        add(.commissioner, posts: [assignment.commissioner])
        for post in self.posts.values.filter(\.isAuditing).sorted(by: { $0.id < $1.id }) {
            if let holder = post.holder {
                add(.auditor, holder.raw, "holds \(post.id)", file.flatMap { hindrance(.auditor, holder, $0) })
            }
        }
        add(.clock, "the passing of time", matter.silenceGrants ? "silence grants, as the matter says" : "silence never grants this matter")
        add(.admin, "root, the daemon's user, or the admin group", "administers the machine")
        for person in recused.sorted() {
            powers.append(
                Power(role: .office, holder: person.raw, reason: "is recused", hindrance: "has no part in this case", commands: []))
        }
        return powers
    }

    private func hindrance(_ role: Role, _ person: PersonID, _ file: CaseFile) -> String? {
        switch file.hindrance(of: person, as: role, in: self) {
        case nil: nil
        case .acted(.submitter): "submitted it, or applies for it, and takes no other step in it"
        case .acted(.commissioner): "supervised it, and may not approve it"
        case .acted: role == .leader ? "examined it, and may not decide" : "had to do with its approval, and may not supervise it"
        case .recused: "is recused"
        case .administers: "administers the server, and has no part in any case"
        case .spoke(let service): "is spoken for by \(service), which spoke for the other side"
        }
    }
}
