import ArgumentParser
import CaseWire
import Crypto
import Foundation

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the whole store to a file while the server runs.",
        discussion: """
            The server makes the copy as of one instant, opens it to see that it is whole, and records who took it. FILE appears only \
            when all of it has arrived. It holds every case: keep it as you keep the server. cased --restore FILE makes a store of it.
            """)
    @OptionGroup var server: Server
    @Argument(help: ArgumentHelp("Where to write the copy; what is there is replaced.", valueName: "file"))
    var file: String

    func run() throws {
        try ending {
            let made = try server.call(.backupMake)
            guard let id = made.cell("backup"), let total = made["bytes"]?.integer, let sha256 = made.cell("sha256") else {
                throw Failure(code: .unavailable, message: "the server's answer names no copy", hint: nil)
            }
            let part = "\(file).part"
            let output = try create(part)
            do {
                guard try fetch(id, total, to: output) == sha256 else {
                    throw Failure(code: .unavailable, message: "what has arrived is not what the server has copied", hint: "try again")
                }
                try output.synchronize()
                try output.close()
                guard rename(part, file) == 0 else { throw CocoaError(.fileWriteUnknown) }
            } catch {
                unlink(part)
                if error is Failure { throw error }
                throw Failure(
                    code: .unavailable, message: "\(file) cannot be written: \(error.localizedDescription)",
                    hint: "make room, or name another file")
            }
            server.show(made) { _ in
                Terminal.plain("\(file): \(StoreSize.text(total)), all events through \(made.cell("through") ?? "")")
            }
        }
    }

    private func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else {
            throw Failure(code: .unavailable, message: "\(path) cannot be written", hint: "name another file, or mend its permissions")
        }
        return handle
    }

    /// Writes all parts, and returns the digest of what it wrote.
    private func fetch(_ id: String, _ total: Int64, to output: FileHandle) throws -> String {
        var offset: Int64? = 0
        var hash = SHA256()
        while let from = offset {
            let answer = try server.call(.backupRead, [.init("backup", .string(id)), .init("offset", .integer(from))])
            guard let data = answer.cell("data").flatMap({ Data(base64Encoded: $0) }) else {
                throw Failure(code: .unavailable, message: "a part of the copy is damaged", hint: "try again")
            }
            try output.write(contentsOf: data)
            hash.update(data: data)
            offset = answer["next"]?.integer
            if Terminal.isTerminal, total > 10 << 20 {
                let done = offset ?? total
                StandardError.write("\r\(done * 100 / total) %")
            }
        }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Bytes as people read them.
enum StoreSize {
    static func text(_ bytes: Int64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var (value, place) = (Double(bytes), 0)
        while value >= 1024, place < units.count - 1 { (value, place) = (value / 1024, place + 1) }
        return place == 0 ? "\(bytes) bytes" : "\((value * 10).rounded() / 10) \(units[place])"
    }
}
