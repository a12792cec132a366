import CaseStore
import Evidence

/// Compares the tiles of the tree over the journal with its leaves, in their order: what stands for a leaf, and for each full tile on the level above.
struct TileCheck {
    private let snapshot: any StoreSnapshot
    /// The last tile of each level that was read.
    private var read: [Int: (index: Int64, hashes: [MerkleHash])] = [:]
    /// What was said of a tile is not said again.
    private var told: Set<Tile> = []

    init(_ snapshot: any StoreSnapshot) {
        self.snapshot = snapshot
    }

    /// What is not as it should be of the tiles that a leaf belongs to, as far as they end with it.
    mutating func damages(ofLeaf leaf: MerkleHash, at index: Int64) throws -> [DamagedRecord] {
        var (hash, place, damages): (MerkleHash, Int64, [DamagedRecord]) = (leaf, index, [])
        for level in 0... {
            let (tile, number) = place.quotientAndRemainder(dividingBy: Int64(Tile.span))
            let hashes: [MerkleHash]
            do {
                hashes = try self.hashes(level: level, tile)
            } catch let damage as DamagedRecord {
                return damages + [damage]
            }
            let isRight = hashes.count > Int(number) && hashes[Int(number)] == hash
            if !isRight, told.insert(Tile(.hashes(level: level), index: tile)).inserted {
                damages.append(DamagedRecord(.server, "tile \(tile) of level \(level) is not that of the journal"))
            }
            guard number == Int64(Tile.span) - 1, hashes.count == Tile.span else { break }
            (hash, place) = (.root(hashes), tile)
        }
        return damages
    }

    private mutating func hashes(level: Int, _ index: Int64) throws -> [MerkleHash] {
        if let known = read[level], known.index == index { return known.hashes }
        let hashes = try snapshot.hashes(level: level, index: index, width: Tile.span)
        read[level] = (index, hashes)
        return hashes
    }
}
