import Synchronization

/// Who looks at which case in this hall, as far as it remembers. It tells colleagues of each other, and is no record: it goes with the process.
final class Presence: Sendable {
    /// By case, and then by person: until when they count as being there, in seconds of some clock.
    private let looking = Mutex<[String: [String: Int64]]>([:])

    /// A page that was shown, and a stream that has said something, counts so many seconds.
    static let span: Int64 = 45
    /// So many cases are remembered; beyond them those that nobody looks at any more are forgotten, and then all.
    private static let caseLimit = 5000

    /// Notes that somebody looks at a case now.
    func note(_ person: String, at file: String, now: Int64) {
        looking.withLock { looking in
            if looking.count >= Presence.caseLimit, looking[file] == nil {
                looking = looking.filter { $0.value.values.contains { $0 > now } }
                if looking.count >= Presence.caseLimit { looking = [:] }
            }
            looking[file, default: [:]][person] = now + Presence.span
        }
    }

    /// Of how many cases it remembers something.
    var count: Int {
        looking.withLock { $0.count }
    }

    /// Who else looks at it, in the order of their ids.
    func others(than person: String, at file: String, now: Int64) -> [String] {
        looking.withLock { looking in
            looking[file] = looking[file]?.filter { $0.value > now }
            return looking[file]?.keys.filter { $0 != person }.sorted() ?? []
        }
    }
}
