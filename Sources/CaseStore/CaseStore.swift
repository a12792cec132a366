import CaseCore
import Evidence
import WorkingTime

/// Keeps cases and their journal: batch in, commit out.
///
/// Who may wait for whom: a commit waits for no read, and the engine's reads wait for nobody's. Clients' reads share a few lanes, wait for
/// each other, and are cut where they take too long, or nobody waits for them any more (`ReadTurn`). Calls may block their thread; the engine has one of its own. The contract is tested
/// by `CaseTesting.StoreSuite`, which every store passes.
package protocol CaseStore: ReadableStore {
    /// Makes everything in the batch durable, or nothing of it. When it returns, a power cut loses none of it.
    ///
    /// - Throws: `StoreFault.full`, `.conflict`, `.interrupted` or `.damaged`, after which nothing of the batch is there; `.unknown` where
    ///   it may or may not be: the process has to end, and is never to try again by itself; `.gone` where the store is no longer in its
    ///   place.
    func commit(_ batch: Batch) throws(StoreFault)

    /// Makes everything durable that `build` hands over, part after part, in one transaction, or nothing of it: for what is too much
    /// to be held in memory.
    ///
    /// - Throws: what `build` throws, or `DamagedRecord`, after which nothing is there; `StoreFault` as for one batch.
    func commit(inParts build: (_ part: @escaping (Batch) throws -> Void) throws -> Void) throws

    /// Writes a copy of one consistent state to a file beside the store, opens it to see that it is whole, and leaves it to the caller to
    /// move or remove. Nothing waits meanwhile.
    ///
    /// - Throws: `StoreFault.full` where there is no room for it; `.unknown` in a store that has no file; `DamagedRecord` where the store is
    ///   not what was written, of which no copy is made.
    func backup() throws -> StoreBackup

    /// Plans a batch on the newest state, and commits it: nobody else commits in between. Where it is empty nothing is written.
    ///
    /// - Parameter foreseen: what `plan` is going to read.
    /// - Throws: what `plan` throws, after which nothing is there; `StoreFault` as for any commit.
    func commit<Value>(foreseeing foreseen: Foreseen, planning plan: (any StoreSnapshot) throws -> (Batch, Value)) throws -> Value

    /// Whether others commit here as well. Whoever plans a batch does it where nobody else commits then, and looks first at what they did:
    /// `commit(planning:)` and `StoreSnapshot.commitCount`.
    var isShared: Bool { get }

    /// How far the store's own clock is ahead of the one here that nobody can set (`CLOCK_BOOTTIME`), in milliseconds, as of the last look;
    /// nil in a store that has none.
    var clockOffset: Int64? { get }

    /// Calls `body` on a thread of the store's own when others may have committed: at once as a rule, and within some seconds in any case.
    func whenOthersCommit(_ body: @escaping @Sendable () -> Void)

    /// Copies of the store elsewhere that follow it, of which some are behind; nil where it has none. Their reads throw `.interrupted` as well
    /// where a state went away that the store itself would have kept.
    var replicas: (any ReadableStore)? { get }

    /// How many bytes the store takes.
    var byteCount: Int64 { get }

    /// A moment in which no request waits: a chance for upkeep.
    func rest()

    /// Why the last upkeep failed; nil where it did not. Nothing is lost by it, and it is tried again.
    var upkeepFault: String? { get }

    /// Whether a start would find what is committed here: false once the store's files were taken away or replaced. Asked once a second.
    var isInPlace: Bool { get }

    /// Ends all use. The store can be opened again afterwards.
    func close() throws
}

