/// An entry that one version of the catalogue has, and another one has otherwise or not at all.
package struct EntryChange: Equatable, Sendable {
    package enum Kind: String, Sendable { case added, changed, removed }
    package let kind: Kind
    /// Such as `matter.building-permit`.
    package let entry: String

    package init(_ kind: Kind, _ entry: String) {
        self.kind = kind
        self.entry = entry
    }
}

extension Register {
    /// What another version says otherwise, kind by kind.
    package func changes(to new: Register) -> [EntryChange] {
        func compare<Kind, Value: Equatable>(
            _ kind: String, _ old: [Identifier<Kind>: Value], _ new: [Identifier<Kind>: Value]
        ) -> [EntryChange] {
            Set(old.keys).union(new.keys).sorted().compactMap { id in
                guard old[id] != new[id] else { return nil }
                return EntryChange(old[id] == nil ? .added : new[id] == nil ? .removed : .changed, "\(kind).\(id)")
            }
        }
        return compare("department", departments, new.departments) + compare("module", modules, new.modules)
            + compare("office", offices, new.offices) + compare("window", windows, new.windows)
            + compare("post", posts, new.posts) + compare("substitution", substitutions, new.substitutions)
            + compare("person", persons, new.persons) + compare("service", services, new.services)
            + compare("user", users, new.users) + compare("matter", matters, new.matters) + compare("draw", draws, new.draws)
            + compare("seal", seals, new.seals) + compare("signer", signers, new.signers)
            + compare("sla", policies, new.policies) + compare("calendar", calendars, new.calendars)
    }
}
