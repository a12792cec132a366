import WorkingTime

/// What the catalogue named by what counted: which persons each unix user has been, under which ids of applicants each person applies, which
/// offices, posts and matters there were, and are, and by which keys was signed.
///
/// Somebody who is entered anew under another id keeps their unix user. By it they are the same, also where a service speaks for them. A
/// closed case names its office and its posts, also when they are gone, and when their names have come back for others.
package struct CatalogHistory: Equatable, Sendable {
    /// Grows by what the catalogue binds: once for each person that a user ever was.
    package private(set) var persons: [Identifier<User>: Set<PersonID>]
    /// Of each person who has any, by the last version that had the person.
    package private(set) var identities: [PersonID: Set<String>]
    package private(set) var offices: Succession<Office>
    package private(set) var posts: Succession<Post>
    package private(set) var matters: Succession<Matter>
    /// The keys that counted, in the order in which they were declared.
    package private(set) var keys: [CountedKey]

    package init(
        persons: [Identifier<User>: Set<PersonID>] = [:], identities: [PersonID: Set<String>] = [:],
        offices: Succession<Office> = Succession(), posts: Succession<Post> = Succession(), matters: Succession<Matter> = Succession(),
        keys: [CountedKey] = []
    ) {
        (self.persons, self.identities, self.offices, self.posts, self.matters) = (persons, identities, offices, posts, matters)
        self.keys = keys
    }

    /// Whether a version would leave out an office, a post or a matter.
    package func loses(_ register: Register) -> Bool {
        offices.loses(register.offices.keys) || posts.loses(register.posts.keys) || matters.loses(register.matters.keys)
    }

    /// Takes in a version, as far as it counts.
    ///
    /// - Parameter instant: from when those are gone that it leaves out: not before the last case was closed.
    package mutating func note(_ register: Register, at instant: Instant) {
        for user in register.users.values {
            if case .person(let person) = user.binding { persons[user.id, default: []].insert(person) }
        }
        for person in register.persons.values { identities[person.id] = person.identities.isEmpty ? nil : person.identities }
        offices.note(Set(register.offices.keys), at: instant) { register.offices[$0]?.succeeds ?? [] }
        posts.note(Set(register.posts.keys), at: instant) { register.posts[$0]?.succeeds ?? [] }
        matters.note(Set(register.matters.keys), at: instant) { _ in [] }
        keys.note(register, at: instant)
    }

    /// A version with what is known beside it.
    ///
    /// - Parameter isTraining: in a store for training one unix user plays everybody, and makes nobody another.
    package func completing(_ register: Register, isTraining: Bool) -> Register {
        var register = register
        register.former = Former(
            offices: offices, posts: posts, matters: matters, identities: identities.filter { register.persons[$0.key] == nil })
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

/// What versions before one named, beside what it says itself.
package struct Former: Equatable, Sendable {
    package var offices = Succession<Office>()
    package var posts = Succession<Post>()
    package var matters = Succession<Matter>()
    /// The applicant ids of persons who are in the catalogue no more.
    package var identities: [PersonID: Set<String>] = [:]

    package init() {}

    init(offices: Succession<Office>, posts: Succession<Post>, matters: Succession<Matter>, identities: [PersonID: Set<String>]) {
        (self.offices, self.posts, self.matters, self.identities) = (offices, posts, matters, identities)
    }
}

extension Register {
    /// The offices that act for the one that had a name at an instant; a version of which nothing else is known goes by the names alone.
    func offices(actingFor office: OfficeID, at instant: Instant?) -> Set<OfficeID> {
        former.offices.present.isEmpty ? Set([office].filter { offices[$0] != nil }) : former.offices.acting(for: office, at: instant)
    }

    /// The same of posts.
    func posts(actingFor post: PostID, at instant: Instant?) -> Set<PostID> {
        former.posts.present.isEmpty ? Set([post].filter { posts[$0] != nil }) : former.posts.acting(for: post, at: instant)
    }

    /// The posts of the offices that answer what another office was asked.
    func posts(answering request: OpinionRequest) -> [PostID] {
        offices(actingFor: request.office, at: request.at).sorted().flatMap { posts(of: $0) }
    }

    /// As whom somebody is known who does not act themselves.
    func participants(of person: PersonID) -> Set<Participant> {
        (otherIDs[person] ?? []).reduce(into: [Participant(named: person.raw)]) { $0.insert(Participant(named: $1.raw)) }
    }
}
