import CaseCore
import CaseStore
import CaseWire
import Evidence
import Synchronization
import WorkingTime

/// A store that forgets, for tests of what stands on a store. It passes the same suite as the durable ones.
package final class MemoryStore: CaseStore {
    struct Content {
        var journal: [JournalRow] = []
        /// The place of each row that is given out, see `Batch.journalFloor`.
        var seqs: [Int64] = []
        /// Where the rows of each case are.
        var places: [CaseID: [Int]] = [:]
        var gaps: [JournalGap] = []
        var checkpoints: [Int64: CheckpointRow] = [:]
        var tiles: [Tile: TileGrowth.FullTile] = [:]
        var cases: [CaseID: CaseRow] = [:]
        var answers: [IdempotencyKey: AnswerRow] = [:]
        var notices: [StoredNotice] = []
        var rollups: [RollupKey: Rollup] = [:]
        var catalogs: [Int: StoredCatalog] = [:]
        var settings: [String: String] = [:]
        var commitCount: Int64 = 0
    }

    private struct Listener {
        let body: @Sendable () -> Void
    }

    private let content = Mutex(Content())
    /// Held by whoever commits: others plan on what that made of it.
    private let writing = Mutex(())
    private let listeners = Mutex<[Listener]>([])
    private let losesNext = Atomic(false)
    private let offset = Mutex<Int64?>(nil)
    package let isShared: Bool

    /// - Parameter isShared: for several engines at once.
    package init(isShared: Bool = false) {
        self.isShared = isShared
    }

    package func commit(_ batch: Batch) throws(StoreFault) {
        try writing.withLock { _ throws(StoreFault) in
            try content.withLock { content throws(StoreFault) in
                try content.write(batch)
                if isShared { content.commitCount += 1 }
            }
        }
        announce()
    }

    package func commit(inParts build: (@escaping (Batch) throws -> Void) throws -> Void) throws {
        try writing.withLock { _ in
            var (changed, isChanged) = (content.withLock { $0 }, false)
            try build {
                try changed.write($0)
                isChanged = true
            }
            if isShared, isChanged { changed.commitCount += 1 }
            content.withLock { $0 = changed }
        }
        announce()
    }

    package var clockOffset: Int64? {
        offset.withLock { $0 }
    }

    /// It has a clock of its own, so far ahead of the one that nobody can set, in milliseconds.
    package func setClock(aheadBy milliseconds: Int64) {
        offset.withLock { $0 = milliseconds }
    }

    package func whenOthersCommit(_ body: @escaping @Sendable () -> Void) {
        listeners.withLock { $0.append(Listener(body: body)) }
    }

    private func announce() {
        for listener in listeners.withLock({ $0 }) { listener.body() }
    }

    package func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        try body(
            MemorySnapshot(
                content: content.withLock { $0 }, isLost: losesNext.exchange(false, ordering: .sequentiallyConsistent)))
    }

    /// The next state that is read is lost on the way, of which its reads say nothing.
    package func loseNextState() {
        losesNext.store(true, ordering: .sequentiallyConsistent)
    }

    package func backup() throws -> StoreBackup {
        throw StoreFault.unknown("a store in memory has no file")
    }

    /// As a store from before a setting was kept.
    ///
    /// - Precondition: it is kept now: a test that removes nothing shows nothing.
    package func remove(setting name: String) {
        content.withLock { content in
            precondition(content.settings[name] != nil, "there is no setting \(name)")
            content.settings[name] = nil
        }
    }

    package var byteCount: Int64 {
        0
    }

    package func scrub(from page: Int64, limit: Int) throws -> Int64? {
        nil
    }

    package var isInPlace: Bool {
        true
    }

    package var upkeepFault: String? {
        nil
    }

    package func rest() {}

    package func close() {}
}

