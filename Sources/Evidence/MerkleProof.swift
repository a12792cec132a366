/// Checks proofs without a tree (RFC 9162, sections 2.1.3.2 and 2.1.4.2).
///
/// A proof speaks of a size *and* a root, which belong together by the checkpoint that signs both. Where the two do not come from one
/// checkpoint nothing is proved: some proofs fit one root and more than one size.
package enum MerkleProof {
    /// Whether the proof leads from a leaf to the root.
    ///
    /// - Parameters:
    ///   - leaf: the hash of the entry.
    ///   - index: the place of the entry, from 0.
    ///   - proof: the hashes beside the way, the leaf's sibling first.
    package static func verifyInclusion(
        of leaf: MerkleHash, at index: Int64, inSize size: Int64, root: MerkleHash, proof: [MerkleHash]
    ) -> Bool {
        guard 0 <= index, index < size else { return false }
        var (place, last) = (index, size - 1)
        var hash = leaf
        for beside in proof {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                hash = .node(beside, hash)
                // Where the last subtree of a row has no sibling, it is its own parent.
                while place & 1 == 0, place > 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                hash = .node(hash, beside)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether a tree is the beginning of another one: that nothing in it was changed, put in or left out since.
    ///
    /// - Parameter proof: the hashes in the order of the RFC; none where the sizes are the same, or the old one is 0.
    package static func verifyConsistency(
        from oldSize: Int64, root oldRoot: MerkleHash, to newSize: Int64, root newRoot: MerkleHash, proof: [MerkleHash]
    ) -> Bool {
        guard 0 <= oldSize, oldSize <= newSize else { return false }
        guard oldSize < newSize else { return proof.isEmpty && oldRoot == newRoot }
        guard oldSize > 0 else { return proof.isEmpty && oldRoot == .empty }
        // Up to the subtree that both have: from there the ways to the two roots go apart.
        let shared = oldSize.trailingZeroBitCount
        var (place, last) = ((oldSize - 1) >> shared, (newSize - 1) >> shared)
        var rest = proof[...]
        // Where the whole old tree is that subtree, its root is known already.
        let isWhole = oldSize.nonzeroBitCount == 1
        guard let first = isWhole ? oldRoot : rest.popFirst() else { return false }
        var (old, new) = (first, first)
        for beside in rest {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                (old, new) = (.node(beside, old), .node(beside, new))
                while place & 1 == 0, place > 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                new = .node(new, beside)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}