/// What is read of a store, whoever has it.
package protocol ReadableStore: Sendable {
    /// Runs reads on one consistent state, which holds every commit that has returned before the call. Reads of one reader do not nest.
    ///
    /// - Parameter reader: for whom. The engine has one read at a time, which is never cut; so has whoever opens a store or makes one fit
    ///   for use, before anybody else has it.
    /// - Throws: what `body` throws; `DamagedRecord` where a part of the store is not what was written; `StoreFault.interrupted` where it
    ///   cannot be reached; a fault of the store, such as that a client's read was cut.
    func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value

    /// Looks whether a run of the store's pages is what was written, whether anybody reads them or not. Reads for the engine.
    ///
    /// - Parameters:
    ///   - page: the first one, from 1.
    ///   - limit: so many pages at most; at least 1.
    /// - Returns: the page to go on with, which is `page` itself where that one cannot be judged yet, since others read an older state;
    ///   nil at the end of the store, and in a store that has no file.
    /// - Throws: `DamagedRecord` where one is not; those behind it were not looked at.
    func scrub(from page: Int64, limit: Int) throws -> Int64?
}

extension ReadableStore {
    /// Reads for a client.
    package func read<Value>(_ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        try read(for: .client, body)
    }
}

extension CaseStore {
    package var isShared: Bool { false }
    package var clockOffset: Int64? { nil }
    package var replicas: (any ReadableStore)? { nil }
    package func whenOthersCommit(_ body: @escaping @Sendable () -> Void) {}

    /// The same, of which nothing is foreseen.
    package func commit<Value>(planning plan: (any StoreSnapshot) throws -> (Batch, Value)) throws -> Value {
        try commit(foreseeing: Foreseen(), planning: plan)
    }

    package func commit<Value>(foreseeing foreseen: Foreseen, planning plan: (any StoreSnapshot) throws -> (Batch, Value)) throws -> Value {
        guard isShared else {
            let (batch, value) = try read(for: .engine, plan)
            if !batch.isEmpty { try commit(batch) }
            return value
        }
        return try commit(planningParts: { snapshot, part in
            let (batch, value) = try plan(snapshot)
            if !batch.isEmpty { try part(batch) }
            return value
        })
    }

    /// The same part after part. What `plan` reads is the state of before, without its own parts.
    package func commit<Value>(
        planningParts plan: (any StoreSnapshot, _ part: @escaping (Batch) throws -> Void) throws -> Value
    ) throws -> Value {
        var value: Value?
        if isShared {
            try commit { part in value = try read(for: .engine) { try plan($0, part) } }
        } else {
            try read(for: .engine) { snapshot in try commit { part in value = try plan(snapshot, part) } }
        }
        return value!
    }
}

/// For whom a store is read.
package enum StoreReader: Sendable {
    case engine, client
}

/// A file that holds a whole store.
package struct StoreBackup: Sendable {
    package let path: String
    /// The last place in its journal.
    package let lastSeq: Int64

    package init(path: String, lastSeq: Int64) {
        self.path = path
        self.lastSeq = lastSeq
    }
}

package enum StoreFault: DamageReport, CustomStringConvertible {
    /// No space is left; nothing was changed, and the same batch can succeed later.
    case full
    /// Another node wrote the same revision, key or version first; nothing was changed.
    case conflict(String)
    /// The store could not be reached, or was lost on the way; nothing was changed, and the same batch can succeed later.
    case interrupted(String)
    /// Whether the batch is durable is not known.
    case unknown(String)
    /// The store was taken away; nothing was changed, and a person must look.
    case gone(String)
    /// What the batch would have stood beside is not what was recorded; nothing was changed.
    case damaged(DamagedRecord)

    package var description: String {
        switch self {
        case .full: "no space is left for the store"
        case .conflict(let what): "another writer was first: \(what)"
        case .interrupted(let what): "the store could not be reached, and nothing was changed: \(what)"
        case .unknown(let what): "a commit failed and its outcome is unknown: \(what)"
        case .gone(let what): "the store was taken away: \(what)"
        case .damaged(let damage): "the store is not what was recorded: \(damage)"
        }
    }

    package var damage: DamagedRecord? {
        if case .damaged(let damage) = self { damage } else { nil }
    }
}

