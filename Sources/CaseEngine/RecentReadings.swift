import CaseWire
import Synchronization
import WorkingTime

/// What is on record of readings since an hour ago: whoever asks the same again within it, as a screen that shows a list does, is on record
/// already. A case that has changed since is another reading. It is kept in memory alone: after a restart a reading goes on record again.
final class RecentReadings: Sendable {
    /// Who asked for what, and how often what counts of the catalogue had changed by then.
    struct Key: Hashable {
        let peer: Peer
        let acting: String?
        let changeCount: Int
        let reading: Reading
    }

    /// In milliseconds.
    static let hour: Int64 = 3_600_000
    /// More are not remembered: they go on record each time.
    static let limit = 10_000
    private let recorded = Mutex<[Key: Instant]>([:])

    func isOnRecord(_ key: Key, at now: Instant) -> Bool {
        recorded.withLock { $0[key].map { RecentReadings.isRecent($0, at: now) } ?? false }
    }

    /// Remembers what has become durable, unless it is of copies of the store: each of them is on record.
    func note(_ key: Key, at now: Instant) {
        switch key.reading {
        case .store, .lastPart: return
        case .file, .list: break
        }
        recorded.withLock { recorded in
            if recorded.count >= RecentReadings.limit { recorded = recorded.filter { RecentReadings.isRecent($0.value, at: now) } }
            if recorded.count < RecentReadings.limit { recorded[key] = now }
        }
    }

    private static func isRecent(_ instant: Instant, at now: Instant) -> Bool {
        (0..<hour).contains(now - instant)
    }
}
