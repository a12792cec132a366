import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import Evidence
import FoundationEssentials
import Glibc

struct EvidenceGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: Say.text("What others can check without this server."),
        subcommands: [
            Signers.self, CheckpointCommand.self, ExportTree.self, VerifyTree.self, ProofFile.self, Consistency.self, ScrubCommand.self,
            WitnessCommand.self,
        ])
}

extension EvidenceGroup {
    struct Signers: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("The keys of seals and signers that ever counted, and when, as ssh-keygen -Y verify reads them."),
            discussion: "Example: casectl evidence signers > allowed_signers")
        @OptionGroup var server: Server

        func run() throws {
            try ending {
                let result = try server.call(.signers)
                guard !server.json else { return server.show(result) { _ in "" } }
                StandardOutput.data(result.cell("allowed_signers") ?? "")
            }
        }
    }

    struct CheckpointCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint",
            abstract: Say.text("The newest signed checkpoint of the journal, to be kept elsewhere than the server."),
            discussion: """
                A checkpoint says how many entries the journal has and what they are, in 32 bytes. Whoever keeps one can tell later whether \
                anything before it was changed: casectl evidence verify --since FILE.

                Example: casectl evidence checkpoint > checkpoint
                """)
        @OptionGroup var server: Server
        @Option(help: "Instead the first that is kept of so many entries or more.") var size: Int?
        @Flag(help: "Instead the key that verifies checkpoints, in the form of signed notes.") var key = false

        func validate() throws {
            try require(size, of: "--size", from: 0)
        }

        func run() throws {
            try ending {
                let result = try TreeServer(server).checkpoint(size: size)
                guard !server.json else { return server.show(result) { _ in "" } }
                StandardOutput.data(key ? "\(result.cell("key") ?? "")\n" : result.cell("note") ?? "")
            }
        }
    }

    struct ExportTree: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: Say.text("Write the journal to a folder by which others verify it with their own programs."),
            discussion: """
                The folder has the form of C2SP tlog-tiles: checkpoint, tile/…, tile/entries/…, and long/ \
                for entries that are too long for a bundle; key and allowed_signers; decisions/ with what was sealed and signed; README.txt \
                for whoever verifies it. A folder that is there goes on from where it ends. It holds what events say but what is kept apart \
                of persons: it is for whoever reads all cases.

                Example: casectl evidence export log
                """)
        @OptionGroup var server: Server
        @Argument(help: ArgumentHelp("The folder; it is made where it is not there.", valueName: "dir"), completion: .directory) var folder:
            String

        func run() throws {
            try ending {
                let source = TreeServer(server)
                let export = try TreeExport(folder, from: source)
                let added = try export.run()
                server.show(.object([.init("size", .integer(export.size)), .init("added", .integer(added))])) { _ in
                    Terminal.plain(Say.fill("{}: {} entries, {} of them new", folder, "\(export.size)", "\(added)"))
                }
            }
        }
    }

    struct VerifyTree: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: Say.text("Check a folder that was exported, or the server, against checkpoints and a key."),
            discussion: """
                A folder is checked whole and without a server: each entry, each tile, the signature, that checkpoints from before are of \
                the same log, and that decisions/ has what the entries say. Its allowed_signers has to come another way, as the key has: \
                ssh-keygen checks signatures by it. The server is asked for its newest checkpoint, and for what shows that those from before are its beginning. \
                Without --key the folder's, or the server's, own word is taken for the key, and that is said. Exits with 1 where something \
                is not what was signed, and says what and where.

                Examples: casectl evidence verify log --key log.key --since checkpoint; casectl evidence verify --since checkpoint
                """)
        @OptionGroup var server: Server
        @Argument(
            help: ArgumentHelp("A folder that was exported; by default the server is asked.", valueName: "dir"), completion: .directory)
        var folder: String?
        @Option(
            help: ArgumentHelp("The file of the key, as casectl evidence checkpoint --key printed it.", valueName: "file"),
            completion: .file())
        var key: String?
        @Option(help: ArgumentHelp("A checkpoint that was kept; repeat it.", valueName: "file"), completion: .file()) var since: [String] =
            []

        func run() throws {
            try ending {
                let earlier = try since.map { try TreeFolder.note($0) }
                let trusted = try key.map { try TreeFolder.verifier($0) }
                let (checkpoint, findings) = try folder.map { try folderFindings($0, trusted, earlier) } ?? serverFindings(trusted, earlier)
                if trusted == nil {
                    let said =
                        folder == nil
                        ? "the key is what the server says itself: --key names one that came another way"
                        : "the key is what the folder says itself: --key names one that came another way"
                    StandardError.write(Terminal.plain(Say.line(said)) + "\n")
                }
                for finding in findings { StandardOutput.print(Terminal.plain("WRONG  \(finding)")) }
                guard findings.isEmpty, let checkpoint else { throw ExitCode(Failure.Code.refused.rawValue) }
                StandardOutput.print(
                    Terminal.plain(Say.fill("{}: {} entries are what was signed", checkpoint.origin, "\(checkpoint.size)")))
            }
        }

        private func folderFindings(
            _ path: String, _ key: NoteVerifier?, _ earlier: [SignedNote]
        ) throws -> (Checkpoint?, [String]) {
            let folder = TreeFolder(path)
            let key = try key ?? TreeFolder.verifier("\(path)/key")
            let audit = try TreeAudit(of: folder, trusting: TreeTrust(origin: key.name, keys: [key]), since: earlier)
            let tree = audit.checkpoint?.checkpoint
            var findings = audit.findings.map { $0.sentence(since) }
            if findings.isEmpty, let tree { findings += try ExportedDecisions(folder, size: tree.size).findings() }
            return (tree, findings)
        }

        private func serverFindings(_ key: NoteVerifier?, _ earlier: [SignedNote]) throws -> (Checkpoint?, [String]) {
            let source = TreeServer(server)
            let newest = try source.newest()
            let key = key ?? newest.key
            let trust = TreeTrust(origin: key.name, keys: [key])
            let tree: Checkpoint
            do { tree = try trust.checkpoint(in: newest.note).checkpoint } catch {
                return (nil, [TreeAudit.Finding.checkpoint(error).sentence(since)])
            }
            var findings: [String] = []
            if try source.root(ofSize: tree.size) != tree.root { findings.append(TreeAudit.Finding.root.sentence(since)) }
            for (place, note) in earlier.enumerated() {
                do {
                    let old = try trust.checkpoint(in: note).checkpoint
                    guard old.size <= tree.size else {
                        findings.append(TreeAudit.Finding.shortened(place).sentence(since))
                        continue
                    }
                    let proof = try source.consistencyProof(from: old.size, to: tree.size)
                    if !MerkleProof.verifyConsistency(from: old.size, root: old.root, to: tree.size, root: tree.root, proof: proof) {
                        findings.append(TreeAudit.Finding.rewritten(place).sentence(since))
                    }
                } catch let fault as NoteFault {
                    findings.append(TreeAudit.Finding.earlier(place, fault).sentence(since))
                }
            }
            return (tree, findings)
        }
    }

    struct ScrubCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scrub", abstract: Say.text("Look through the whole store now, whether anybody reads what is there or not."),
            discussion: """
                The server does it by itself once a day, in idle time: casectl status says how far it is. Exits with 1 where something is not \
                what was recorded, and says what.
                """)
        @OptionGroup var server: Server

        func run() throws {
            try ending {
                let bytes = try server.call(.serverStatus)["store_bytes"]?.integer ?? 0
                var progress = Progress(of: Int(bytes / 4096))
                var (counts, damages, next): ([String: Int64], [String], JSONValue?) = ([:], [], nil)
                repeat {
                    let part = try server.call(.scrub, next.map { [.init("after", $0)] } ?? [])
                    for name in ["pages", "entries", "cases"] { counts[name, default: 0] += part[name]?.integer ?? 0 }
                    damages += (part["damages"]?.array ?? []).compactMap(\.string)
                    next = part["next"]?.isNull == false ? part["next"] : nil
                    progress.show(Int(min(counts["pages"] ?? 0, bytes / 4096)))
                } while next != nil
                progress.end()
                let result = JSONValue.object(
                    ["pages", "entries", "cases"].map { .init($0, .integer(counts[$0] ?? 0)) }
                        + [.init("damages", .array(damages.map { .string($0) }))])
                server.show(result) { result in
                    let said = Say.fill(
                        "{} pages, {} entries and {} cases were looked at", result.cell("pages") ?? "", result.cell("entries") ?? "",
                        result.cell("cases") ?? "")
                    return ([said] + damages.map { "WRONG  \($0)" }).map(Terminal.plain).joined(separator: "\n")
                }
                guard damages.isEmpty else { throw ExitCode(Failure.Code.refused.rawValue) }
            }
        }
    }

    struct ProofFile: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "proof", abstract: Say.text("One file that shows that an event of a case is in the journal."),
            discussion: """
                The file has the form of C2SP tlog-proof: the entry, its place, the hashes that lead from it to the root, and the signed \
                checkpoint. Whoever has the key of the log verifies it without the server.

                Example: casectl evidence proof C-17 > C-17.tlog-proof
                """)
        @OptionGroup var server: Server
        @Argument(help: ArgumentHelp("The case.", valueName: "case"), completion: Completion.cases) var file: String
        @Option(help: "Which event, by its revision; by default the last one.") var revision: Int?

        func validate() throws {
            try CaseName.require(file)
            try require(revision, of: "--revision", from: 1)
        }

        func run() throws {
            try ending {
                let result = try TreeServer(server).waiting {
                    try server.call(
                        .eventProof, [.init("case", .string(file))] + (revision.map { [.init("revision", .integer($0))] } ?? []))
                }
                guard !server.json else { return server.show(result) { _ in "" } }
                StandardOutput.data(result.cell("proof") ?? "")
            }
        }
    }

    struct Consistency: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "consistency",
            abstract: Say.text("Whether the journal of one checkpoint is the beginning of another one's, by the hashes of the server."),
            discussion: "Example: casectl evidence consistency checkpoint-of-may checkpoint-of-june")
        @OptionGroup var server: Server
        @Argument(help: ArgumentHelp("The file of the older checkpoint.", valueName: "old"), completion: .file()) var old: String
        @Argument(help: ArgumentHelp("The file of the newer one.", valueName: "new"), completion: .file()) var new: String

        func run() throws {
            try ending {
                let (before, after) = (try TreeFolder.checkpoint(old), try TreeFolder.checkpoint(new))
                guard before.origin == after.origin else {
                    throw Failure(
                        code: .refused, message: "\(old) is of \(before.origin), and \(new) of \(after.origin)",
                        hint: "two checkpoints of one log can be compared")
                }
                guard before.size <= after.size else {
                    throw Failure(
                        code: .usage, message: "\(old) has \(before.size) entries, and \(new) has \(after.size)",
                        hint: "name the older one first")
                }
                let proof = try TreeServer(server).consistencyProof(from: before.size, to: after.size)
                guard
                    MerkleProof.verifyConsistency(
                        from: before.size, root: before.root, to: after.size, root: after.root, proof: proof)
                else {
                    throw Failure(
                        code: .refused, message: "the first \(before.size) entries of \(new) are not those of \(old)",
                        hint: "the journal was changed between the two, or one of the files was; casectl evidence verify checks signatures")
                }
                StandardOutput.print(
                    Terminal.plain(Say.fill("{} entries are the beginning of {}", "\(before.size)", "\(after.size)")))
            }
        }
    }
}

