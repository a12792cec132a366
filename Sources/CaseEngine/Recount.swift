import CaseCore
import CaseStore
import CaseWire
import Logging
import WorkingTime

/// The figures of reports, counted from the journal alone: what the sums that are kept with every command have to equal.
package struct Recount {
    private let catalogs: CatalogBook

    package init(_ catalogs: CatalogBook) {
        self.catalogs = catalogs
    }

    /// Goes through the journal of every case, and hands the figures over in parts.
    ///
    /// - Parameter unread: hears of a case whose journal cannot be read, which then adds nothing; nil where that is an error.
    package func run(
        _ snapshot: any StoreSnapshot, unread: ((CaseID, any Error) -> Void)? = nil, part: ([RollupKey: Rollup]) throws -> Void
    ) throws {
        var last: CaseID?
        repeat {
            let ids = try snapshot.ids(CaseFilter(now: Instant(seconds: 0)), after: last, limit: 10_000)
            var sums: [RollupKey: Rollup] = [:]
            for id in ids {
                do {
                    for (key, rollup) in try figures(of: id, snapshot) { sums[key, default: Rollup()].add(rollup) }
                } catch let error as UnreadJournal {
                    guard let unread else { throw error.cause }
                    unread(id, error.cause)
                } catch let error as DamagedRecord {
                    guard let unread else { throw error }
                    unread(id, error)
                }
            }
            try part(sums)
            last = ids.last
        } while last != nil
    }

    private func figures(of id: CaseID, _ snapshot: any StoreSnapshot) throws -> [(key: RollupKey, rollup: Rollup)] {
        var file: CaseFile?
        var figures: [(key: RollupKey, rollup: Rollup)] = []
        try snapshot.eachEvent(of: id) { row in
            let before = file
            let event: Event
            do {
                event = try Event(canonicalBytes: row.event)
                try CaseFile.fold(event, into: &file)
            } catch {
                throw UnreadJournal(cause: error)
            }
            guard let after = file else {
                throw UnreadJournal(cause: IncompleteStore(description: "the journal of \(id) does not begin with its submission"))
            }
            if let own = after.figures(of: event, before: before, under: try catalogs.terms(of: after, in: snapshot)) {
                figures.append(own)
            }
        }
        return figures
    }

    /// What the journal of a case says is damaged; the store could be read.
    private struct UnreadJournal: Error {
        let cause: any Error
    }

    private static let settingName = "figures"

    /// Writes the figures of a store anew that has none.
    static func write(_ store: any CaseStore, _ catalogs: CatalogBook) throws {
        try store.read(for: .engine) { snapshot in
            try Recount(catalogs).run(snapshot) { sums in
                var batch = Batch()
                batch.rollups = sums
                try store.commit(batch)
            }
        }
        var batch = Batch()
        batch.settings = [settingName: "kept"]
        try store.commit(batch)
    }

    /// A store of a version that kept no figures, or fewer, gets them once. A damaged case keeps nothing back, and is in none of them.
    static func prepare(_ store: any CaseStore, _ catalogs: CatalogBook, log: Logger, progress: () -> Void) throws {
        guard try store.read(for: .engine, { try $0.setting(settingName) }) == nil else { return }
        try store.commit(planningParts: { snapshot, part in
            guard try snapshot.setting(settingName) == nil else { return }
            var batch = Batch()
            batch.settings = [settingName: "kept"]
            try part(batch)
            try Recount(catalogs).run(
                snapshot,
                unread: { id, error in
                    log.entry(.caseDamaged, "a case is in no report", ["case": "\(id)", "fault": "\(error)"])
                }
            ) { sums in
                var batch = Batch()
                batch.rollups = sums
                try part(batch)
                progress()
            }
        })
    }
}
