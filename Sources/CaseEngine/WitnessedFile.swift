import CaseStore
import Evidence
import FoundationEssentials
import Glibc
import WorkingTime

/// Where the newest checkpoint stands that a witness was handed (`casectl evidence witness`): outside the store, so that one that is put back
/// as it was before, with all that lies beside it, does not bring its own.
package struct WitnessedFile: Sendable {
    /// Where it is.
    let path: String
    /// The root of a witnessed checkpoint that the store is allowed to have lost, in base 64; nil for none.
    private let givenUp: String?

    /// - Parameter givenUp: the root, in base 64, of a witnessed checkpoint that the store is allowed to have lost; nil for none.
    package init(_ path: String, givingUp givenUp: String? = nil) {
        (self.path, self.givenUp) = (path, givenUp)
    }

    /// No checkpoint with its cosignatures has so many bytes.
    private static let byteLimit = 1 << 20

    /// What stands there.
    struct Content {
        let note: SignedNote
        let checkpoint: Checkpoint
        /// When it was written, by the machine's clock.
        let at: Instant
    }

    /// - Throws: `UnfitStore` where there is no such file, or it is no checkpoint.
    func read() throws(UnfitStore) -> Content {
        var entry = stat()
        guard stat(path, &entry) == 0, entry.st_mode & S_IFMT == S_IFREG, entry.st_size <= WitnessedFile.byteLimit,
            let bytes = FileManager.default.contents(atPath: path)
        else {
            throw UnfitStore(
                description:
                    "\(path), which says what was witnessed, is no file that can be read: bring it back; it is named once casectl evidence witness has made it"
            )
        }
        guard let note = try? SignedNote(Array(bytes)), let checkpoint = try? Checkpoint(text: note.text) else {
            throw UnfitStore(
                description:
                    "\(path), which says what was witnessed, is no signed checkpoint: bring back what was there, as the witness has it"
            )
        }
        return Content(note: note, checkpoint: checkpoint, at: Instant(milliseconds: Int64(entry.st_mtim.tv_sec) * 1000))
    }

    /// Compares a store with what was witnessed. That has to be its beginning, whatever the log is called: so a store that was restored is
    /// held to what was witnessed before.
    ///
    /// - Parameter origin: the name of the store's log.
    /// - Returns: what was witnessed and is lost, where that is allowed.
    /// - Throws: `UnfitStore` where it is lost and is not allowed to be, or the file cannot be read.
    func compare(_ snapshot: any StoreSnapshot, size: Int64, _ signer: CheckpointSigner) throws -> Checkpoint? {
        let content = try read()
        let witnessed = content.checkpoint
        guard (try? signer.hasSigned(content.note)) != nil else {
            throw UnfitStore(
                description:
                    "\(path), which says what was witnessed, is not what was signed: bring back what was there, as the witness has it")
        }
        if witnessed.size <= size, try snapshot.root(ofSize: witnessed.size) == witnessed.root { return nil }
        if witnessed.origin == signer.origin {
            let what =
                size < witnessed.size
                ? "\(witnessed.size) entries of its journal were witnessed, and it has \(size)"
                : "the first \(witnessed.size) entries of its journal are not those that were witnessed"
            throw UnfitStore(description: "\(what): bring the store back, or restore the newest backup, which makes it another log")
        }
        // One name has one history: only another log may have lost something.
        if witnessed.root.description == givenUp { return witnessed }
        throw UnfitStore(
            description:
                "\(witnessed.size) entries of \(witnessed.origin) were witnessed, and this store, \(signer.origin), has not all of them: restore a newer backup; where there is none, say so in its options: witnessed-lost = '\(witnessed.root)'"
        )
    }
}
