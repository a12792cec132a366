import CaseEngine
import Synchronization
import WorkingTime

/// A machine with two clocks: one that shows the time and can be set, and one that only runs on.
package final class SettableTime: TimeSource {
    /// Nothing wakes the engine but commands, so that a test decides what happens when.
    package let passesByItself = false
    private let state: Mutex<(shown: Int64, elapsed: Int64, boot: Int, isSynchronised: Bool)>

    package init(_ start: Instant) {
        state = Mutex((start.milliseconds, 1_000_000, 1, false))
    }

    package var now: Instant {
        state.withLock { Instant(milliseconds: $0.shown) }
    }

    package var elapsed: Int64? {
        state.withLock { $0.elapsed }
    }

    package var boot: String? {
        state.withLock { "boot-\($0.boot)" }
    }

    package var isSynchronised: Bool {
        state.withLock { $0.isSynchronised }
    }

    /// The machine starts anew after a time that its clock alone knows.
    package func reboot(after milliseconds: Int64, isSynchronised: Bool = false) {
        state.withLock { $0 = ($0.shown + milliseconds, 1000, $0.boot + 1, isSynchronised) }
    }

    /// Time goes by.
    package func pass(milliseconds: Int64) {
        state.withLock {
            $0.shown += milliseconds
            $0.elapsed += milliseconds
        }
    }

    package func pass(to instant: Instant) {
        pass(milliseconds: instant - now)
    }

    /// Somebody sets the clock.
    package func set(byMilliseconds step: Int64) {
        state.withLock { $0.shown += step }
    }
}
