import CLinux
import Dispatch
import Glibc

/// Tells when somebody sets the machine's clock: a timer far in the future that the kernel cancels then. libdispatch's own timers
/// do not ask for that.
package final class ClockSetSource {
    private let source: (any DispatchSourceRead)?

    /// - Parameter wake: runs on the queue. Where the kernel has no such timer, the minute's look finds steps as well, only later.
    package init(queue: DispatchQueue, wake: @escaping @Sendable () -> Void) {
        let descriptor = timerfd_create(CLOCK_REALTIME, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
        guard descriptor >= 0 else {
            source = nil
            return
        }
        ClockSetSource.arm(descriptor)
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { @Sendable in
            var count: UInt64 = 0
            // Fails with ECANCELED, which is the news; the timer has to be set again to be cancelled again.
            _ = read(descriptor, &count, 8)
            ClockSetSource.arm(descriptor)
            wake()
        }
        source.setCancelHandler { @Sendable in _ = Glibc.close(descriptor) }
        source.activate()
        self.source = source
    }

    deinit {
        source?.cancel()
    }

    package func stop() {
        source?.cancel()
    }

    private static func arm(_ descriptor: Int32) {
        var never = itimerspec()
        never.it_value.tv_sec = Int.max / 2
        _ = timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET), &never, nil)
    }
}
