/// What a witness is handed so that it signs a checkpoint: the body of `add-checkpoint` (C2SP `tlog-witness`). Its answer is for
/// `SignedNote.add`.
package struct WitnessRequest: Equatable, Sendable {
    /// The size that the witness signed last; 0 where it has signed none.
    package let oldSize: Int64
    /// That the tree of the old size is a beginning of the new one; none where the old size is 0, or the sizes are the same.
    package let proof: [MerkleHash]
    package let checkpoint: SignedNote

    /// - Parameter proof: at most 63 hashes, of `TileSource.consistencyProof`.
    package init(oldSize: Int64, proof: [MerkleHash], checkpoint: SignedNote) {
        precondition(oldSize >= 0 && proof.count <= 63, "a proof from \(oldSize) by \(proof.count) hashes")
        (self.oldSize, self.proof, self.checkpoint) = (oldSize, proof, checkpoint)
    }

    package var bytes: [UInt8] {
        Array((["old \(oldSize)"] + proof.map(\.description) + [""]).map { "\($0)\n" }.joined().utf8) + checkpoint.bytes
    }

    /// The size that a witness has seen, where its answer is that it is not the one that was named (status 409 of `add-checkpoint`); nil for
    /// other answers.
    package static func conflict(_ answer: [UInt8]) -> Int64? {
        var reader = LineReader(answer)
        guard let line = reader.next(), reader.rest.isEmpty else { return nil }
        return Decimal.number(line)
    }
}
