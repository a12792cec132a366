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
        account { String(cString: $0.pw_name) }
    }

    /// The groups of which the user's account is a member, whatever groups a process of theirs has. It can take long to find out.
    var groups: Set<UInt32> {
        account { entry in
            var count: Int32 = 64
            while true {
                var groups = [gid_t](repeating: 0, count: Int(count))
                let room = count
                if getgrouplist(entry.pw_name, entry.pw_gid, &groups, &count) >= 0 { return Set(groups.prefix(Int(count))) }
                // The library says how much room it takes.
                guard count > room else { return [entry.pw_gid] }
            }
        } ?? []
    }

    private func account<Value>(_ body: (passwd) -> Value) -> Value? {
        var size = 4096
        while true {
            var failure: Int32 = 0
            let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { room -> Value? in
                var entry = passwd()
                var found: UnsafeMutablePointer<passwd>?
                failure = getpwuid_r(uid, &entry, room.baseAddress!, room.count, &found)
                return failure == 0 && found != nil && entry.pw_name != nil ? body(entry) : nil
            }
            // An entry can be longer than what is usual.
            guard failure == ERANGE, size < 1 << 20 else { return value }
            size *= 4
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
