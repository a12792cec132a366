import CaseCore
import CaseStore
import CaseWire
import HeapModule
import Logging
import WorkingTime

/// Carries out commands on top of one state of the store, and gathers what has to become durable for their replies to be true.
struct BatchBuilder {
    private(set) var batch = Batch()
    /// What to say once the batch is durable, in order.
    private(set) var replies: [(request: WriteRequest, outcome: Outcome)] = []
    /// What the engine's state becomes with the batch.
    var state: EngineState
    private(set) var lateness = Lateness()
    /// What the log says of events of cases once the batch is durable.
    private(set) var news: [EventNews] = []

    private let snapshot: any StoreSnapshot
    private let context: Engine.Context
    private let now: Instant
    private let durable: EngineState
    private var files: [CaseID: Loaded] = [:]
    private var answers: [IdempotencyKey: (digest: [UInt8], result: [UInt8])] = [:]
    /// What is carried out, nil while time passes.
    private var request: WriteRequest?

    /// A case that was read, or opened: a class, since a case is large and a table moves what it holds.
    private final class Loaded {
        var file: CaseFile

        init(_ file: CaseFile) {
            self.file = file
        }
    }

    init(_ snapshot: any StoreSnapshot, _ context: Engine.Context, _ state: EngineState, durable: EngineState, now: Instant) {
        self.snapshot = snapshot
        self.context = context
        self.state = state
        self.durable = durable
        self.now = now
    }

    /// The batch, with the newest form of each case that it touched, and of the state where that is not in its rows.
    func finished() throws -> Batch {
        var batch = batch
        let opened = Set(batch.journal.lazy.filter { $0.revision == 1 }.map(\.id))
        batch.cases = try touched.sorted().compactMap { files[$0]?.file }.map { file in
            var row = CaseRow(file, under: try context.catalogs.terms(of: file, in: snapshot))
            if opened.contains(file.id) { row.texts = CaseTexts(file) }
            return row
        }
        if !batch.notices.isEmpty { batch.noticeFloor = state.noticeFloor }
        StoreSettings.keep(state, unlike: durable, in: &batch)
        return batch
    }

    /// The batch so far, which is forgotten here.
    private mutating func takePart() throws -> Batch {
        defer { (batch, files, touched) = (Batch(), [:], []) }
        return try finished()
    }

    private var touched: Set<CaseID> = []
    /// Events of the server itself that the batch, or a part before it, holds.
    private var serverEventCount = 0

    // MARK: Commands

    /// Carries out one command and notes the reply.
    mutating func carryOut(_ request: WriteRequest) {
        let outcome: Outcome
        self.request = request
        defer { self.request = nil }
        do {
            outcome = .success(try result(of: request))
        } catch let error as WireError {
            outcome = .failure(error)
        } catch let refusal as Refusal {
            outcome = .failure(WireError(refusal))
        } catch {
            context.log.entry(
                .commandFailed, "a command failed",
                [
                    "method": "\(request.work.name)", "fault": "\(error)", "uid": "\(request.peer.uid)",
                    "request": "\(request.idempotencyKey ?? "")",
                ])
            outcome = .failure(WireError(.internalError, "the server could not carry this out; its log says more"))
        }
        replies.append((request, outcome))
    }

    private mutating func result(of request: WriteRequest) throws -> [UInt8] {
        let peer = request.peer
        guard try context.principals.principal(of: peer, acting: nil).isKnown else {
            throw WireError(
                .permissionDenied, "the catalogue does not know uid \(peer.uid)",
                hint: "bind this user to a person or service in the catalogue")
        }
        switch request.work {
        case .reading(let reading, let acting):
            try record(reading, try context.principals.principal(of: peer, acting: acting))
            return []
        case .command(let asked):
            guard let key = asked.envelope.idempotencyKey else { return try perform(asked, peer).1 }
            return try result(of: asked, under: key, request)
        case .administration(let administration, _): preconditionFailure("\(administration.rawValue) is not about cases")
        }
    }

