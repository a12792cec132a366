import CaseStore
import CaseWire
import Logging
import Synchronization
import WorkingTime

/// That the store cannot be reached now, as a database cannot that is stopped or has another primary: said once, and once when it is over.
/// What was planned meanwhile is dropped; nothing of it was changed.
final class Outage: Sendable {
    private let since = Mutex<Instant?>(nil)
    private let log: Logger
    private let time: any TimeSource

    init(_ time: any TimeSource, _ log: Logger) {
        (self.time, self.log) = (time, log)
    }

    /// What of the store is shown meanwhile; nil while it can be reached.
    var trouble: Engine.StoreTrouble? {
        since.withLock { $0 }.map {
            Engine.StoreTrouble(since: $0, what: "it cannot be reached: commands and reads are refused", refusesCommands: true)
        }
    }

    /// Notes what an error says of it.
    ///
    /// - Returns: what a client hears; nil where it says nothing of that kind.
    func note(_ error: any Error) -> WireError? {
        guard case StoreFault.interrupted(let what) = error else { return nil }
        return begins(what)
    }

    /// A commit, or a read, has found out that it cannot be reached, and what says why.
    ///
    /// - Returns: what a client hears.
    func begins(_ what: String) -> WireError {
        let now = time.now
        let isNew = since.withLock { since in
            defer { since = since ?? now }
            return since == nil
        }
        if isNew {
            log.entry(.storeUnreachable, "the store cannot be reached: commands and reads are refused until it can", ["fault": "\(what)"])
        }
        return WireError(
            .storeUnreachable, "the store cannot be reached now; nothing was changed",
            hint: "try again later, a command with the same idempotency key")
    }

    /// The store has answered.
    ///
    /// - Returns: whether it could not be reached before.
    func isOver() -> Bool {
        let wasOn = since.withLock { since in
            defer { since = nil }
            return since != nil
        }
        if wasOn { log.notice("the store can be reached again: commands and reads are taken") }
        return wasOn
    }
}

extension Engine.Context {
    /// Notes what an error says of the store: that something in it is damaged, or that it cannot be reached.
    ///
    /// - Returns: what a client hears of it; nil where it says nothing of that kind.
    func note(_ error: any Error) -> WireError? {
        damages.note(error) ?? outage.note(error)
    }
}
