import WorkingTime

/// The office says that the submission is complete. Whoever says so handles the case from then on, unless somebody does already.
package struct Accept: CaseCommand, ClientCommand {
    /// Leaves it with nobody.
    package var isUnassigned: Bool

    package init(unassigned isUnassigned: Bool = false) {
        self.isUnassigned = isUnassigned
    }

    package static let declaration = Declaration(
        "accept", "Accept a complete submission; the time to decide begins.", by: [.office], .from(.submitted, to: .inReview),
        involvement: [.approving, .examining])

    package static let members = Members<Accept>(
        Member(
            "unassigned", \.isUnassigned, default: false,
            "leave it with nobody; by default whoever accepts it handles it, unless somebody does"),
        make: { Accept(unassigned: $0) })

    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {
        try file.requireMaterials(under: draft.terms)
    }

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Accepted {
        try file.requireDecider(besides: draft.principal, Accept.name, draft)
        draft.end(.intake)
        draft.start(.decision)
        draft.start(.promise)
        draft.start(.review)
        draft.tell(.applicant, of: file)
        let officers = draft.terms.register.officers(of: file.assignment.office)
        let taking = isUnassigned || file.handler != nil ? nil : draft.principal.person
        return Accepted(handler: taking.flatMap { officers.contains($0) ? $0 : nil })
    }
}

package struct Accepted: Change {
    /// Who handles it from then on; nil where nothing changed about that.
    package var handler: PersonID?

    package init(handler: PersonID? = nil) {
        self.handler = handler
    }

    package static let name = "accepted"
    package static let members = Members<Accepted>(
        Member("handler", \.handler, unless: nil, "the officer who handles it from then on"), make: { Accepted(handler: $0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .inReview
        if let handler { file.participants.handler = handler }
    }
}