extension TreeAudit.Finding {
    /// What is wrong, and where.
    ///
    /// - Parameter earlier: the names of the checkpoints from before.
    fileprivate func sentence(_ earlier: [String]) -> String {
        switch self {
        case .checkpoint(.unsigned):
            "the checkpoint is not believed: it is signed by another key, or is of another log (a store that was restored has one of its own): casectl evidence checkpoint --key prints the key of now"
        case .checkpoint(let fault): "the checkpoint is not believed: \(fault)"
        case .missing(let path): "\(path) is not there"
        case .malformed(let path): "\(path) has not the form, or the number of entries, that it has to have"
        case .entry(let place): "entry \(place) is not the one that was recorded"
        case .longEvent(let place, let path): "\(path), the text of entry \(place), is not the one that was recorded"
        case .tile(let path): "\(path) has other hashes than the log"
        case .bundle(let path): "some entries of \(path) are not those that were recorded"
        case .root: "neither the entries nor the hashes are what was signed"
        case .earlier(let place, .unsigned):
            "\(earlier[place]) is not believed: it is signed by another key, or is of another log: verify it with the key of then"
        case .earlier(let place, let fault): "\(earlier[place]) is not believed: \(fault)"
        case .shortened(let place):
            "the journal had more entries at \(earlier[place]) than there are here: where this is an export, export it again; some are gone where it stays so"
        case .rewritten(let place): "the journal had other entries at \(earlier[place])"
        }
    }
}
