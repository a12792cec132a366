import CaseEngine
import Synchronization
import WorkingTime

/// A machine with two clocks: one that shows the time and can be set, and one that only runs on.
package final class SettableTime: TimeSource {
    /// Nothing wakes the engine but commands, so that a test decides what happens when.
    package let passesByItself = false
    private let state: Mutex<(shown: Int64, elapsed: Int64)>

    package init(_ start: Instant) {
        state = Mutex((start.milliseconds, 1_000_000))
    }

    package var now: Instant {
        state.withLock { Instant(milliseconds: $0.shown) }
    }

    package var elapsed: Int64? {
        state.withLock { $0.elapsed }
    }

    /// Time goes by.
    package func pass(milliseconds: Int64) {
        state.withLock { $0 = ($0.shown + milliseconds, $0.elapsed + milliseconds) }
    }

    package func pass(to instant: Instant) {
        pass(milliseconds: instant - now)
    }

    /// Somebody sets the clock.
    package func set(byMilliseconds step: Int64) {
        state.withLock { $0.shown += step }
    }
}