extension MemoryStore.Content {
    mutating func write(_ batch: Batch) throws(StoreFault) {
        if let row = batch.journal.first(where: { row in places[row.id]?.contains { journal[$0].revision == row.revision } ?? false }) {
            throw .conflict("\(row.id) has a revision \(row.revision)")
        }
        if let row = batch.answers.first(where: { answers[$0.key] != nil }) { throw .conflict("key \(row.key.key)") }
        if let version = batch.catalog?.version, catalogs[version] != nil { throw .conflict("catalogue \(version)") }
        for row in batch.journal {
            places[row.id, default: []].append(journal.count)
            journal.append(row)
            let last = seqs.last ?? 0
            seqs.append(max(last, batch.journalFloor) + 1)
            if seqs.last! > last + 1 { gaps.append(JournalGap(seq: seqs.last!, count: seqs.last! - last - 1)) }
        }
        if let row = batch.checkpoint { checkpoints[row.size] = row }
        if let end = batch.thinnedCheckpoints {
            let old = Dictionary(grouping: checkpoints.values.filter { $0.at < end }) { $0.at.milliseconds / 3_600_000 }
            for row in old.values.flatMap({ $0.sorted { $0.size < $1.size }.dropLast() }) { checkpoints[row.size] = nil }
        }
        for tile in batch.tiles { tiles[Tile(.hashes(level: tile.level), index: tile.index)] = tile }
        if batch.forgetsDerived {
            rollups = [:]
            for id in cases.keys { (cases[id]!.nextDeadline, cases[id]!.due) = (nil, nil) }
        }
        for row in batch.cases {
            guard batch.onlyColumns else { cases[row.id] = row; continue }
            for column in CaseColumn.all { cases[row.id]?[column] = row[column] }
        }
        for row in batch.answers { answers[row.key] = row }
        if let forgotten = batch.forgottenAnswers {
            for row in answers.values.sorted(by: { $0.at < $1.at }).prefix(forgotten.limit) where row.at < forgotten.before {
                answers[row.key] = nil
            }
        }
        for row in batch.notices { notices.append(StoredNotice(seq: max(notices.last?.seq ?? 0, batch.noticeFloor) + 1, row: row)) }
        for place in notices.indices where notices[place].taken == nil {
            guard let taken = batch.takenNotices[notices[place].seq] else { continue }
            notices[place] = StoredNotice(seq: notices[place].seq, row: notices[place].row, taken: taken)
        }
        if let forgotten = batch.forgottenNotices {
            let last = notices.last?.seq
            let old = notices.filter { $0.taken == nil }.prefix(forgotten.limit).filter { $0.row.at < forgotten.before && $0.seq != last }
            notices.removeAll { notice in old.contains { $0.seq == notice.seq } }
        }
        if let forgotten = batch.forgottenTakenNotices {
            let old = notices.filter { $0.taken.map { $0.at < forgotten.before } ?? false }
                .sorted { ($0.taken!.at, $0.seq) < ($1.taken!.at, $1.seq) }.prefix(forgotten.limit).map(\.seq)
            let last = notices.last?.seq
            notices.removeAll { $0.seq != last && old.contains($0.seq) }
        }
        for (key, rollup) in batch.rollups { rollups[key, default: Rollup()].add(rollup) }
        if let catalog = batch.catalog { catalogs[catalog.version] = catalog }
        settings.merge(batch.settings) { $1 }
        for erasure in batch.erasures { write(erasure) }
    }

    private mutating func write(_ erasure: PersonalErasure) {
        for place in places[erasure.id] ?? [] {
            guard let opening = erasure.openings[seqs[place]] else { continue }
            let row = journal[place]
            journal[place] = JournalRow(
                id: row.id, revision: row.revision, at: row.at, event: RecordedEvent(text: row.event.text, opening: opening))
        }
        answers = answers.filter { $0.value.answer.id != erasure.id || $0.value.answer.revision >= erasure.revision }
        notices = notices.map { stored in
            let row = stored.row
            guard row.id == erasure.id, row.notice.addressee == .applicant else { return stored }
            return StoredNotice(
                seq: stored.seq,
                row: NoticeRow(
                    id: row.id, revision: row.revision, at: row.at, event: row.event,
                    notice: Notice(addressee: .applicant, recipient: Erased.text)), taken: stored.taken)
        }
    }
}

private struct MemorySnapshot: StoreSnapshot {
    let content: MemoryStore.Content
    let isLost: Bool

