import ArgumentParser
import CaseWire
import Evidence
import Glibc

extension EvidenceGroup {
    struct WitnessCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "witness",
            abstract: Say.text("Hand the newest checkpoint to somebody else, once it goes on from the one that they saw last."),
            discussion: """
                What was handed over last is kept in --witnessed, with the signatures that came back; the server's option witnessed names the \
                same file, and then a store that has lost what stands there is not started. cased-witness.timer runs it.

                --folder is a folder that somebody else keeps, such as one of another machine: it gets a file for each checkpoint, by log and \
                size, and none is ever written again. --exec runs the command by sh: it gets the checkpoint on standard input, or with \
                --add-checkpoint what a witness of C2SP tlog-witness takes. What it prints has to hold a signature by each --witness-key \
                (C2SP tlog-cosignature, or a plain one of Ed25519) where one is named, and is passed over otherwise. It ends with 0 within \
                --patience, or has failed; then nothing counts as witnessed.

                Exits with 65, and hands nothing over, where what was witnessed is not the beginning of what the server has: an older store \
                was put in its place, or there are two histories. A store that was restored is another log: where it has lost entries that \
                were witnessed, --new-log goes on with it.

                Examples: casectl evidence witness --witnessed witnessed --folder /mnt/notary; casectl evidence witness --witnessed \
                witnessed --add-checkpoint --witness-key w.key --exec 'curl -sS --data-binary @- https://witness.example/add-checkpoint'
                """)
        @OptionGroup var server: Server
        @Option(help: "Keep here what was witnessed last.", completion: .file()) var witnessed: String
        @Option(help: "Keep each checkpoint in this folder.", completion: .directory) var folder: String?
        @Option(help: "Give the checkpoint to this command.") var exec: String?
        @Flag(help: "Give the command what add-checkpoint of a witness takes, with the proof that it asks for.") var addCheckpoint = false
        @Option(
            help: ArgumentHelp("The file of the key of a witness, which has to sign; repeat it.", valueName: "file"), completion: .file())
        var witnessKey: [String] = []
        @Option(
            help: ArgumentHelp(
                "The file of the log's key, as casectl evidence checkpoint --key printed it; by default the server's word is taken for it.",
                valueName: "file"), completion: .file())
        var key: String?
        @Option(help: "How long the command may take, in seconds, 1 to 3600.") var patience = 60
        @Flag(help: "Go on where the store was restored and has lost what was witnessed.") var newLog = false

        func validate() throws {
            guard folder != nil || exec != nil else { throw ValidationError("say how: --folder, --exec or both") }
            if exec?.isEmpty == true { throw ValidationError("--exec is empty: name a command") }
            guard (1...3600).contains(patience) else { throw ValidationError("--patience \(patience): 1 to 3600 seconds") }
            for (name, isGiven) in [("--add-checkpoint", addCheckpoint), ("--witness-key", !witnessKey.isEmpty)]
            where isGiven && exec == nil {
                throw ValidationError("\(name) is about a command: it goes with --exec")
            }
        }

        func run() throws {
            try ending {
                // Two runs at once would each undo what the other has kept.
                let lock = try WholeFile.lock(beside: witnessed)
                defer { close(lock) }
                var witnessing = try Witnessing(
                    TreeServer(server), key: try key.map { try TreeFolder.verifier($0) }, file: witnessed,
                    signedBy: try witnessKey.map { try TreeFolder.verifier($0) }, allowsOtherLog: newLog)
                let program = exec.map { Witnessing.Program(command: $0, patience: patience, isAddCheckpoint: addCheckpoint) }
                let added = try witnessing.run(program, folder)
                let tree = witnessing.tree
                let result = JSONValue.object([
                    .init("origin", .string(tree.origin)), .init("size", .integer(tree.size)), .init("added", .integer(added ?? 0)),
                ])
                server.show(result) { _ in
                    Terminal.plain(
                        Say.fill("{}: {} entries are witnessed, {} of them new", tree.origin, "\(tree.size)", "\(added ?? 0)"))
                }
            }
        }
    }
}
