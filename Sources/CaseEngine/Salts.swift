import Evidence
import Glibc
import Synchronization

/// Chance for salts, each of which is given out once.
package enum Salts {
    /// So many are asked for at once: to ask the system for each takes longer than all else that is done for it.
    private static let count = 256
    private static let rest = Mutex<[UInt8]>([])

    /// 16 bytes that nobody can guess.
    @Sendable package static func next() -> [UInt8] {
        rest.withLock { rest in
            if rest.isEmpty {
                rest = Array(unsafeUninitializedCapacity: Opening.saltLength * count) { room, length in
                    length = Opening.saltLength * count
                    arc4random_buf(room.baseAddress!, length)
                }
            }
            defer { rest.removeLast(Opening.saltLength) }
            return Array(rest.suffix(Opening.saltLength))
        }
    }
}