/// What the store is asked, all against one state. Numbers, places and revisions begin at 1; what takes `after` goes on behind it, and begins
/// at the beginning for 0 or nil; a `limit` is at least 1. Each method throws where the store cannot be read, or a client's read was cut:
/// what it would have returned is not known then, and the same can be asked again.
package protocol StoreSnapshot: TileSource {
    /// The case as it stands, in the form of the store; its first event where nothing else has happened. Nil where there is none.
    ///
    /// - Throws: `DamagedRecord` where it is not what was recorded, or is lost.
    func file(_ id: CaseID) throws -> [UInt8]?
    /// The first answer under a key; nil where there is none, or it was forgotten.
    func answer(_ key: IdempotencyKey) throws -> StoredAnswer?
    /// The same, of a version that kept keys by the unix user who spoke, with digests of its own.
    func olderAnswer(_ key: String, uid: UInt32) throws -> StoredAnswer?
    /// Whether there are any of that version. No more come.
    func hasOlderAnswers() throws -> Bool
    /// The cases whose next deadline is at or before an instant, earliest first, of equal ones by number.
    func due(at instant: Instant, limit: Int) throws -> [CaseID]
    /// The earliest next deadline of all cases; nil where nothing waits.
    func nextDeadline() throws -> Instant?
    /// 0 where there is none.
    func lastCaseNumber() throws -> Int64
    /// How many cases are open.
    func openCount() throws -> Int
    /// How many cases are open of each one that submitted some: of a service where one did, for whomever.
    func openCounts() throws -> [String: Int]
    /// When the case was closed that was closed last; nil where none was.
    func lastClosedAt() throws -> Instant?
    /// The cases of a matter that have a live clock and a number above `after`, in order.
    func runningCases(of matter: MatterID, after: CaseID?, limit: Int) throws -> [CaseID]
    /// How many cases of each matter have a live clock, and how many of these are open.
    func runningCounts() throws -> [MatterID: RunningCount]

    /// The numbers of the cases that are meant, in rising order, behind one and up to another.
    func ids(_ filter: CaseFilter, after: CaseID?, through: CaseID?, limit: Int) throws -> [CaseID]
    /// The cases that are meant, in an order, each with its place in it; as `file` gives them.
    ///
    /// - Throws: `DamagedRecord` where one of them is not what was recorded.
    func files(_ filter: CaseFilter, sort: CaseSort, after: CaseCursor?, _ limit: PageLimit) throws -> [(cursor: CaseCursor, file: [UInt8])]
    /// How many cases are meant.
    func count(_ filter: CaseFilter) throws -> Int
    /// The events of one case, or of the server for case 0, by their revisions behind one; none where there is no such case.
    func journal(of id: CaseID, after revision: Int, _ limit: PageLimit) throws -> [JournalEntry]
    /// The readings of one case, by their numbers behind one, in the order of the journal; none where there is no such case. The revision of
    /// an entry is the number below zero.
    func readings(of id: CaseID, after number: Int, _ limit: PageLimit) throws -> [JournalEntry]
    /// The revision of the last event of a case before an instant, and no reading; 0 where there is none.
    func lastRevision(of id: CaseID, before instant: Instant) throws -> Int
    /// How many readings of a case there are.
    func readingCount(of id: CaseID) throws -> Int
    /// The events and readings of cases after a place in the journal, in its order.
    func journal(after seq: Int64, _ limit: PageLimit) throws -> [JournalEntry]
    /// The last place in the journal; 0 where it is empty.
    func lastSeq() throws -> Int64
    /// The revision of the last event of a case; 0 where there is none.
    func lastRevision(of id: CaseID) throws -> Int
    /// The last row of the journal that was written before an instant; nil where it was empty.
    func journalHead(before instant: Instant) throws -> JournalHead?
    /// The place of the last notice; 0 where there was none.
    func lastNoticeSeq() throws -> Int64
    /// The notices that are meant, by their places: rising, or falling where the newest come first. `after` is the place behind which it goes
    /// on in that order.
    func notices(_ filter: NoticeFilter, newestFirst: Bool, after: Int64?, _ limit: PageLimit) throws -> [StoredNotice]
    /// The notice at a place; nil where there is none.
    func notice(_ seq: Int64) throws -> StoredNotice?
    /// The open cases as they stand, by a key.
    func openSums(by key: ReportKey, _ filter: ReportFilter, now: Instant) throws -> [String: OpenSum]
    /// The figures of a period of whole days, by a key; `to` is not included.
    func rollups(by key: ReportKey, _ filter: ReportFilter, from: Day?, to: Day?) throws -> [String: Rollup]

    /// The rows of the journal after a place, of cases and of the server, as the tree covers them: nothing of them is compared here.
    func recorded(after seq: Int64, _ limit: PageLimit) throws -> [RecordedEntry]
    /// The empty places of the journal, in rising order.
    func journalGaps() throws -> [JournalGap]
    /// The newest checkpoint, or for a size the first that is kept of so many leaves or more; nil where there is none.
    func checkpoint(atLeast size: Int64?) throws -> CheckpointRow?

    /// The leaves of the tree behind a place in the journal, in its order; nil where there are more than are read at once.
    func leaves(after seq: Int64) throws -> [MerkleHash]?

    /// How often somebody has committed so far; always 0 in a store that nobody shares.
    func commitCount() throws -> Int64

    /// A version of the catalogue, the newest for nil; nil where there is none.
    func catalog(version: Int?) throws -> StoredCatalog?
    /// Nil where nothing was ever set under the name.
    func setting(_ name: String) throws -> String?

    /// Says what is going to be read next.
    func foresee(_ foreseen: Foreseen) throws

    /// Asked by whoever goes on after a read that did not succeed, before anything is built on what the others have returned.
    ///
    /// - Throws: `.interrupted` where the state was lost on the way.
    func requireWhole() throws(StoreFault)
}

