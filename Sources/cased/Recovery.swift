import Dispatch
import Synchronization
import SystemdSupport

/// Asks systemd for more time while a long recovery goes on. One that has stopped asks no more, and systemd ends it.
final class Recovery: Sendable {
    private let lastAt = Mutex(DispatchTime.now())

    func goesOn() {
        let isTime = lastAt.withLock { lastAt in
            let now = DispatchTime.now()
            guard now.uptimeNanoseconds - lastAt.uptimeNanoseconds > 1_000_000_000 else { return false }
            lastAt = now
            return true
        }
        if isTime { Systemd.notify("EXTEND_TIMEOUT_USEC=60000000\nSTATUS=Recovering the store") }
    }
}
