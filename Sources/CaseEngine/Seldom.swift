import Synchronization

/// Something that may happen often, and of which the log hears once a minute at most.
final class Seldom: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// Whether it is to be said now.
    func isNews() -> Bool {
        last.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < .seconds(60) { return false }
            last = now
            return true
        }
    }
}