extension StoreSnapshot {
    /// A store that is a file loses no state.
    package func requireWhole() throws(StoreFault) {}

    /// A store that is a file reads nothing ahead.
    package func foresee(_ foreseen: Foreseen) {}

    package func leaves(after seq: Int64) throws -> [MerkleHash]? {
        let found = try recorded(after: seq, .stretch)
        return PageLimit.stretch.allows(more: found.count, bytes: found.reduce(0) { $0 + $1.event.byteCount }) ? found.map(\.leaf) : nil
    }
}

/// How much is read at once: so many rows, and none more once they have so many bytes together. The first is always read.
package struct PageLimit: Sendable {
    package let rows: Int
    package let bytes: Int

    package init(rows: Int, bytes: Int) {
        (self.rows, self.bytes) = (rows, bytes)
    }

    /// What is held in memory of something that is gone through from end to end.
    package static let stretch = PageLimit(rows: 256, bytes: 1 << 20)

    /// Whether one more row is read behind some.
    package func allows(more count: Int, bytes total: Int) -> Bool {
        count == 0 || count < rows && total < bytes
    }
}

extension StoreSnapshot {
    package func commitCount() -> Int64 { 0 }

    /// Goes through the events of one case, or of the server, by their revisions, as long as `body` wants to see the next one.
    package func events(of id: CaseID, while body: (JournalEntry) throws -> Bool) throws {
        try each({ try journal(of: id, after: $0, .stretch) }, body)
    }

    /// Goes through all events of one case, or of the server, by their revisions.
    ///
    /// - Parameter revision: only those behind it.
    package func eachEvent(of id: CaseID, after revision: Int = 0, _ body: (JournalEntry) throws -> Void) throws {
        try each({ try journal(of: id, after: $0, .stretch) }, from: revision) {
            try body($0)
            return true
        }
    }

    /// Goes through the readings of one case, in the order of the journal.
    package func eachReading(of id: CaseID, _ body: (JournalEntry) throws -> Void) throws {
        try each({ try readings(of: id, after: $0, .stretch) }) {
            try body($0)
            return true
        }
    }

    private func each(
        _ page: (_ after: Int) throws -> [JournalEntry], from start: Int = 0, _ body: (JournalEntry) throws -> Bool
    ) throws {
        var after = start
        while case let entries = try page(after), let last = entries.last {
            for entry in entries where try !body(entry) { return }
            after = abs(last.revision)
        }
    }

    /// The numbers of the cases that are meant, in rising order.
    package func ids(_ filter: CaseFilter, after: CaseID?, limit: Int) throws -> [CaseID] {
        try ids(filter, after: after, through: nil, limit: limit)
    }
}
