import CaseCore
import CaseWire
import Synchronization

/// Says who a peer is under the newest catalogue, and remembers it until the next one; that somebody is unknown, for seconds.
final class PrincipalBook: Sendable {
    private struct Known {
        var version = -1
        var identities: [Peer: Principal.Identity] = [:]
        /// Until when a user whom nobody knows is taken for one without another look: the look-up can have failed.
        var unknownUntil: [Peer: ContinuousClock.Instant] = [:]
    }

    private static let unknownFor = Duration.seconds(5)
    /// More users without a name are not remembered.
    private static let unknownLimit = 1000

    private let catalogs: CatalogBook
    private let known = Mutex(Known())

    init(_ catalogs: CatalogBook) {
        self.catalogs = catalogs
    }

    /// Who acts: the peer itself, or the person for whom a service acts.
    func principal(of peer: Peer, acting: String?) throws(WireError) -> Principal {
        let identity = identity(of: peer)
        guard let acting else { return Principal(identity, isAdmin: peer.isAdmin) }
        let person = PersonID(acting)
        guard case .service(let id) = identity, let service = catalogs.newest.services[id] else {
            throw WireError(
                .permissionDenied, "only a service can act for somebody",
                hint: "leave `acting` out, or bind this user to a service in the catalogue")
        }
        guard catalogs.newest.persons[person] != nil else { throw .notFound("person", "person \(acting)") }
        guard service.mayAct(for: person) else {
            throw WireError(
                .permissionDenied, "service \(id) may not act for \(acting)", hint: "add \(acting) to its acts-for in the catalogue")
        }
        // Acting for somebody gives that person's powers and none of one's own.
        return Principal(.person(person, via: id))
    }

    private func identity(of peer: Peer) -> Principal.Identity {
        let version = catalogs.newestVersion
        let now = ContinuousClock.now
        let remembered = known.withLock { known -> Principal.Identity? in
            guard known.version == version else { return nil }
            if let end = known.unknownUntil[peer], now < end { return .user(peer.uid) }
            return known.identities[peer]
        }
        if let remembered { return remembered }
        let identity = catalogs.newest.identity(of: peer)
        known.withLock { known in
            if known.version != version { known = Known(version: version) }
            if case .user = identity {
                if known.unknownUntil.count >= PrincipalBook.unknownLimit { known.unknownUntil = [:] }
                known.unknownUntil[peer] = now + PrincipalBook.unknownFor
            } else {
                known.identities[peer] = identity
            }
        }
        return identity
    }
}