    /// The first answer to a key, or a new one that is kept under it.
    private mutating func result(of asked: CommandRequest, under name: String, _ request: WriteRequest) throws -> [UInt8] {
        let key = IdempotencyKey(uid: request.peer.uid, key: name)
        guard (1...200).contains(name.utf8.count) else {
            throw WireError.parameter("idempotency_key", "has \(name.utf8.count) bytes", hint: "1 to 200 are allowed")
        }
        func requireSame(_ first: [UInt8]) throws {
            guard first == request.digest else {
                throw WireError(
                    .keyReused, "this idempotency key was used for another request", hint: "take a new key for each request")
            }
        }
        if let first = answers[key] {
            try requireSame(first.digest)
            return first.result
        }
        if let first = try snapshot.answer(key) {
            try requireSame(first.digest)
            return try result(first)
        }
        let (file, result) = try perform(asked, request.peer)
        answers[key] = (request.digest, result)
        batch.answers.append(
            AnswerRow(key: key, at: now, answer: StoredAnswer(digest: request.digest, id: file.id, revision: file.revision)))
        return result
    }

    /// The first answer once more: what the journal made of the case then.
    private func result(_ answer: StoredAnswer) throws -> [UInt8] {
        var file: CaseFile?
        var at: Instant?
        for row in try snapshot.journal(of: answer.id).prefix(max(0, answer.revision)) {
            let event = try Event(canonicalBytes: row.event)
            try CaseFile.fold(event, into: &file)
            at = event.at
        }
        guard let file, let at, file.revision == answer.revision else {
            throw IncompleteStore(description: "the journal of \(answer.id) ends before revision \(answer.revision)")
        }
        return BatchBuilder.result(file, try context.catalogs.terms(of: file, in: snapshot), at: at)
    }

    /// Who acts is found out here: the first answer to a key is the peer's, whoever has left the catalogue since.
    private mutating func perform(_ asked: CommandRequest, _ peer: Peer) throws -> (CaseFile, [UInt8]) {
        let principal = try context.principals.principal(of: peer, acting: asked.envelope.acting?.raw)
        switch asked.command {
        case let submit as Submit: return try open(submit, asked.envelope, principal)
        case let command as any CaseCommand:
            guard let id = asked.file else { preconditionFailure("\(type(of: command).name) is about no case") }
            return try change(id, command, asked.envelope, principal)
        default: preconditionFailure("\(type(of: asked.command).name) neither opens a case nor is about one")
        }
    }

    private mutating func open(_ submit: Submit, _ envelope: Envelope, _ principal: Principal) throws -> (CaseFile, [UInt8]) {
        let version = context.catalogs.newestVersion
        guard version > 0 else {
            throw WireError.notFound("catalog", "catalogue yet", hint: "an admin applies one: casectl catalog apply DIR")
        }
        let matter = submit.submission.matter
        guard context.catalogs.newest.matters[matter] != nil,
            let terms = try context.catalogs.terms(matter, version: version, in: snapshot)
        else {
            throw context.catalogs.noMatter(matter.raw)
        }
        let id = CaseID(state.lastCaseNumber + 1)
        let step = try submit.open(
            as: id, receipt: context.seal.receipt(for: id), catalogVersion: version, by: principal, under: terms, at: now)
        guard let file = CaseFile(step.event) else { preconditionFailure("\(id): \(step.event.change.name) opened a case") }
        if let revision = envelope.expectedRevision, revision != 0 { throw conflict(id, found: 0, expected: revision) }
        state.lastCaseNumber = id.number
        state.openCount += 1
        adopt(step, file, before: nil, terms)
        return (file, BatchBuilder.result(file, terms, at: now))
    }

