/// What somebody has had to do with a case. Nobody ever has to do with both its approval and its supervision.
package enum Involvement: String, CaseIterable, Sendable {
    /// Handed it in.
    case submitting
    /// Accepted it, asked for what is missing, or recommended.
    case examining
    /// Took any step that leads to a decision, the submission included.
    case approving
    /// Asked, raised, inspected, or read it as an auditor.
    case supervising
    /// Declared to have no part in it.
    case recusing
}

/// Somebody who has had to do with a case: a person or service by its name, the unix user that spoke, as `uid:1000`, or the service that spoke
/// for them, as `via:hall`. Whoever was one service, or a person, and is another one is known by the unix user. A person is known by name and user, so that another name in a later catalogue makes nobody another.
package struct Participant: Hashable, Comparable, Sendable {
    package let name: String

    package init(named name: String) {
        self.name = name
    }

    package init(user uid: UInt32) {
        name = "uid:\(uid)"
    }

    /// A service that spoke for somebody: it has their side of the case from then on.
    package init(speaker service: ServiceID) {
        name = "via:\(service)"
    }

    /// Whether it is a unix user or a service that spoke, which in a store for training stands for everybody.
    var isSpeaker: Bool {
        name.hasPrefix("uid:") || name.hasPrefix("via:")
    }

    package static func < (a: Participant, b: Participant) -> Bool {
        a.name < b.name
    }
}

extension CaseFile {
    /// Who has, or had, to do with it.
    package struct Participants: Equatable, Sendable {
        /// The officer to whom it is assigned.
        package var handler: PersonID?
        /// Who has declared to have no part in it.
        package var recused: Set<PersonID>
        /// Everybody by what they have had to do with it, from its first event on.
        package var involved: [Involvement: Set<Participant>]

        package init(handler: PersonID?, recused: Set<PersonID>, involved: [Involvement: Set<Participant>]) {
            self.handler = handler
            self.recused = recused
            self.involved = involved
        }

        package subscript(_ involvement: Involvement) -> Set<Participant> {
            involved[involvement] ?? []
        }

        /// Takes in who took a step.
        mutating func note(_ event: Event) {
            for involvement in Commands.involvement(of: event.change) {
                involved[involvement, default: []].formUnion(event.participants(in: involvement))
            }
        }

        func isInvolved(_ who: Set<Participant>, _ involvement: Involvement) -> Bool {
            involved[involvement].map { !$0.isDisjoint(with: who) } ?? false
        }
    }
}

extension Event {
    /// Who took the step: its author, and the unix user, or the service that spoke for them, with its user. A service may speak for several persons of one side,
    /// so that it counts where sides are kept apart and nowhere else; for whom it submits is no side.
    func participants(in involvement: Involvement) -> Set<Participant> {
        var participants: Set = [Participant(named: by)]
        if let via {
            let isSide = involvement == .approving || involvement == .supervising
            if isSide, !(change is Submitted) {
                participants.insert(Participant(speaker: via))
                if let uid { participants.insert(Participant(user: uid)) }
            }
        } else if let uid {
            participants.insert(Participant(user: uid))
        }
        return participants
    }
}

extension Principal {
    /// As whom somebody is known to a case.
    ///
    /// - Parameter terms: in a store for training one unix user plays everybody, and is nobody by itself.
    func participants(under terms: Terms) -> Set<Participant> {
        var participants = person.map(terms.register.participants) ?? [Participant(named: name)]
        if let uid, via == nil, !terms.isTraining { participants.insert(Participant(user: uid)) }
        return participants
    }
}

/// What keeps somebody from acting in a function, although the catalogue gives it to them.
package enum Hindrance: Equatable, Sendable {
    /// They already acted in another function, which is kept apart from it.
    case acted(Role)
    case recused
    /// They administer the server, and so have no part in any case.
    case administers
    /// The service that speaks for them spoke for the other side.
    case spoke(ServiceID)
}
