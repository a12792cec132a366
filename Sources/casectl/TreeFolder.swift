import Evidence
import FoundationEssentials
import Glibc

/// A journal that was exported to a folder.
struct TreeFolder: TreeFiles {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    /// No file of an export is larger: a bundle has 256 entries of 64 KiB at most.
    private static let byteLimit = 32 << 20

    func bytes(at name: String) throws -> [UInt8]? {
        let file = "\(path)/\(name)"
        var entry = stat()
        guard stat(file, &entry) == 0 else { return nil }
        guard entry.st_mode & S_IFMT == S_IFREG, entry.st_size <= TreeFolder.byteLimit else {
            throw Failure(code: .refused, message: "\(file) is no file of an export: it is too large, or none at all", hint: nil)
        }
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Failure(code: .notFound, message: "\(file) cannot be read", hint: "look at who may read it")
        }
        return Array(bytes)
    }

    /// A signed note of a file.
    static func note(_ path: String) throws -> SignedNote {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure(code: .notFound, message: "\(path) cannot be read", hint: "name the file of a checkpoint")
        }
        guard let note = try? SignedNote(Array(bytes)) else {
            throw Failure(code: .refused, message: "\(path) is no signed checkpoint", hint: "casectl evidence checkpoint prints one")
        }
        return note
    }

    static func checkpoint(_ path: String) throws -> Checkpoint {
        guard let checkpoint = try? Checkpoint(text: note(path).text) else {
            throw Failure(code: .refused, message: "\(path) is no checkpoint", hint: "casectl evidence checkpoint prints one")
        }
        return checkpoint
    }

    /// The key of a file.
    static func verifier(_ path: String) throws -> NoteVerifier {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure(code: .notFound, message: "\(path) cannot be read", hint: "casectl evidence checkpoint --key prints a key")
        }
        let text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard let key = NoteVerifier(text) else {
            throw Failure(code: .refused, message: "\(path) has no key of a log", hint: "casectl evidence checkpoint --key prints one")
        }
        return key
    }
}