    func requireWhole() throws(StoreFault) {
        if isLost { throw .interrupted("the state that was read was lost on the way") }
    }

    func file(_ id: CaseID) throws -> [UInt8]? {
        try content.cases[id].map(file)
    }

    /// The first event, where that is all.
    private func file(_ row: CaseRow) throws -> [UInt8] {
        if let file = row.file { return file }
        let events = journal(of: row.id, after: 0, PageLimit(rows: 2, bytes: .max))
        guard events.count == 1 else { throw DamagedRecord(row.id, "its snapshot is lost") }
        return events[0].event
    }

    func hashes(level: Int, index: Int64, width: Int) -> [MerkleHash] {
        if let tile = content.tiles[Tile(.hashes(level: level), index: index)] { return tile.hashes }
        let first = index * Int64(Tile.span)
        guard level > 0 else { return content.journal.dropFirst(Int(first)).prefix(width).map(\.leaf) }
        return (first..<first + Int64(width)).compactMap { content.tiles[Tile(.hashes(level: level - 1), index: $0)]?.root }
    }

    func recorded(after seq: Int64, _ limit: PageLimit) -> [RecordedEntry] {
        var (entries, total): ([RecordedEntry], Int) = ([], 0)
        let first = content.seqs.firstIndex { $0 > seq } ?? content.seqs.count
        for place in first..<content.seqs.count where limit.allows(more: entries.count, bytes: total) {
            let row = content.journal[place]
            entries.append(RecordedEntry(seq: content.seqs[place], id: row.id, revision: row.revision, event: row.event, leaf: row.leaf))
            total += row.event.text.count
        }
        return entries
    }

    func journalGaps() -> [JournalGap] {
        content.gaps
    }

    func checkpoint(atLeast size: Int64?) -> CheckpointRow? {
        let sizes = content.checkpoints.keys.filter { $0 >= size ?? 0 }
        return (size == nil ? sizes.max() : sizes.min()).flatMap { content.checkpoints[$0] }
    }

    func answer(_ key: IdempotencyKey) -> StoredAnswer? {
        content.answers[key]?.answer
    }

    func olderAnswer(_ key: String, uid: UInt32) -> StoredAnswer? {
        nil
    }

    func hasOlderAnswers() -> Bool {
        false
    }

    func due(at instant: Instant, limit: Int) -> [CaseID] {
        content.cases.values.filter { $0.nextDeadline.map { $0 <= instant } ?? false }
            .sorted { ($0.nextDeadline!, $0.id) < ($1.nextDeadline!, $1.id) }.prefix(limit).map(\.id)
    }

    func nextDeadline() -> Instant? {
        content.cases.values.compactMap(\.nextDeadline).min()
    }

    func lastCaseNumber() -> Int64 {
        content.cases.keys.max()?.number ?? 0
    }

    func openCount() -> Int {
        content.cases.values.count { $0[.closedAt] == .null && $0[.running] == .integer(1) }
    }

    func openCounts() -> [String: Int] {
        Dictionary(grouping: content.cases.values.filter { $0[.closedAt] == .null && $0[.running] == .integer(1) }) { row in
            if case .text(let via) = row[.submittedVia] { via } else { row.text(.submittedBy) }
        }.mapValues(\.count)
    }

    func lastClosedAt() -> Instant? {
        content.cases.values.compactMap { row in
            if case .integer(let instant) = row[.closedAt] { Instant(milliseconds: instant) } else { nil }
        }.max()
    }

    func runningCases(of matter: MatterID, after: CaseID?, limit: Int) -> [CaseID] {
        Array(
            content.cases.values.filter { row in
                row[.matter] == .text(matter.raw) && row[.running] == .integer(1) && after.map { row.id > $0 } ?? true
            }
            .map(\.id).sorted().prefix(limit))
    }

    func runningCounts() -> [MatterID: RunningCount] {
        Dictionary(grouping: content.cases.values.filter { $0[.running] == .integer(1) }) { $0.text(.matter) }.reduce(into: [:]) {
            $0[MatterID($1.key)] = RunningCount(running: $1.value.count, open: $1.value.count { $0[.closedAt] == .null })
        }
    }

