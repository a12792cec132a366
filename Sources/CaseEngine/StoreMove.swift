import CaseCore
import CaseStore
import Crypto
import Evidence

/// Moves a store to another place, of the same kind or another, and compares what has come there with what was there: all rows of all tables,
/// each entry of the journal with its leaf, the tree over it, and each case with its journal.
///
/// It stays the same store: cursors, keys, receipts and places go on. Whatever stops a move on the way, and whenever, at most one of the two
/// places can be started: the store leaves its old place before it is there in the new one, and the same move can be made again.
package struct StoreMove {
    package let rowCount: Int
    package let entryCount: Int64
    package let caseCount: Int64
    /// Of the tree over the journal, in base 64.
    package let root: String

    /// How far a move is.
    package enum Progress: Sendable, Equatable {
        case read(cases: Int64), copied(rows: Int), compared(cases: Int64)
    }

    /// - Parameter progress: is called now and then.
    /// - Throws: `UnfitStore`, or a fault of one of the stores. The source is as it was, unless it says that it could not be marked.
    package init(
        from source: any MoveSource, to target: any MoveDestination, progress: (Progress) -> Void = { _ in }
    ) throws {
        try StoreMove.require(source, goingTo: target.name)
        let found = try StoreMove.scrub(source) { progress(.read(cases: $0)) }
        let tables = try source.tables()
        try StoreMove.compare(tables, try target.tables())

        var count = 0
        let sums = try tables.map { table in
            try StoreMove.sum(of: table, in: source) { rows in
                try target.write(rows, to: table)
                count += rows.count
                progress(.copied(rows: count))
            }
        }
        for (table, sum) in zip(tables, sums) where try StoreMove.sum(of: table, in: target) != sum {
            throw UnfitStore(description: "the rows of \(table.name) that have come to \(target.name) are not those of \(source.name)")
        }
        let root = try StoreMove.root(source)
        guard try StoreMove.scrub(target, { progress(.compared(cases: $0)) }) == found, try StoreMove.root(target) == root else {
            throw UnfitStore(description: "what has come to \(target.name) is not what \(source.name) holds")
        }
        (rowCount, entryCount, caseCount, self.root) = (count, found.entries, found.cases, root.description)

        try target.settle()
        do {
            try source.leave(for: target.name)
        } catch {
            throw UnfitStore(
                description:
                    "nothing has come to \(target.name), and whether \(source.name) says that it went is not known (\(error)): move it once more"
            )
        }
        do {
            try target.open()
        } catch {
            throw UnfitStore(
                description:
                    "\(source.name) has left, and whether it has come to \(target.name) is not known (\(error)): start cased there; where nothing has come, move it once more"
            )
        }
    }

    // MARK: What may be moved

    /// That there is a store that is whole and has not gone elsewhere.
    private static func require(_ source: any MoveSource, goingTo target: String) throws {
        try source.read(for: .engine) { snapshot in
            guard try snapshot.setting(StoreSettings.epochName) != nil else {
                throw UnfitStore(description: "there is no store in \(source.name): name the one that is to be moved")
            }
            if let place = try snapshot.setting(MovedStore.settingName), place != target {
                throw UnfitStore(description: "the store of \(source.name) was moved to \(place): move that one, or finish that move")
            }
            guard try snapshot.lastSeq() == 0 || snapshot.setting(JournalTree.settingName) != nil else { throw StoreMove.treeless(source) }
            try StoreSettings.check(snapshot)
        }
    }

    /// That each table and each column has its counterpart.
    private static func compare(_ own: [StoreTable], _ other: [StoreTable]) throws {
        let differing = Set(own).symmetricDifference(other).map(\.name).sorted()
        guard differing.isEmpty else {
            throw UnfitStore(
                description:
                    "the two stores have not the same tables (\(Set(differing).sorted().joined(separator: ", "))): make those of this version first"
            )
        }
    }

    // MARK: What is compared

    /// - Parameter step: is told how many cases were looked at.
    /// - Returns: how much there is, without pages, which each kind of store has of its own.
    private static func scrub(_ store: any StoreTables, _ step: (Int64) -> Void) throws -> Scrub.Counts {
        var (scrub, damage): (Scrub, DamagedRecord?) = (Scrub(), nil)
        while !scrub.isOver, damage == nil {
            try scrub.step(store) { damage = damage ?? $0 }
            step(scrub.counts.cases)
        }
        if let damage {
            throw UnfitStore(description: "\(store.name) is not what was recorded (\(damage)): restore it from a backup, and move that")
        }
        var counts = scrub.counts
        counts.pages = 0
        return counts
    }

    /// The root of the tree that a store has, which has to be over all of its journal.
    private static func root(_ store: any StoreTables) throws -> MerkleHash {
        try store.read(for: .engine) { snapshot in
            let last = try snapshot.lastSeq()
            let tree = try JournalTree(snapshot) ?? JournalTree()
            guard tree.edge.size == (last == 0 ? 0 : try snapshot.journalGaps().leaf(of: last) + 1) else {
                throw StoreMove.treeless(store)
            }
            return tree.edge.root
        }
    }

    private static func treeless(_ store: any StoreTables) -> UnfitStore {
        UnfitStore(description: "\(store.name) has no tree over all of its journal: start this version of cased on it once, and stop it")
    }

    /// The sum of all rows of a table, in their order.
    ///
    /// - Parameter body: is given the rows that are summed up.
    private static func sum(
        of table: StoreTable, in store: any StoreTables, _ body: ([StoredRow]) throws -> Void = { _ in }
    ) throws -> SHA256Digest {
        var hash = SHA256()
        let name = table.columns.firstIndex { $0.name == "name" }
        try store.eachPage(of: table) { page in
            // That a move of before was cut is no part of the store.
            let rows =
                table.name == "settings"
                ? page.filter { $0[name!] != .bytes(Array(MovedStore.settingName.utf8)) } : page
            for value in rows.joined() { hash.update(value) }
            if !rows.isEmpty { try body(rows) }
        }
        return hash.finalize()
    }
}

extension SHA256 {
    /// A value such that no two rows have the same text.
    fileprivate mutating func update(_ value: StoredValue) {
        func put(_ sign: UInt8, _ number: Int64, _ hash: inout SHA256) {
            withUnsafeBytes(of: number.bigEndian) { bytes in
                hash.update(data: [sign])
                hash.update(bufferPointer: bytes)
            }
        }
        switch value {
        case .null: update(data: [0])
        case .integer(let number): put(1, number, &self)
        case .bytes(let bytes):
            put(2, Int64(bytes.count), &self)
            update(data: bytes)
        }
    }
}
