import CaseCore
import FoundationEssentials
import Glibc

/// Who is at the other end of a socket, as the kernel says.
package struct Peer: Sendable, Hashable {
    package let uid: UInt32
    /// Whether it connected as a member of the group that administers the daemon.
    package let isInAdminGroup: Bool

    package init(uid: UInt32, isInAdminGroup: Bool = false) {
        self.uid = uid
        self.isInAdminGroup = isInAdminGroup
    }

    /// root, the daemon's own user, or a member of the group that was named for it.
    package var isAdmin: Bool {
        uid == 0 || uid == geteuid() || isInAdminGroup
    }

    /// The user's name, where the machine knows one. It can take long to find out.
    var name: String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var size = 4096
        while true {
            var room = [CChar](repeating: 0, count: size)
            let failure = getpwuid_r(uid, &entry, &room, room.count, &found)
            // An entry can be longer than what is usual.
            if failure == ERANGE, size < 1 << 20 {
                size *= 4
                continue
            }
            guard failure == 0, found != nil, let name = entry.pw_name else { return nil }
            return String(cString: name)
        }
    }
}

extension Register {
    /// Whom the catalogue binds this unix user to; a user whom it does not bind, or to two by its name and by its number, acts under their
    /// number.
    func identity(of peer: Peer, name: () -> String?) -> Principal.Identity {
        let bindings = Set([users[Identifier(String(peer.uid))], name().flatMap { users[Identifier($0)] }].compactMap { $0?.binding })
        return switch bindings.count == 1 ? bindings.first : nil {
        case .person(let id)?: .person(id, via: nil)
        case .service(let id)?: .service(id)
        case nil: .user(peer.uid)
        }
    }
}