    func files(
        _ filter: CaseFilter, sort: CaseSort, after: CaseCursor?, _ limit: PageLimit
    ) throws -> [(cursor: CaseCursor, file: [UInt8])] {
        var rows = content.cases.values.filter { filter.matches($0, try? CaseFile(storedBytes: try file($0))) }
        switch sort {
        case .number:
            rows = rows.filter { row in after.map { row.id > $0.id } ?? true }.sorted { $0.id < $1.id }
        case .numberDescending:
            rows = rows.filter { row in after.map { row.id < $0.id } ?? true }.sorted { $0.id > $1.id }
        case .due:
            rows = rows.filter { row in
                guard let due = row.due else { return false }
                guard let after, let afterDue = after.due else { return true }
                return (due, row.id) > (afterDue, after.id)
            }.sorted { ($0.due!, $0.id) < ($1.due!, $1.id) }
        }
        let found = try rows.prefix(limit.rows).map {
            (cursor: CaseCursor(id: $0.id, due: sort == .due ? $0.due : nil), file: try file($0))
        }
        return page(found, limit) { $0.file.count }
    }

    private func page<Element>(_ rows: some Sequence<Element>, _ limit: PageLimit, _ byteCount: (Element) -> Int) -> [Element] {
        var (page, total): ([Element], Int) = ([], 0)
        for row in rows {
            guard limit.allows(more: page.count, bytes: total) else { break }
            page.append(row)
            total += byteCount(row)
        }
        return page
    }

    func count(_ filter: CaseFilter) -> Int {
        content.cases.values.count { filter.matches($0, try? CaseFile(storedBytes: try file($0))) }
    }

    func ids(_ filter: CaseFilter, after: CaseID?, through: CaseID?, limit: Int) throws -> [CaseID] {
        let found = try files(filter, sort: .number, after: after.map { CaseCursor(id: $0, due: nil) }, PageLimit(rows: limit, bytes: .max))
            .map(\.cursor.id)
        return found.filter { id in through.map { id <= $0 } ?? true }
    }

    func journal(after seq: Int64, _ limit: PageLimit) -> [JournalEntry] {
        let first = content.seqs.firstIndex { $0 > seq } ?? content.seqs.count
        return entries(content.journal.indices.dropFirst(first).filter { content.journal[$0].id != CaseID.server }, limit)
    }

    private func entries(_ places: some Sequence<Int>, _ limit: PageLimit) -> [JournalEntry] {
        let entries = places.lazy.map { place in
            let row = content.journal[place]
            // What is here is what was recorded.
            return try! JournalEntry(seq: content.seqs[place], id: row.id, revision: row.revision, row.event, leaf: row.leaf)
        }
        return page(entries, limit) { $0.event.count }
    }

    func lastSeq() -> Int64 {
        content.seqs.last ?? 0
    }

    func lastRevision(of id: CaseID) -> Int {
        content.places[id]?.map { content.journal[$0].revision }.max() ?? 0
    }

    func journalHead(before instant: Instant) -> JournalHead? {
        content.journal.lastIndex { $0.at < instant }.map { place in
            JournalHead(seq: content.seqs[place], event: content.journal[place].event.text)
        }
    }

    func journal(of id: CaseID, after revision: Int, _ limit: PageLimit) -> [JournalEntry] {
        entries((content.places[id] ?? []).filter { content.journal[$0].revision > max(0, revision) }, limit)
    }

    func readings(of id: CaseID, after number: Int, _ limit: PageLimit) -> [JournalEntry] {
        entries((content.places[id] ?? []).filter { content.journal[$0].revision < min(0, -number) }, limit)
    }

    func lastRevision(of id: CaseID, before instant: Instant) -> Int {
        max(0, (content.places[id] ?? []).lazy.map { content.journal[$0] }.filter { $0.at < instant }.map(\.revision).max() ?? 0)
    }

    func readingCount(of id: CaseID) -> Int {
        (content.places[id] ?? []).count { content.journal[$0].revision < 0 }
    }

    func lastNoticeSeq() -> Int64 {
        content.notices.last?.seq ?? 0
    }

