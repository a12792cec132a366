import CaseTesting
import Crypto
import Testing

@testable import Evidence

@Suite("Signed notes")
struct SignedNoteTests {
    private static let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    private static let signature =
        "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    private static let key = NoteVerifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")!

    // MARK: Published values

    @Test("The example of the page is verified by its key, and by no other")
    func example() throws {
        let note = try SignedNote(Corpus.bytes("notes/example"))
        let key = try #require(NoteVerifier(Corpus.text("notes/key")))
        #expect(key.name == "example.com/foo" && key.keyID == 0x530d_903a && key.algorithm == .ed25519)
        #expect(note.text == Array("This is an example message.\n".utf8))
        #expect(try note.verified(by: [key]) == [VerifiedSignature(verifier: key, cosignedAtSeconds: nil)])
        #expect(throws: NoteFault.unsigned) { try note.verified(by: [Self.key]) }
        #expect(throws: NoteFault.unsigned) { try note.verified(by: []) }
    }

    @Test("The note that Go's package signs with a key is the one that is signed here, to the byte")
    func sameAsGo() throws {
        let secret = try #require(Base64.bytes("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz".utf8))
        let signer = try #require(NoteSigner(name: "PeterNeumann", seed: Array(secret.dropFirst())))
        #expect(signer.verifier == Self.key)
        let note = try SignedNote(text: Self.text, signedBy: [signer])
        #expect(String(decoding: note.bytes, as: UTF8.self) == "\(Self.text)\n— \(Self.signature)\n")
        #expect(try SignedNote(note.bytes) == note)
    }

    @Test("A real checkpoint is verified by its log's key and by a witness, whose time is told; the others' signatures are passed over")
    func realCheckpoint() throws {
        let note = try SignedNote(Corpus.bytes("notes/witnessed"))
        let log = try #require(
            NoteVerifier("arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"))
        let witness = try #require(NoteVerifier("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"))
        #expect(witness.algorithm == .cosignature)
        #expect(note.signatures.count == 6)
        #expect(
            try note.verified(by: [log, witness]) == [
                VerifiedSignature(verifier: log, cosignedAtSeconds: nil),
                VerifiedSignature(verifier: witness, cosignedAtSeconds: 1_779_573_024),
            ])
        let trust = TreeTrust(origin: log.name, keys: [log], witnesses: [witness], witnessesNeeded: 1)
        let trusted = try trust.checkpoint(in: note)
        #expect(trusted.checkpoint.size == 1_432_088_532)
        #expect(trusted.checkpoint.root.description == "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=")
        #expect(trusted.cosignatures.map(\.verifier) == [witness])
        var later = note.bytes
        later[later.firstIndex(of: UInt8(ascii: "8"))!] = UInt8(ascii: "9")
        let changed = try SignedNote(later)
        #expect(throws: NoteFault.forged(key: log.name)) { try changed.verified(by: [log]) }
        #expect(throws: NoteFault.forged(key: witness.name)) { try changed.verified(by: [witness]) }
    }

    @Test("Notes of the pages are read and written again as they were", arguments: ["example", "poem", "cosigned", "witnessed"])
    func unchanged(name: String) throws {
        let bytes = try Corpus.bytes("notes/\(name)")
        #expect(try SignedNote(bytes).bytes == bytes)
    }

    @Test("An empty line belongs to the text where another one follows")
    func emptyLines() throws {
        let note = try SignedNote(Corpus.bytes("notes/poem"))
        #expect(String(decoding: note.text, as: UTF8.self).hasSuffix("sole:\n\ned è subito sera.\n"))
    }

    // MARK: Keys

    @Test("A verifier key is read as it is written", arguments: NoteVerifier.Algorithm.allCases)
    func keys(algorithm: NoteVerifier.Algorithm) throws {
        let key = try #require(NoteVerifier(name: "审批.example/日志", algorithm: algorithm, publicKey: Array(1...32)))
        #expect(NoteVerifier(key.description) == key)
        #expect(key.description.hasPrefix("审批.example/日志+"))
    }

    @Test("What is no verifier key is read as none: each part changed, a wrong algorithm, another key ID")
    func wrongKeys() {
        let good = Self.key.description
        #expect(NoteVerifier(good) == Self.key)
        for wrong in [
            "", "PeterNeumann", "PeterNeumann+c74f20a3", good + "A", String(good.dropLast()), good.replacing("PeterNeumann", with: ""),
            good.replacing("PeterNeumann", with: "Peter Neumann"), good.replacing("PeterNeumann", with: "Peter\u{2003}Neumann"),
            good.replacing("PeterNeumann", with: "peterneumann"), good.replacing("c74f20a3", with: "C74F20A3"),
            good.replacing("c74f20a3", with: "c74f20a4"), good.replacing("+ARpc", with: "+AhpC"), good.replacing("+ARpc", with: "+Bhpc"),
        ] {
            #expect(NoteVerifier(wrong) == nil, "\(wrong)")
        }
        #expect(NoteVerifier(name: "a+b", publicKey: Array(1...32)) == nil && NoteVerifier(name: "a", publicKey: Array(1...31)) == nil)
        #expect(NoteSigner(name: "a", seed: Array(1...33)) == nil && NoteSigner(name: " ", seed: Array(1...32)) == nil)
    }

    // MARK: Signatures

    @Test("A note with several signatures is good where those of known keys are, whatever unknown ones hold")
    func several() throws {
        let signers = (1...3).map { NoteSigner(name: "key\($0).example", seed: Array(repeating: UInt8($0), count: 32))! }
        var note = try SignedNote(text: "text\n", signedBy: Array(signers[..<2]))
        note.sign(by: signers[2])
        note.sign(by: signers[0])
        let read = try SignedNote(note.bytes)
        #expect(try read.verified(by: signers.map(\.verifier)).map(\.verifier) == signers.map(\.verifier), "each key once")
        #expect(try read.verified(by: [signers[1].verifier]).map(\.verifier) == [signers[1].verifier])
        // The same name, another key; and the other way round.
        let namesake = try #require(NoteSigner(name: "key1.example", seed: Array(repeating: 9, count: 32)))
        #expect(throws: NoteFault.unsigned) { try read.verified(by: [namesake.verifier]) }
    }

    @Test("One bad signature of a known key is enough to refuse a note, and an unknown bad one is not")
    func oneBad() throws {
        let (a, b) = (
            NoteSigner(name: "a", seed: Array(repeating: 1, count: 32))!, NoteSigner(name: "b", seed: Array(repeating: 2, count: 32))!
        )
        let other = try SignedNote(text: "other\n", signedBy: [b])
        let foreignLine = other.bytes.dropFirst(other.text.count + 1)
        let note = try SignedNote(try SignedNote(text: "text\n", signedBy: [a]).bytes + foreignLine)
        #expect(throws: NoteFault.forged(key: "b")) { try note.verified(by: [a.verifier, b.verifier]) }
        #expect(try note.verified(by: [a.verifier]).count == 1)
    }

    @Test("A note with one bit changed anywhere is refused, or its signature is of nobody known")
    func changes() throws {
        let bytes = Array("\(Self.text)\n— \(Self.signature)\n".utf8)
        #expect(try SignedNote(bytes).verified(by: [Self.key]).count == 1)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                #expect(throws: NoteFault.self, "byte \(place), bit \(bit)") { try SignedNote(changed).verified(by: [Self.key]) }
            }
        }
    }

    @Test(
        "What is no note is malformed",
        arguments: [
            "", "\n", "\n\n", "text", "text\n", "text\n\n", "text\n\n— a AAAAAAA=", "text\n\n- a AAAAAAA=\n", "text\n\n— a\n",
            "text\n\n— a AAAAAA==\n",
            "text\n\n— a b AAAAAAA=\n", "text\n\n—  AAAAAAA=\n", "text\n\n— a+b AAAAAAA=\n", "text\n\n— a AAAAAAA=\n\n",
            "te\u{7}xt\n\n— a AAAAAAA=\n",
            "te\rxt\n\n— a AAAAAAA=\n", "text\n\n— a AAAAAAA=\r\n", "text\n\n— a AAAAAAB=\n", "text\n\n— a AAAAAAA\n",
            "text\n\n— a\u{A0}b AAAAAAA=\n",
        ])
    func malformed(text: String) {
        #expect {
            try SignedNote(Array(text.utf8))
        } throws: {
            if case .malformed = $0 as? NoteFault { true } else { false }
        }
    }

    @Test("A text that is no UTF-8, and more signatures or bytes than are read, are malformed")
    func limits() throws {
        let line = Array("— a AAAAAAA=\n".utf8)
        func note(_ text: [UInt8], _ count: Int) -> [UInt8] {
            text + [10] + Array(repeating: line, count: count).joined()
        }
        let text = Array("text\n".utf8)
        #expect(try SignedNote(note(text, SignedNote.signatureLimit)).signatures.count == 64)
        #expect(throws: NoteFault.malformed("more signatures than a note may have")) { try SignedNote(note(text, 65)) }
        #expect(throws: NoteFault.malformed("the text of a note")) { try SignedNote(note([0xFF] + text, 1)) }
        let long = [UInt8](repeating: 0x61, count: SignedNote.byteLimit)
        #expect(throws: NoteFault.malformed("more bytes than a note may have")) { try SignedNote(note(long + [10], 1)) }
        for text in ["", "text", "te\txt\n", "te\r\nxt\n"] {
            #expect(throws: NoteFault.malformed("the text of a note")) { try SignedNote(text: text, signedBy: []) }
        }
    }

    // MARK: Witnesses

    @Test("What a witness answers is put under the note; unknown keys' lines are left out, bad ones refused with the note as it was")
    func answers() throws {
        let log = try #require(NoteSigner(name: "log.example", seed: Array(repeating: 1, count: 32)))
        let witness = Witness(name: "w.example", seed: 2)
        let stranger = Witness(name: "s.example", seed: 3)
        var note = try Checkpoint(origin: "log.example", size: 1, root: .leaf([1])).signed(by: log)
        let before = note
        let good = witness.line(note.text, at: 1_700_000_000)
        try note.add(good + stranger.line(note.text, at: 1), of: [witness.verifier])
        #expect(note.bytes == before.bytes + good)
        try note.add(good, of: [witness.verifier])
        #expect(note.bytes == before.bytes + good, "once")
        #expect(
            try note.verified(by: [witness.verifier]) == [VerifiedSignature(verifier: witness.verifier, cosignedAtSeconds: 1_700_000_000)])
        var untouched = before
        #expect(throws: NoteFault.unsigned) { try untouched.add(stranger.line(note.text, at: 1), of: [witness.verifier]) }
        let other = witness.line(Array("another\n0\n".utf8), at: 1)
        #expect(throws: NoteFault.forged(key: "w.example")) { try untouched.add(good + other, of: [witness.verifier]) }
        #expect(throws: NoteFault.malformed("signature 1")) { try untouched.add(Array("409\n".utf8), of: [witness.verifier]) }
        #expect(untouched == before)
    }

    @Test("A cosignature counts for the time that it says, and is none of a plain key of the same bytes")
    func cosignatures() throws {
        let witness = Witness(name: "w.example", seed: 2)
        let log = try #require(NoteSigner(name: "log.example", seed: Array(repeating: 1, count: 32)))
        let note = try Checkpoint(origin: "log.example", size: 1, root: .leaf([1])).signed(by: log)
        let line = witness.line(note.text, at: 5)
        let signed = try SignedNote(note.bytes + line)
        #expect(try signed.verified(by: [witness.verifier]).first?.cosignedAtSeconds == 5)
        let plain = try #require(NoteVerifier(name: "w.example", publicKey: witness.verifier.publicKey))
        #expect(throws: NoteFault.unsigned) { try signed.verified(by: [plain]) }
        for (index, wrong) in [
            witness.line(note.text, at: 5, said: 6), witness.line(note.text, at: 1 << 63), witness.line(note.text, at: 5, cut: 1),
        ].enumerated() {
            let note = try SignedNote(note.bytes + wrong)
            #expect(throws: NoteFault.forged(key: "w.example"), "\(index)") { try note.verified(by: [witness.verifier]) }
        }
    }
}

/// A witness, whose signatures the module checks and never makes.
struct Witness {
    let verifier: NoteVerifier
    private let key: Curve25519.Signing.PrivateKey

    init(name: String, seed: UInt8) {
        key = try! Curve25519.Signing.PrivateKey(rawRepresentation: Array(repeating: seed, count: 32))
        verifier = NoteVerifier(name: name, algorithm: .cosignature, publicKey: Array(key.publicKey.rawRepresentation))!
    }

    /// The line of a cosignature.
    ///
    /// - Parameters:
    ///   - said: another time than the one that is signed.
    ///   - cut: how many bytes are missing at its end.
    func line(_ text: [UInt8], at seconds: UInt64, said: UInt64? = nil, cut: Int = 0) -> [UInt8] {
        let signature = try! key.signature(for: Array("cosignature/v1\ntime \(seconds)\n".utf8) + text)
        let time = withUnsafeBytes(of: (said ?? seconds).bigEndian, Array.init)
        let bytes = withUnsafeBytes(of: verifier.keyID.bigEndian, Array.init) + (time + signature).dropLast(cut)
        return Array("— \(verifier.name) \(Base64.text(bytes))\n".utf8)
    }
}
