import CaseStore
import WorkingTime

/// What the watchdog has found so far.
package struct WatchdogReport: Sendable, Equatable {
    /// Within how many milliseconds systemd wants to hear that all is well.
    package let interval: Int64
    /// When it last was told so.
    package let at: Instant

    package init(interval: Int64, at: Instant) {
        self.interval = interval
        self.at = at
    }
}

extension Engine {
    /// Lets the engine do a turn, in which it passes what is due, and the store take a transaction; and compares what the engine holds in
    /// memory with the store. Blocks until then, so that whoever calls knows that all of them go on.
    ///
    /// - Returns: a sentence for each thing that cannot be; none where all is well.
    /// - Throws: where the store answers no more.
    package nonisolated func checkUp() throws -> [String] {
        try executor.queue.sync { @Sendable in
            try assumeIsolated { engine in
                engine.turn()
                return try engine.machine.checkUp()
            }
        }
    }

    /// How many open cases are overdue.
    package nonisolated func overdueCount() throws -> Int {
        let filter = CaseFilter(.isOverdue, now: context.time.now)
        return try context.store.read { try $0.count(filter) }
    }

    /// What the store cannot do; nil where it can do all.
    package nonisolated var storeTrouble: StoreTrouble? {
        context.outage.trouble ?? view.storeFault
    }

    package nonisolated func note(_ report: WatchdogReport) {
        shared.update { $0.watchdog = report }
    }
}
