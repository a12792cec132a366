import WorkingTime

/// The case that is about revoking this one was granted. Its state stays what the decision was; it does not hold any more.
package struct Revoke: CaseCommand {
    package var revocation: CaseID

    package init(_ revocation: CaseID) {
        self.revocation = revocation
    }

    package static let declaration = Declaration(
        "revoke", "The case that is about revoking this one was granted.", by: [.revocation], .staying(in: [.granted, .deemedGranted]),
        involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Revoked {
        try file.requireInQuestion(by: revocation)
        draft.end(.delivery)
        draft.tell(.applicant, .officeHead, .commissioner, of: file)
        return Revoked(revocation)
    }
}

package struct Revoked: Change {
    package var revocation: CaseID

    package init(_ revocation: CaseID) {
        self.revocation = revocation
    }

    package static let name = "revoked"
    package static let significance = Significance.decision
    package static let members = Members<Revoked>(
        Member("revocation", \.revocation, "the case by which it was revoked"), make: { Revoked($0) })

    package func canFollow(_ file: CaseFile) -> Bool {
        file.validity.revocation?.file == revocation
    }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.validity = CaseFile.Validity(revoked: CaseFile.Revocation(file: revocation, at: instant))
    }
}
