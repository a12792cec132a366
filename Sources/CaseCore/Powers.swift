/// Who may do what. Every command passes here.
extension Input.Kind {
    /// The functions in which this input may be given.
    package var permittedRoles: Set<Role> {
        switch self {
        case .submit, .correct, .withdraw: [.submitter]
        case .accept, .requestCorrection, .decline, .recommend, .assign, .deliver: [.office]
        case .return, .grant, .refuse: [.leader]
        case .suspend, .resume, .answerOrder: [.office, .leader]
        case .extend: [.extensionAuthority]
        case .note: [.submitter, .office, .leader, .extensionAuthority, .commissioner]
        case .escalate: [.commissioner, .admin]
        case .openOrder: [.commissioner, .clock]
        case .closeOrder: [.commissioner]
        case .reroute, .reproject: [.catalog]
        case .deemAccept, .lapse, .deemGrant, .passRung: [.clock]
        }
    }
}

extension CaseFile {
    /// In which functions a principal acts on this case.
    ///
    /// Whoever supervises the case has no other part in it, whatever else the catalogue says.
    package func roles(of principal: Principal, under terms: Terms) -> Set<Role> {
        let register = terms.register
        var roles: Set<Role> = []
        switch principal.identity {
        case .clock: roles.insert(.clock)
        case .catalog: roles.insert(.catalog)
        case .user: break
        case .service(let id):
            if submittedBy == id.raw || submittedVia == id { roles.insert(.submitter) }
        case .person(let id, via: _):
            if submittedBy == id.raw { roles.insert(.submitter) }
            if register.holder(of: assignment.commissioner) == id {
                roles.insert(.commissioner)
            } else {
                if register.posts.values.contains(where: { $0.office == assignment.office && $0.holder == id }) {
                    roles.insert(.office)
                }
                if register.holder(of: assignment.leader) == id { roles.insert(.leader) }
                if let authority = terms.matter.extension_?.authority, register.holder(of: authority) == id {
                    roles.insert(.extensionAuthority)
                }
            }
        }
        if principal.isAdmin { roles.insert(.admin) }
        return roles
    }

    /// Refuses what the principal has no power to do.
    func authorize(_ input: Input.Kind, by principal: Principal, under terms: Terms) throws(Refusal) {
        guard roles(of: principal, under: terms).isDisjoint(with: input.permittedRoles) else { return }
        throw .notPermitted(
            input, principal: principal.name, permitted: input.permittedRoles.sorted { $0.rawValue < $1.rawValue },
            holders: input.permittedRoles.compactMap { holder(of: $0, under: terms) }.sorted())
    }

    /// Submitter ≠ handler ≠ leader on one case.
    func requireFourEyes(_ input: Input.Kind, by principal: Principal) throws(Refusal) {
        guard let person = principal.person else { return }
        if submittedBy == person.raw { throw .fourEyes(input, person: person, other: .submitter) }
        if input.permittedRoles.contains(.leader), handler == person {
            throw .fourEyes(input, person: person, other: .office)
        }
    }

    private func holder(of role: Role, under terms: Terms) -> String? {
        switch role {
        case .submitter: submittedBy
        case .office: "office \(assignment.office)"
        case .leader: "post \(assignment.leader)"
        case .commissioner: "post \(assignment.commissioner)"
        case .extensionAuthority: terms.matter.extension_.map { "post \($0.authority)" }
        case .admin: "an admin"
        case .clock, .catalog: nil
        }
    }
}
