/// What a reform must not multiply: the posts of an administration.
package struct Establishment: Equatable, Sendable {
    package let officeCount: Int
    /// Posts, held or not.
    package let staffCount: Int
    package let leadingCount: Int
    package let ranks: [String: Int]
    private let officeStaffCount: Int

    package init(_ register: Register) {
        officeCount = register.offices.count
        staffCount = register.posts.count
        leadingCount = register.posts.values.count(where: \.isLeading)
        ranks = Dictionary(grouping: register.posts.values.filter { !$0.rank.isEmpty }, by: \.rank).mapValues(\.count)
        officeStaffCount = register.posts.values.count { $0.office != nil }
    }

    /// Posts per office, in tenths.
    package var averageStaffTenths: Int {
        officeCount == 0 ? 0 : (officeStaffCount * 10 + officeCount / 2) / officeCount
    }

    /// Whether posts, leading posts and ranks are as many as before.
    package func hasPosts(of other: Establishment) -> Bool {
        staffCount == other.staffCount && leadingCount == other.leadingCount && ranks == other.ranks
    }
}

/// What changes between two versions of the catalogue about offices and duties.
package struct Reorganisation: Equatable, Sendable {
    package struct Duty: Equatable, Sendable {
        package let duty: String
        /// Nil for a duty that is new, or that nobody has any more.
        package let from: PostID?
        package let to: PostID?
    }

    package let before: Establishment
    package let after: Establishment
    /// Offices that disappear.
    package let abolished: [OfficeID]
    package let created: [OfficeID]
    /// The duties that change hands.
    package let duties: [Duty]
    private let old: Register
    private let new: Register

    package init(from old: Register, to new: Register) {
        (self.old, self.new) = (old, new)
        before = Establishment(old)
        after = Establishment(new)
        abolished = old.offices.keys.filter { new.offices[$0] == nil }.sorted()
        created = new.offices.keys.filter { old.offices[$0] == nil }.sorted()
        let (former, present) = (Reorganisation.duties(old), Reorganisation.duties(new))
        duties = Set(former.keys).union(present.keys).sorted().compactMap { duty in
            former[duty] == present[duty] ? nil : Duty(duty: duty, from: former[duty], to: present[duty])
        }
    }

    package static func == (a: Reorganisation, b: Reorganisation) -> Bool {
        a.before == b.before && a.after == b.after && a.abolished == b.abolished && a.created == b.created && a.duties == b.duties
    }

    package var changesOffices: Bool {
        !abolished.isEmpty || !created.isEmpty
    }

    /// Why the running cases of a matter cannot be handed over; nil where they can.
    ///
    /// An office that disappears has a successor for each of its matters, which says so.
    package func obstacle(to matter: MatterID) -> String? {
        guard let former = old.matters[matter]?.assignment.office, new.offices[former] == nil,
            let present = new.matters[matter]?.assignment.office, let successor = new.offices[present],
            !successor.succeeds.contains(former)
        else { return nil }
        return "office \(former) disappears, and \(present), which gets its matter \(matter), does not say that it succeeds it"
    }

    private static func duties(_ register: Register) -> [String: PostID] {
        Dictionary(register.posts.values.flatMap { post in post.allDuties.map { ($0, post.id) } }) { min($0, $1) }
    }
}

extension Register {
    /// Offices and posts of the version before that this one does not have, and of which none here says that it succeeds them; with what makes a case
    /// theirs.
    package func unsucceeded(from before: Register) -> [(entry: String, isTheirs: CaseCondition)] {
        let (officeHeirs, postHeirs) = (Set(offices.values.flatMap(\.succeeds)), Set(posts.values.flatMap(\.succeeds)))
        let offices = before.offices.keys.filter { self.offices[$0] == nil && !officeHeirs.contains($0) }.sorted()
        let posts = before.posts.keys.filter { self.posts[$0] == nil && !postHeirs.contains($0) }.sorted()
        return offices.map { ("office.\($0)", .equal(.office, $0.raw)) }
            + posts.map { ("post.\($0)", .any([.equal(.leader, $0.raw), .equal(.commissioner, $0.raw)])) }
    }
}

extension CaseFile {
    /// With whom it is by what counts now. An open case is handed over when its matter is, by an event. A closed one stays where it was, until its
    /// office or a post is gone: then it is with the one that succeeds it, or with nobody, also when the name comes back for another one.
    package func assignment(in register: Register) -> Assignment {
        func post(_ own: PostID) -> PostID {
            register.posts(actingFor: own, at: closedAt).min() ?? own.former
        }
        let offices = register.offices(actingFor: assignment.office, at: closedAt)
        let present = register.matters[matter]?.assignment.office
        return Assignment(
            office: present.flatMap { offices.contains($0) ? $0 : nil } ?? offices.min() ?? assignment.office.former,
            leader: post(assignment.leader), commissioner: post(assignment.commissioner))
    }
}

extension Identifier {
    /// What had this name before: no entry of a catalogue can be named so.
    fileprivate var former: Identifier {
        Identifier("\(raw) (gone)")
    }
}
