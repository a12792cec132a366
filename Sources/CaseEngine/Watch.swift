import CaseCore
import CaseStore
import CaseWire
import WorkingTime

/// One client's following of cases: what it wants to hear of, and how far it has heard.
///
/// Nothing is kept for a client that reads slowly. It has a place in the journal, and what comes after is read when there is room
/// for it; so nothing is lost, and nothing waits in memory.
package struct Watch: Sendable {
    package let name: String
    /// How long nothing may be sent, in milliseconds, before a bookmark is.
    package let heartbeat: Int64
    let filter: CaseFilter
    /// Who follows: the peer, and the person for whom a service acts. As whom is asked anew at each delivery.
    let speaker: Speaker
    /// What goes on record of it where it is followed as an auditor or an admin.
    let reading: Reading
    /// As whom it last did, and when: as somebody else it does at once, and an hour later again. Nil where it never has.
    var onRecord: (oversight: ReadScope.Oversight, at: Instant)?
    let identity: Principal.Identity
    /// Whether it has ended: who opened it is not the same any more.
    package private(set) var isEnded = false
    /// The journal has been looked through up to here.
    package internal(set) var seq: Int64

    struct Speaker: Sendable {
        let peer: Peer
        let acting: String?
    }

    init(
        _ name: String, _ filter: CaseFilter, by speaker: Speaker, _ principal: Principal, _ reading: Reading,
        onRecord oversight: ReadScope.Oversight?, at now: Instant, after seq: Int64, heartbeat: Int64
    ) {
        (self.name, self.filter, self.speaker, self.seq, self.heartbeat) = (name, filter, speaker, seq, heartbeat)
        (self.reading, onRecord) = (reading, oversight.map { ($0, now) })
        identity = principal.identity
    }

    mutating func end() {
        isEnded = true
    }

    /// Whether the journal has grown beyond it.
    package func isBehind(_ lastSeq: Int64) -> Bool {
        seq < lastSeq
    }

    /// Rows of the journal that are looked through in one go.
    static let stepLimit = 256
    /// Cases of one snapshot.
    package static let snapshotLimit = 5000
}

extension Reader {
    package var feed: WatchFeed {
        WatchFeed(context)
    }

    /// What a watch begins with: its reply, and the cases as they stand.
    package struct WatchOpening: Sendable {
        package let watch: Watch
        package let result: [UInt8]
        package let lines: [[UInt8]]
    }

    /// Begins a watch. What an auditor or an admin follows goes on record first.
    ///
    /// - Parameter heartbeat: in milliseconds, where the request names none.
    package func openWatch(
        _ parameters: Parameters, peer: Peer, name: String, heartbeat: Int64,
        reply: @escaping @Sendable (Result<WatchOpening, WireError>) -> Void
    ) {
        var reading: Reading?
        let opening = failing(.stream(.watch)) {
            let viewer = try viewer(.stream(.watch), parameters, peer: peer)
            reading = viewer.reading(.stream(.watch), parameters)
            let speaker = Watch.Speaker(peer: peer, acting: parameters.text("acting"))
            return try open(parameters, for: viewer, speaker, name: name, heartbeat: heartbeat)
        }
        guard case .success = opening else { return reply(opening) }
        recording(reading, peer: peer, acting: parameters.text("acting")) { error in reply(error.map { .failure($0) } ?? opening) }
    }

    /// Puts on record, once an hour while there is something to follow, what an auditor or an admin follows.
    ///
    /// - Parameter proceed: called with the watch, at once where nothing is to be recorded; with the reason for its end where that cannot be.
    package func record(_ watch: Watch, then proceed: @escaping @Sendable (Result<Watch, WireError>) -> Void) {
        let now = context.time.now
        guard let oversight = feed.oversight(of: watch) else { return proceed(.success(watch)) }
        if let known = watch.onRecord, known.oversight == oversight, (0..<RecentReadings.hour).contains(now - known.at) {
            return proceed(.success(watch))
        }
        recording(watch.reading, peer: watch.speaker.peer, acting: watch.speaker.acting) { error in
            if let error { return proceed(.failure(error)) }
            var watch = watch
            watch.onRecord = (oversight, now)
            proceed(.success(watch))
        }
    }

