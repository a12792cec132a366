import Testing

@testable import Evidence

@Suite("Requests to witnesses")
struct WitnessRequestTests {
    @Test("The example of the page is written as it stands there")
    func example() throws {
        let hashes = [
            "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=", "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=",
            "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=", "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=",
        ]
        let note = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=

            """
        let request = WitnessRequest(
            oldSize: 20_852_014, proof: hashes.map { MerkleHash(base64: $0)! }, checkpoint: try SignedNote(Array(note.utf8)))
        #expect(String(decoding: request.bytes, as: UTF8.self) == "old 20852014\n\(hashes.joined(separator: "\n"))\n\n\(note)")
    }

    @Test("A witness that has seen another size says which, in one line; anything else is another answer")
    func conflict() {
        for (text, size) in [
            ("0\n", 0), ("20852014\n", 20_852_014), ("20852014", nil), ("1\n\n", nil), ("01\n", nil), ("-1\n", nil), ("", nil),
            ("9223372036854775808\n", nil), ("— w.example AAAA\n", nil),
        ] as [(String, Int64?)] { #expect(WitnessRequest.conflict(Array(text.utf8)) == size, "\(text)") }
    }

    @Test("The answer of a witness that has seen nothing yet, and of one that has, is put under the checkpoint")
    func answers() throws {
        let rows = TreeRows(NaiveTree(size: 300).leaves)
        let witness = Witness(name: "w.example", seed: 2)
        for oldSize in [0, 256, 300] as [Int64] {
            let request = WitnessRequest(
                oldSize: oldSize, proof: try rows.consistencyProof(from: oldSize, to: 300), checkpoint: ExportedTree.checkpoint(300, rows))
            #expect(String(decoding: request.bytes, as: UTF8.self).hasPrefix("old \(oldSize)\n"))
            // What a witness does with what it was handed.
            let halves = String(decoding: request.bytes, as: UTF8.self).split(separator: "\n\n", maxSplits: 1)
            let seen = try ExportedTree.trust.checkpoint(in: SignedNote(Array(halves[1].utf8))).checkpoint
            let proof = halves[0].split(separator: "\n").dropFirst().map { MerkleHash(base64: String($0))! }
            #expect(
                MerkleProof.verifyConsistency(
                    from: oldSize, root: try rows.root(ofSize: oldSize), to: seen.size, root: seen.root, proof: proof))
            var note = request.checkpoint
            try note.add(witness.line(note.text, at: 1_800_000_000), of: [witness.verifier])
            let trust = TreeTrust(
                origin: ExportedTree.origin, keys: ExportedTree.trust.keys, witnesses: [witness.verifier], witnessesNeeded: 1)
            #expect(try trust.checkpoint(in: note).cosignatures.map(\.cosignedAtSeconds) == [1_800_000_000])
        }
    }
}
