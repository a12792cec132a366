import CaseCore
import CaseStore
import Evidence
import WorkingTime

/// The tree over the journal of a store that was written by a version without one: it is made once, when the store is opened. Old events keep
/// their bytes; what they say of persons stands in them for good.
enum TreeFilling {
    /// Rows whose leaves are added in one commit.
    private static let chunk = PageLimit(rows: 4096, bytes: 1 << 23)

    /// Whoever ends in its midst goes on there.
    ///
    /// - Parameter leaving: is told which case is left as it is, and why.
    static func prepare(
        _ store: any CaseStore, _ catalogs: CatalogBook, progress: () -> Void = {}, leaving: (CaseID, any Error) throws -> Void
    ) throws {
        let isNew = try store.read(for: .engine) { try $0.lastSeq() == 0 }
        guard try store.read(for: .engine, { try JournalTree($0) }) == nil || store.read(for: .engine, missing) > 0 else { return }
        var tree = try store.read(for: .engine) { try JournalTree($0) } ?? JournalTree()
        while true {
            var batch = Batch()
            let count = try store.read(for: .engine) { snapshot in
                let gaps = try snapshot.journalGaps()
                let entries = try snapshot.recorded(after: gaps.seq(ofLeaf: tree.edge.size) - 1, chunk)
                for entry in entries {
                    guard gaps.leaf(of: entry.seq) == tree.edge.size else {
                        throw UnfitStore(description: "the empty places of its journal are damaged: restore it from a backup")
                    }
                    batch.tiles += tree.append(entry.event.leaf)
                }
                return entries.count
            }
            batch.settings[JournalTree.settingName] = tree.setting
            try store.commit(batch)
            progress()
            if count == 0 { break }
        }
        if !isNew { try sumFiles(store, catalogs, progress, leaving) }
    }

    /// How many rows of the journal have no leaf in the tree.
    private static func missing(_ snapshot: any StoreSnapshot) throws -> Int64 {
        try snapshot.journalGaps().leaf(of: snapshot.lastSeq()) + 1 - (JournalTree(snapshot)?.edge.size ?? 0)
    }

    /// Writes the snapshots of cases anew, with their sums.
    private static func sumFiles(
        _ store: any CaseStore, _ catalogs: CatalogBook, _ progress: () -> Void, _ leaving: (CaseID, any Error) throws -> Void
    ) throws {
        var last: CaseID?
        repeat {
            var batch = Batch()
            last = try store.read(for: .engine) { snapshot in
                let ids = try snapshot.ids(CaseFilter(now: Instant(seconds: 0)), after: last, limit: 1000)
                for id in ids {
                    do {
                        guard let file = try snapshot.caseFile(id) else { continue }
                        batch.cases.append(CaseRow(file, under: try catalogs.terms(of: file, in: snapshot)))
                    } catch {
                        try leaving(id, error)
                    }
                }
                return ids.last
            }
            if !batch.cases.isEmpty { try store.commit(batch) }
            progress()
        } while last != nil
    }
}
