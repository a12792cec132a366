import CaseCore
import CaseStore
import CaseWire
import Logging
import WorkingTime

/// Makes a store that was copied from another one fit to be used in its place.
package struct Restoration {
    /// How many cases were compared with their journals.
    package let caseCount: Int
    /// The last place in the journal of the copy.
    package let lastSeq: Int64

    /// Folds the journal of every case and compares it with the case, so that a step or a rung that the journal holds is never taken
    /// again; then gives the store an epoch of its own, and records where it came from.
    ///
    /// - Throws: `UnfitStore` where a case is not what its journal says.
    package init(_ store: any CaseStore) throws {
        let (count, seq, revision) = try store.read { snapshot in
            (try Restoration.compare(snapshot), try snapshot.lastSeq(), try snapshot.lastRevision(of: CaseID(0)))
        }
        (caseCount, lastSeq) = (count, seq)
        let event = ServerEvent(revision: revision + 1, at: SystemTime().now, by: "server", change: .restored(seq: seq))
        var batch = Batch()
        batch.journal = [JournalRow(id: CaseID(0), revision: event.revision, at: event.at, event: event.canonicalBytes)]
        StoreSettings.renewEpoch(in: &batch)
        try store.commit(batch)
    }

    private static func compare(_ snapshot: any StoreSnapshot) throws -> Int {
        var (last, count): (CaseID?, Int) = (nil, 0)
        repeat {
            let ids = try snapshot.ids(CaseFilter(now: Instant(seconds: 0)), after: last, limit: 10_000)
            for id in ids where try snapshot.caseFile(id) != snapshot.folded(id) {
                throw UnfitStore(description: "\(id) is not what its journal says: take another backup")
            }
            (last, count) = (ids.last, count + ids.count)
        } while last != nil
        return count
    }
}
