import CaseTesting
import Testing

@testable import Evidence

@Suite("Proofs in a file")
struct TlogProofTests {
    private static let log = NoteSigner(name: "log.example/cases", seed: Array(repeating: 1, count: 32))!
    private static let trust = TreeTrust(origin: "log.example/cases", keys: [log.verifier])

    private static func proof(index: Int64, size: Int, extra: [UInt8]? = nil) throws -> TlogProof {
        let tiles = StoredTiles(NaiveTree(size: size).leaves)
        let checkpoint = try Checkpoint(origin: trust.origin, size: Int64(size), root: tiles.root(ofSize: Int64(size)))
        return TlogProof(
            extra: extra, index: index, hashes: try tiles.inclusionProof(ofLeaf: index, inSize: Int64(size)),
            checkpoint: checkpoint.signed(by: log))
    }

    @Test("A proof is written as the page says, read as it was, and leads to its checkpoint")
    func form() throws {
        let proof = try Self.proof(index: 4, size: 7, extra: Array("extra".utf8))
        let lines = String(decoding: proof.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0...2] == ["c2sp.org/tlog-proof@v1", "extra ZXh0cmE=", "index 4"])
        #expect(lines[3...5].map(String.init) == proof.hashes.map(\.description))
        #expect(lines[6...8] == ["", "log.example/cases", "7"])
        #expect(try TlogProof(proof.bytes) == proof)
        #expect(try proof.verify(leaf: .leaf(NaiveTree.entry(4)), trusting: Self.trust).checkpoint.size == 7)
    }

    @Test("A proof of the only leaf has no hashes, and one without extra data no such line")
    func shortest() throws {
        let proof = try Self.proof(index: 0, size: 1)
        #expect(String(decoding: proof.bytes, as: UTF8.self).hasPrefix("c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example/cases\n1\n"))
        #expect(try TlogProof(proof.bytes).verify(leaf: .leaf(NaiveTree.entry(0)), trusting: Self.trust).checkpoint.size == 1)
        let empty = try Self.proof(index: 0, size: 1, extra: [])
        #expect(try TlogProof(empty.bytes).extra == [])
    }

    @Test("A file with one bit changed anywhere, but in the extra data, is refused")
    func changes() throws {
        let extra = Array("beside".utf8)
        let bytes = try Self.proof(index: 300, size: 401, extra: extra).bytes
        let leaf = MerkleHash.leaf(NaiveTree.entry(300))
        try TlogProof(bytes).verify(leaf: leaf, trusting: Self.trust)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                guard let proof = try? TlogProof(changed), (try? proof.verify(leaf: leaf, trusting: Self.trust)) != nil else { continue }
                #expect(proof.extra != extra, "byte \(place), bit \(bit)")
            }
        }
        #expect(throws: NoteFault.excluded) { try TlogProof(bytes).verify(leaf: .leaf(NaiveTree.entry(301)), trusting: Self.trust) }
        for count in 0..<bytes.count { #expect(throws: NoteFault.self) { try TlogProof(Array(bytes.prefix(count))) } }
    }

    @Test("A proof is of no other place, no other log and no other key, and lacks the witnesses that it lacks")
    func others() throws {
        let proof = try Self.proof(index: 4, size: 7)
        let leaf = MerkleHash.leaf(NaiveTree.entry(4))
        for index in 0..<10 as Range<Int64> where index != 4 {
            let other = TlogProof(index: index, hashes: proof.hashes, checkpoint: proof.checkpoint)
            #expect(throws: NoteFault.excluded) { try other.verify(leaf: leaf, trusting: Self.trust) }
        }
        let key = try #require(NoteSigner(name: "log.example/cases", seed: Array(repeating: 2, count: 32)))
        #expect(throws: NoteFault.unsigned) {
            try proof.verify(leaf: leaf, trusting: TreeTrust(origin: Self.trust.origin, keys: [key.verifier]))
        }
        #expect(throws: NoteFault.foreign(origin: "log.example/cases")) {
            try proof.verify(leaf: leaf, trusting: TreeTrust(origin: "log.example", keys: Self.trust.keys))
        }
        let witness = Witness(name: "w", seed: 3).verifier
        #expect(throws: NoteFault.unwitnessed(found: 0, needed: 1)) {
            try proof.verify(
                leaf: leaf, trusting: TreeTrust(origin: Self.trust.origin, keys: Self.trust.keys, witnesses: [witness], witnessesNeeded: 1))
        }
    }

    @Test("A checkpoint with another size has no good signature")
    func otherSize() throws {
        let proof = try Self.proof(index: 0, size: 7)
        let text = String(decoding: proof.bytes, as: UTF8.self)
        // Of this leaf the way is the same in trees of five to eight: the signature alone tells them apart.
        for size in [5, 6, 8] {
            let changed = try TlogProof(Array(text.replacing("cases\n7\n", with: "cases\n\(size)\n").utf8))
            #expect(throws: NoteFault.forged(key: "log.example/cases")) {
                try changed.verify(leaf: .leaf(NaiveTree.entry(0)), trusting: Self.trust)
            }
        }
    }

    @Test(
        "What is no proof is malformed",
        arguments: [
            "", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nNOTE",
            "c2sp.org/tlog-proof@v1\nindex 00\n\nNOTE",
            "c2sp.org/tlog-proof@v1\nindex -1\n\nNOTE", "c2sp.org/tlog-proof@v1\nindex 0\nNOTE",
            "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nNOTE",
            "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nNOTE", "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nNOTE",
            "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n\nNOTE", "c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\nNOTE",
            "c2sp.org/tlog-proof@v1\nindex 0\n\n", "c2sp.org/tlog-proof@v1\nindex 0\n\ntext\n",
            "c2sp.org/tlog-proof@v1\nindex 0\n\(String(repeating: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", count: 64))\nNOTE",
        ])
    func malformed(text: String) throws {
        let note = try Checkpoint(origin: "log.example/cases", TreeEdge()).signed(by: Self.log)
        let bytes = Array(text.replacing("NOTE", with: String(decoding: note.bytes, as: UTF8.self)).utf8)
        #expect {
            try TlogProof(bytes)
        } throws: {
            if case .malformed = $0 as? NoteFault { true } else { false }
        }
    }
}
