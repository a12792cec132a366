/// What has to be kept of a tree so that leaves can be added and its root is known: the roots of its perfect subtrees, the largest first.
///
/// A tree of `size` leaves has as many as `size` has ones in binary; adding a leaf costs two hashes on average, and the root as many as
/// there are subtrees less one.
package struct TreeEdge: Equatable, Sendable {
    /// How many leaves there are.
    package private(set) var size: Int64
    private var subtrees: [MerkleHash]

    /// That of the tree without leaves.
    package init() {
        size = 0
        subtrees = []
    }

    /// - Parameter leaf: the hash of an entry (`MerkleHash.leaf`).
    package mutating func append(_ leaf: MerkleHash) {
        var root = leaf
        for _ in 0..<(~size).trailingZeroBitCount { root = .node(subtrees.removeLast(), root) }
        subtrees.append(root)
        size += 1
    }

    /// The hash of the whole tree, as a checkpoint signs it.
    package var root: MerkleHash {
        guard var root = subtrees.last else { return .empty }
        for subtree in subtrees.dropLast().reversed() { root = .node(subtree, root) }
        return root
    }
}

extension TreeEdge {
    /// Its bytes in base 64.
    package var text: String {
        Base64.text(bytes)
    }

    /// Nil unless it is the base 64 of an edge's bytes.
    package init?(text: String) {
        guard let bytes = Base64.bytes(text.utf8) else { return nil }
        self.init(bytes: bytes)
    }

    /// The size in eight bytes, the greatest first, and the roots of the subtrees in their order. This form does not change.
    package var bytes: [UInt8] {
        withUnsafeBytes(of: size.bigEndian, Array.init) + subtrees.flatMap(\.bytes)
    }

    /// Nil unless they are the form of an edge.
    package init?(bytes: [UInt8]) {
        guard bytes.count >= 8 else { return nil }
        let size = bytes.prefix(8).reduce(into: UInt64(0)) { $0 = $0 << 8 | UInt64($1) }
        guard let size = Int64(exactly: size), let subtrees = MerkleHash.hashes(Array(bytes.dropFirst(8))),
            subtrees.count == size.nonzeroBitCount
        else { return nil }
        (self.size, self.subtrees) = (size, subtrees)
    }
}
