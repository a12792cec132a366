import CaseCore
import CaseStore
import Evidence

/// A look at everything that a store holds: each page, each entry of the journal with the tree over it, and each case.
struct Scrub: Sendable, Equatable {
    /// How much was looked at.
    struct Counts: Sendable, Equatable {
        var pages: Int64 = 0
        var entries: Int64 = 0
        var cases: Int64 = 0
    }

    private enum Place: Sendable, Equatable {
        case pages(from: Int64)
        case entries(after: Int64, TreeEdge)
        case cases(after: CaseID?)
        case end
    }

    private var place = Place.pages(from: 1)
    private(set) var counts = Counts()

    /// A mebibyte of them.
    private static let pageLimit = 256
    private static let entryLimit = PageLimit(rows: 500, bytes: 1 << 20)
    private static let caseLimit = 200
    /// No store has so many pages, entries or cases; what is reckoned with less does not overflow.
    private static let farthest: Int64 = 1 << 40

    init() {}

    /// Without the pages.
    static var ofRecords: Scrub {
        var scrub = Scrub()
        scrub.place = .entries(after: 0, TreeEdge())
        return scrub
    }

    /// Whether all was looked at.
    var isOver: Bool { place == .end }

    /// Looks at a bounded part, and goes on behind it.
    ///
    /// - Parameter found: hears of what is not what was recorded.
    /// - Throws: where the store cannot be read for another reason; the same part comes again then.
    mutating func step(_ store: any ReadableStore, found: (DamagedRecord) -> Void) throws {
        switch place {
        case .pages(let page):
            place = try pages(from: page, store, found)
        case .entries(_, let edge):
            do {
                place = try store.read { try entries(from: edge, $0, found) }
            } catch let report as any DamageReport {
                guard let damage = report.damage else { throw report }
                // One bad page ends the whole of a read: one after the other each has its own.
                place = try entriesOneByOne(from: edge, store, damage, found)
            }
        case .cases(let id):
            do {
                place = try store.read { try cases(after: id, $0, found) }
            } catch let report as any DamageReport {
                guard let damage = report.damage else { throw report }
                place = try casesOneByOne(after: id, store, damage, found)
            }
        case .end: break
        }
    }

    // MARK: Pages

    private mutating func pages(
        from first: Int64, _ store: any ReadableStore, _ found: (DamagedRecord) -> Void
    ) throws -> Place {
        do {
            if let next = try store.scrub(from: first, limit: Scrub.pageLimit) {
                counts.pages += next - first
                return .pages(from: next)
            }
        } catch let report as any DamageReport where report.damage != nil {
            // Page by page: those behind a damaged one are looked at as well.
        }
        for page in first..<first + Int64(Scrub.pageLimit) {
            do {
                guard let next = try store.scrub(from: page, limit: 1) else { return .entries(after: 0, TreeEdge()) }
                // One that cannot be judged yet, since others read an older state, is looked at in the next round.
                if next == page { return .pages(from: page) }
            } catch let report as any DamageReport {
                guard let damage = report.damage else { throw report }
                found(damage)
            }
            counts.pages += 1
        }
        return .pages(from: first + Int64(Scrub.pageLimit))
    }

    // MARK: Entries and the tree

    private mutating func entries(from start: TreeEdge, _ snapshot: any StoreSnapshot, _ found: (DamagedRecord) -> Void) throws -> Place {
        var (edge, tiles) = (start, TileCheck(snapshot))
        let page = try snapshot.recorded(after: try snapshot.journalGaps().seq(ofLeaf: edge.size) - 1, Scrub.entryLimit)
        var damages: [DamagedRecord] = []
        for entry in page {
            if let damage = try Scrub.damage({ try Scrub.compare(entry, snapshot) }) { damages.append(damage) }
            damages += try tiles.damages(ofLeaf: entry.leaf, at: edge.size)
            edge.append(entry.leaf)
        }
        let isEnd = page.isEmpty
        if isEnd, try snapshot.root(ofSize: edge.size) != edge.root {
            damages.append(DamagedRecord(.server, "the tree over the journal is not that of its entries"))
        }
        damages.forEach(found)
        counts.entries += Int64(page.count)
        return isEnd ? .cases(after: nil) : .entries(after: page.last!.seq, edge)
    }

