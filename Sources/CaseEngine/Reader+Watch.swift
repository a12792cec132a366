import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    package var feed: WatchFeed {
        WatchFeed(context)
    }

    /// What a watch begins with.
    package struct WatchOpening: Sendable {
        package let watch: Watch
        package let result: [UInt8]
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

    /// Whether what is read for a watch needs not go on record first: it is nobody's oversight, or was put there within the hour.
    package func isOnRecord(_ watch: Watch) -> Bool {
        guard let oversight = feed.oversight(of: watch) else { return true }
        return watch.onRecord.map { $0.oversight == oversight && (0..<RecentReadings.hour).contains(context.time.now - $0.at) } ?? false
    }

    /// Puts on record, once an hour while there is something to follow, what an auditor or an admin follows.
    ///
    /// - Parameter proceed: called with the watch, at once where nothing is to be recorded; with the reason for its end where that cannot be.
    package func record(_ watch: Watch, then proceed: @escaping @Sendable (Result<Watch, WireError>) -> Void) {
        let now = context.time.now
        guard !isOnRecord(watch), let oversight = feed.oversight(of: watch) else { return proceed(.success(watch)) }
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
        // Whose duties it is about changes with the posts: it is looked up at each delivery.
        let filter = CaseFilter(FilterMember.conditions(parameters.object("filter")), readScope: viewer.readScope, now: viewer.now)
        if let asked = parameters.length("heartbeat"), asked.meter != .minutes || !(1...Watch.longestHeartbeat).contains(asked.quanta) {
            throw WireError.parameter("heartbeat", "is \(asked)", hint: "give 1 minute to 24 hours, in minutes or hours")
        }
        let heartbeat = parameters.length("heartbeat")?.quanta ?? heartbeat
        let from = parameters.text("from") ?? "now"
        let wantsSnapshot = parameters.boolean("snapshot") ?? false
        guard !wantsSnapshot || from == "now" else {
            throw WireError.parameter("snapshot", "goes with from = \"now\" only", hint: "a cursor goes on after what was sent before")
        }
        let seq = try start(from, last: try store.read { try $0.lastSeq() })
        var watch = Watch(
            name, filter, by: speaker, viewer.principal, .listing(.stream(.watch), parameters), onRecord: viewer.readScope.oversight,
            at: viewer.now, after: seq, heartbeat: heartbeat)
        if wantsSnapshot { watch.snapshot = Watch.SnapshotPlace() }
        let result = JSONWriter.bytes { writer in
            writer.object {
                $0.member("watch", name)
                $0.member("cursor", feed.cursor(seq))
            }
        }
        return WatchOpening(watch: watch, result: result)
    }

    private func start(_ from: String, last: Int64) throws -> Int64 {
        switch from {
        case "now": return last
        case "start": return 0
        default:
            if let instant = Instant(from) { return try store.read { try $0.journalHead(before: instant)?.seq ?? 0 } }
            guard let cursor = WatchCursor(from) else {
                throw WireError.parameter(
                    "from", "is neither now, start, an instant nor a cursor", hint: "give back a cursor as it came")
            }
            guard cursor.epoch == context.epoch, cursor.seq <= last else {
                throw WireError(
                    .cursorExpired, "the cursor is of another store, or of one that was restored from an older backup",
                    hint: "begin anew with a snapshot")
            }
            return cursor.seq
        }
    }

    /// Says that a connection was closed because its client took too little; once a minute, however many there are.
    package func note(abandoned peer: Peer, pendingBytes: Int) {
        guard abandonments.isNews() else { return }
        context.log.notice(
            "a client took too little of what it asked for, and its connection was closed",
            metadata: ["uid": "\(peer.uid)", "bytes": "\(pendingBytes)"])
    }

    /// What a client hears where something could not be read; the log says why.
    @discardableResult
    package func failure(_ what: String, _ error: any Error) -> WireError {
        context.failure(what, error)
    }
}
