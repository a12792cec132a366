import CaseCore
import CaseWire
import Synchronization

/// Says who a peer is by what counts of the catalogue, and remembers it for seconds: a unix user can be deleted, and its number given to another.
final class PrincipalBook: Sendable {
    private struct Known {
        var version = -1
        /// Until when they are remembered.
        var end = ContinuousClock.now
        var identities: [Peer: Principal.Identity] = [:]
    }

    private let names: UserNames<UInt32>
    /// Of those whom the catalogue binds by a name.
    private let named: UserNames<String>
    private let catalogs: CatalogBook
    /// Behind the name or number of a unix user whom the catalogue binds on this node alone; nil where nobody shares the store.
    private let node: String?
    private let known = Mutex(Known())
    private let adminGroup: AdminGroup

    /// The group whose members administer the server; nil for nobody.
    private final class AdminGroup: Sendable {
        let id = Mutex<UInt32?>(nil)
    }

    /// - Parameters:
    ///   - node: this daemon's among those that share a store; nil where nobody shares it.
    ///   - names: of whom the catalogue binds by name; by default the machine's.
    init(
        _ catalogs: CatalogBook, node: String? = nil,
        names: UserNames<UInt32> = UserNames(groups: { Account.of($0)?.groups ?? [] }) { Peer(uid: $0).name },
        named: UserNames<String> = UserNames(groups: { Account.named($0)?.groups ?? [] }) { Account.named($0)?.name }
    ) {
        (self.catalogs, self.node) = (catalogs, node)
        self.names = names
        self.named = named
        adminGroup = AdminGroup()
    }

    private init(_ book: PrincipalBook, by catalogs: CatalogBook) {
        (self.catalogs, node, names, named, adminGroup) = (catalogs, book.node, book.names, book.named, book.adminGroup)
    }

    /// The same unix users, and who they are by another state of the catalogue.
    func by(_ catalogs: CatalogBook) -> PrincipalBook {
        PrincipalBook(self, by: catalogs)
    }

    /// Calls `body` once it can be said who a peer is.
    func learn(_ peer: Peer, then body: @escaping @Sendable () -> Void) {
        names.learn(peer.uid, then: body)
    }

    /// To whom a peer's keys belong: whoever it is by itself, for whomever it acts.
    func keyScope(of peer: Peer) -> String {
        switch identity(of: peer) {
        case .person(let id, via: _): "person:\(id)"
        case .service(let id): "service:\(id)"
        case .user, .clock, .catalog, .file: "uid:\(peer.uid)"
        }
    }

    /// Who acts: the peer itself, or the person for whom a service acts.
    func principal(of peer: Peer, acting: String?) throws(WireError) -> Principal {
        let identity = identity(of: peer)
        guard let acting else { return Principal(identity, isAdmin: peer.isAdmin, administers: administers(peer), uid: peer.uid) }
        let person = PersonID(acting)
        guard case .service(let id) = identity, let service = catalogs.newest.services[id] else {
            throw WireError(
                .permissionDenied, "only a service can act for somebody",
                hint: "leave `acting` out, or bind this user to a service in the catalogue")
        }
        let persons = catalogs.newest.persons
        guard persons[person] != nil else {
            throw .notFound("person", "person \(acting)", name: acting, among: persons.keys.map(\.raw))
        }
        guard service.mayAct(for: person, in: catalogs.newest, isTraining: catalogs.isTraining) else {
            throw WireError(
                .permissionDenied, "service \(id) may not act for \(acting)",
                hint: service.actsFor == .anyone
                    ? "\(acting) holds a post, for which acts-for = [\"anyone\"] does not count: name \(acting) there"
                    : "add \(acting) to its acts-for in the catalogue")
        }
        // Acting for somebody gives that person's powers and none of one's own.
        return Principal(.person(person, via: id), administers: administers(person), uid: peer.uid)
    }

    /// From now on the members of this group administer the server; nil for nobody.
    func admit(adminGroup group: UInt32?) {
        adminGroup.id.withLock { $0 = group }
        if group != nil { learnUsers() }
    }

    /// Whether somebody administers the server, be it over a connection without the group that lets them.
    func administers(_ peer: Peer) -> Bool {
        peer.isAdmin || adminGroup.id.withLock { $0 }.map { names.isMember(peer.uid, of: $0) } ?? false
    }

    /// Whether a unix user of somebody who does not speak by it does.
    func administers(_ person: PersonID) -> Bool {
        let group = adminGroup.id.withLock { $0 }
        return catalogs.newest.users.values.contains { user in
            guard user.binding == .person(person) else { return false }
            let name = nameHere(user.id)
            if let uid = UInt32(name) { return administers(Peer(uid: uid)) }
            return name == "root" || group.map { named.isMember(name, of: $0) } ?? false
        }
    }

    /// By which this machine knows a user of the catalogue.
    private func nameHere(_ user: Identifier<User>) -> String {
        guard let node, user.raw.hasSuffix("@\(node)") else { return user.raw }
        return String(user.raw.dropLast(node.count + 1))
    }

    /// Looks up whoever is bound, so that it is known of whom services speak.
    func learnUsers() {
        let users = catalogs.newest.users.keys.map(nameHere).sorted()
        named.prefetch(users.filter { UInt32($0) == nil })
        names.prefetch(users.compactMap { UInt32($0) })
    }

    /// What whoever is nobody is told.
    func unknown(_ peer: Peer) -> WireError {
        let written = catalogs.asWritten.identity(of: peer, on: node) { names.name(of: peer.uid) }
        if case .user = written {
            return WireError(
                .permissionDenied, "the catalogue does not know uid \(peer.uid)",
                hint: "bind this user to a person or service in the catalogue")
        }
        return WireError(
            .permissionDenied, "uid \(peer.uid) waits for a second word on the catalogue, and is nobody until then",
            hint: "another admin, an auditor or a post that confirms gives it: casectl catalog confirm")
    }

    private func identity(of peer: Peer) -> Principal.Identity {
        let version = catalogs.changeCount
        let remembered = known.withLock { $0.version == version && $0.end > .now ? $0.identities[peer] : nil }
        if let remembered { return remembered }
        let identity = catalogs.newest.identity(of: peer, on: node) { names.name(of: peer.uid) }
        // That somebody is unknown is not remembered: the look-up of their name can have failed.
        if case .user = identity { return identity }
        known.withLock { known in
            if known.version != version || known.end <= .now { known = Known(version: version, end: .now + .seconds(5)) }
            known.identities[peer] = identity
        }
        return identity
    }
}