    private mutating func change(
        _ id: CaseID, _ command: any CaseCommand, _ envelope: Envelope, _ principal: Principal
    ) throws -> (CaseFile, [UInt8]) {
        guard var file = try load(id) else { throw WireError.notFound("case", "case \(id)") }
        let terms = try currentTerms(of: &file)
        try passTime(&file, terms, through: now)
        if let revision = envelope.expectedRevision, revision != Int64(file.revision) {
            // How a case comes along is told to nobody who may not read it.
            try file.authorizeReading(
                by: principal, with: context.catalogs.newest.readScope(of: principal, at: now), under: terms, at: now)
            throw conflict(id, found: file.revision, expected: revision)
        }
        try act(command, by: principal, on: &file, terms)
        return (file, BatchBuilder.result(file, terms, at: now))
    }

    /// A reading: of one case in its history, of lists and of the whole store in the server's.
    private mutating func record(_ reading: Reading, _ principal: Principal) throws {
        switch reading {
        case .file(let id, let method):
            guard var file = try load(id) else { throw WireError.notFound("case", "case \(id)") }
            let terms = try currentTerms(of: &file)
            try passTime(&file, terms, through: now)
            try act(Read(method), by: principal, on: &file, terms)
        case .list(let method, let parameters): try record(.casesRead(method: method, parameters: parameters), by: principal)
        case .store(let seq, let byteCount): try record(.backedUp(seq: seq, byteCount: byteCount), by: principal)
        case .lastPart: StoreSettings.keep(backupAt: now, in: &self)
        }
    }

    // MARK: Time and catalogue

    /// What the passing of time has done to a case by an instant, in order.
    private mutating func passTime(_ file: inout CaseFile, _ terms: Terms, through instant: Instant) throws {
        while let deadline = file.nextDeadline(under: terms), deadline.at <= instant {
            try pass(deadline, on: &file, terms)
        }
    }

    private mutating func pass(_ deadline: Deadline, on file: inout CaseFile, _ terms: Terms) throws {
        lateness.record(now - deadline.at)
        guard var deeming = deadline.command as? any DeemingCommand else { return try act(deadline.command, by: .clock, on: &file, terms) }
        deeming.trust =
            context.time is ManualTime ? .manual : context.trustsMachineClock ? .always : state.hold == nil ? .own : .disputed
        try act(deeming, by: .clock, on: &file, terms)
    }

    /// Passes what fell due by an instant, the earliest first over all cases, up to about `limit` deadlines.
    ///
    /// - Parameters:
    ///   - instant: the present, or one before it.
    ///   - damaged: cases that are left out.
    /// - Returns: how many cases it could bring on, and which it could not: these are logged.
    mutating func sweep(through instant: Instant, limit: Int, except damaged: [CaseID: Instant]) throws -> (count: Int, failed: [CaseID]) {
        let ids = try snapshot.due(at: instant, limit: limit + damaged.count).filter { damaged[$0] == nil }.prefix(limit)
        var failed: [CaseID] = []
        func fail(_ id: CaseID, _ error: any Error) {
            context.log.entry(.caseDamaged, "a deadline cannot be passed", ["case": "\(id)", "fault": "\(error)"])
            failed.append(id)
        }
        var waiting = Heap<Waiting>()
        var (count, last) = (0, instant)
        for id in ids {
            do {
                guard var file = try load(id) else { throw IncompleteStore(description: "\(id) has a deadline and no file") }
                let terms = try currentTerms(of: &file)
                count += 1
                if let next = file.nextDeadline(under: terms), next.at <= instant {
                    waiting.insert(Waiting(file, terms, next, order: count))
                    last = next.at
                } else {
                    // Its row is out of date: it is written anew.
                    touched.insert(id)
                }
            } catch {
                fail(id, error)
            }
        }
        // Cases beyond the limit come later, and so does whatever follows their deadlines.
        let end = ids.count < limit ? instant : last
        while let earliest = waiting.min, earliest.next.at <= end {
            waiting.removeMin()
            do {
                try pass(earliest.next, on: &earliest.file, earliest.terms)
            } catch {
                fail(earliest.file.id, error)
                continue
            }
            if let next = earliest.file.nextDeadline(under: earliest.terms), next.at <= instant {
                earliest.next = next
                waiting.insert(earliest)
            }
        }
        return (count, failed)
    }

