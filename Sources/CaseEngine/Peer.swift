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
        Account.of(uid)?.name
    }
}

/// A unix user, as the machine knows them. To find out can take long.
struct Account {
    let uid: UInt32
    let name: String
    /// Those of which the account is a member, whatever groups a process of theirs has.
    let groups: Set<UInt32>

    static func of(_ uid: UInt32) -> Account? {
        find { getpwuid_r(uid, $0, $1, $2, $3) }
    }

    static func named(_ name: String) -> Account? {
        find { getpwnam_r(name, $0, $1, $2, $3) }
    }

    private init(_ entry: passwd) {
        uid = entry.pw_uid
        name = String(cString: entry.pw_name)
        var (count, groups): (Int32, [gid_t]) = (64, [])
        while true {
            let room = count
            groups = [gid_t](repeating: 0, count: Int(count))
            let found = getgrouplist(entry.pw_name, entry.pw_gid, &groups, &count)
            // The library says how much room it takes.
            if found >= 0 || count <= room { break }
        }
        self.groups = Set(groups.prefix(Int(count))).union([entry.pw_gid])
    }

    fileprivate static func find(
        _ lookUp: (UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>) ->
            Int32
    ) -> Account? {
        var size = 4096
        while true {
            var failure: Int32 = 0
            let account = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { room -> Account? in
                var entry = passwd()
                var found: UnsafeMutablePointer<passwd>?
                failure = lookUp(&entry, room.baseAddress!, room.count, &found)
                return failure == 0 && found != nil && entry.pw_name != nil ? Account(entry) : nil
            }
            // An entry can be longer than what is usual.
            guard failure == ERANGE, size < 1 << 20 else { return account }
            size *= 4
        }
    }
}

extension Register {
    /// Whom the catalogue binds this unix user to; a user whom it does not bind, or to two by its name and by its number, acts under their
    /// number. What it says of the user on this node alone counts before what it says of them on all.
    ///
    /// - Parameter node: this daemon's among those that share a store; nil where nobody shares it.
    func identity(of peer: Peer, on node: String?, name: () -> String?) -> Principal.Identity {
        let own = [String(peer.uid), name()].compactMap(\.self)
        func bindings(_ end: String) -> Set<User.Binding> { Set(own.compactMap { users[Identifier($0 + end)]?.binding }) }
        let here = node.map { bindings("@\($0)") } ?? []
        let bindings = here.isEmpty ? bindings("") : here
        return switch bindings.count == 1 ? bindings.first : nil {
        case .person(let id)?: .person(id, via: nil)
        case .service(let id)?: .service(id)
        case nil: .user(peer.uid)
        }
    }
}
