import CaseStore
import Evidence
import WorkingTime

/// Signs what the tree over the journal is, as notes that others verify without us (C2SP `tlog-checkpoint`).
package struct CheckpointSigner: Sendable {
    /// One in so long at most, in milliseconds.
    static let pause: Int64 = 1000
    /// One that could not be kept is tried again after so long, in milliseconds.
    static let retry: Int64 = 60_000

    private let signer: NoteSigner
    /// The name of the log. A store that was restored goes on under another one: what was lost with the store before may have had checkpoints.
    package let origin: String

    /// - Parameters:
    ///   - key: the log's.
    ///   - epoch: of the store.
    /// - Throws: `UnfitStore` where the epoch is damaged.
    init(_ key: SSHPrivateKey, epoch: String) throws {
        origin = "cased/\(epoch)"
        guard let signer = NoteSigner(name: origin, seed: key.seed) else {
            throw UnfitStore(description: "the store does not say which one it is: restore it from a backup")
        }
        self.signer = signer
    }

    /// By what others verify it.
    package var verifier: NoteVerifier {
        signer.verifier
    }

    /// Whether a note is signed by this key. Another one may be by a key from before, or of the store that this one was restored from.
    ///
    /// - Throws: where it claims to be, and is not.
    func hasSigned(_ note: SignedNote) throws(NoteFault) -> Bool {
        do throws(NoteFault) {
            _ = try note.verified(by: [verifier])
            return true
        } catch .unsigned {
            return false
        }
    }

    /// - Parameter before: the newest that the store has: where it is of the same tree its signatures stay, as many as a note may have, so that
    ///   whoever knows a key from before verifies it as well.
    func checkpoint(of tree: JournalTree, at instant: Instant, after before: CheckpointRow?) -> CheckpointRow {
        // The origin was found fit when this was made.
        var note = try! Checkpoint(origin: origin, tree.edge).signed(by: signer)
        if before?.size == tree.edge.size, let older = before.flatMap({ try? SignedNote($0.note) }), older.text == note.text,
            older.signatures.count < SignedNote.signatureLimit
        {
            note = older
            note.sign(by: signer)
        }
        return CheckpointRow(size: tree.edge.size, at: instant, note: note.bytes)
    }

    /// Compares the newest checkpoint with the tree that the store has.
    ///
    /// - Returns: whether it is by this key.
    /// - Throws: `UnfitStore` where it is not of this tree, or claims to be by this key and is not.
    func compare(_ row: CheckpointRow, _ snapshot: any StoreSnapshot, size: Int64) throws -> Bool {
        guard let note = try? SignedNote(row.note), let checkpoint = try? Checkpoint(text: note.text), checkpoint.size == row.size else {
            throw UnfitStore(description: "its newest checkpoint is damaged: restore it from a backup")
        }
        guard let isOwn = try? hasSigned(note) else {
            throw UnfitStore(description: "its newest checkpoint is not what was signed: restore it from a backup")
        }
        guard checkpoint.size <= size else {
            throw UnfitStore(
                description: "a checkpoint was signed of \(checkpoint.size) entries, and its journal has \(size): restore it from a backup")
        }
        let root: MerkleHash?
        do { root = try snapshot.root(ofSize: checkpoint.size) } catch is TreeFault { root = nil }
        guard root == checkpoint.root else {
            throw UnfitStore(
                description: "its journal is not the one of which checkpoint \(checkpoint.size) was signed: restore it from a backup")
        }
        return isOwn
    }
}
