/// What the catalogue named by what counted: which persons each unix user has been, and which offices and posts there were.
///
/// Somebody who is entered anew under another id keeps their unix user. By it they are the same, also where a service speaks for them. A
/// closed case names its office and its posts, also when they are gone.
package struct CatalogHistory: Equatable, Sendable {
    /// Grows by what the catalogue binds: once for each person that a user ever was.
    package private(set) var persons: [Identifier<User>: Set<PersonID>]
    package private(set) var offices: Set<OfficeID>
    package private(set) var posts: Set<PostID>

    package init(persons: [Identifier<User>: Set<PersonID>] = [:], offices: Set<OfficeID> = [], posts: Set<PostID> = []) {
        (self.persons, self.offices, self.posts) = (persons, offices, posts)
    }

    /// Takes in a version, as far as it counts.
    package mutating func note(_ register: Register) {
        for user in register.users.values {
            if case .person(let person) = user.binding { persons[user.id, default: []].insert(person) }
        }
        offices.formUnion(register.offices.keys)
        posts.formUnion(register.posts.keys)
    }

    /// A version with what is known beside it.
    ///
    /// - Parameter isTraining: in a store for training one unix user plays everybody, and makes nobody another.
    package func completing(_ register: Register, isTraining: Bool) -> Register {
        var register = register
        register.goneOffices = offices.filter { register.offices[$0] == nil }.sorted()
        register.gonePosts = posts.filter { register.posts[$0] == nil }.sorted()
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

extension Register {
    /// As whom somebody is known who does not act themselves.
    func participants(of person: PersonID) -> Set<Participant> {
        (otherIDs[person] ?? []).reduce(into: [Participant(named: person.raw)]) { $0.insert(Participant(named: $1.raw)) }
    }
}
