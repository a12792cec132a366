import CaseCore
import Foundation

/// Who is at the other end of a socket, as the kernel says.
package struct Peer: Sendable, Hashable {
    package let uid: UInt32

    package init(uid: UInt32) {
        self.uid = uid
    }

    /// root, or the daemon's own user.
    package var isAdmin: Bool {
        uid == 0 || uid == geteuid()
    }

    /// The user's name, where the machine knows one.
    var name: String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var room = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(uid, &entry, &room, room.count, &found) == 0, found != nil, let name = entry.pw_name else { return nil }
        return String(cString: name)
    }
}

extension Register {
    /// Whom the catalogue binds this unix user to; a user whom it does not bind acts under their number.
    func identity(of peer: Peer) -> Principal.Identity {
        let names = Set([String(peer.uid), peer.name].compactMap { $0 })
        if let person = persons.values.first(where: { !names.isDisjoint(with: $0.users) }) {
            return .person(person.id, via: nil)
        }
        if let service = services.values.first(where: { !names.isDisjoint(with: $0.users) }) {
            return .service(service.id)
        }
        return .user(peer.uid)
    }
}