    /// A case whose deadlines pass one after the other, among others: the earliest first, of equal ones in the order of the store.
    private final class Waiting: Comparable {
        var file: CaseFile
        let terms: Terms
        var next: Deadline
        private let order: Int

        init(_ file: CaseFile, _ terms: Terms, _ next: Deadline, order: Int) {
            self.file = file
            self.terms = terms
            self.next = next
            self.order = order
        }

        static func < (a: Waiting, b: Waiting) -> Bool {
            (a.next.at, a.order) < (b.next.at, b.order)
        }

        static func == (a: Waiting, b: Waiting) -> Bool {
            a === b
        }
    }

    /// Hands the open cases of a matter over to whoever the new catalogue names.
    ///
    /// - Parameter part: takes what has been gathered so far, so that it need not be held in memory.
    private mutating func reroute(
        _ matter: MatterID, to assignment: Assignment, officers: Set<PersonID>, leavers: Set<PersonID>?, part: (Batch) throws -> Void
    ) throws {
        var after: CaseID?
        repeat {
            // Where only officers leave, theirs are few among many.
            let ids =
                try leavers.map { leavers in
                    var filter = CaseFilter(now: now)
                    filter.conditions = [
                        .not(.isClosed), .equal(.matter, matter.raw), .isAny(.handler, leavers.sorted().map { .text($0.raw) }),
                    ]
                    return try snapshot.ids(filter, after: after, limit: 1000)
                } ?? snapshot.runningCases(of: matter, after: after, limit: 1000)
            for id in ids {
                let loaded: CaseFile?
                do { loaded = try load(id) } catch let error as LostFile {
                    // There is nothing left of it to hand over.
                    context.log.entry(.caseDamaged, "a case cannot be handed over", ["case": "\(id)", "fault": "\(error)"])
                    continue
                }
                guard var file = loaded, file.state.isOpen else { continue }
                let released = file.handler.flatMap { officers.contains($0) ? nil : $0 }
                guard file.assignment != assignment || released != nil else { continue }
                try act(
                    Reroute(assignment, releasing: released), by: .catalog, on: &file, try context.catalogs.terms(of: file, in: snapshot))
            }
            after = ids.last
            try part(try takePart())
        } while after != nil
    }

    /// Hands running cases over where what counts names others for their matters, or somebody leaves their office.
    mutating func reroute(from former: Register, to inForce: Register, part: (Batch) throws -> Void) throws {
        for matter in inForce.matters.values.sorted(by: { $0.id < $1.id }) {
            guard let before = former.matters[matter.id] else { continue }
            let officers = inForce.officers(of: matter.assignment.office)
            let leavers = former.officers(of: before.assignment.office).subtracting(officers)
            let isMoved = before.assignment != matter.assignment
            guard isMoved || !leavers.isEmpty else { continue }
            try reroute(matter.id, to: matter.assignment, officers: officers, leavers: isMoved ? nil : leavers, part: part)
        }
    }

    /// Brings changed rules to the next cases, and says which they were.
    mutating func recalculate(_ job: RecalculationJob, limit: Int) throws -> [CaseID] {
        let ids = try job.cases(snapshot, limit: limit)
        for id in ids {
            do {
                guard var file = try load(id) else { throw IncompleteStore(description: "\(id) has no file") }
                _ = try currentTerms(of: &file)
                // Its row is written anew in any case: zones may have changed.
                if state.recalculation?.isForZones == true { touched.insert(id) }
            } catch {
                context.log.entry(.caseDamaged, "changed rules cannot reach a case", ["case": "\(id)", "fault": "\(error)"])
            }
        }
        return ids
    }

