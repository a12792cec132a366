import CaseTesting
import Evidence
import Foundation
import Testing

/// Somebody who has what was exported, `ssh-keygen` and a program on Go's packages, and nothing of ours.
@Suite(
    "An auditor on a machine of their own",
    .enabled(if: Machine.isAllowed, "SKIPPED: this machine allows no namespaces, so no auditor had one of their own"),
    .enabled(
        if: (try? BareDebian.auditors.get()) != nil, "SKIPPED: no Debian could be made (mmdebstrap and a network), so no auditor had one"),
    .enabled(if: GoVerifier.isThere, Comment(rawValue: GoVerifier.whereFrom)), .serialized)
struct AuditorTests {
    /// What the server's side has made, once for all tests.
    private static let made = Result<TemporaryDirectory, any Error> {
        let directory = TemporaryDirectory()
        directory.keepUntilExit()
        let program = try EvidencePage.run(in: directory)
        guard program.status == 0 else { throw Machine.Failed(description: "\(program.output)\n\(program.errors)") }
        return directory
    }

    /// A copy of what the auditor was handed, and nothing else.
    private func handedOver() throws -> TemporaryDirectory {
        let (from, folder) = (try Self.made.get().path, TemporaryDirectory())
        for name in ["log", "log.key", "checkpoint", "allowed_signers"] {
            try FileManager.default.copyItem(atPath: "\(from)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        for (name, file) in [("statement", "decision@cased"), ("statement.sig", "decision@cased.sig")] {
            try FileManager.default.copyItem(atPath: "\(from)/log/decisions/C-1/\(file)", toPath: "\(folder.path)/\(name)")
        }
        return folder
    }

    private func audit(_ folder: TemporaryDirectory, _ commands: String = EvidencePage.auditorsCommands) throws -> Program {
        try BareDebian.run(commands, in: folder.path, with: GoVerifier.program)
    }

    @Test("The commands of docs/evidence.md find an exported journal and its decisions right, where nothing of ours is")
    func walk() throws {
        let folder = try handedOver()
        let bare = try audit(folder, "ls /srv\ntest $(tail -n +3 /proc/net/dev | wc -l) -le 1\n! command -v cased casectl python3 go curl")
        #expect(bare.status == 0, "\(bare.output)\(bare.errors)")
        #expect(bare.output == "allowed_signers\ncheckpoint\nlog\nlog.key\nstatement\nstatement.sig\n", "\(bare.output)")
        let five = try audit(folder, EvidencePage.fiveMinutes + "\ntrue")
        #expect(
            five.status == 0 && five.output.contains("Good \"decision@cased\" signature for permit-office"), "\(five.output)\(five.errors)")
        let walk = try audit(folder)
        #expect(walk.status == 0, "\(walk.output)\(walk.errors)")
        for sign in [
            "1 older checkpoints", "OK: the statement is in entry", "Good \"decision@cased\" signature for permit-office with ED25519 key",
            "Good \"grant@cased\" signature for zhang.min with ED25519 key",
        ] { #expect(walk.output.contains(sign), "\(sign): \(walk.output)") }
    }

    /// What somebody does to what is handed over.
    struct Tampering: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Which program says so.
        let sign: String
        let change: @Sendable (Files) throws -> Void

        init(_ name: String, _ sign: String = "WRONG:", _ change: @escaping @Sendable (Files) throws -> Void) {
            (testDescription, self.sign, self.change) = (name, sign, change)
        }
    }

    /// The files of a folder that was handed over.
    struct Files {
        let path: String

        func bytes(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
        }

        func write(_ bytes: [UInt8], _ name: String) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        }

        /// The only bundle of a short journal.
        func bundle() throws -> String {
            let folder = "log/tile/entries"
            let names = try FileManager.default.subpathsOfDirectory(atPath: "\(path)/\(folder)")
            return "\(folder)/\(names.first { $0.contains("/") }!)"
        }

        func changeEntries(_ change: (inout [TreeEntry]) -> Void) throws {
            let name = try bundle()
            var entries = EntryBundle.entries(try bytes(name))!
            change(&entries)
            try write(EntryBundle.bytes(entries), name)
        }

        /// The newest checkpoint by a key of one's own.
        func sign(_ origin: String? = nil) throws -> NoteSigner {
            let checkpoint = try Checkpoint(text: SignedNote(bytes("log/checkpoint")).text)
            let name = origin ?? checkpoint.origin
            let signer = NoteSigner(name: name, seed: Array(repeating: 9, count: 32))!
            try write(
                Checkpoint(origin: name, size: checkpoint.size, root: checkpoint.root).signed(by: signer).bytes, "log/checkpoint")
            try write(Array("\(signer.verifier)\n".utf8), "log/key")
            return signer
        }

        func replace(_ text: String, with other: String, _ name: String) throws {
            let before = String(decoding: try bytes(name), as: UTF8.self)
            #expect(before.contains(text))
            try write(Array(before.replacing(text, with: other).utf8), name)
        }

        func copy(_ name: String, to other: String) throws {
            try write(bytes(name), other)
        }
    }

    private static let decision = "log/decisions/C-2/decision@cased"

    static let all: [Tampering] = [
        Tampering("one byte of an entry") { files in
            try files.changeEntries { entries in
                var bytes = entries[2].bytes
                bytes[bytes.count / 2] ^= 1
                entries[2] = TreeEntry(of: bytes)
            }
        },
        Tampering("two entries swapped") { try $0.changeEntries { $0.swapAt(1, 2) } },
        Tampering("an entry left out") { try $0.changeEntries { $0.remove(at: 1) } },
        Tampering("the last entries cut") { try $0.changeEntries { $0.removeLast(2) } },
        Tampering("another key, which the folder has with it") { _ = try $0.sign() },
        Tampering("another log by another key") { _ = try $0.sign("cased/other") },
        Tampering("an older checkpoint of another size") { files in
            let note = String(decoding: try files.bytes("checkpoint"), as: UTF8.self)
            let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
            try files.write(
                Array(([lines[0], "1", lines[2]] + lines[3...]).joined(separator: "\n").utf8), "checkpoint")
        },
        Tampering("one word of the statement") { try $0.replace("decision: granted", with: "decision: refused", decision) },
        Tampering("the statement of another case", "Signature verification failed: incorrect signature") {
            try $0.copy("log/decisions/C-1/decision@cased", to: decision)
        },
        Tampering("the seal of another case", "Signature verification failed: incorrect signature") {
            try $0.copy("log/decisions/C-1/decision@cased.sig", to: "\(decision).sig")
        },
        Tampering("the seal in place of the leader's signature", "namespace does not match") {
            try $0.copy("\(decision).sig", to: "log/decisions/C-2/grant@cased.sig")
        },
        Tampering("one word of what the leader signed", "Signature verification failed: incorrect signature") {
            try $0.replace("command: grant", with: "command: refuse", "log/decisions/C-2/grant@cased")
        },
    ]

    @Test("Whatever was changed is refused there as well", arguments: all)
    func tampered(_ tampering: Tampering) throws {
        let folder = try handedOver()
        try tampering.change(Files(path: folder.path))
        let program = try audit(folder)
        #expect(program.status != 0, "\(program.output)\(program.errors)")
        #expect((program.output + program.errors).contains(tampering.sign), "\(program.output)\(program.errors)")
    }
}
