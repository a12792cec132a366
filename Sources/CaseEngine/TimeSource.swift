import CLinux
import FoundationEssentials
import Glibc
import Synchronization
import WorkingTime

/// Where the engine reads the present. The core never does.
package protocol TimeSource: Sendable {
    var now: Instant { get }
    /// Whether waiting lets time pass, so that a timer makes sense.
    var passesByItself: Bool { get }
    /// Milliseconds since some fixed moment, on a clock that nobody can set; nil where there is none.
    var elapsed: Int64? { get }
    /// Which boot of the machine that clock counts from; nil where there is none.
    var boot: String? { get }
    /// Whether the kernel says that the clock is kept right from outside.
    var isSynchronised: Bool { get }
    /// What the machine's clock shows, by which its timers go.
    var wall: Instant { get }
}

extension TimeSource {
    package var boot: String? { nil }
    package var isSynchronised: Bool { false }
    package var wall: Instant { now }
}

/// `CLOCK_REALTIME`.
package struct SystemTime: TimeSource {
    package let passesByItself = true

    package init() {}

    package var now: Instant {
        Instant(milliseconds: SystemTime.read(CLOCK_REALTIME))
    }

    /// Runs on while the machine sleeps, so that waking up is no step.
    package var elapsed: Int64? {
        SystemTime.read(CLOCK_BOOTTIME)
    }

    package var boot: String? {
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?.filter { !$0.isWhitespace }
    }

    package var isSynchronised: Bool {
        var state = timex()
        return adjtimex(&state) >= 0 && state.status & STA_UNSYNC == 0
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// A present that stands still until it is moved, for training and tests.
package final class ManualTime: TimeSource {
    package let passesByItself = false
    package let elapsed: Int64? = nil
    private let present: Mutex<Instant>

    /// It stops short of this, so that what a case waits for can still be written down.
    package static let end = Instant("9999-01-01T00:00:00Z")!

    /// - Precondition: `start` is before `end`.
    package init(_ start: Instant) {
        present = Mutex(start)
    }

    package var now: Instant {
        present.withLock { $0 }
    }

    /// Never backward.
    package func advance(to instant: Instant) {
        present.withLock { $0 = max($0, instant) }
    }
}
