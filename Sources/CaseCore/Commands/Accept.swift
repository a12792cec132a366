import WorkingTime

/// The office says that the submission is complete.
package struct Accept: CaseCommand, ClientCommand {
    package init() {}

    package static let declaration = Declaration(
        "accept", "Accept a complete submission; the time to decide begins.", by: [.office], .from(.submitted, to: .inReview),
        involvement: [.approving, .examining])

    package static let members = Members<Accept>(make: { Accept() })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Accepted {
        try file.requireMaterials(under: draft.terms)
        try file.requireDecider(besides: draft.principal, Accept.name, draft)
        draft.end(.intake)
        draft.start(.decision)
        draft.start(.promise)
        draft.start(.review)
        draft.tell(.applicant, of: file)
        return Accepted()
    }
}

package struct Accepted: Change {
    package init() {}

    package static let name = "accepted"
    package static let members = Members<Accepted>(make: { Accepted() })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .inReview
    }
}
