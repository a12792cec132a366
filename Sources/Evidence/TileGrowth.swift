/// Says which tiles become full as leaves are added, for whoever keeps them.
///
/// A store keeps the hash of its leaf beside each row of the journal, and a row for each full tile: level, index, its 8,192 bytes and its
/// root. Nothing else of the tree has to be kept but the `TreeEdge`: a partial tile of level 0 is the hashes beside the last rows of the
/// journal, one of level n + 1 the roots of the last full tiles of level n. This value holds those partial tiles, at most 255 hashes a
/// level, so that a commit reads nothing; after a start it is made again from the source.
///
/// A copy is as good as the original: grow a copy within a transaction, and take it over once that is durable.
package struct TileGrowth: Equatable, Sendable {
    /// A tile that will not change any more.
    package struct FullTile: Equatable, Sendable {
        package let level: Int
        package let index: Int64
        /// 256 of them.
        package let hashes: [MerkleHash]
        /// What stands for the tile on the level above.
        package let root: MerkleHash
    }

    /// How many leaves there are.
    package private(set) var size: Int64
    /// The hashes of the partial tile of each level.
    private var partial: [[MerkleHash]]

    /// Of the tree without leaves.
    package init() {
        (size, partial) = (0, [])
    }

    /// Where a tree of that size goes on. Reads one partial tile of each level.
    package init(size: Int64, from source: some TileSource) throws {
        guard size >= 0 else { throw TreeFault.outside(size, size: size) }
        self.init()
        self.size = size
        var (rest, level) = (size, 0)
        while rest > 0 {
            let (index, width) = rest.quotientAndRemainder(dividingBy: Int64(Tile.span))
            var hashes: [MerkleHash] = []
            if width > 0 {
                hashes = try source.hashes(level: level, index: index, width: Int(width))
                guard hashes.count >= width else {
                    throw TreeFault.incomplete(Tile(.hashes(level: level), index: index, width: Int(width)), found: hashes.count)
                }
            }
            partial.append(Array(hashes.prefix(Int(width))))
            (rest, level) = (index, level + 1)
        }
    }

    /// Adds a leaf, and returns the tiles that it made full: mostly none, else one of each level from 0 on.
    package mutating func append(_ leaf: MerkleHash) -> [FullTile] {
        var full: [FullTile] = []
        var hash = leaf
        size += 1
        for level in 0... {
            if level == partial.count { partial.append([]) }
            partial[level].append(hash)
            guard partial[level].count == Tile.span else { break }
            let index = size >> ((level + 1) * Tile.height) - 1
            hash = .root(partial[level])
            full.append(FullTile(level: level, index: index, hashes: partial[level], root: hash))
            partial[level] = []
        }
        return full
    }
}
