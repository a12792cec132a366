import CaseCore
import CaseStore
import CaseWire
import Synchronization
import WorkingTime

/// The end of the journal as those hear it who follow cases: read once for all of them, and each event taken in once. Whoever follows from
/// further back reads the store.
///
/// It holds the last entries that somebody was behind, and cases as they stood lately; of both so many bytes and no more.
package final class JournalTail: Sendable {
    /// A stretch of the journal.
    struct Stretch {
        var items: [Item]
        /// All that was looked for up to here is in it.
        var through: Int64
    }

    /// An entry, and what became of its case, once that was asked.
    final class Item: Sendable {
        let entry: JournalEntry
        fileprivate let moment = Mutex<Moment?>(nil)

        init(_ entry: JournalEntry) {
            self.entry = entry
        }
    }

    /// A case before an event and after it, by what filters ask. A reading has no before.
    struct Moment: Sendable {
        let isReading: Bool
        /// Whether it is not for whoever submitted the case.
        let isInternal: Bool
        let submitters: Set<String>
        let at: Instant
        let before: CaseRow?
        let after: CaseRow
        let texts: CaseTexts
    }

    private struct Kept {
        /// The entries lie behind this place and go up to the other one.
        var after: Int64 = 0
        var through: Int64 = 0
        var items: [Item] = []
        var byteCount = 0
    }

    private let kept = Mutex(Kept())
    private let cases = Mutex(RecentCases())

    /// Of what is kept of the journal, in entries and bytes.
    private static let limit = PageLimit(rows: 1024, bytes: 4 << 20)
    /// Of what is read on at once: whoever reads slowly is not sent more than this before there is room again.
    private static let step = PageLimit(rows: 256, bytes: 1 << 17)

    /// The next entries behind a place: no more than a step of them, and none behind a limit.
    func stretch(after seq: Int64, through limit: Int64, in store: any CaseStore) throws -> Stretch {
        let stretch = try stretch(after: seq, in: store)
        guard stretch.through > limit else { return stretch }
        return Stretch(items: stretch.items.filter { $0.entry.seq <= limit }, through: max(seq, limit))
    }

    private func stretch(after seq: Int64, in store: any CaseStore) throws -> Stretch {
        let found = try kept.withLock { kept -> Stretch? in
            guard seq >= kept.after else { return nil }
            // Where nobody has followed for a while, what is between is nobody's.
            if seq > kept.through { kept = Kept(after: seq, through: seq) }
            if seq == kept.through { try JournalTail.readOn(&kept, store) }
            return JournalTail.step(kept, after: seq)
        }
        return try found ?? store.read { try JournalTail.next(after: seq, $0) }
    }

    private static func step(_ kept: Kept, after seq: Int64) -> Stretch {
        var (items, total): ([Item], Int) = ([], 0)
        for item in kept.items where item.entry.seq > seq {
            guard step.allows(more: items.count, bytes: total) else { return Stretch(items: items, through: items.last!.entry.seq) }
            items.append(item)
            total += item.entry.event.count
        }
        return Stretch(items: items, through: kept.through)
    }

    private static func next(after seq: Int64, _ snapshot: any StoreSnapshot) throws -> Stretch {
        let last = try snapshot.lastSeq()
        let entries = try snapshot.journal(after: seq, step)
        let isWhole = step.allows(more: entries.count, bytes: entries.reduce(0) { $0 + $1.event.count })
        // What is behind the last one is the server's own.
        return Stretch(items: entries.map(Item.init), through: isWhole ? last : entries.last!.seq)
    }

    private static func readOn(_ kept: inout Kept, _ store: any CaseStore) throws {
        let after = kept.through
        let next = try store.read { try JournalTail.next(after: after, $0) }
        kept.items += next.items
        kept.byteCount += next.items.reduce(0) { $0 + $1.entry.event.count }
        kept.through = next.through
        var gone = 0
        while kept.items.count - gone > limit.rows || kept.byteCount > limit.bytes {
            kept.byteCount -= kept.items[gone].entry.event.count
            kept.after = kept.items[gone].entry.seq
            gone += 1
        }
        kept.items.removeFirst(gone)
    }

    /// Lets go of all that is held: what an entry said of persons was erased. Whoever follows reads the store again.
    func forget() {
        kept.withLock { $0 = Kept(after: $0.through, through: $0.through) }
        cases.withLock { $0 = RecentCases() }
    }

    // MARK: What became of cases

    /// What became of the cases of some entries, in their order.
    ///
    /// - Throws: where a journal cannot be taken in; faults of the store.
    func moments(of items: [Item], _ context: Engine.Context) throws -> [Moment] {
        let known = items.map { item in item.moment.withLock { $0 } }
        guard known.contains(where: { $0 == nil }) else { return known.compactMap { $0 } }
        return try context.store.read { snapshot in
            try zip(items, known).map { item, known in
                if let known { return known }
                let moment = try moment(of: item.entry, context.catalogs, snapshot)
                item.moment.withLock { $0 = moment }
                return moment
            }
        }
    }

    private func moment(of entry: JournalEntry, _ catalogs: CatalogBook, _ snapshot: any StoreSnapshot) throws -> Moment {
        let event = try Event(canonicalBytes: entry.event)
        func row(_ file: CaseFile) throws -> CaseRow { CaseRow(lookingAt: file, under: try catalogs.terms(of: file, in: snapshot)) }
        let isReading = entry.revision < 0
        // A reading concerns the case as it was read.
        let known = try file(of: entry.id, at: isReading ? event.revision : event.revision - 1, snapshot)
        var after = known?.file
        if !isReading { try CaseFile.fold(event, into: &after) }
        guard let after else { throw IncompleteStore(description: "the journal of \(entry.id) does not begin with its submission") }
        let before = isReading ? nil : known?.file
        if !isReading { cases.withLock { $0.keep(after, weight: (known?.weight ?? 0) + JournalTail.weight(of: event, entry.event.count)) } }
        return Moment(
            isReading: event.change.isReading, isInternal: event.isInternal(toCaseOf: after.submitters), submitters: after.submitters,
            at: event.at, before: try before.map(row), after: try row(after), texts: CaseTexts(after))
    }

    /// What an event adds to its case, in bytes, at most: a note is in the journal alone.
    private static func weight(of event: Event, _ byteCount: Int) -> Int {
        event.change is Noted ? 0 : byteCount
    }

    /// A case as of a revision, and about how many bytes it takes; nil before the first.
    private func file(of id: CaseID, at revision: Int, _ snapshot: any StoreSnapshot) throws -> (file: CaseFile, weight: Int)? {
        guard revision > 0 else { return nil }
        if let known = cases.withLock({ $0.file(of: id, at: revision) }) { return known }
        var (file, weight): (CaseFile?, Int) = (nil, 0)
        try snapshot.events(of: id) { row in
            guard row.revision <= revision else { return false }
            let event = try Event(canonicalBytes: row.event)
            try CaseFile.fold(event, into: &file)
            weight += JournalTail.weight(of: event, row.event.count)
            return true
        }
        return file.map { ($0, weight) }
    }
}

