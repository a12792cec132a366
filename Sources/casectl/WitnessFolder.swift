import Evidence
import FoundationEssentials
import Glibc

/// A folder that keeps checkpoints for somebody else than the server: one file for each, by log and size, that is never written again.
struct WitnessFolder {
    /// Where those of this log lie.
    private let path: String

    /// - Parameter origin: of the log.
    /// - Throws: a `Failure` where there is no such folder, or the log has a name that no folder can have.
    init(_ folder: String, origin: String) throws {
        var entry = stat()
        guard stat(folder, &entry) == 0, entry.st_mode & S_IFMT == S_IFDIR else {
            throw Failure(code: .notFound, message: "\(folder) is no folder", hint: "make it, or mount it; it is not made for you")
        }
        let name = origin.replacing("/", with: "-")
        guard name.utf8.allSatisfy({ isalnum(Int32($0)) != 0 || "-._".utf8.contains($0) }), !name.hasPrefix(".") else {
            throw Failure(code: .refused, message: "the log has a name that no folder can have", hint: "is it a cased of this version?")
        }
        path = "\(folder)/\(name)"
    }

    private func file(_ size: Int64) -> String {
        "\(path)/\(size)"
    }

    /// The checkpoint of the most entries, and its file; nil where there is none of this log.
    func newest() throws -> (checkpoint: Checkpoint, file: String)? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard let size = names.compactMap({ Int64($0) }).max() else { return nil }
        return (try TreeFolder.checkpoint(file(size)), file(size))
    }

    /// Keeps a checkpoint; what is kept already stays as it is.
    ///
    /// - Returns: what is there in its place, where it is of the same size and another root.
    func keep(_ note: SignedNote, _ checkpoint: Checkpoint) throws -> (checkpoint: Checkpoint, file: String)? {
        try WholeFile.makeFolder(path)
        let name = file(checkpoint.size)
        let new = try WholeFile(replacing: name)
        if let number = writeAll(note.bytes, to: new.descriptor) {
            new.abandon()
            throw WholeFile.unwritable(name, number)
        }
        guard try !new.finishNew() else { return nil }
        let kept = try TreeFolder.checkpoint(name)
        return kept.root == checkpoint.root ? nil : (kept, name)
    }
}
