import WorkingTime

/// Somebody has no part in this case, and says why: the step goes to whoever else may take it; refused where that is nobody.
package struct Recuse: CaseCommand, ClientCommand {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package static let declaration = Declaration(
        "recuse", "Declare to have no part in the case; the substitute of the post takes the step.",
        by: [.office, .leader, .extensionAuthority], .staying(in: State.open), whileSuspended: true, involvement: [.recusing])

    package static let members = Members<Recuse>(Member("reason", \.reason, limit: ByteLimit.prose, "why"), make: { Recuse(reason: $0) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        guard let person = draft.principal.person else { return }
        var after = file
        after.participants.recused.insert(person)
        let register = draft.terms.register
        // A substitution for some days leaves nobody behind them.
        func remaining(_ posts: [PostID], as role: Role) -> Set<PersonID> {
            Set(
                posts.flatMap { post in
                    register.lastingActors(for: post).filter {
                        !after.recused.contains($0) && after.hindrance(of: $0, as: role, in: register) == nil
                    }
                })
        }
        let assignment = file.assignment
        let (officers, leaders) = (
            remaining(register.posts(of: assignment.office), as: .office), remaining([assignment.leader], as: .leader)
        )
        guard !officers.isEmpty else { throw .nobodyElse(person, "office \(assignment.office)") }
        // Whoever examines it from now on does not decide it: one person cannot be what is left of both.
        let isEnough = file.state == .withLeader ? !leaders.isEmpty : leaders.contains { leader in officers.contains { $0 != leader } }
        guard isEnough else { throw .nobodyElse(person, "post \(assignment.leader)") }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Recused {
        try requireText(reason, "reason")
        guard let person = draft.principal.person else {
            preconditionFailure("\(draft.principal.name) has a part in \(file.id) and is no person")
        }
        draft.tell(.officeHead, .leader, of: file)
        return Recused(person, reason: reason)
    }
}

package struct Recused: Change {
    package var person: PersonID
    package var reason: String

    package init(_ person: PersonID, reason: String) {
        self.person = person
        self.reason = reason
    }

    package static let name = "recused"
    package static let members = Members<Recused>(
        Member("person", \.person, "who has no part in the case"), Member("reason", \.reason, apart: Erased.text, "why"),
        make: { Recused($0, reason: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.participants.recused.insert(person)
        if file.handler == person { file.participants.handler = nil }
    }
}