    func notices(_ filter: NoticeFilter, newestFirst: Bool, after: Int64?, _ limit: PageLimit) -> [StoredNotice] {
        let meant = content.notices.filter { stored in
            let (row, notice) = (stored.row, stored.row.notice)
            return (filter.recipient.map { $0 == notice.recipient } ?? true)
                && (filter.addressee.map { $0 == notice.addressee } ?? true) && (filter.own?.covers(notice) ?? true)
                && (filter.since.map { row.at >= $0 } ?? true) && (filter.isTaken.map { $0 == (stored.taken != nil) } ?? true)
                && (filter.readScope.map { isCovered(row, by: $0) } ?? true)
                && (after.map { newestFirst ? stored.seq < $0 : stored.seq > $0 } ?? true)
        }
        return page(newestFirst ? meant.reversed() : meant, limit, \.byteCount)
    }

    private func isCovered(_ row: NoticeRow, by readScope: ReadScope) -> Bool {
        guard row.id != .server else { return readScope.addresses?.contains(row.notice.recipient) ?? true }
        return (try? file(row.id).map { try CaseFile(storedBytes: $0) })?.map(readScope.covers) ?? false
    }

    func notice(_ seq: Int64) -> StoredNotice? {
        content.notices.first { $0.seq == seq }
    }

    func openSums(by key: ReportKey, _ filter: ReportFilter, now: Instant) -> [String: OpenSum] {
        func assignment(_ row: CaseRow) -> Assignment {
            Assignment(
                office: OfficeID(row.text(.office)), leader: PostID(row.text(.leader)), commissioner: PostID(row.text(.commissioner)))
        }
        let open = content.cases.values.filter { row in
            row[.closedAt] == .null && row[.running] == .integer(1) && filter.matches(MatterID(row.text(.matter)), assignment(row))
        }
        let groups = Dictionary(grouping: open) { key.name(MatterID($0.text(.matter)), assignment($0)) }
        return groups.mapValues { rows in
            func isOverdue(_ row: CaseRow) -> Bool { row.due.map { $0 <= now } ?? false }
            let first = rows.min { $0.id < $1.id }!
            guard case .integer(let submittedAt) = first[.submittedAt] else { preconditionFailure("\(first.id) was never submitted") }
            return OpenSum(
                queues: Dictionary(grouping: rows) { State(rawValue: $0.text(.state))! }.mapValues(\.count),
                overdue: rows.count(where: isOverdue), warned: rows.count { $0[.warned] == .integer(1) && !isOverdue($0) },
                provisional: rows.count { $0[.provisional] == .integer(1) }, oldest: first.id,
                oldestSubmittedAt: Instant(milliseconds: submittedAt))
        }
    }

    func rollups(by key: ReportKey, _ filter: ReportFilter, from: Day?, to: Day?) -> [String: Rollup] {
        content.rollups.reduce(into: [:]) { sums, row in
            guard filter.matches(row.key.matter, row.key.assignment), from.map({ row.key.day >= $0 }) ?? true,
                to.map({ row.key.day < $0 }) ?? true
            else { return }
            sums[key.name(row.key.matter, row.key.assignment), default: Rollup()].add(row.value)
        }
    }

    func commitCount() -> Int64 {
        content.commitCount
    }

    func catalog(version: Int?) -> StoredCatalog? {
        (version ?? content.catalogs.keys.max()).flatMap { content.catalogs[$0] }
    }

    func setting(_ name: String) -> String? {
        content.settings[name]
    }
}

extension ReportFilter {
    fileprivate func matches(_ matter: MatterID, _ assignment: Assignment) -> Bool {
        self.matter.map { $0 == matter } ?? true && office.map { $0 == assignment.office } ?? true
            && leader.map { $0 == assignment.leader } ?? true && commissioner.map { $0 == assignment.commissioner } ?? true
    }
}

extension ReportKey {
    fileprivate func name(_ matter: MatterID, _ assignment: Assignment) -> String {
        switch self {
        case .office: assignment.office.raw
        case .matter: matter.raw
        case .leader: assignment.leader.raw
        case .commissioner: assignment.commissioner.raw
        }
    }
}
