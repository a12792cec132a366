/// Who acts, as the peer's credentials and the catalogue say it.
package struct Principal: Hashable, Sendable {
    package enum Identity: Hashable, Sendable {
        case person(PersonID, via: ServiceID?)
        case service(ServiceID)
        /// A unix user that the catalogue does not bind.
        case user(UInt32)
        case clock
        case catalog
        /// A case that revokes the one to which it refers, or does not.
        case file(CaseID)
    }

    package let identity: Identity
    package let isAdmin: Bool
    /// Whether they could be an admin, over another connection: whoever administers the server has no part in cases.
    package let administers: Bool
    /// The unix user that speaks, whoever it speaks for; nil for the clock and the catalogue.
    package let uid: UInt32?

    package init(_ identity: Identity, isAdmin: Bool = false, administers: Bool? = nil, uid: UInt32? = nil) {
        self.identity = identity
        self.isAdmin = isAdmin
        self.administers = administers ?? isAdmin
        self.uid = uid
    }

    package static let clock = Principal(.clock)
    package static let catalog = Principal(.catalog)

    /// The name that the journal records. The catalogue lets nobody be called `clock`, `catalog` or, with a colon or a capital, like a user or
    /// a case.
    package var name: String {
        switch identity {
        case .person(let id, via: _): id.raw
        case .service(let id): id.raw
        case .user(let uid): "uid:\(uid)"
        case .clock: "clock"
        case .catalog: "catalog"
        case .file(let id): id.description
        }
    }

    /// The service through which a person acted.
    package var via: ServiceID? {
        if case .person(_, via: let service) = identity { service } else { nil }
    }

    /// The service itself, where it acts for nobody.
    package var service: ServiceID? {
        if case .service(let id) = identity { id } else { nil }
    }

    package var person: PersonID? {
        if case .person(let id, via: _) = identity { id } else { nil }
    }

    /// Whether it is the one who said something before: of the same name, or the same unix user under whatever name.
    package func isSame(asNamed other: String, uid otherUser: UInt32?) -> Bool {
        name == other || uid != nil && uid == otherUser
    }

    /// Anybody whom the catalogue or the machine knows; others may ask what server this is and nothing else.
    package var isKnown: Bool {
        switch identity {
        case .user: isAdmin
        case .person, .service, .clock, .catalog, .file: true
        }
    }
}
