import CaseCore
import CaseStore
import CaseWire
import WorkingTime

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

    /// What a watch hears next, as lines: a part of its snapshot, or events in the journal's order. `watch` goes on behind them, or has ended
    /// with the last of them.
    ///
    /// - Parameter last: the last place of the journal that is taken in. What is durable and not taken in yet waits: by the catalogue of now nobody can
    ///   say who may hear of it.
    package func advance(_ watch: inout Watch, through last: Int64 = .max) throws -> [[UInt8]] {
        guard let principal = principal(of: watch) else {
            watch.end()
            return [closing(watch, reason: "principal.changed")]
        }
        var filter = watch.filter
        let readScope = context.catalogs.readScope(of: principal, at: context.time.now)
        // Whoever has become an auditor just now goes on record first.
        guard readScope.oversight == nil || readScope.oversight == watch.onRecord?.oversight else { return [] }
        filter.readScope = readScope
        let duties = context.catalogs.duties(of: principal, at: context.time.now)
        filter.conditions = filter.conditions.map { $0.resolved(duties) }
        return try watch.snapshot == nil
            ? events(of: &watch, through: last, &filter, principal, readScope) : cases(of: &watch, &filter, principal, readScope)
    }

    /// By what the cases are found of which the journal tells behind a place; nil marks where it tells of more than cases, which can change who may
    /// read what.
    ///
    /// - Parameter last: the last place of the journal that is taken in.
    package func look(after seq: Int64, through last: Int64) throws -> (through: Int64, marks: Set<CaseMark>?) {
        let stretch = try context.tail.stretch(after: seq, through: last, in: context.store)
        guard stretch.through - seq == Int64(stretch.items.count) else { return (stretch.through, nil) }
        var marks: Set<CaseMark> = []
        for (item, moment) in zip(stretch.items, try context.tail.moments(of: stretch.items, context)) {
            for row in [moment.before, moment.after].compactMap({ $0 }) { marks.formUnion(CaseMark.marks(of: item.entry.id) { row[$0] }) }
        }
        return (stretch.through, marks)
    }

    /// What was recorded behind its place.
    private func events(
        of watch: inout Watch, through last: Int64, _ filter: inout CaseFilter, _ principal: Principal, _ readScope: ReadScope
    ) throws -> [[UInt8]] {
        let stretch = try context.tail.stretch(after: watch.seq, through: last, in: context.store)
        // Nothing is looked up where everything is wanted and may be read.
        var everything = CaseFilter(now: filter.now)
        everything.readScope = .everything
        var (wanted, outside): ([JournalTail.Item], [Int64: Set<String>]) = (stretch.items, [:])
        if filter != everything || !readScope.isEverything {
            wanted = []
            for (item, moment) in zip(stretch.items, try context.tail.moments(of: stretch.items, context)) {
                // Who looked is not for those who are looked at.
                if moment.isReading, !readScope.isEverything { continue }
                let isOutside = principal.isOutside(of: moment.submitters)
                if moment.isInternal, isOutside { continue }
                filter.now = moment.at
                func isMeant(_ row: CaseRow) -> Bool { filter.matches(row, texts: moment.texts) }
                guard moment.before.map(isMeant) ?? false || isMeant(moment.after) else { continue }
                wanted.append(item)
                if isOutside { outside[item.entry.seq] = moment.submitters }
            }
        }
        if readScope.isAudit, !wanted.isEmpty {
            wanted = try context.store.read { snapshot in
                try wanted.filter { try isShown($0.entry.id, to: principal, readScope, snapshot) }
            }
        }
        let name = watch.name
        let lines = try wanted.map { item in
            let bytes = try outside[item.entry.seq].map { try Self.seen(item.entry.event, fromOutsideOfCaseOf: $0) } ?? item.entry.event
            return notification(name, "event", at: item.entry.seq) { writer in
                writer.key("event")
                let erased = item.entry.isErased ? "\"erased\":true," : ""
                writer.raw(Array("{\"seq\":\(item.entry.seq),\(erased)".utf8) + bytes.dropFirst())
            }
        }
        watch.seq = stretch.through
        return lines
    }

    private static func seen(_ bytes: [UInt8], fromOutsideOfCaseOf submitters: Set<String>) throws -> [UInt8] {
        let event = try Event(canonicalBytes: bytes)
        let seen = event.fromOutside(ofCaseOf: submitters)
        return seen == event ? bytes : seen?.canonicalBytes ?? bytes
    }

    /// Cases as they stand: each as it is when its turn comes.
    private func cases(
        of watch: inout Watch, _ filter: inout CaseFilter, _ principal: Principal, _ readScope: ReadScope
    ) throws -> [[UInt8]] {
        guard var place = watch.snapshot else { return [] }
        let now = context.time.now
        filter.now = now
        let (rows, files) = try context.store.read { snapshot in
            let rows = try snapshot.files(filter, sort: .number, after: place.after, .stretch)
            return (rows, try rows.map { try snapshot.caseFile($0.file) })
        }
        let shown = try files.map { ($0, try context.catalogs.terms(of: $0)) }.filter {
            $0.0.isShown(to: principal, with: readScope, under: $0.1)
        }
        let name = watch.name
        var lines = shown.map { file, terms in
            notification(name, "snapshot", at: nil) { writer in
                writer.key("case")
                writer.raw(ReplyLimit.record(ShownCase(file.seen(by: principal), under: terms, at: now)))
            }
        }
        place.count += lines.count
        place.after = rows.last?.cursor
        watch.snapshot = place
        if rows.isEmpty {
            watch.snapshot = nil
            lines.append(notification(name, "snapshot-end", at: watch.seq) { $0.member("cases", place.count) })
        }
        return lines
    }

    /// What an auditor had to do with a case is asked of it as it is now, whatever event it was.
    private func isShown(_ id: CaseID, to principal: Principal, _ readScope: ReadScope, _ snapshot: any StoreSnapshot) throws -> Bool {
        guard let file = try snapshot.caseFile(id) else { return false }
        return file.isShown(to: principal, with: readScope, under: try context.catalogs.terms(of: file, in: snapshot))
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
        // Behind a snapshot that was not sent whole nothing goes on: it begins anew.
        notification(watch.name, "closed", at: watch.snapshot == nil ? watch.seq : nil) { $0.member("reason", reason) }
    }

    func cursor(_ seq: Int64) -> String {
        WatchCursor(epoch: context.epoch, seq: seq).description
    }

    func notification(_ watch: String, _ type: String, at seq: Int64?, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
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
