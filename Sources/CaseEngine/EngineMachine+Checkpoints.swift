import CaseStore
import Evidence
import WorkingTime

// What is signed of the tree over the journal: within the transaction that made it so, at most once a second; a second after the last one where
// nothing is committed any more; and at the end.

extension EngineMachine {
    /// When what was committed since the last checkpoint is signed at the latest; nil where nothing was.
    var nextCheckpoint: Instant? {
        guard isUnsigned(state) else { return nil }
        let next = state.checkpoint?.at.advanced(byMilliseconds: CheckpointSigner.pause) ?? present
        return max(next, checkpointsFrom ?? next)
    }

    private func isUnsigned(_ state: EngineState) -> Bool {
        state.tree.edge.size > state.checkpoint?.size ?? 0 || isToBeSignedAnew
    }

    /// Signs what was committed since the last checkpoint, in a commit of its own.
    func signCheckpoint() {
        guard isUnsigned(state) else { return }
        let isDurable = commit(signing: true, isPlanned: false) { _ in
        } failing: { _ in
        }
        checkpointsFrom = isDurable ? nil : present.advanced(byMilliseconds: CheckpointSigner.retry)
    }

    /// Adds a checkpoint of the tree as a batch leaves it, where one is due. On a manual clock, which waits for nobody, each commit has one.
    ///
    /// - Parameter isForced: however new the last one is.
    func sign(_ batch: inout Batch, _ state: inout EngineState, atOnce isForced: Bool) {
        let last = state.checkpoint
        guard isUnsigned(state) else { return }
        let age = last.map { present - $0.at } ?? CheckpointSigner.pause
        guard isForced || clock == nil || age < 0 || age >= CheckpointSigner.pause else { return }
        let checkpoint = context.checkpoints.checkpoint(of: state.tree, at: present, after: last)
        batch.checkpoint = checkpoint
        state.checkpoint = checkpoint
        if let last, last.at.milliseconds / EngineMachine.hour != present.milliseconds / EngineMachine.hour {
            batch.thinnedCheckpoints = present.advanced(byMilliseconds: -24 * EngineMachine.hour)
        }
    }

    private static let hour: Int64 = 3_600_000

    /// Says in the log what was signed, which is kept elsewhere than the store.
    func note(_ checkpoint: CheckpointRow) {
        let note = String(decoding: checkpoint.note, as: UTF8.self)
        context.log.entry(.checkpointSigned, "the tree over the journal has \(checkpoint.size) entries", ["checkpoint": "\(note)"])
    }

    /// Compares the tree with what somebody else keeps of it, at a start.
    ///
    /// - Throws: `UnfitStore` where it has lost something of that.
    func compare(with witnessed: WitnessedFile?) throws {
        guard let witnessed else { return }
        let lost = try context.store.read(for: .engine) { try witnessed.compare($0, size: state.tree.edge.size, context.checkpoints) }
        guard let lost else { return }
        context.log.entry(
            .witnessedLost, "\(lost.size) entries of \(lost.origin) were witnessed and are lost, as the options allow",
            ["origin": "\(lost.origin)", "size": "\(lost.size)", "root": "\(lost.root)"])
    }
}
