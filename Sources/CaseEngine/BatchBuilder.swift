import CaseCore
import CaseStore
import CaseWire
import Evidence
import Logging
import WorkingTime

/// Carries out commands on top of one state of the store, and gathers what has to become durable for their replies to be true.
struct BatchBuilder {
    var batch = Batch()
    /// What to say once the batch is durable, in order.
    var replies: [(request: WriteRequest, outcome: Outcome)] = []
    /// How long they are together, in bytes.
    private(set) var replyByteCount = 0
    /// What the engine's state becomes with the batch.
    var state: EngineState
    var lateness = Lateness()
    /// What the log says of events of cases once the batch is durable.
    var news: [EventNews] = []

    let snapshot: any StoreSnapshot
    let context: Engine.Context
    let now: Instant
    let durable: EngineState
    var files: [CaseID: Loaded] = [:]
    var answers: [IdempotencyKey: (digest: [UInt8], result: [UInt8])] = [:]
    /// Cases whose rows are written anew.
    var touched: Set<CaseID> = []
    /// Events of the server itself that the batch, or a part before it, holds.
    private var serverEventCount = 0
    /// The readings of cases that it holds.
    private var readingCounts: [CaseID: Int] = [:]
    /// Readings that are on record with the batch, as refusals are.
    var readings: [RecentReadings.Key] = []
    /// What came in for cases today, as far as that was asked.
    var caseIntake: CaseIntake
    /// What is carried out, nil while time passes.
    var request: WriteRequest?
    /// Whether only what is to be signed is asked for, and then that.
    var isForStatement = false
    var statementToSign: StatementToSign?
    /// Whether a case that is opened gets its receipt: one that will not be recorded gets none, as it would be that of the next one.
    let givesReceipts: Bool

    /// A case that was read, or opened: a class, since a case is large and a table moves what it holds.
    final class Loaded {
        var file: CaseFile

        init(_ file: CaseFile) {
            self.file = file
        }
    }

    init(
        _ snapshot: any StoreSnapshot, _ context: Engine.Context, _ state: EngineState, durable: EngineState,
        caseIntake: CaseIntake = CaseIntake(), now: Instant, givesReceipts: Bool = true
    ) {
        self.snapshot = snapshot
        self.context = context
        self.state = state
        self.durable = durable
        self.caseIntake = caseIntake
        self.now = now
        self.givesReceipts = givesReceipts
    }

    /// The batch, with the newest form of each case that it touched, and of the state where that is not in its rows.
    func finished() throws -> Batch {
        var batch = batch
        let opened = Set(batch.journal.lazy.filter { $0.revision == 1 }.map(\.id))
        let erased = Set(batch.erasures.map(\.id))
        batch.cases = try touched.sorted().compactMap { files[$0]?.file }.map { file in
            var row = CaseRow(file, under: try context.catalogs.terms(of: file, in: snapshot))
            if opened.contains(file.id) || erased.contains(file.id) { row.texts = CaseTexts(file) }
            return row
        }
        if !batch.notices.isEmpty { batch.noticeFloor = state.noticeFloor }
        StoreSettings.keep(state, unlike: durable, in: &batch)
        return batch
    }

    /// The batch so far, which is forgotten here.
    mutating func takePart() throws -> Batch {
        defer { (batch, files, touched) = (Batch(), [:], []) }
        return try finished()
    }

    mutating func act(
        _ command: any CaseCommand, by principal: Principal, on file: inout CaseFile, _ terms: Terms
    ) throws {
        let step = try file.respond(to: command, by: principal, under: terms, at: now)
        // What could not be read again is not written.
        guard file.isNext(step.event), step.event.clocks.allSatisfy(\.isSound) else {
            // A fault of ours: this command fails, and nobody else's.
            context.log.entry(.commandFailed, "an event cannot follow", ["case": "\(file.id)", "event": "\(step.event.change)"])
            throw WireError(.internalError, "the server could not carry this out; its log says more")
        }
        let attested = try attested(step, of: command, by: principal, on: file, terms)
        let agreed = step.event.change as? ErasureAgreed
        let erased = try agreed.map { _ in try erasedEvents(of: file.id) }
        take(attested, on: &file, terms, at: try place(of: step.event))
        if let erased, agreed?.isErased == true { erase(erased, of: file) }
    }

    /// - Parameter place: of the event among those of its case; by default its revision.
    mutating func take(_ step: Step, on file: inout CaseFile, _ terms: Terms, at place: Int? = nil) {
        let before = file
        file.apply(step.event)
        if before.state.isOpen, !file.state.isOpen {
            state.openCount -= 1
            state.openCounts[file.submitter, default: 0] -= 1
            if state.openCounts[file.submitter] == 0 { state.openCounts[file.submitter] = nil }
        }
        adopt(step, file, before: before, terms, at: place)
        if before.state.isOpen { tellOriginal(of: file) }
    }

