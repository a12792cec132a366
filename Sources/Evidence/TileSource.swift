/// Where tiles of hashes are read: rows of a store, a folder, an address.
package protocol TileSource {
    /// The hashes of a tile, the first of them first.
    ///
    /// - Parameters:
    ///   - level: from 0, that of the leaves.
    ///   - index: the place of the tile on its level, from 0.
    ///   - width: how many are needed, from the first on: 1 to 256. Where there are more by now, all may be returned.
    /// - Throws: whatever keeps it from reading. Whether the hashes are right shows when a root or a proof is checked.
    func hashes(level: Int, index: Int64, width: Int) throws -> [MerkleHash]
}

/// What is asked of a tree that it has not, or has lost.
package enum TreeFault: Error, Equatable {
    /// There is no leaf at this place, or no tree of this size in one of that size.
    case outside(Int64, size: Int64)
    /// The source has fewer hashes of a tile than the size of the tree says.
    case incomplete(Tile, found: Int)
}

extension TileSource {
    /// The root of the tree that the first `size` leaves make. Reads the last tile of each level.
    package func root(ofSize size: Int64) throws -> MerkleHash {
        guard size >= 0 else { throw TreeFault.outside(size, size: size) }
        guard size > 0 else { return .empty }
        var reader = SubtreeReader(self, size: size)
        return try reader.root(0..<size)
    }

    /// The hash of one leaf.
    package func leaf(at index: Int64, inSize size: Int64) throws -> MerkleHash {
        guard 0 <= index, index < size else { throw TreeFault.outside(index, size: size) }
        var reader = SubtreeReader(self, size: size)
        return try reader.root(index..<index + 1)
    }

    /// What leads from a leaf to the root (RFC 9162, section 2.1.3.1), the leaf's sibling first. See `MerkleProof`.
    package func inclusionProof(ofLeaf index: Int64, inSize size: Int64) throws -> [MerkleHash] {
        guard 0 <= index, index < size else { throw TreeFault.outside(index, size: size) }
        var reader = SubtreeReader(self, size: size)
        var beside: [Range<Int64>] = []
        var range = 0..<size
        while range.count > 1 {
            let middle = range.lowerBound + largestPower(below: range.upperBound - range.lowerBound)
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            (range, beside) = index < middle ? (left, beside + [right]) : (right, beside + [left])
        }
        return try beside.reversed().map { try reader.root($0) }
    }

    /// What shows that a tree is the beginning of a larger one (RFC 9162, section 2.1.4.1); nothing where the sizes are the same, or the
    /// old one is 0.
    package func consistencyProof(from oldSize: Int64, to newSize: Int64) throws -> [MerkleHash] {
        guard 0 <= oldSize, oldSize <= newSize else { throw TreeFault.outside(oldSize, size: newSize) }
        guard oldSize > 0, oldSize < newSize else { return [] }
        var reader = SubtreeReader(self, size: newSize)
        var beside: [Range<Int64>] = []
        var range = 0..<newSize
        // Down to the subtree that ends where the old tree ends.
        while range.upperBound != oldSize {
            let middle = range.lowerBound + largestPower(below: range.upperBound - range.lowerBound)
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            (range, beside) = oldSize <= middle ? (left, beside + [right]) : (right, beside + [left])
        }
        // Where it begins where the old tree begins, it is the old tree, whose root whoever checks knows.
        if range.lowerBound > 0 { beside.append(range) }
        return try beside.reversed().map { try reader.root($0) }
    }
}

/// The largest power of two that is smaller than a number of at least 2.
private func largestPower(below number: Int64) -> Int64 {
    1 << (63 - (number - 1).leadingZeroBitCount)
}

/// Reads roots of subtrees from tiles, each tile once.
private struct SubtreeReader<Source: TileSource> {
    private let source: Source
    private let size: Int64
    private var read: [Tile: [MerkleHash]] = [:]

    init(_ source: Source, size: Int64) {
        (self.source, self.size) = (source, size)
    }

    /// The root over leaves whose first is one at which a subtree of the RFC begins.
    mutating func root(_ leaves: Range<Int64>) throws -> MerkleHash {
        var start = leaves.lowerBound
        var subtrees: [MerkleHash] = []
        while start < leaves.upperBound {
            let height = 63 - (leaves.upperBound - start).leadingZeroBitCount
            subtrees.append(try perfect(height: height, start >> height))
            start += 1 << height
        }
        let last = subtrees.removeLast()
        return subtrees.reversed().reduce(last) { .node($1, $0) }
    }

    /// The root of the n-th perfect subtree of a height, in the tile that has hashes of the nearest height below.
    private mutating func perfect(height: Int, _ number: Int64) throws -> MerkleHash {
        let (level, above) = height.quotientAndRemainder(dividingBy: Tile.height)
        let first = number << above
        let all = size >> (level * Tile.height)
        let index = first / Int64(Tile.span)
        let tile = Tile(.hashes(level: level), index: index, width: Int(min(all - index * Int64(Tile.span), Int64(Tile.span))))
        let place = Int(first % Int64(Tile.span))
        return try .root(hashes(tile, level)[place..<place + 1 << above])
    }

    private mutating func hashes(_ tile: Tile, _ level: Int) throws -> [MerkleHash] {
        if let hashes = read[tile] { return hashes }
        let hashes = try source.hashes(level: level, index: tile.index, width: tile.width)
        guard hashes.count >= tile.width else { throw TreeFault.incomplete(tile, found: hashes.count) }
        read[tile] = hashes
        return hashes
    }
}
