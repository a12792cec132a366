import CaseCore
import CaseStore
import CaseWire
import Evidence
import Logging
import WorkingTime

/// Makes a store that was copied from another one fit to be used in its place.
package struct Restoration {
    /// How many cases were compared with their journals.
    package let caseCount: Int
    /// The last place in the journal of the copy.
    package let lastSeq: Int64
    /// Cases that are submitted from now on have higher numbers.
    package let lastCaseNumber: Int64

    /// So many numbers are left out at least. It rests on no more cases than that being submitted between two backups.
    private static let leastGap: Int64 = 1_000_000
    /// And up to so many more, by chance, so that two stores made from one copy do not number alike.
    private static let chanceGap: Int64 = 100_000_000
    /// Cases that are compared in one read.
    private static let chunk = 1000

    /// Folds the journal of every case and compares it with the case, so that a step or a rung that the journal holds is never taken
    /// again, and writes anew what is only looked up beside it: rows, deadlines and figures; then gives the store an epoch of its own,
    /// and records where it came from.
    ///
    /// The store that was lost gave out numbers of cases and orders, receipts, and places of events and notices, that the copy knows
    /// nothing of: they are left out.
    ///
    /// - Parameter progress: is told how many cases were compared.
    /// - Throws: `UnfitStore` where a case is not what its journal says, its settings cannot be read, or its numbers are used up.
    package init(_ store: any CaseStore, progress: (Int) -> Void = { _ in }) throws {
        let catalogs = try Restoration.catalogs(store)
        let (seq, revision, number, notice, floors, words) = try store.read(for: .engine) { snapshot in
            try StoreSettings.check(snapshot)
            guard try StoreSettings.listReadings(snapshot) == StoreSettings.recountedListReadings(snapshot) else {
                throw UnfitStore(description: "who read cases as an auditor is not what its history says: take another backup")
            }
            try Restoration.compareCatalog(snapshot)
            return (
                try snapshot.lastSeq(), try snapshot.lastRevision(of: CaseID.server), try StoreSettings.lastCaseNumber(snapshot),
                try snapshot.lastNoticeSeq(), try StoreSettings.floors(snapshot), try StoreSettings.draws(snapshot)
            )
        }
        lastSeq = seq
        try TreeFilling.prepare(store)
        try Restoration.compareRecords(store)
        let gap = Restoration.leastGap + Int64.random(in: 0..<Restoration.chanceGap)
        guard number + gap + Restoration.leastGap < ReceiptSeal.lastNumber else {
            throw UnfitStore(description: "the numbers of cases are used up: make a new store for new cases")
        }
        guard [seq, notice, Int64(floors.order), floors.notice].allSatisfy({ (0...Restoration.lastPlace).contains($0) }) else {
            throw UnfitStore(description: "its places are higher than any that were given out: take another backup")
        }
        lastCaseNumber = number + gap
        caseCount = try Restoration.compare(store, catalogs, progress)
        try Recount.write(store, catalogs)
        let event = ServerEvent(revision: revision + 1, at: SystemTime().now, by: "server", change: .restored(seq: seq))
        var batch = Batch()
        batch.journalFloor = seq + gap
        let row = JournalRow(id: CaseID.server, revision: event.revision, at: event.at, event: RecordedEvent(text: event.canonicalBytes))
        batch.journal = [row]
        var tree = try store.read(for: .engine) { try JournalTree($0) } ?? JournalTree()
        batch.tiles = tree.append(row.leaf)
        batch.settings[JournalTree.settingName] = tree.setting
        StoreSettings.renewEpoch(in: &batch)
        batch.settings[DrawBook.settingName] = words.withoutWords.setting
        ColumnFilling.note(in: &batch)
        StoreSettings.keep(lastCaseNumber: lastCaseNumber, in: &batch)
        StoreSettings.keep(
            StoreSettings.Floors(
                order: floors.order + Int(gap), notice: max(floors.notice, notice) + gap, emptyPlaceCount: floors.emptyPlaceCount + gap),
            in: &batch)
        try store.commit(batch)
    }

    /// No store comes so far: to go on from here overflows nothing.
    private static let lastPlace: Int64 = 1 << 61

    /// All versions of the catalogue are there and can be read.
    private static func catalogs(_ store: any CaseStore) throws -> CatalogBook {
        do {
            let catalogs = try CatalogBook(store)
            for version in 1..<max(1, catalogs.newestVersion) where try catalogs.register(version) == nil {
                throw UnfitStore(description: "version \(version) of its catalogue is missing: take another backup")
            }
            return catalogs
        } catch let error as UnfitStore {
            throw error
        } catch {
            throw UnfitStore(description: "its catalogue cannot be read (\(error)): take another backup")
        }
    }

    /// The versions are those that were applied, and what settings say of them is what the server's history does.
    private static func compareCatalog(_ snapshot: any StoreSnapshot) throws {
        let recount = try CatalogRecount(snapshot)
        if let version = recount.changedVersion {
            throw UnfitStore(description: "version \(version) of its catalogue is not the one that was applied: take another backup")
        }
        guard recount.isWhole else { return }
        let isSame =
            try StoreSettings.unconfirmed(snapshot) == recount.unconfirmed && StoreSettings.history(snapshot) == recount.history
            && StoreSettings.pending(snapshot)?.waiting == recount.waiting
        guard isSame else {
            throw UnfitStore(
                description:
                    "what counts of its catalogue, what waits for its day, or whom it has named is not what its history says: take another backup"
            )
        }
    }

    /// Each entry of the journal and each case is what was recorded, and the tree is that of the entries. Whoever stopped the store that was
    /// copied, and when, does not matter.
    private static func compareRecords(_ store: any CaseStore) throws {
        var scrub = Scrub.ofRecords
        var damage: DamagedRecord?
        while !scrub.isOver, damage == nil {
            try scrub.step(store) { damage = damage ?? $0 }
        }
        if let damage { throw UnfitStore(description: "it is not what was recorded (\(damage)): take another backup") }
    }

    /// In many reads and commits, none of which takes long: nobody else has this store.
    private static func compare(_ store: any CaseStore, _ catalogs: CatalogBook, _ progress: (Int) -> Void) throws -> Int {
        var batch = Batch()
        batch.forgetsDerived = true
        var (last, count): (CaseID?, Int) = (nil, 0)
        repeat {
            let ids = try store.read(for: .engine) { snapshot in
                let ids = try snapshot.ids(CaseFilter(now: Instant(seconds: 0)), after: last, limit: chunk)
                batch.cases = try ids.map { try compare($0, snapshot, catalogs) }
                return ids
            }
            try store.commit(batch)
            batch = Batch()
            (last, count) = (ids.last, count + ids.count)
            progress(count)
        } while last != nil
        try compareJournal(store, caseCount: count)
        return count
    }

    /// A case with its journal, and with what lists say of it; and that there are the catalogues that govern it.
    ///
    /// - Returns: what lists and sweeps look for beside it, as it has to be.
    private static func compare(_ id: CaseID, _ snapshot: any StoreSnapshot, _ catalogs: CatalogBook) throws -> CaseRow {
        guard let file = try snapshot.caseFile(id), try file == snapshot.folded(id), try snapshot.lastRevision(of: id) == file.revision
        else {
            throw UnfitStore(description: "\(id) is not what its journal says: take another backup")
        }
        var row: CaseRow
        do {
            guard file.timing.version <= catalogs.newestVersion else {
                throw UnfitStore(description: "\(id) follows version \(file.timing.version) of the catalogue, which is missing")
            }
            row = CaseRow(file, under: try catalogs.terms(of: file, in: snapshot))
            row.texts = CaseTexts(file)
        } catch {
            throw UnfitStore(description: "\(error): take another backup")
        }
        // What the file says by itself has to be there. What rules say of it is looked up anew, and whether its clocks run as well: the first
        // versions took it that all clocks of a decided case do.
        let conditions = try ColumnFilling.filled(snapshot).filter { !$0.isProjected && $0 != .running }.map { column in
            row[column] == .null ? CaseCondition.isNull(column) : .isAny(column, [row[column]])
        }
        let filter = CaseFilter([.isCase(id)] + conditions, now: Instant(seconds: 0))
        guard try snapshot.count(filter) == 1 else {
            throw UnfitStore(description: "what lists say of \(id) is not what its journal says: take another backup")
        }
        return row
    }

    /// Every event is there, none is of a case that is not, and nothing is missing between them.
    private static func compareJournal(_ store: any CaseStore, caseCount: Int) throws {
        var (seq, eventCount, openingCount): (Int64, Int64, Int) = (0, 0, 0)
        while true {
            let entries = try store.read(for: .engine) { try $0.journal(after: seq, PageLimit(rows: chunk, bytes: 1 << 23)) }
            guard let last = entries.last else { break }
            seq = last.seq
            eventCount += Int64(entries.count)
            openingCount += entries.count { $0.revision == 1 }
        }
        guard openingCount == caseCount else {
            throw UnfitStore(description: "the journal knows \(openingCount) cases, and there are \(caseCount): take another backup")
        }
        let (last, own, empty) = try store.read(for: .engine) { snapshot in
            (
                try snapshot.lastSeq(), Int64(try snapshot.lastRevision(of: CaseID.server)),
                try StoreSettings.floors(snapshot).emptyPlaceCount
            )
        }
        // The server's own are in order as well, and can be read.
        var words: [String: DrawCommitment] = [:]
        var place: Int64 = 0
        try store.read(for: .engine) { snapshot in
            try snapshot.eachEvent(of: .server) { row in
                place += 1
                guard let event = try? JSONReader.read(row.event), event["revision"]?.integer == place else {
                    throw UnfitStore(description: "its own event at \(row.seq) is not the one that was written: take another backup")
                }
                try compareDraw(event, &words, snapshot)
            }
        }
        guard eventCount + own + empty == last else {
            throw UnfitStore(
                description:
                    "the journal ends at \(last), and has \(eventCount + own) events and \(empty) empty places: take another backup")
        }
    }

    /// What is published of a draw is what its two events say.
    private static func compareDraw(
        _ event: JSONValue, _ words: inout [String: DrawCommitment], _ snapshot: any StoreSnapshot
    ) throws {
        let draw = event["data"]?["draw"]?.string ?? ""
        switch event["event"]?.string {
        case ServerChange.drawCommittedName: words[draw] = event["data"].flatMap { try? DrawCommitment(from: $0) }
        case ServerChange.drawMadeName:
            guard let name = DrawName(draw), let text = try snapshot.setting(DrawBook.settingName(of: name)),
                let published = try? PublishedDraw(from: JSONReader.read(Array(text.utf8))), published.committed == words[draw],
                published.made == event["data"].flatMap({ try? DrawResult(from: $0) }),
                DrawReckoning.own.populationHash(published.population) == published.made.populationHash
            else { throw UnfitStore(description: "what is published of draw \(draw) is not what its journal says: take another backup") }
        default: break
        }
    }
}
