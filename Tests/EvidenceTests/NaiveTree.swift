import CaseTesting

@testable import Evidence

/// The tree as RFC 9162 defines it, by recursion over all leaves: slow, and without anything in common with the module but the two hashes.
struct NaiveTree {
    let leaves: [MerkleHash]
    /// Roots of ranges, so that many sizes are asked about in little time.
    private final class Roots {
        var known: [Range<Int>: MerkleHash] = [:]
    }
    private let roots = Roots()

    init(_ leaves: [MerkleHash]) {
        self.leaves = leaves
    }

    /// Entries that a seed repeats, some of them empty.
    init(size: Int, seed: UInt64 = 1) {
        self.init((0..<size).map { .leaf(NaiveTree.entry($0, seed: seed)) })
    }

    static func entry(_ index: Int, seed: UInt64 = 1) -> [UInt8] {
        index % 50 == 7 ? [] : Array("event \(index) of \(seed)".utf8)
    }

    private func middle(_ range: Range<Int>) -> Int {
        var power = 1
        while power * 2 < range.count { power *= 2 }
        return range.lowerBound + power
    }

    func root(_ range: Range<Int>) -> MerkleHash {
        switch range.count {
        case 0: return .empty
        case 1: return leaves[range.lowerBound]
        default:
            if let known = roots.known[range] { return known }
            let root = MerkleHash.node(root(range.lowerBound..<middle(range)), root(middle(range)..<range.upperBound))
            roots.known[range] = root
            return root
        }
    }

    /// PATH of section 2.1.3.1.
    func path(_ index: Int, _ range: Range<Int>) -> [MerkleHash] {
        guard range.count > 1 else { return [] }
        let middle = middle(range)
        return index < middle
            ? path(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
            : path(index, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    /// SUBPROOF of section 2.1.4.1.
    func subproof(_ old: Int, _ range: Range<Int>, _ isWhole: Bool) -> [MerkleHash] {
        if old == range.upperBound { return isWhole ? [] : [root(range)] }
        let middle = middle(range)
        return old <= middle
            ? subproof(old, range.lowerBound..<middle, isWhole) + [root(middle..<range.upperBound)]
            : subproof(old, middle..<range.upperBound, false) + [root(range.lowerBound..<middle)]
    }
}

/// What a store keeps, in memory: hashes of leaves and full tiles with their roots, as `TileGrowth` says; and what was read of it.
final class StoredTiles: TileSource {
    private(set) var leaves: [MerkleHash] = []
    private(set) var full: [Tile: TileGrowth.FullTile] = [:]
    private(set) var growth = TileGrowth()
    private(set) var reads: [Tile] = []

    init(_ leaves: [MerkleHash] = []) {
        for leaf in leaves { append(leaf) }
    }

    @discardableResult
    func append(_ leaf: MerkleHash) -> [TileGrowth.FullTile] {
        leaves.append(leaf)
        let tiles = growth.append(leaf)
        for tile in tiles { full[Tile(.hashes(level: tile.level), index: tile.index)] = tile }
        return tiles
    }

    func forgetReads() {
        reads = []
    }

    func hashes(level: Int, index: Int64, width: Int) throws -> [MerkleHash] {
        reads.append(Tile(.hashes(level: level), index: index, width: width))
        if let tile = full[Tile(.hashes(level: level), index: index)] { return tile.hashes }
        let start = Int(index) * Tile.span
        if level == 0 { return Array(leaves.dropFirst(start).prefix(Tile.span)) }
        return (start..<start + Tile.span).map { full[Tile(.hashes(level: level - 1), index: Int64($0))] }.prefix { $0 != nil }.map {
            $0!.root
        }
    }
}

extension MerkleHash {
    /// The same with one bit turned.
    func turned(_ bit: Int) -> MerkleHash {
        var bytes = bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return MerkleHash(bytes)!
    }

    init(hexadecimal text: String) {
        let digits = Array(text)
        self.init(stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! })!
    }
}
