import Evidence
import FoundationEssentials

/// A journal that was exported to a folder.
struct TreeFolder: TreeFiles {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    func bytes(at name: String) throws -> [UInt8]? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init)
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