    private func open(
        _ parameters: Parameters, for viewer: Viewer, _ speaker: Watch.Speaker, name: String, heartbeat: Int64
    ) throws -> WatchOpening {
        let filter = filter(parameters, for: viewer)
        if let asked = parameters.length("heartbeat"), asked.meter != .minutes || asked.quanta <= 0 {
            throw WireError.parameter("heartbeat", "is \(asked)", hint: "give at least 1 minute, in minutes or hours")
        }
        let heartbeat = parameters.length("heartbeat")?.quanta ?? heartbeat
        let from = parameters.text("from") ?? "now"
        let wantsSnapshot = parameters.boolean("snapshot") ?? false
        guard !wantsSnapshot || from == "now" else {
            throw WireError.parameter("snapshot", "goes with from = \"now\" only", hint: "a cursor goes on after what was sent before")
        }
        return try context.store.read { snapshot in
            let last = try snapshot.lastSeq()
            let seq = try start(from, last: last)
            var lines: [[UInt8]] = []
            if wantsSnapshot {
                let rows = try snapshot.files(filter, sort: .number, after: nil, limit: Watch.snapshotLimit + 1)
                guard rows.count <= Watch.snapshotLimit else {
                    throw WireError(
                        .ruleRefused, kind: "watch.snapshot_too_large", "more than \(Watch.snapshotLimit) cases are meant",
                        hint: "narrow the filter, or take case.list and watch without a snapshot")
                }
                let files = try rows.map { try snapshot.caseFile($0.file) }
                lines = try viewer.shown(files) { try context.catalogs.terms(of: $0, in: snapshot) }.map { file, terms in
                    feed.notification(name, "snapshot", at: nil) { writer in
                        writer.key("case")
                        writer.value(ShownCase(file, under: terms, at: viewer.now))
                    }
                }
                let count = lines.count
                lines.append(feed.notification(name, "snapshot-end", at: seq) { $0.member("cases", count) })
            }
            let watch = Watch(
                name, filter, by: speaker, viewer.principal, .listing(.stream(.watch), parameters), onRecord: viewer.readScope.oversight,
                at: viewer.now, after: seq, heartbeat: heartbeat)
            let result = JSONWriter.bytes { writer in
                writer.object {
                    $0.member("watch", name)
                    $0.member("cursor", feed.cursor(seq))
                }
            }
            return WatchOpening(watch: watch, result: result, lines: lines)
        }
    }

    private func start(_ from: String, last: Int64) throws -> Int64 {
        switch from {
        case "now": return last
        case "start": return 0
        default:
            guard let cursor = WatchCursor(from) else {
                throw WireError.parameter("from", "is neither now, start nor a cursor", hint: "give back a cursor as it came")
            }
            guard cursor.epoch == context.epoch, cursor.seq <= last else {
                throw WireError(
                    .cursorExpired, "the cursor is of another store, or of one that was restored from an older backup",
                    hint: "begin anew with a snapshot")
            }
            return cursor.seq
        }
    }

    package func log(_ what: String, _ fault: any Error) {
        context.log.entry(.commandFailed, what, ["fault": "\(fault)"])
    }
}

