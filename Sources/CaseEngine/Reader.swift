import CaseCore
import CaseStore
import CaseWire
import Catalogue
import FoundationEssentials
import Glibc
import WorkingTime

/// Answers what changes nothing, from snapshots beside the writer.
package struct Reader: Sendable {
    let engine: Engine
    /// What everything works with; who is who, and which version counts, by the state that is read.
    private(set) var context: Engine.Context
    /// What is read: the store itself, or one state of a replica.
    private(set) var store: any ReadableStore
    private let version: String
    private let limits: [(name: String, value: Int)]
    let backups = BackupShelf()
    let lights = CountedLights()
    let abandonments = Seldom()

    /// - Parameter limits: what the server enforces, as `server.info` shows it.
    package init(_ engine: Engine, limits: [(name: String, value: Int)]) {
        self.engine = engine
        (context, store) = (engine.context, engine.context.store)
        version = productVersion
        self.limits =
            limits + engine.context.intakeLimits.described + [
                ("text_bytes", ByteLimit.name), ("prose_bytes", ByteLimit.prose), ("fields_bytes", ByteLimit.fields),
                ("page_bytes", ReplyLimit.page), ("record_bytes", ReplyLimit.record), ("case_bytes", ReplyLimit.whole),
                ("answer_bytes", ReplyLimit.answer), ("batch_bytes", ReplyLimit.batch),
            ]
    }

    /// Answers a read. What an auditor or an admin has read goes on record before they see it.
    ///
    /// - Parameter caller: who waits for the answer, and is told how far a long one is; by default somebody patient.
    package func answer(
        _ query: Query, _ parameters: Parameters, peer: Peer, caller: Caller = .patient, reply: @escaping @Sendable (Outcome) -> Void
    ) {
        var reading: Reading?
        let method = Method.query(query)
        let outcome = failing(method) {
            if parameters.boolean("stale_ok") == true {
                return try bounded(try anyResult(query, parameters, peer: peer, caller, &reading))
            }
            try catchUp(query)
            return try bounded(try result(query, parameters, peer: peer, caller, &reading))
        }
        guard case .success = outcome else { return reply(outcome) }
        recording(reading, peer: peer, acting: parameters.text("acting")) { error in reply(error.map { .failure($0) } ?? outcome) }
    }

    /// The answer by a state that may be older: that of a replica where one can be read, else the present one. It says as of when.
    private func anyResult(
        _ query: Query, _ parameters: Parameters, peer: Peer, _ caller: Caller, _ reading: inout Reading?
    ) throws -> [UInt8] {
        if let replicas = engine.replicas {
            do {
                return try replicas.read(context) { state, context, asOf in
                    var reader = self
                    (reader.store, reader.context) = (state, context)
                    return try reader.result(query, parameters, peer: peer, caller, &reading).telling(asOf: asOf)
                }
            } catch StoreFault.interrupted {
                reading = nil
            }
        }
        try catchUp(query)
        let now = context.time.now
        return try result(query, parameters, peer: peer, caller, &reading).telling(asOf: now)
    }

    /// An answer, as long as it is no longer than the replies to a batch may be.
    private func bounded(_ answer: [UInt8]) throws -> [UInt8] {
        guard answer.count <= ReplyLimit.batch else {
            throw WireError(
                .lineTooLong, kind: "reply.too_long", "the answer has \(answer.count) bytes",
                details: .object([.init("limit", .integer(ReplyLimit.batch))]), hint: "ask for less at once")
        }
        return answer
    }

    /// What `body` returns, or the error that a client hears of why it could not; faults are logged here.
    func failing<Value>(_ method: Method, _ body: () throws -> Value) -> Result<Value, WireError> {
        do {
            return .success(try body())
        } catch let error as WireError {
            return .failure(error)
        } catch let refusal as Refusal {
            return .failure(WireError(refusal))
        } catch {
            // What was ended because nobody waits for it is no fault.
            if let fault = context.note(error) { return .failure(fault) }
            guard ReadTurn.isWanted else { return .failure(.unwanted) }
            context.log.entry(.commandFailed, "a read failed", ["method": "\(method.rawValue)", "fault": "\(error)"])
            return .failure(WireError(.internalError, "the server could not read this; its log says more"))
        }
    }

    /// Nobody's powers are older than what others have committed. How the daemon stands is said as it is known where that cannot be asked.
    private func catchUp(_ query: Query) throws {
        do {
            try engine.catchUp()
        } catch {
            guard query == .serverInfo || query == .serverStatus else { throw error }
        }
    }

    private func result(
        _ query: Query, _ parameters: Parameters, peer: Peer, _ caller: Caller, _ reading: inout Reading?
    ) throws -> [UInt8] {
        let method = Method.query(query)
        let viewer = try viewer(method, parameters, peer: peer)
        let principal = viewer.principal
        let caller = parameters.boolean("progress") == true ? caller : caller.quiet
        defer { if method.description.showsCases, reading == nil { reading = viewer.reading(method, parameters) } }
        switch query {
        case .serverInfo: return info(principal)
        case .serverStatus: return try status(for: principal)
        case .checkpoint: return try checkpoint(parameters, for: principal)
        case .hashes: return try hashes(parameters, for: principal)
        case .entries: return try entries(parameters, for: viewer)
        case .scrub: return try scrub(parameters, for: viewer)
        case .eventProof: return try eventProof(parameters, for: viewer)
        case .backupMake:
            let backup = try makeBackup(for: viewer)
            reading = .store(seq: backup.lastSeq, byteCount: backup.byteCount)
            return backup.result
        case .backupRead:
            let (part, isLast) = try readBackup(parameters, for: viewer)
            if isLast { reading = .lastPart }
            return part
        case .discover: return JSONWriter.bytes { $0.value(OpenRPC.document) }
        case .get: return try get(parameters, for: viewer)
        case .list: return try list(parameters, for: viewer)
        case .count: return try count(parameters, for: viewer)
        case .history: return try history(parameters, for: viewer)
        case .explain: return try explain(parameters, for: viewer)
        case .statement: return try statement(parameters, for: viewer, peer: peer)
        case .decision: return try decision(parameters, for: viewer)
        case .signers: return try signers()
        case .orderList: return try orders(parameters, for: viewer)
        case .drawList: return try draws(parameters)
        case .drawGet: return try draw(parameters)
        case .noticeList: return try notices(parameters, for: viewer)
        case .catalogGet: return try catalog(parameters, for: viewer)
        case .catalogVersions: return try catalogVersions(parameters, for: viewer)
        case .catalogDiff: return try catalogDiff(parameters, for: viewer)
        case .catalogDutyList: return try dutyList(parameters)
        case .powers: return try powers(parameters, for: viewer)
        case .proof: return try proof(parameters, for: viewer, caller)
        case .can: return try can(parameters, for: viewer)
        case .catalogPlan:
            guard viewer.readScope.isEverything else {
                throw WireError(
                    .permissionDenied, "a plan shows running cases of everybody",
                    hint: "it is for admins; casectl catalog check needs no server")
            }
            let plan = try CatalogPlan(parameters, context, for: .client)
            let pending = plan.changes.isEmpty ? nil : pendingOutcome(plan, CatalogAuthor(principal))
            return plan.result(
                try ClockImpact(plan, context, for: caller), try StrandedCases(plan, context, for: caller.quiet),
                further: pending?.obstacle, toAgreeAgain: pending?.toAgreeAgain)
        case .calendarDue: return try calendarDue(parameters)
        case .calendarMeasure: return try calendarMeasure(parameters)
        case .calendarShow: return try calendarShow(parameters)
        case .calendarWhy: return try calendarWhy(parameters)
        case .slaReport: return try slaReport(parameters, for: viewer)
        case .serverHistory: return try serverHistory(parameters, for: viewer)
        }
    }

    /// What becomes of a catalogue that waits for its day, were a plan applied now.
    private func pendingOutcome(_ plan: CatalogPlan, _ author: CatalogAuthor) -> (obstacle: WireError?, toAgreeAgain: Instant?)? {
        guard let pending = engine.view.pending else { return nil }
        do throws(WireError) {
            let stored: StoredCatalog?
            do { stored = try store.read { try $0.catalog(version: nil) } } catch { return nil }
            let following = try pending.following(plan, from: stored?.files ?? [:], by: author, at: context.time.now)
            return (nil, pending.confirmer != nil && following.confirmer == nil ? pending.effectiveAt : nil)
        } catch {
            return (error, nil)
        }
    }

    func viewer(_ method: Method, _ parameters: Parameters, peer: Peer) throws -> Viewer {
        let principal = try context.principals.principal(of: peer, acting: parameters.text("acting"))
        // Whoever has a receipt may ask for the status behind it, and nobody else can guess one.
        let isByReceipt = method == .query(.get) && parameters.text("receipt") != nil && parameters.caseID() == nil
        guard principal.isKnown || isByReceipt || method == .query(.serverInfo) || method == .query(.serverStatus) else {
            throw context.principals.unknown(peer)
        }
        return Viewer(principal, context)
    }

    /// Puts an auditor's or an admin's reading on record, if it is one, before `reply` is called. The same within the hour is on record.
    func recording(_ reading: Reading?, peer: Peer, acting: String?, reply: @escaping @Sendable (WireError?) -> Void) {
        guard let reading else { return reply(nil) }
        let key = RecentReadings.Key(peer: peer, acting: acting, changeCount: context.catalogs.changeCount, reading: reading)
        guard !context.readings.isOnRecord(key, at: context.time.now) else { return reply(nil) }
        let (readings, time) = (context.readings, context.time)
        engine.submit(
            WriteRequest(peer: peer, .reading(reading, acting: acting)) { recorded in
                if case .failure(let error) = recorded { return reply(error) }
                readings.note(key, at: time.now)
                reply(nil)
            })
    }

    private func info(_ principal: Principal) -> [UInt8] {
        let view = engine.view
        let register = context.catalogs.newest
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("name", "cased")
                writer.member("version", version)
                writer.member("protocol", protocolVersion)
                writer.member("now", context.time.now)
                writer.member("clock", context.time is ManualTime ? "manual" : "system")
                writer.member("training", context.catalogs.isTraining)
                writer.key("limits")
                writer.object { writer in
                    for limit in limits {
                        writer.key(limit.name)
                        writer.integer(limit.value)
                    }
                }
                writer.member("catalog_version", context.catalogs.newestVersion)
                writer.key("principal")
                writer.object { writer in
                    writer.member("name", principal.name)
                    writer.member("known", principal.isKnown)
                    writer.member("admin", principal.isAdmin)
                }
                writer.member("open", view.openCount)
                writer.member("next_deadline", view.nextDeadline)
                writer.member("zones", ZoneFile.release)
                writer.key("calendars")
                writer.array(of: context.catalogs.newest.horizons(at: context.time.now)) { writer, horizon in
                    writer.object {
                        $0.member("calendar", horizon.calendar)
                        $0.member("zone", horizon.zone)
                        $0.member("valid_through", horizon.validThrough.description)
                        $0.member("days", horizon.dayCount)
                        $0.member("near", horizon.isNear)
                    }
                }
                writer.member("trusts_clock", context.trustsMachineClock)
                writer.key("clock_held")
                if let hold = view.hold {
                    writer.object {
                        $0.member("since", hold.since)
                        $0.member("by_ms", hold.step)
                    }
                } else {
                    writer.null()
                }
                writer.key("pending_catalog")
                if let pending = view.pending {
                    writer.object {
                        $0.member("effective", pending.effectiveAt)
                        $0.member("by", pending.author.name)
                        $0.member("confirmed_by", pending.confirmer?.name)
                        $0.member("refused", pending.obstacle)
                        $0.member(
                            "yours", !context.catalogs.isTraining && pending.waits(for: principal, besides: view.unconfirmed, register))
                    }
                } else {
                    writer.null()
                }
                writer.key("unconfirmed_catalog")
                if let unconfirmed = view.unconfirmed, let newest = unconfirmed.versions.last?.number {
                    writer.object {
                        $0.member("confirmed", unconfirmed.confirmed)
                        $0.member("newest", newest)
                        $0.member("appointments", context.catalogs.waiting.count)
                        $0.member("yours", unconfirmed.waits(for: principal, register))
                    }
                } else {
                    writer.null()
                }
                writer.key("reprojection")
                if let job = view.recalculation {
                    writer.object {
                        $0.member("catalog_version", job.version)
                        $0.member("cases", job.caseCount)
                        $0.member("done", job.doneCount)
                    }
                } else {
                    writer.null()
                }
                writer.key("lateness")
                writer.object { writer in
                    for (bound, count) in zip(Lateness.bounds, view.lateness.counts) {
                        writer.key("within_\(bound)_ms")
                        writer.integer(count)
                    }
                    writer.member("beyond", view.lateness.counts.last ?? 0)
                    writer.member("maximum_ms", view.lateness.maximum)
                }
                writer.key("work")
                writer.object { writer in
                    writer.member("batches", view.batchCount)
                    writer.member("commands", view.commandCount)
                }
            }
        }
    }

    /// The files of a version. Which unix users are bound is for those who read everything.
    private func catalog(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let version = parameters.integer("version").map(Int.init)
        let files: [String: String]
        let stored: StoredCatalog?
        if parameters.boolean("pending") == true {
            guard version == nil else { throw WireError.parameter("pending", "goes with no version", hint: "leave one of them out") }
            guard let pending = engine.view.pending else { throw WireError.notFound("catalog", "catalogue that waits for its day") }
            (stored, files) = (nil, pending.files)
        } else {
            guard let found = try store.read({ try $0.catalog(version: version) }) else {
                throw WireError.notFound("catalog", version.map { "catalogue version \($0)" } ?? "catalogue yet")
            }
            (stored, files) = (found, found.files)
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("version", orNull: stored?.version)
                writer.member("at", stored?.at)
                writer.member("by", stored?.by ?? engine.view.pending?.author.name)
                writer.member("zones", stored?.zones)
                writer.key("files")
                writer.object { writer in
                    for (name, text) in files.sorted(by: { $0.key < $1.key }) {
                        writer.key(name)
                        writer.string(viewer.readScope.isEverything ? text : Catalogue.withoutUsers(text))
                    }
                }
            }
        }
    }

    func limit(_ parameters: Parameters, byDefault standard: Int64 = 100) throws -> Int {
        let limit = parameters.integer("limit") ?? standard
        guard (1...1000).contains(limit) else {
            throw WireError.parameter("limit", "is \(limit)", hint: "1 to 1000 are allowed")
        }
        return Int(limit)
    }
}

extension [UInt8] {
    /// An answer with the instant as of which it holds, in front. Each is an object that has members.
    fileprivate func telling(asOf instant: Instant) -> [UInt8] {
        Array("{\"as_of\":\"\(instant)\",".utf8) + dropFirst()
    }
}
