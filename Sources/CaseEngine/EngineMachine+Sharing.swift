import CaseCore
import CaseStore
import CaseWire
import WorkingTime

// Where others commit to the same store, what is known here is compared with it under the lock of each commit, and taken in where others were
// first. What was planned on less than that is planned again.

extension EngineMachine {
    /// Others have committed since something was planned.
    struct Overtaken: Error {}

    /// So often something is planned again before it is left for later.
    private static let planLimit = 8

    /// Takes in what others have committed, if there is something.
    package func catchUp() {
        guard context.store.isShared, exitCode == nil else { return }
        do {
            try context.store.read(for: .engine) { _ = try takeIn($0) }
        } catch {
            // The next commit meets the same, and whoever waits for that hears of it.
            _ = context.note(error)
        }
    }

    /// Carries out what is planned on what is known before it has the lock; again where others were first.
    ///
    /// - Returns: whether nobody was first in the end.
    @discardableResult
    package func plannedAgain(_ body: () -> Void) -> Bool {
        for _ in 0..<EngineMachine.planLimit {
            isOvertaken = false
            body()
            guard isOvertaken else { return true }
        }
        isOvertaken = false
        return false
    }

    /// Compares what is known with the state on which a commit is planned.
    ///
    /// - Parameter isPlanned: whether something was planned on what was known so far.
    /// - Throws: `Overtaken`.
    func meet(_ snapshot: any StoreSnapshot, isPlanned: Bool) throws {
        guard context.store.isShared, try takeIn(snapshot), isPlanned else { return }
        isOvertaken = true
        throw Overtaken()
    }

    /// - Returns: whether there was something to take in.
    private func takeIn(_ snapshot: any StoreSnapshot) throws -> Bool {
        let count = try snapshot.commitCount()
        guard count != takenIn else { return false }
        let before = state
        try snapshot.foresee(Foreseen(isWhole: true, leavesAfter: before.lastSeq))
        let now = try EngineState(snapshot, after: before)
        // Powers first: whoever follows the journal hears of it by what counts since.
        let serverRevision = try snapshot.lastRevision(of: .server)
        if serverRevision != takenInServerRevision {
            try context.catalogs.takeIn(snapshot, now)
            context.principals.learnUsers()
            pendingCatalog = nil
        }
        if let manual = context.time as? ManualTime { try StoreSettings.follow(snapshot, manual) }
        if before.hold != nil, now.hold == nil { try clock?.believe(StoreSettings.anchor(snapshot)) }
        // So it does where what was heard of has not stayed, since a database has lost what it had not said to be durable.
        if now.lastErasure != before.lastErasure || now.lastSeq < before.lastSeq { context.tail.forget() }
        if let checkpoint = now.checkpoint, checkpoint != before.checkpoint { isToBeSignedAnew = false }
        // Of a state that was lost on the way there could be a part.
        try snapshot.requireWhole()
        caseIntake = CaseIntake()
        (takenIn, takenInServerRevision) = (count, serverRevision)
        (state, durable) = (now, now)
        shared.update {
            $0.state = now
            $0.commitCount = count
        }
        shared.announce()
        return true
    }
}

extension WireError {
    /// What was planned was overtaken by others again and again.
    static let overtaken = WireError(
        .conflict, kind: "store.overtaken", "others changed the store each time before this could be done",
        hint: "try again; nothing was changed")
}

extension Engine {
    /// Sees to it that what is known here is no older than what others have committed: whoever was told of a commit by them reads by it.
    nonisolated func catchUp() throws {
        guard context.store.isShared, try context.store.read({ try $0.commitCount() }) != view.commitCount else { return }
        executor.queue.sync { assumeIsolated { $0.machine.catchUp() } }
    }
}
