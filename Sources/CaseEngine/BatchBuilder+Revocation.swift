import CaseCore
import CaseStore
import Logging
import WorkingTime

/// What a case that is about revoking another one does to that one, in the same transaction.
extension BatchBuilder {
    /// The case to which a submission refers, as it stands now; nil where there is none.
    mutating func original(of submission: Submission) throws -> (file: CaseFile, terms: Terms)? {
        guard let id = submission.refersTo, var file = try load(id) else { return nil }
        let terms = try currentTerms(of: &file)
        try hearOfRevocation(&file, terms)
        try passTime(&file, terms, through: now)
        return (file, terms)
    }

    /// Tells the case that is, or is not, revoked how a revocation ended. The outcome is that of the revocation, whatever the state of the other
    /// one's row: what is damaged hears of it later, see `hearOfRevocation`.
    mutating func tellOriginal(of revocation: CaseFile) {
        guard let (id, command) = revocation.consequence else { return }
        do {
            guard var file = try load(id) else { throw IncompleteStore(description: "\(id) is missing") }
            let terms = try currentTerms(of: &file)
            try act(command, by: Principal(.file(revocation.id)), on: &file, terms)
        } catch {
            context.log.entry(
                .caseDamaged, "a case did not hear how its revocation ended; its next command lets it know",
                ["case": "\(id)", "revocation": "\(revocation.id)", "fault": "\(error)"])
        }
    }

    /// Lets a case that could not be read when its revocation ended know of it now.
    mutating func hearOfRevocation(_ file: inout CaseFile, _ terms: Terms) throws {
        guard let id = file.validity.revocation?.file, let (_, command) = (try? load(id))?.consequence else { return }
        try act(command, by: Principal(.file(id)), on: &file, terms)
    }
}