    /// The same where a part cannot be read at once: what is damaged is passed over, with the leaf that the tiles have of it.
    private mutating func entriesOneByOne(
        from start: TreeEdge, _ store: any ReadableStore, _ damage: DamagedRecord, _ found: (DamagedRecord) -> Void
    ) throws -> Place {
        found(damage)
        var edge = start
        guard let (last, gaps) = try? store.read({ (try $0.lastSeq(), try $0.journalGaps()) }) else { return .cases(after: nil) }
        for _ in 0..<Scrub.entryLimit.rows where gaps.seq(ofLeaf: edge.size) <= last {
            let (seq, size) = (gaps.seq(ofLeaf: edge.size), gaps.leaf(of: last) + 1)
            let damage = try Scrub.damage {
                try store.read { snapshot in
                    let entry = try snapshot.recorded(after: seq - 1, PageLimit(rows: 1, bytes: 1)).first
                    guard let entry, entry.seq == seq else { throw DamagedRecord(.server, "entry \(edge.size) of the journal is lost") }
                    edge.append(entry.leaf)
                    try Scrub.compare(entry, snapshot)
                }
            }
            counts.entries += 1
            guard let damage else { continue }
            found(damage)
            if gaps.seq(ofLeaf: edge.size) == seq {
                edge.append((try? store.read { try $0.leaf(at: edge.size, inSize: size) }) ?? .empty)
            }
        }
        let next = gaps.seq(ofLeaf: edge.size)
        return next <= last ? .entries(after: next - 1, edge) : .cases(after: nil)
    }

    /// An entry is what was recorded, and what it says of persons was erased only where the case says so.
    private static func compare(_ entry: RecordedEntry, _ snapshot: any StoreSnapshot) throws {
        // The same comparison as whoever reads it makes.
        let read = try JournalEntry(seq: entry.seq, id: entry.id, revision: entry.revision, entry.event, leaf: entry.leaf)
        if read.isErased, try snapshot.caseFile(entry.id)?.erasure.erasedAt == nil {
            throw DamagedRecord(entry.id, "what revision \(entry.revision) says of persons is gone, and nobody has erased it")
        }
    }

    // MARK: Cases

    private mutating func cases(after id: CaseID?, _ snapshot: any StoreSnapshot, _ found: (DamagedRecord) -> Void) throws -> Place {
        let ids = try snapshot.ids(CaseFilter(now: .first), after: id, limit: Scrub.caseLimit)
        var damages: [DamagedRecord] = []
        for id in ids {
            if let damage = try Scrub.damage({ try Scrub.compare(id, snapshot) }) {
                // A page that cannot be read ends the read.
                guard damage.id != .server else { throw damage }
                damages.append(damage)
            }
        }
        damages.forEach(found)
        counts.cases += Int64(ids.count)
        return ids.last.map { .cases(after: $0) } ?? .end
    }

    private mutating func casesOneByOne(
        after id: CaseID?, _ store: any ReadableStore, _ damage: DamagedRecord, _ found: (DamagedRecord) -> Void
    ) throws -> Place {
        found(damage)
        let first = (id?.number ?? 0) + 1
        guard let last = try? store.read({ try $0.lastCaseNumber() }), first <= last else { return .end }
        let end = min(last, first + Int64(Scrub.caseLimit) - 1)
        for number in first...end {
            if let damage = try Scrub.damage({ try store.read { try Scrub.compare(CaseID(number), $0) } }) { found(damage) }
            counts.cases += 1
        }
        return .cases(after: CaseID(end))
    }

    /// A case is what its journal says.
    private static func compare(_ id: CaseID, _ snapshot: any StoreSnapshot) throws {
        do {
            guard let file = try snapshot.caseFile(id) else { return }
            guard try snapshot.folded(id) == file else { throw DamagedRecord(id, "it is not what its journal says") }
        } catch  where !(error is any DamageReport) {
            // No fault of the store, which would say so: its events are not such that one follows the other.
            throw DamagedRecord(id, "its journal cannot be read: \(error)")
        }
    }

    /// What `body` says of the store.
    private static func damage(_ body: () throws -> Void) throws -> DamagedRecord? {
        do {
            try body()
            return nil
        } catch {
            guard let damage = (error as? any DamageReport)?.damage else { throw error }
            return damage
        }
    }
}

extension Scrub: LosslessStringConvertible {
    /// Where it goes on; without what was counted.
    var description: String {
        switch place {
        case .pages(let page): "pages.\(page)"
        case .entries(let seq, let edge): "entries.\(seq).\(edge.text)"
        case .cases(let id): "cases.\(id?.number ?? 0)"
        case .end: "end"
        }
    }

    /// Nil for what is no such place.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let number = Int64(parts[1]), (0..<Scrub.farthest).contains(number) else { return nil }
        switch (parts[0], parts.count) {
        case ("pages", 2) where number > 0: place = .pages(from: number)
        case ("entries", 3):
            guard let edge = TreeEdge(text: String(parts[2])), edge.size < Scrub.farthest else { return nil }
            place = .entries(after: number, edge)
        case ("cases", 2): place = .cases(after: number == 0 ? nil : CaseID(number))
        default: return nil
        }
    }
}
