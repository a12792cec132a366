import CaseCore
import Glibc

/// The unix users of this machine.
enum MachineUsers {
    /// The number of the user that an entry of a catalogue names; nil where the machine knows no such name.
    static func number(_ user: Identifier<User>) -> UInt32? {
        if let number = UInt32(user.raw) { return number }
        var (entry, found) = (passwd(), nil as UnsafeMutablePointer<passwd>?)
        var room = [CChar](repeating: 0, count: 1 << 16)
        guard getpwnam_r(user.raw, &entry, &room, room.count, &found) == 0, found != nil else { return nil }
        return entry.pw_uid
    }
}
