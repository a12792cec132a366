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
        try executor.queue.sync { @Sendable in try assumeIsolated { try $0.checkUpInTurn() } }
    }

    /// How many open cases are overdue.
    package nonisolated func overdueCount() throws -> Int {
        var filter = CaseFilter(now: context.time.now)
        filter.isOverdue = true
        return try context.store.read { try $0.count(filter) }
    }

    package nonisolated func note(_ report: WatchdogReport) {
        shared.update { $0.watchdog = report }
    }

    private func checkUpInTurn() throws -> [String] {
        turn()
        // Takes the writer's lock and changes nothing: it succeeds on a full disk, which is no reason to be ended.
        try context.store.commit { _ in }
        // Counting walks an index of all running cases.
        let isCounting = checkUpCount % 20 == 0
        checkUpCount += 1
        return try context.store.read(for: .engine) { snapshot in
            let known = gauges
            var broken: [String] = []
            func compare<Value: Equatable>(_ what: String, _ held: Value, _ stored: Value) {
                if held != stored { broken.append("\(what) is \(held) in memory and \(stored) in the store") }
            }
            compare("the last place in the journal", known.lastSeq, try snapshot.lastSeq())
            compare("the last case number", lastCaseNumber, try StoreSettings.lastCaseNumber(snapshot))
            compare("the next deadline", known.nextDeadline?.description ?? "none", try snapshot.nextDeadline()?.description ?? "none")
            if isCounting { compare("the number of open cases", known.openCount, try snapshot.openCount()) }
            return broken
        }
    }
}
