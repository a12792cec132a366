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

    /// Whether all was looked at.
    var isOver: Bool { place == .end }

    /// Looks at a bounded part, and goes on behind it.
    ///
    /// - Parameter found: hears of what is not what was recorded.
    /// - Throws: where the store cannot be read for another reason; the same part comes again then.
    mutating func step(_ store: any CaseStore, found: (DamagedRecord) -> Void) throws {
        switch place {
        case .pages(let page):
            var next: Int64? = page + Int64(Scrub.pageLimit)
            if let damage = try Scrub.damage({ next = try store.scrub(from: page, limit: Scrub.pageLimit) }) { found(damage) }
            // Where the store ends is found page by page.
            var end = next ?? page
            while next == nil, end - page < Int64(Scrub.pageLimit), let behind = try store.scrub(from: end, limit: 1), behind > end {
                end = behind
            }
            counts.pages += max(0, end - page)
            place = next.map { .pages(from: $0) } ?? .entries(after: 0, TreeEdge())
        case .entries(let seq, let edge):
            var next = Place.cases(after: nil)
            let damage = try Scrub.damage {
                try store.read { snapshot in
                    next = try entries(after: seq, edge, snapshot, found)
                }
            }
            if let damage { found(damage) }
            place = next
        case .cases(let id):
            var next = Place.end
            let damage = try Scrub.damage {
                try store.read { snapshot in
                    next = try cases(after: id, snapshot, found)
                }
            }
            if let damage { found(damage) }
            place = next
        case .end: break
        }
    }

    private mutating func entries(
        after seq: Int64, _ edge: TreeEdge, _ snapshot: any StoreSnapshot, _ found: (DamagedRecord) -> Void
    ) throws -> Place {
        var edge = edge
        let page = try snapshot.recorded(after: seq, Scrub.entryLimit)
        for entry in page {
            // The same comparison as whoever reads it makes.
            let damage = try Scrub.damage {
                _ = try JournalEntry(seq: entry.seq, id: entry.id, revision: entry.revision, entry.event, leaf: entry.leaf)
            }
            if let damage { found(damage) }
            edge.append(entry.leaf)
        }
        counts.entries += Int64(page.count)
        if let last = page.last { return .entries(after: last.seq, edge) }
        if try snapshot.root(ofSize: edge.size) != edge.root {
            found(DamagedRecord(.server, "the tree over the journal is not that of its entries"))
        }
        return .cases(after: nil)
    }

    private mutating func cases(after id: CaseID?, _ snapshot: any StoreSnapshot, _ found: (DamagedRecord) -> Void) throws -> Place {
        let ids = try snapshot.ids(CaseFilter(now: .first), after: id, limit: Scrub.caseLimit)
        for id in ids {
            if let damage = try Scrub.damage({ _ = try snapshot.file(id) }) { found(damage) }
        }
        counts.cases += Int64(ids.count)
        return ids.last.map { .cases(after: $0) } ?? .end
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
