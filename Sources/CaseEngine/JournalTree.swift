import CaseStore
import Evidence

/// The tree over the journal as far as it was written: its right edge, and the tiles that are not full.
package struct JournalTree: Sendable, Equatable {
    package private(set) var edge = TreeEdge()
    private var growth = TileGrowth()

    static let settingName = "tree"

    init() {}

    /// As a store holds it; nil where it has none yet.
    ///
    /// - Throws: `UnfitStore` where the edge and the tiles are not those of one tree.
    init?(_ snapshot: any StoreSnapshot) throws {
        guard let setting = try snapshot.setting(JournalTree.settingName) else { return nil }
        guard let edge = TreeEdge(text: setting) else { throw UnfitStore(description: "the edge of its tree is damaged") }
        self.edge = edge
        do {
            growth = try TileGrowth(size: edge.size, from: snapshot)
            guard try snapshot.root(ofSize: edge.size) == edge.root else {
                throw UnfitStore(description: "the tree over its journal is not the one that was written: restore it from a backup")
            }
        } catch is TreeFault {
            throw UnfitStore(description: "its journal lacks rows that the tree over it has: restore it from a backup")
        }
    }

    /// The tree of now, by the leaves that have come since this one was the newest.
    ///
    /// - Parameter seq: the last place in the journal then.
    /// - Returns: nil where that is not the tree which the store has, or there are too many of them: then it is to be read as a whole.
    func grown(_ seq: Int64, _ snapshot: any StoreSnapshot) throws -> JournalTree? {
        guard let setting = try snapshot.setting(JournalTree.settingName), let leaves = try snapshot.leaves(after: seq) else { return nil }
        var tree = self
        for leaf in leaves { _ = tree.append(leaf) }
        return tree.setting == setting ? tree : nil
    }

    /// Adds the leaf of a row behind the last.
    ///
    /// - Returns: the tiles that became full.
    mutating func append(_ leaf: MerkleHash) -> [TileGrowth.FullTile] {
        edge.append(leaf)
        return growth.append(leaf)
    }

    var setting: String { edge.text }
}
