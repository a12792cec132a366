import Testing

@testable import Evidence

@Suite("Checkpoints")
struct CheckpointTests {
    private static let root = MerkleHash(base64: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")!

    @Test("The checkpoint of the page is read, and written as it was")
    func example() throws {
        let note = try SignedNote(Corpus.bytes("notes/cosigned"))
        let checkpoint = try Checkpoint(text: note.text)
        #expect(try checkpoint == Checkpoint(origin: "example.com/behind-the-sofa", size: 20_852_163, root: Self.root))
        #expect(Array(checkpoint.text.utf8) == note.text)
    }

    @Test("Lines that follow are kept, and signed with the rest")
    func extensions() throws {
        let checkpoint = try Checkpoint(origin: "日志", size: 5, root: Self.root, extensions: ["a b", "c"])
        #expect(checkpoint.text == "日志\n5\n\(Self.root)\na b\nc\n")
        #expect(try Checkpoint(text: Array(checkpoint.text.utf8)) == checkpoint)
        for wrong in ["", "a\nb", "\u{1}"] {
            #expect(throws: NoteFault.malformed("a line of a checkpoint")) {
                try Checkpoint(origin: "a", size: 5, root: Self.root, extensions: [wrong])
            }
            #expect(throws: NoteFault.malformed("a line of a checkpoint")) { try Checkpoint(origin: wrong, size: 5, root: Self.root) }
        }
    }

    @Test("The tree without leaves has its one root")
    func empty() throws {
        #expect(try Checkpoint(origin: "a", TreeEdge()).text == "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
        #expect(throws: NoteFault.malformed("size and root of a checkpoint")) { try Checkpoint(origin: "a", size: 0, root: Self.root) }
        #expect(throws: NoteFault.malformed("size and root of a checkpoint")) { try Checkpoint(origin: "a", size: -1, root: Self.root) }
    }

    @Test(
        "What is no checkpoint is malformed",
        arguments: [
            "", "a\n", "a\n5\n", "a\n5\nROOT", "\n5\nROOT\n", "a\n05\nROOT\n", "a\n+5\nROOT\n", "a\n-5\nROOT\n", "a\n5 \nROOT\n",
            "a\n\nROOT\n",
            "a\n5\nROOT\n\n", "a\n5\nROOT\n\nb\n", "a\n5\nROOT=\n", "a\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", "a\n5\nAAAA\n",
            "a\n9223372036854775808\nROOT\n", "a\n٥\nROOT\n", "a\r\n5\r\nROOT\r\n", "a\n0\nROOT\n",
        ])
    func malformed(text: String) {
        #expect(throws: NoteFault.self) { try Checkpoint(text: Array(text.replacing("ROOT", with: Self.root.description).utf8)) }
    }

    @Test("A checkpoint is believed where it is of the log that is meant, signed by its key, and by as many witnesses as are asked for")
    func trust() throws {
        let log = try #require(NoteSigner(name: "log.example", seed: Array(repeating: 1, count: 32)))
        let witnesses = (2...4).map { Witness(name: "w\($0).example", seed: UInt8($0)) }
        let checkpoint = try Checkpoint(origin: "log.example", size: 9, root: Self.root)
        var note = checkpoint.signed(by: log)
        func opened(_ note: SignedNote, origin: String = "log.example", keys: [NoteVerifier]? = nil, needed: Int = 0) throws
            -> TrustedCheckpoint
        {
            let trust = TreeTrust(
                origin: origin, keys: keys ?? [log.verifier], witnesses: witnesses.map(\.verifier), witnessesNeeded: needed)
            return try trust.checkpoint(in: note)
        }
        #expect(try opened(note).checkpoint == checkpoint)
        #expect(throws: NoteFault.foreign(origin: "log.example")) { try opened(note, origin: "other.example") }
        #expect(throws: NoteFault.unwitnessed(found: 0, needed: 1)) { try opened(note, needed: 1) }
        note = try SignedNote(note.bytes + witnesses[0].line(note.text, at: 1) + witnesses[1].line(note.text, at: 2))
        #expect(try opened(note, needed: 2).cosignatures.map(\.cosignedAtSeconds) == [1, 2])
        #expect(throws: NoteFault.unwitnessed(found: 2, needed: 3)) { try opened(note, needed: 3) }
        #expect(throws: NoteFault.unsigned, "witnesses alone do not make a log's checkpoint") { try opened(note, keys: []) }
        // Two names, one key.
        let twice = [Witness(name: "a", seed: 5), Witness(name: "b", seed: 5)]
        let doubled = try SignedNote(note.bytes + twice.flatMap { $0.line(note.text, at: 1) })
        let trust = TreeTrust(origin: "log.example", keys: [log.verifier], witnesses: twice.map(\.verifier), witnessesNeeded: 2)
        #expect(throws: NoteFault.unwitnessed(found: 1, needed: 2)) { try trust.checkpoint(in: doubled) }
    }

    @Test("An origin that only looks the same is another log")
    func lookalike() throws {
        let log = try #require(NoteSigner(name: "log", seed: Array(repeating: 1, count: 32)))
        let note = try Checkpoint(origin: "caf\u{E9}", size: 9, root: Self.root).signed(by: log)
        #expect(throws: NoteFault.self) { try TreeTrust(origin: "cafe\u{301}", keys: [log.verifier]).checkpoint(in: note) }
    }
}