/// What watches hear, from the journal.
package struct WatchFeed: Sendable {
    let context: Engine.Context

    package init(_ context: Engine.Context) {
        self.context = context
    }

    /// Begins behind a place in the journal, for somebody who reads all cases.
    package func watch(_ name: String, _ filter: CaseFilter, forAdmin peer: Peer, after seq: Int64) throws -> Watch {
        let principal = try context.principals.principal(of: peer, acting: nil)
        let reading = Reading.list(Method.stream(.watch).rawValue, parameters: "{}")
        return Watch(
            name, filter, by: Watch.Speaker(peer: peer, acting: nil), principal, reading, onRecord: .administration, at: context.time.now,
            after: seq, heartbeat: 60_000)
    }

    /// Who follows, as the catalogue says it now; nil where they are not who opened the watch any more.
    private func principal(of watch: Watch) -> Principal? {
        let principal = try? context.principals.principal(of: watch.speaker.peer, acting: watch.speaker.acting)
        return principal.flatMap { $0.identity == watch.identity && $0.isKnown ? $0 : nil }
    }

    /// Whether it is followed as an auditor or as an admin; nil for neither.
    func oversight(of watch: Watch) -> ReadScope.Oversight? {
        principal(of: watch).flatMap { context.catalogs.readScope(of: $0, at: context.time.now).oversight }
    }

    /// The next events of a watch, in the journal's order, as lines; `watch` goes on behind them, or has ended with the last of them.
    package func advance(_ watch: inout Watch) throws -> [[UInt8]] {
        guard let principal = principal(of: watch) else {
            watch.end()
            return [closing(watch, reason: "principal.changed")]
        }
        var moved = watch
        let lines = try context.store.read { snapshot in
            let entries = try snapshot.journal(after: moved.seq, limit: Watch.stepLimit)
            var filter = moved.filter
            let readScope = context.catalogs.readScope(of: principal, at: context.time.now)
            // Whoever has become an auditor just now goes on record first.
            guard readScope.oversight == nil || readScope.oversight == moved.onRecord?.oversight else { return [[UInt8]]() }
            filter.readScope = readScope
            // Nothing is looked up where everything is wanted and may be read.
            var everything = CaseFilter(now: filter.now)
            everything.readScope = .everything
            let isSelective = filter != everything
            var lines: [[UInt8]] = []
            for entry in entries {
                // Who looked is not for those who are looked at.
                if !readScope.isEverything, try Event(canonicalBytes: entry.event).change.isReading { continue }
                if isSelective, try !concerns(entry, &filter, snapshot) { continue }
                if readScope.isAudit, try !isShown(entry.id, to: principal, readScope, snapshot) { continue }
                lines.append(
                    notification(moved.name, "event", at: entry.seq) { writer in
                        writer.key("event")
                        writer.raw(Array("{\"seq\":\(entry.seq),".utf8) + entry.event.dropFirst())
                    })
            }
            // What is behind the last one is the server's own.
            moved.seq = try entries.count == Watch.stepLimit ? entries.last!.seq : snapshot.lastSeq()
            return lines
        }
        watch = moved
        return lines
    }

    /// What an auditor had to do with a case is asked of it as it is now, whatever event it was.
    private func isShown(_ id: CaseID, to principal: Principal, _ readScope: ReadScope, _ snapshot: any StoreSnapshot) throws -> Bool {
        guard let file = try snapshot.caseFile(id) else { return false }
        return file.isShown(to: principal, with: readScope, under: try context.catalogs.terms(of: file, in: snapshot))
    }

    /// Whether a case was meant before an event or is after it, as it stood then.
    private func concerns(_ entry: JournalEntry, _ filter: inout CaseFilter, _ snapshot: any StoreSnapshot) throws -> Bool {
        var file: CaseFile?
        // A reading concerns the case as it was read.
        let revision = try entry.revision > 0 ? entry.revision : Event(canonicalBytes: entry.event).revision
        for row in try snapshot.journal(of: entry.id) {
            let event = try Event(canonicalBytes: row.event)
            if event.revision == revision, entry.revision > 0, let before = file, try matches(before, &filter, at: event.at, snapshot) {
                return true
            }
            try CaseFile.fold(event, into: &file)
            if event.revision == revision { return try file.map { try matches($0, &filter, at: event.at, snapshot) } ?? false }
        }
        return false
    }

    private func matches(
        _ file: CaseFile, _ filter: inout CaseFilter, at instant: Instant, _ snapshot: any StoreSnapshot
    ) throws -> Bool {
        filter.now = instant
        return filter.matches(CaseRow(file, under: try context.catalogs.terms(of: file, in: snapshot)), file)
    }

    /// Where a watch stands, for a client that hears nothing else.
    package func bookmark(_ watch: Watch) -> [UInt8] {
        notification(watch.name, "bookmark", at: watch.seq) { _ in }
    }

    /// The reply to whoever ends a watch.
    package func stopped(_ watch: Watch) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object {
                $0.member("watch", watch.name)
                $0.member("cursor", cursor(watch.seq))
            }
        }
    }

    /// The last word to a watch.
    package func closing(_ watch: Watch, reason: String) -> [UInt8] {
        notification(watch.name, "closed", at: watch.seq) { $0.member("reason", reason) }
    }

    fileprivate func cursor(_ seq: Int64) -> String {
        WatchCursor(epoch: context.epoch, seq: seq).description
    }

    fileprivate func notification(_ watch: String, _ type: String, at seq: Int64?, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("jsonrpc", "2.0")
                writer.member("method", "case.event")
                writer.key("params")
                writer.object { writer in
                    writer.member("watch", watch)
                    writer.member("type", type)
                    if let seq { writer.member("cursor", cursor(seq)) }
                    body(&writer)
                }
            }
        }
    }
}
