import WorkingTime

/// What an ended case says of persons is to be erased. An auditor asks for it, and by the same command somebody else carries it out: another
/// auditor, or the leader.
package struct ErasePersonal: CaseCommand, ClientCommand {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package static let declaration = Declaration(
        "erase-personal",
        "Erase what an ended case says of persons, once that is kept long enough: an auditor asks, somebody else does it.",
        by: [.auditor, .leader], .staying(in: State.closed), involvement: [])

    package static let members = Members<ErasePersonal>(
        Member("reason", \.reason, "why; it stays in the journal, so it names nobody"), make: { ErasePersonal(reason: $0) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        if file.erasure.erasedAt != nil { throw .wasErased(ErasePersonal.name) }
        if let retention = file.retention(under: draft.terms, at: draft.now) { throw .isRetained(file.id, retention) }
        guard let asked = file.erasure.asked, asked.holds(at: draft.now) else {
            let parts = file.parts(of: draft.principal, under: draft.terms, at: draft.now)
            guard parts[.auditor] != nil else { throw .erasureNotAsked }
            return
        }
        guard draft.actors.isDisjoint(with: asked.knownAs) else { throw .erasureByOne(asked.by) }
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> ErasureAgreed {
        try requireText(reason, "reason")
        let isSecond = file.erasure.asked?.holds(at: draft.now) ?? false
        draft.tell(.auditor, .leader, of: file)
        return ErasureAgreed(isErased: isSecond, reason: reason, knownAs: isSecond ? [] : draft.actors)
    }
}

extension Draft {
    /// Whoever takes the step, and in whose place, as the case knows them.
    fileprivate var actors: Set<Participant> {
        principal.participants(under: terms).union(instead.map(terms.register.participants) ?? [])
    }
}

package struct ErasureAgreed: Change {
    /// Whether it was the second word, with which the texts are gone.
    package var isErased: Bool
    package var reason: String
    /// As whom whoever asked is known; nobody where it is erased.
    package var knownAs: Set<Participant>

    package init(isErased: Bool, reason: String, knownAs: Set<Participant>) {
        self.isErased = isErased
        self.reason = reason
        self.knownAs = knownAs
    }

    package static let name = "erasure-agreed"
    package static let members = Members<ErasureAgreed>(
        Member("erased", \.isErased, "whether it was the second word, with which what the case says of persons is gone"),
        Member("reason", \.reason, "why"),
        Member("known_as", \.knownAs, unless: [], "as whom whoever asked is known"),
        make: { ErasureAgreed(isErased: $0, reason: $1, knownAs: $2) })

    package func canFollow(_ file: CaseFile) -> Bool {
        !file.state.isOpen && file.erasure.erasedAt == nil && (!isErased || file.erasure.asked != nil)
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        if isErased {
            file.erase(at: instant)
        } else {
            file.erasure.asked = CaseFile.Asked(by: author, at: instant, knownAs: knownAs)
        }
    }
}
