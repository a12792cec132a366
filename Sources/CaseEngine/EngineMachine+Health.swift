import CaseStore
import WorkingTime

extension EngineMachine {
    /// Ends the process where the store is no longer in its place: a start would find none, or another one, so somebody must look first.
    /// One that could not be reached is tried again.
    ///
    /// - Returns: whether it can be reached again, so that what waited for that goes on.
    @discardableResult
    package func lookForStore() -> Bool {
        guard exitCode == nil else { return false }
        guard context.store.isInPlace else {
            context.log.entry(.storeFailed, "the store was taken away; the process ends")
            exitCode = 78
            return false
        }
        guard context.outage.trouble != nil else { return false }
        do {
            _ = try context.store.read(for: .engine) { try $0.lastSeq() }
        } catch {
            // It was said already.
            return false
        }
        return reachedStore()
    }

    /// Lets the store take a transaction, and compares the machine's state with what the store holds. Where a part of the store is damaged,
    /// that is noted, and there is nothing to compare: to end the process would mend nothing.
    ///
    /// - Returns: a sentence for each thing that differs.
    package func checkUp() throws -> [String] {
        do {
            return try differences()
        } catch {
            // What cannot be reached is not compared either: to end the process would not bring it back.
            guard context.note(error) != nil else { throw error }
            return []
        }
    }

    private func differences() throws -> [String] {
        // Takes the writer's lock and changes nothing: it succeeds on a full disk, which is no reason to be ended.
        try context.store.commit { _ in }
        let isCounting = checkUpCount % 20 == 0
        checkUpCount += 1
        _ = reachedStore()
        return try context.store.read(for: .engine) { snapshot in
            try meet(snapshot, isPlanned: false)
            if isDeadlineUncertain { try lookUpDeadline(snapshot) }
            let known = state
            var broken: [String] = []
            func compare<Value: Equatable>(_ what: String, _ held: Value, _ stored: Value) {
                if held != stored { broken.append("\(what) is \(held) in memory and \(stored) in the store") }
            }
            compare("the last place in the journal", known.lastSeq, try snapshot.lastSeq())
            compare("the last case number", known.lastCaseNumber, try StoreSettings.lastCaseNumber(snapshot))
            compare("the next deadline", known.nextDeadline?.description ?? "none", try snapshot.nextDeadline()?.description ?? "none")
            if isCounting {
                compare("the number of open cases", known.openCount, try snapshot.openCount())
                compare("the number of open cases by whom they were submitted", known.openCounts, try snapshot.openCounts())
            }
            return broken
        }
    }
}
