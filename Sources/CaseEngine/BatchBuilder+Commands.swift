import CaseCore
import CaseStore
import CaseWire
import Logging
import WorkingTime

/// What somebody asks of a case, and the first answer to a key.
extension BatchBuilder {
    /// A case as a command left it, and when.
    struct Answered {
        let file: CaseFile
        let terms: Terms
        let at: Instant

        var shown: ShownCase { ShownCase(file, under: terms, at: at) }
        var bytes: [UInt8] { ReplyLimit.answer(ShownAnswer(shown)) }
    }

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
            if let fault = context.note(error) {
                reply(.failure(fault), to: request)
                return
            }
            context.log.entry(
                .commandFailed, "a command failed",
                [
                    "method": "\(request.work.name)", "fault": "\(error)", "uid": "\(request.peer.uid)",
                    "request": "\(request.idempotencyKey ?? "")",
                ])
            outcome = .failure(WireError(.internalError, "the server could not carry this out; its log says more"))
        }
        reply(outcome, to: request)
    }

    private mutating func result(of request: WriteRequest) throws -> [UInt8] {
        let peer = request.peer
        try requireKnown(peer)
        switch request.work {
        case .reading(let reading, let acting):
            try record(reading, try context.principals.principal(of: peer, acting: acting))
            return []
        case .taking(let parameters):
            return try take(parameters, by: try context.principals.principal(of: peer, acting: parameters.text("acting")))
        case .command(let asked):
            precondition(!asked.envelope.isDryRun, "a dry run of \(request.work.name) has come to the writer")
            guard let key = try key(of: asked, peer) else { return try perform(asked, peer).bytes }
            return try result(of: asked, under: key, request)
        case .administration(let administration, _): preconditionFailure("\(administration.rawValue) is not about cases")
        }
    }

    func requireKnown(_ peer: Peer) throws {
        guard try context.principals.principal(of: peer, acting: nil).isKnown else { throw context.principals.unknown(peer) }
    }

    /// What its key stands for; nil where it has none.
    func key(of asked: CommandRequest, _ peer: Peer) throws -> IdempotencyKey? {
        guard let name = asked.envelope.idempotencyKey else { return nil }
        guard !name.isEmpty else {
            throw WireError.parameter("idempotency_key", "is empty", hint: "give a text that stands for this request")
        }
        return IdempotencyKey(principal: context.keyScope(of: peer), key: name)
    }

    /// The first answer to a key, or a new one that is kept under it.
    private mutating func result(of asked: CommandRequest, under key: IdempotencyKey, _ request: WriteRequest) throws -> [UInt8] {
        if let first = answers[key] {
            try BatchBuilder.requireSame(first.digest, request.digest)
            return first.result
        }
        if let first = try firstAnswer(to: asked, under: key, request.peer, digest: request.digest) { return first.bytes }
        let answered = try perform(asked, request.peer)
        let result = answered.bytes
        answers[key] = (request.digest, result)
        batch.answers.append(
            AnswerRow(
                key: key, at: now,
                answer: StoredAnswer(digest: request.digest, id: answered.file.id, revision: answered.file.revision)))
        return result
    }

    private static func requireSame(_ first: [UInt8], _ own: [UInt8]) throws {
        guard first == own else {
            throw WireError(.keyReused, "this idempotency key was used for another request", hint: "take a new key for each request")
        }
    }

    /// The first answer to a key once more, as far as the store has it: what the journal made of the case then.
    func firstAnswer(to asked: CommandRequest, under key: IdempotencyKey, _ peer: Peer, digest: [UInt8]) throws -> Answered? {
        if let first = try snapshot.answer(key) {
            try BatchBuilder.requireSame(first.digest, digest)
            return try answered(first)
        }
        if state.hasOlderAnswers, let first = try snapshot.olderAnswer(key.key, uid: peer.uid) {
            try BatchBuilder.requireSame(first.digest, WriteRequest.olderDigest(of: asked))
            return try answered(first)
        }
        return nil
    }

    private func answered(_ answer: StoredAnswer) throws -> Answered {
        var file: CaseFile?
        var (at, author): (Instant?, String) = (nil, "")
        try snapshot.events(of: answer.id) { row in
            guard row.revision <= answer.revision else { return false }
            let event = try Event(canonicalBytes: row.event)
            try CaseFile.fold(event, into: &file)
            (at, author) = (event.at, event.by)
            return true
        }
        guard let file, let at, file.revision == answer.revision else {
            throw IncompleteStore(description: "the journal of \(answer.id) ends before revision \(answer.revision)")
        }
        return Answered(file: file.answered(to: author), terms: try context.catalogs.terms(of: file, in: snapshot), at: at)
    }

    /// Who acts is found out here: the first answer to a key is the peer's, whoever has left the catalogue since.
    mutating func perform(_ asked: CommandRequest, _ peer: Peer) throws -> Answered {
        let principal = try context.principals.principal(of: peer, acting: asked.envelope.acting?.raw)
        try requireRoom(for: asked, by: principal)
        let count = batch.journal.count
        defer { countIntake(behind: count, by: principal) }
        switch asked.command {
        case let submit as Submit: return try open(submit, asked.envelope, principal)
        case let command as any CaseCommand:
            guard let id = asked.file else { preconditionFailure("\(type(of: command).name) is about no case") }
            return try change(id, command, asked, principal, peer)
        default: preconditionFailure("\(type(of: asked.command).name) neither opens a case nor is about one")
        }
    }

    private mutating func open(_ submit: Submit, _ envelope: Envelope, _ principal: Principal) throws -> Answered {
        let version = context.catalogs.newestVersion
        guard version > 0 else {
            throw WireError.notFound("catalog", "catalogue yet", hint: "an admin applies one: casectl catalog apply DIR")
        }
        let matter = submit.submission.matter
        guard context.catalogs.newest.matters[matter] != nil,
            let terms = try context.catalogs.terms(matter, version: version, in: snapshot),
            context.catalogs.asWritten.isGrantedInTime(terms.matter, by: context.catalogs.newest)
        else {
            throw context.catalogs.noMatter(matter.raw)
        }
        let id = CaseID(state.lastCaseNumber + 1)
        let original = try original(of: submit.submission)
        let step = try submit.open(
            as: id, receipt: givesReceipts ? context.seal.receipt(for: id) : "", catalogVersion: version, referringTo: original?.file,
            by: principal,
            under: terms, at: now)
        guard let file = CaseFile(step.event) else { preconditionFailure("\(id): \(step.event.change.name) opened a case") }
        if let revision = envelope.expectedRevision, revision != 0 { throw conflict(id, found: 0, expected: revision) }
        let opened = try original.map { original in
            try original.file.respond(to: OpenRevocation(id), by: Principal(.file(id)), under: original.terms, at: now)
        }
        state.lastCaseNumber = id.number
        state.openCount += 1
        state.openCounts[file.submitter, default: 0] += 1
        adopt(step, file, before: nil, terms)
        if var original, let opened { take(opened, on: &original.file, original.terms) }
        return Answered(file: file, terms: terms, at: now)
    }

    private mutating func change(
        _ id: CaseID, _ command: any CaseCommand, _ asked: CommandRequest, _ principal: Principal, _ peer: Peer
    ) throws -> Answered {
        guard var file = try load(id) else { throw WireError.notFound("case", "case \(id)", hint: "casectl list shows the cases") }
        let terms = try currentTerms(of: &file)
        try hearOfRevocation(&file, terms)
        try passTime(&file, terms, through: now)
        do {
            if let revision = asked.envelope.expectedRevision, revision != Int64(file.revision) {
                // How a case comes along is told to nobody who may not read it.
                let readScope = context.catalogs.readScope(of: principal, at: now)
                try file.authorizeReading(by: principal, with: readScope, under: terms, at: now)
                throw conflict(id, found: file.revision, expected: revision)
            }
            try act(command, by: principal, on: &file, terms)
        } catch {
            try record(refusalOf: asked, on: file, principal, peer)
            throw error
        }
        return Answered(file: file.answered(to: principal.name), terms: terms, at: now)
    }

    /// A refusal says how a case stands, so that it goes on record as a reading does; an auditor who had to do with the case is told that
    /// and nothing else.
    private mutating func record(
        refusalOf asked: CommandRequest, on file: CaseFile, _ principal: Principal, _ peer: Peer
    ) throws {
        guard context.catalogs.readScope(of: principal, at: now).isRecorded(file) else { return }
        let reading = Reading.file(file.id, revision: file.revision, type(of: asked.command).method)
        let key = RecentReadings.Key(
            peer: peer, acting: asked.envelope.acting?.raw, changeCount: context.catalogs.changeCount, reading: reading)
        guard !context.readings.isOnRecord(key, at: now) else { return }
        try record(reading, principal)
        readings.append(key)
    }

    /// A reading: of one case beside its history, of lists and of the whole store in the server's.
    private mutating func record(_ reading: Reading, _ principal: Principal) throws {
        switch reading {
        case .file(let id, let revision, let method):
            guard var file = try load(id) else { throw WireError.notFound("case", "case \(id)", hint: "casectl list shows the cases") }
            let terms = try context.catalogs.terms(of: file, in: snapshot)
            let isAdministration = context.catalogs.readScope(of: principal, at: now).oversight == .administration
            let command: any CaseCommand = isAdministration ? ReadAsAdmin(method) : Read(method)
            let step = try file.respond(to: command, by: principal, under: terms, at: now)
            let reading = Step(event: step.event.ofReading(at: revision), notices: step.notices)
            take(reading, on: &file, terms, at: try place(of: reading.event))
        case .list(let method, let parameters):
            let readers = context.catalogs.readScope(of: principal, at: now).isAudit ? principal.readers : []
            try record(.casesRead(method: method, parameters: parameters, readers: readers), by: principal)
            state.listReadings.note(readers, at: now)
        case .store(let seq, let byteCount): try record(.backedUp(seq: seq, byteCount: byteCount), by: principal)
        case .lastPart: StoreSettings.keep(backupAt: now, in: &self)
        }
    }

    private func conflict(_ id: CaseID, found: Int, expected: Int64) -> WireError {
        WireError(
            .conflict, "\(id) is at revision \(found), not \(expected)",
            details: .object([.init("revision", .integer(found))]), hint: "look at the case and decide again")
    }
}
