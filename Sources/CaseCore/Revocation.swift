import WorkingTime

extension CaseFile {
    /// Whether what was granted still holds.
    package struct Validity: Described {
        /// The case that is about revoking it; nil where none is open.
        package var revocation: Revocation?
        /// The case by which it was revoked.
        package var revoked: Revocation?

        package init(revocation: Revocation? = nil, revoked: Revocation? = nil) {
            self.revocation = revocation
            self.revoked = revoked
        }

        package static let members = Members<Validity>(
            Member("revocation", \.revocation, unless: nil, "the case that is about revoking it, and since when, while that is open"),
            Member("revoked", \.revoked, unless: nil, "the case by which it was revoked, and when"),
            make: { Validity(revocation: $0, revoked: $1) })

        /// Why a case cannot be revoked.
        package enum Obstacle: Equatable, Sendable {
            /// The matter does not revoke decisions of this one.
            case otherMatter(MatterID)
            case notGranted(State)
            case isRevoked(CaseID)
            case isInQuestion(CaseID)
            /// Whose permit it is applies for nothing here, and so is nobody to the new case.
            case otherApplicant
            /// Nobody knows any more whose permit it is.
            case isErased

            var reason: String {
                switch self {
                case .otherMatter(let matter): "the matter revokes nothing of \(matter)"
                case .notGranted(let state): "it is \(state.rawValue)"
                case .isRevoked(let id): "\(id) did"
                case .isInQuestion(let id): "\(id) is about that already"
                case .isErased: "what it says of persons was erased"
                case .otherApplicant: "a revocation names the applicant of the case"
                }
            }
        }
    }

    /// Another case in its relation to this one.
    package struct Revocation: Described {
        package let file: CaseID
        package let at: Instant

        package static let members = Members<Revocation>(
            Member("case", \.file, "the case"), Member("at", \.at, "since when"), make: { Revocation(file: $0, at: $1) })
    }

    /// What this case does to the one to which it refers, now that it has ended; nil while it is open, or where it refers to none.
    package var consequence: (file: CaseID, command: any CaseCommand)? {
        guard let original = origin.submission.refersTo, !state.isOpen else { return nil }
        return (original, state == .granted ? Revoke(id) : EndRevocation(id, as: state))
    }

    /// Refuses what is not there to be revoked by a submission.
    fileprivate func requireRevocable(by submission: Submission, under terms: Terms) throws(Refusal) {
        let obstacle: Validity.Obstacle? =
            if terms.register.matters[submission.matter]?.revokes.contains(matter) != true {
                .otherMatter(matter)
            } else if !OpenRevocation.declaration.path.targets.keys.contains(state) {
                .notGranted(state)
            } else if let revoked = validity.revoked {
                .isRevoked(revoked.file)
            } else if let running = validity.revocation {
                .isInQuestion(running.file)
            } else if erasure.erasedAt != nil {
                .isErased
            } else {
                applicant.id == submission.applicant.id ? nil : .otherApplicant
            }
        if let obstacle { throw .notRevocable(id, obstacle) }
    }
}

extension Submission {
    /// Refuses a case to refer to that cannot be revoked. That it is there is told only to whoever has to do with it, which an auditor or an
    /// admin has not as such.
    ///
    /// - Parameters:
    ///   - original: the case, where it is there.
    ///   - terms: those of the revocation.
    func requireReference(to original: CaseFile?, by principal: Principal, under terms: Terms, at now: Instant) throws(Refusal) {
        guard terms.matter.kind == .revocation else {
            if refersTo != nil { throw .refersToNothing(matter) }
            return
        }
        guard let refersTo else { throw .empty(parameter: "refers_to") }
        guard let original, terms.register.readScope(of: principal, at: now).isOwn(original) else { throw .noSuchCase(refersTo) }
        if let person = principal.person, original.isSupervised(by: principal.participants(under: terms), in: terms.register) {
            throw .fourEyes(Submit.name, person: person, other: .commissioner)
        }
        try original.requireRevocable(by: self, under: terms)
    }
}