    /// What governs a case now. Changed rules that have not come to it come first.
    private mutating func currentTerms(of file: inout CaseFile) throws -> Terms {
        let present = try context.catalogs.terms(of: file, in: snapshot)
        guard let job = state.recalculation, file.timing.version < job.version, file.clocks.contains(where: \.isLive),
            let terms = try context.catalogs.terms(
                file.matter, version: file.origin.catalogVersion, clockVersion: job.version, former: file.formerVersions, in: snapshot),
            !terms.hasRules(of: present)
        else { return present }
        let recalculate = Recalculate(version: job.version, former: present, allowsEarlier: job.earlierMatters.contains(file.matter))
        try act(recalculate, by: .catalog, on: &file, terms)
        return try context.catalogs.terms(of: file, in: snapshot)
    }

    mutating func record(_ change: ServerChange, by principal: Principal) throws {
        try record(change, by: principal.name, uid: principal.uid)
    }

    /// Records something about the server itself, in the stream of case 0.
    mutating func record(_ change: ServerChange, by name: String, uid: UInt32? = nil) throws {
        let stream = CaseID(0)
        serverEventCount += 1
        let revision = try snapshot.lastRevision(of: stream) + serverEventCount
        let event = ServerEvent(revision: revision, at: now, by: name, uid: uid, change: change)
        append(JournalRow(id: stream, revision: revision, at: now, event: event.canonicalBytes))
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

    /// Lets go of old notices, as fast as new ones come.
    mutating func forgetNotices(before instant: Instant, atLeast count: Int) {
        let limit = max(2 * batch.notices.count, count)
        if limit > 0 { batch.forgottenNotices = Batch.Forgetting(before: instant, limit: limit) }
    }

    mutating func reply(_ outcome: Outcome, to request: WriteRequest) {
        replies.append((request, outcome))
    }

    // MARK: Steps

    private mutating func act(
        _ command: any CaseCommand, by principal: Principal, on file: inout CaseFile, _ terms: Terms
    ) throws {
        let step = try file.respond(to: command, by: principal, under: terms, at: now)
        let before = file
        file.apply(step.event)
        if before.state.isOpen, !file.state.isOpen { state.openCount -= 1 }
        adopt(step, file, before: before, terms)
    }

    private mutating func adopt(_ step: Step, _ file: CaseFile, before: CaseFile?, _ terms: Terms) {
        if let loaded = files[file.id] { loaded.file = file } else { files[file.id] = Loaded(file) }
        touched.insert(file.id)
        let event = step.event
        if let figures = file.figures(of: event, before: before, under: terms) {
            batch.rollups[figures.key, default: Rollup()].add(figures.rollup)
        }
        if let told = EventNews(event, request: request, isDetailed: context.log.logLevel <= .debug) { news.append(told) }
        append(JournalRow(id: event.file, revision: event.revision, at: event.at, event: event.canonicalBytes))
        for notice in step.notices {
            batch.notices.append(
                NoticeRow(id: event.file, revision: event.revision, at: event.at, event: event.change.name, notice: notice))
        }
    }

    private mutating func append(_ row: JournalRow) {
        batch.journal.append(row)
        state.lastSeq += 1
    }

    private mutating func load(_ id: CaseID) throws -> CaseFile? {
        if let loaded = files[id] { return loaded.file }
        guard let file = try snapshot.caseFile(id) else { return nil }
        files[id] = Loaded(file)
        return file
    }

    private static func result(_ file: CaseFile, _ terms: Terms, at instant: Instant) -> [UInt8] {
        var writer = JSONWriter(reserving: 1024)
        writer.value(ShownCase(file, under: terms, at: instant))
        return writer.bytes
    }

    private func conflict(_ id: CaseID, found: Int, expected: Int64) -> WireError {
        WireError(
            .conflict, "\(id) is at revision \(found), not \(expected)",
            details: .object([.init("revision", .integer(found))]), hint: "look at the case and decide again")
    }
}

extension CaseRow {
    package init(_ file: CaseFile, under terms: Terms) {
        self.init(
            id: file.id, file: file.revision == 1 ? nil : file.storedBytes,
            values: CaseColumn.all.map { $0.value(of: file, under: terms) },
            nextDeadline: file.nextDeadline(under: terms)?.at, due: file.due(under: terms))
    }
}
