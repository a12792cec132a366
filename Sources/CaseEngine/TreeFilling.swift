import CaseCore
import CaseStore
import Evidence

/// The tree over the journal of a store that was written by a version without one: it is made once, when the store is opened. Old events keep
/// their bytes; what they say of persons stands in them for good.
enum TreeFilling {
    /// Rows whose leaves are added in one commit.
    private static let chunk = PageLimit(rows: 4096, bytes: 1 << 23)

    /// Whoever ends in its midst goes on there.
    ///
    /// - Throws: `UnfitStore` where the tree that is there is not that of the journal, or has more leaves than that.
    static func prepare(_ store: any CaseStore, progress: () -> Void = {}) throws {
        while true {
            let count = try store.commit(planning: { snapshot in
                var batch = Batch()
                var tree = try JournalTree(snapshot) ?? JournalTree()
                let gaps = try snapshot.journalGaps()
                let leafCount = try snapshot.lastSeq() == 0 ? 0 : gaps.leaf(of: snapshot.lastSeq()) + 1
                guard tree.edge.size <= leafCount else {
                    throw UnfitStore(description: "the end of its journal is gone, which its tree still has: restore it from a backup")
                }
                let entries = tree.edge.size == leafCount ? [] : try snapshot.recorded(after: gaps.seq(ofLeaf: tree.edge.size) - 1, chunk)
                for entry in entries {
                    guard gaps.leaf(of: entry.seq) == tree.edge.size else {
                        throw UnfitStore(description: "the empty places of its journal are damaged: restore it from a backup")
                    }
                    batch.tiles += tree.append(entry.leaf)
                }
                if !entries.isEmpty { batch.settings[JournalTree.settingName] = tree.setting }
                return (batch, entries.count)
            })
            if count == 0 { return }
            progress()
        }
    }
}
