import WorkingTime

/// The case that was about revoking this one ended otherwise: what was granted still holds.
package struct EndRevocation: CaseCommand {
    package var revocation: CaseID
    /// How it ended.
    package var end: State

    package init(_ revocation: CaseID, as end: State) {
        self.revocation = revocation
        self.end = end
    }

    package static let declaration = Declaration(
        "end-revocation", "The case that was about revoking this one ended otherwise.", by: [.revocation],
        .staying(in: [.granted, .deemedGranted]), involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> RevocationEnded {
        try file.requireInQuestion(by: revocation)
        draft.tell(.applicant, .officeHead, .commissioner, of: file)
        return RevocationEnded(revocation, as: end)
    }
}

extension CaseFile {
    /// Refuses the outcome of a case that is not about revoking this one: it was there before, or was never announced.
    func requireInQuestion(by other: CaseID) throws(Refusal) {
        guard validity.revocation?.file == other else { throw .noSuchCase(other) }
    }
}

package struct RevocationEnded: Change {
    package var revocation: CaseID
    package var end: State

    package init(_ revocation: CaseID, as end: State) {
        self.revocation = revocation
        self.end = end
    }

    package static let name = "revocation-ended"
    package static let members = Members<RevocationEnded>(
        Member("revocation", \.revocation, "the case that was about revoking this one"),
        Member("state", \.end, "how it ended"),
        make: { RevocationEnded($0, as: $1) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.validity.revocation?.file == revocation
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.validity.revocation = nil
    }
}
