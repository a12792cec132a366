import Dispatch
import Glibc
import WorkingTime

/// The one timer: it waits on the wall clock for the earliest deadline, and wakes once a minute regardless.
///
/// Its firings are hints. An early, late, double or missing one does no harm, and a clock step is found within the minute.
final class DeadlineTimer {
    private let deadline: any DispatchSourceTimer
    private let minute: any DispatchSourceTimer

    init(queue: DispatchQueue) {
        deadline = DispatchSource.makeTimerSource(queue: queue)
        minute = DispatchSource.makeTimerSource(queue: queue)
        deadline.schedule(wallDeadline: .distantFuture)
        minute.schedule(deadline: .now() + 60, repeating: 60)
        // Not started yet: a source needs something to do before it is activated.
        deadline.setEventHandler {}
        minute.setEventHandler {}
        deadline.activate()
        minute.activate()
    }

    /// - Parameter wake: runs on the queue.
    func start(_ wake: @escaping @Sendable () -> Void) {
        deadline.setEventHandler(handler: wake)
        minute.setEventHandler(handler: wake)
    }

    func arm(for instant: Instant?) {
        guard let instant else { return deadline.schedule(wallDeadline: .distantFuture) }
        let (seconds, milliseconds) = instant.milliseconds.quotientAndRemainder(dividingBy: 1000)
        let time = DispatchWallTime(
            timespec: timespec(tv_sec: Int(seconds), tv_nsec: Int(milliseconds) * 1_000_000))
        deadline.schedule(wallDeadline: time, leeway: .milliseconds(1))
    }

    func stop() {
        deadline.cancel()
        minute.cancel()
    }
}
