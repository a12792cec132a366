/// Which persons each unix user of the catalogue has been, by what counted.
///
/// Somebody who is entered anew under another id keeps their unix user. By it they are the same, also where a service speaks for them.
package struct UserHistory: Equatable, Sendable {
    /// Grows by what the catalogue binds: once for each person that a user ever was.
    package private(set) var persons: [Identifier<User>: Set<PersonID>]

    package init(persons: [Identifier<User>: Set<PersonID>] = [:]) {
        self.persons = persons
    }

    /// Takes in whom a version binds.
    package mutating func note(_ register: Register) {
        for user in register.users.values {
            if case .person(let person) = user.binding { persons[user.id, default: []].insert(person) }
        }
    }

    /// The other ids of each person: those that their unix users have been, and whose bearers have no unix user any more, and so on. Where both have
    /// one, they are two.
    package func formerIDs(in register: Register) -> [PersonID: Set<PersonID>] {
        let bound = Set(register.users.values.compactMap { if case .person(let person) = $0.binding { person } else { nil } })
        let shared = persons.values.filter { $0.count > 1 }
        let concerned = shared.reduce(into: Set<PersonID>()) { $0.formUnion($1) }
        return concerned.reduce(into: [:]) { found, person in
            var (known, next): (Set<PersonID>, [PersonID]) = ([person], [person])
            while let one = next.popLast() {
                let others = shared.filter { $0.contains(one) }.joined().filter { !bound.contains($0) }
                next += Set(others).subtracting(known)
                known.formUnion(others)
            }
            if known.count > 1 { found[person] = known.subtracting([person]) }
        }
    }
}

extension Register {
    /// As whom somebody is known who does not act themselves.
    func participants(of person: PersonID) -> Set<Participant> {
        (formerIDs[person] ?? []).reduce(into: [Participant(named: person.raw)]) { $0.insert(Participant(named: $1.raw)) }
    }
}
