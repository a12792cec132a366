import ArgumentParser
import CasePages
import CaseWire
import Crypto
import FoundationEssentials
import Glibc

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("Copy the whole store to a file while the server runs."),
        discussion: """
            The server makes the copy as of one instant, opens it to see that it is whole, and records who took it. FILE appears only \
            when all of it has arrived. It holds every case: keep it as you keep the server. cased --restore FILE makes a store of it.

            Example: casectl backup copy.sqlite
            """)
    @OptionGroup var server: Server
    @Argument(help: ArgumentHelp("Where to write the copy; a file that is there is replaced.", valueName: "file"))
    var file: String

    func validate() throws {
        if let output = server.outputFile, WholeFile.isSame(file, output) {
            throw ValidationError("--output-file is what this command says, and \(file) the copy: name two files")
        }
    }

    func run() throws {
        try ending {
            // Where nothing can be written the server need not copy anything.
            let output = try WholeFile(replacing: file, isPrivate: true)
            let made: JSONValue
            let total: Int64
            do {
                made = try server.call(.backupMake)
                guard let id = made.cell("backup"), let bytes = made["bytes"]?.integer, let sha256 = made.cell("sha256") else {
                    throw Failure(code: .unavailable, message: "the server's answer names no copy", hint: nil)
                }
                total = bytes
                guard try fetch(id, total, to: output) == sha256 else {
                    throw Failure(code: .unavailable, message: "what has arrived is not what the server has copied", hint: "try again")
                }
            } catch {
                output.abandon()
                throw error
            }
            try output.finish()
            server.show(made) { _ in
                Terminal.plain("\(file): \(StoreSize.text(total)), all events through \(made.cell("through") ?? "")")
            }
        }
    }

    /// Writes all parts, and returns the digest of what it wrote.
    private func fetch(_ id: String, _ total: Int64, to output: WholeFile) throws -> String {
        var offset: Int64? = 0
        var hash = SHA256()
        var progress = Progress(of: Int(total))
        defer { progress.end() }
        while let from = offset {
            let answer = try server.call(.backupRead, [.init("backup", .string(id)), .init("offset", .integer(from))])
            guard let data = answer.cell("data").flatMap({ Data(base64Encoded: $0) }) else {
                throw Failure(code: .unavailable, message: "a part of the copy is damaged", hint: "try again")
            }
            if let number = writeAll(Array(data), to: output.descriptor) { throw WholeFile.unwritable(file, number) }
            hash.update(data: data)
            offset = answer["next"]?.integer
            if total > 10 << 20 { progress.show(Int(offset ?? total)) }
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
