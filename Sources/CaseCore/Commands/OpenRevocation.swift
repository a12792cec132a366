import WorkingTime

/// A case was submitted that is about revoking this one.
package struct OpenRevocation: CaseCommand {
    package var revocation: CaseID

    package init(_ revocation: CaseID) {
        self.revocation = revocation
    }

    package static let declaration = Declaration(
        "open-revocation", "A case was submitted that is about revoking this one.", by: [.revocation],
        .staying(in: [.granted, .deemedGranted]), involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> RevocationOpened {
        if let other = file.validity.revoked { throw .notRevocable(file.id, .isRevoked(other.file)) }
        if let other = file.validity.revocation { throw .notRevocable(file.id, .isInQuestion(other.file)) }
        draft.tell(.applicant, .officeHead, .commissioner, of: file)
        return RevocationOpened(revocation)
    }
}

package struct RevocationOpened: Change {
    package var revocation: CaseID

    package init(_ revocation: CaseID) {
        self.revocation = revocation
    }

    package static let name = "revocation-opened"
    package static let members = Members<RevocationOpened>(
        Member("revocation", \.revocation, "the case that is about revoking this one"), make: { RevocationOpened($0) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.validity == CaseFile.Validity()
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.validity.revocation = CaseFile.Revocation(file: revocation, at: instant)
    }
}