    mutating func adopt(_ step: Step, _ file: CaseFile, before: CaseFile?, _ terms: Terms, at place: Int? = nil) {
        if let loaded = files[file.id] { loaded.file = file } else { files[file.id] = Loaded(file) }
        let event = step.event
        // Who looked at it without a part in it has changed nothing about its row.
        if !event.change.isReading || before != file { touched.insert(file.id) }
        if let figures = file.figures(of: event, before: before, under: terms) {
            batch.rollups[figures.key, default: Rollup()].add(figures.rollup)
        }
        if let told = EventNews(event, request: request, isDetailed: context.log.logLevel <= .debug) { news.append(told) }
        append(
            JournalRow(id: event.file, revision: place ?? event.revision, at: event.at, event: RecordedEvent(event, salt: context.newSalt)))
        for notice in step.notices {
            batch.notices.append(
                NoticeRow(id: event.file, revision: event.revision, at: event.at, event: event.change.name, notice: notice))
        }
    }

    /// Readings are counted beside the revisions of their case, below zero.
    mutating func place(of event: Event) throws -> Int {
        guard event.change.isReading else { return event.revision }
        readingCounts[event.file, default: 0] += 1
        return -(try snapshot.readingCount(of: event.file) + readingCounts[event.file]!)
    }

    private mutating func append(_ row: JournalRow) {
        batch.journal.append(row)
        batch.tiles += state.tree.append(row.leaf)
        state.lastSeq += 1
    }

    mutating func load(_ id: CaseID) throws -> CaseFile? {
        if let loaded = files[id] { return loaded.file }
        guard let file = try snapshot.caseFile(id) else { return nil }
        files[id] = Loaded(file)
        return file
    }

    mutating func record(_ change: ServerChange, by principal: Principal) throws {
        try record(change, by: principal.name, uid: principal.uid)
    }

    /// Records a change of the catalogue, and tells whoever supervises and audits by what counted or counts of it.
    mutating func record(_ change: ServerChange, by author: CatalogAuthor, to register: Register, from former: Register) throws {
        try record(change, by: author.name, uid: author.uid)
        let revision = batch.journal.last!.revision
        batch.notices += register.noticesOfChange(from: former, at: now).map {
            NoticeRow(id: .server, revision: revision, at: now, event: change.name, notice: $0)
        }
    }

    /// Records something about the server itself, in its own stream.
    mutating func record(_ change: ServerChange, by name: String, uid: UInt32? = nil) throws {
        let stream = CaseID.server
        serverEventCount += 1
        let revision = try snapshot.lastRevision(of: stream) + serverEventCount
        let event = ServerEvent(revision: revision, at: now, by: name, uid: uid, change: change)
        append(JournalRow(id: stream, revision: revision, at: now, event: RecordedEvent(text: event.canonicalBytes)))
    }

    mutating func install(_ catalog: StoredCatalog) {
        batch.catalog = catalog
    }

    mutating func set(_ name: String, to value: String) {
        batch.settings[name] = value
    }

    /// Lets go of old answers: twice as many as new ones come, so that they do not become more and more, or so many.
    mutating func forgetAnswers(before instant: Instant, atLeast count: Int) {
        let limit = max(2 * batch.answers.count, count)
        if limit > 0 { batch.forgottenAnswers = Batch.Forgetting(before: instant, limit: limit) }
    }

    /// Lets go of old notices, and of those that were taken long ago, faster than new ones come and others are taken.
    mutating func forgetNotices(before instant: Instant, takenBefore takenInstant: Instant, atLeast count: Int) {
        let limit = max(2 * batch.notices.count, 2 * batch.takenNotices.count, count)
        guard limit > 0 else { return }
        batch.forgottenNotices = Batch.Forgetting(before: instant, limit: limit)
        batch.forgottenTakenNotices = Batch.Forgetting(before: takenInstant, limit: limit)
    }

    mutating func reply(_ outcome: Outcome, to request: WriteRequest) {
        replies.append((request, outcome))
        if case .success(let bytes) = outcome { replyByteCount += bytes.count }
    }
}

extension CaseFile {
    /// Who submitted it: the service where one did, for whomever.
    var submitter: String {
        origin.via?.raw ?? origin.by
    }
}

extension CaseRow {
    package init(_ file: CaseFile, under terms: Terms) {
        self.init(
            id: file.id, file: file.isAsSubmitted ? nil : file.storedBytes,
            values: CaseColumn.all.map { $0.value(of: file, under: terms) },
            nextDeadline: file.nextDeadline(under: terms)?.at, due: file.due(under: terms))
    }
}