/// Cases as they stood after events that were taken in lately; those that were asked for last stay longest.
private struct RecentCases {
    private struct Key: Hashable {
        let id: CaseID
        let revision: Int
    }

    private struct Known {
        let file: CaseFile
        /// About how many bytes it takes.
        let weight: Int
        var use: UInt64
    }

    private var known: [Key: Known] = [:]
    private var weight = 0
    private var useCount: UInt64 = 0

    /// In bytes, about.
    private static let limit = 8 << 20
    /// What a case takes beside what its journal says.
    private static let least = 4096

    mutating func file(of id: CaseID, at revision: Int) -> (file: CaseFile, weight: Int)? {
        useCount += 1
        let key = Key(id: id, revision: revision)
        known[key]?.use = useCount
        return known[key].map { ($0.file, $0.weight - RecentCases.least) }
    }

    /// Keeps a case, whatever it takes, and forgets others for it.
    ///
    /// - Parameter byteCount: of what its journal says, which is the most that it can hold.
    mutating func keep(_ file: CaseFile, weight byteCount: Int) {
        useCount += 1
        let new = Known(file: file, weight: byteCount + RecentCases.least, use: useCount)
        let own = Key(id: file.id, revision: file.revision)
        weight += new.weight - (known.updateValue(new, forKey: own)?.weight ?? 0)
        guard weight > RecentCases.limit else { return }
        for (key, one) in known.sorted(by: { $0.value.use < $1.value.use }) where key != own && weight > RecentCases.limit / 2 {
            known[key] = nil
            weight -= one.weight
        }
    }
}

extension CaseRow {
    /// What filters ask of a case, without what the store keeps of it.
    fileprivate init(lookingAt file: CaseFile, under terms: Terms) {
        self.init(
            id: file.id, file: nil, values: CaseColumn.all.map { $0.value(of: file, under: terms) }, nextDeadline: nil,
            due: file.due(under: terms))
    }
}
