import WorkingTime

/// What the catalogue named by what counted: which persons each unix user has been, and which offices and posts there were, and are.
///
/// Somebody who is entered anew under another id keeps their unix user. By it they are the same, also where a service speaks for them. A
/// closed case names its office and its posts, also when they are gone, and when their names have come back for others.
package struct CatalogHistory: Equatable, Sendable {
    /// Grows by what the catalogue binds: once for each person that a user ever was.
    package private(set) var persons: [Identifier<User>: Set<PersonID>]
    /// Those of the last version.
    package private(set) var offices: Set<OfficeID>
    package private(set) var posts: Set<PostID>
    package private(set) var gone: Gone

    package init(
        persons: [Identifier<User>: Set<PersonID>] = [:], offices: Set<OfficeID> = [], posts: Set<PostID> = [], gone: Gone = Gone()
    ) {
        (self.persons, self.offices, self.posts, self.gone) = (persons, offices, posts, gone)
    }

    /// Takes in a version, as far as it counts from an instant on.
    package mutating func note(_ register: Register, at instant: Instant) {
        for user in register.users.values {
            if case .person(let person) = user.binding { persons[user.id, default: []].insert(person) }
        }
        for post in posts where register.posts[post] == nil { gone.posts[post] = instant }
        for office in offices where register.offices[office] == nil { gone.offices[office] = instant }
        for office in register.offices.values {
            for former in office.succeeds where register.offices[former] == nil { gone.successors[former, default: []].insert(office.id) }
        }
        (offices, posts) = (Set(register.offices.keys), Set(register.posts.keys))
    }

    /// A version with what is known beside it.
    ///
    /// - Parameter isTraining: in a store for training one unix user plays everybody, and makes nobody another.
    package func completing(_ register: Register, isTraining: Bool) -> Register {
        var register = register
        register.gone = gone
        register.otherIDs = isTraining ? [:] : otherIDs(in: register)
        return register
    }

    /// The other ids of each person: those that their unix users have been. Of two who have a unix user now, each is somebody; whoever has none is
    /// known by those who have theirs, and the other way round.
    private func otherIDs(in register: Register) -> [PersonID: Set<PersonID>] {
        let bound = Set(register.users.values.compactMap { if case .person(let person) = $0.binding { person } else { nil } })
        let shared = persons.values.filter { $0.count > 1 }
        let concerned = shared.reduce(into: Set<PersonID>()) { $0.formUnion($1) }
        return concerned.reduce(into: [:]) { found, person in
            // From whoever has none to others; whoever has one is where it ends.
            var (known, next): (Set<PersonID>, [PersonID]) = ([person], [person])
            while let one = next.popLast() {
                let others = Set(shared.filter { $0.contains(one) }.joined()).subtracting(known)
                let unbound = others.subtracting(bound)
                next += unbound
                known.formUnion(bound.contains(person) ? unbound : others)
            }
            if known.count > 1 { found[person] = known.subtracting([person]) }
        }
    }
}

/// Offices and posts that were gone at some time, those whose names have come back included. Grows by the names that a catalogue ever had.
package struct Gone: Equatable, Sendable {
    /// When each was gone last.
    package internal(set) var offices: [OfficeID: Instant] = [:]
    package internal(set) var posts: [PostID: Instant] = [:]
    /// Which offices ever said that they succeed one that is gone.
    package internal(set) var successors: [OfficeID: Set<OfficeID>] = [:]

    package init(
        offices: [OfficeID: Instant] = [:], posts: [PostID: Instant] = [:], successors: [OfficeID: Set<OfficeID>] = [:]
    ) {
        (self.offices, self.posts, self.successors) = (offices, posts, successors)
    }
}

extension Register {
    /// Whether the office of a case is the one that has its name now: not where that was gone after the case was closed.
    func has(_ office: OfficeID, ofCaseClosedAt closedAt: Instant?) -> Bool {
        offices[office] != nil && !Register.isFormer(gone.offices[office], closedAt)
    }

    /// The same of a post.
    func has(_ post: PostID, ofCaseClosedAt closedAt: Instant?) -> Bool {
        posts[post] != nil && !Register.isFormer(gone.posts[post], closedAt)
    }

    private static func isFormer(_ goneAt: Instant?, _ closedAt: Instant?) -> Bool {
        guard let goneAt, let closedAt else { return false }
        return closedAt <= goneAt
    }

    /// The offices that act for one: itself; of one that is gone, those that succeed it, and where they are gone, those that succeed them.
    func acting(for office: OfficeID) -> Set<OfficeID> {
        if offices[office] != nil { return [office] }
        var (found, seen, next): (Set<OfficeID>, Set<OfficeID>, [OfficeID]) = ([], [office], [office])
        while let one = next.popLast() {
            let declared = offices.values.filter { $0.succeeds.contains(one) }.map(\.id)
            for other in declared.isEmpty ? Array(gone.successors[one] ?? []) : declared where seen.insert(other).inserted {
                if offices[other] == nil { next.append(other) } else { found.insert(other) }
            }
        }
        return found
    }

    /// As whom somebody is known who does not act themselves.
    func participants(of person: PersonID) -> Set<Participant> {
        (otherIDs[person] ?? []).reduce(into: [Participant(named: person.raw)]) { $0.insert(Participant(named: $1.raw)) }
    }
}
