import CaseCore
import CaseStore
import CaseWire

extension Reader {
    /// The journal of one case, with who has read it for whoever may see that.
    func history(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let file = try load(parameters.caseID()!, for: viewer)
        let (id, last) = (file.id, parameters.integer("last"))
        if let last, last < 1 { throw WireError.parameter("last", "is \(last)", hint: "at least 1") }
        let limit = try historyLimit(parameters)
        var after = try HistoryPlace(in: parameters)
        if let last, after.isBeginning { after.revision = max(0, file.revision - Int(clamping: last)) }
        let isWithReadings = viewer.readScope.isEverything && last == nil
        let page = try store.read { snapshot in
            HistoryPage(
                after: after,
                events: try snapshot.journal(of: id, after: after.revision, limit),
                readings: try isWithReadings ? snapshot.readings(of: id, after: after.reading, limit) : [], limit)
        }
        for entry in page.entries where entry.isErased && file.erasure.erasedAt == nil {
            throw DamagedRecord(id, "what revision \(entry.revision) says of persons is gone, and nobody has erased it")
        }
        // Who looked is not for those who are looked at.
        let shown: [JournalEntry] = try page.entries.compactMap { entry in
            guard !viewer.readScope.isEverything else { return entry }
            let event = try Event(canonicalBytes: entry.event)
            guard !event.change.isReading, let seen = file.seen(event, by: viewer.principal) else { return nil }
            return seen == event ? entry : entry.with(event: seen.canonicalBytes)
        }
        return result(shown, page.next) { $0.member("case", id.description) }
    }

    /// What the journal holds about the server itself.
    func serverHistory(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let limit = try historyLimit(parameters)
        let after = try HistoryPlace(in: parameters)
        let page = try store.read { snapshot in
            HistoryPage(after: after, events: try snapshot.journal(of: .server, after: after.revision, limit), readings: [], limit)
        }
        // What auditors looked for can name people, and what a catalogue changed names unix users: only those who read all cases see that.
        let shown = try page.entries.filter { entry in
            if viewer.readScope.isEverything { return true }
            let name = try JSONReader.read(entry.event)["event"]?.string
            return name != ServerChange.casesReadName && name != ServerChange.catalogAppliedName
        }
        return result(shown, page.next) { _ in }
    }

    private func historyLimit(_ parameters: Parameters) throws -> PageLimit {
        PageLimit(rows: try limit(parameters, byDefault: 1000), bytes: ReplyLimit.page)
    }

    private func result(_ entries: [JournalEntry], _ next: HistoryPlace?, _ head: (inout JSONWriter) -> Void) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                head(&writer)
                writer.key("events")
                writer.array(of: entries) { writer, entry in
                    // The canonical bytes as they are, with the place in the journal in front, and whether something of them was erased.
                    let erased = entry.isErased ? "\"erased\":true," : ""
                    writer.raw(Array("{\"seq\":\(entry.seq),\(erased)".utf8) + entry.event.dropFirst())
                }
                if let next { writer.member("next", next.description) }
            }
        }
    }
}

/// Behind which event and which reading a history goes on. Opaque to clients.
private struct HistoryPlace: CustomStringConvertible {
    var revision = 0
    var reading = 0

    var isBeginning: Bool {
        revision == 0 && reading == 0
    }

    init(in parameters: Parameters) throws(WireError) {
        guard let text = parameters.text("after") else { return }
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let revision = numbers[0], let reading = numbers[1], revision >= 0, reading >= 0 else {
            throw .parameter("after", "is no place in a history", hint: "give the `next` of the page before")
        }
        (self.revision, self.reading) = (revision, reading)
    }

    mutating func pass(_ entry: JournalEntry) {
        if entry.revision > 0 { revision = entry.revision } else { reading = -entry.revision }
    }

    var description: String {
        "\(revision).\(reading)"
    }
}

/// Events and readings in the order of the journal, as many as go into a reply.
private struct HistoryPage {
    private(set) var entries: [JournalEntry] = []
    /// Nil where there are no more.
    private(set) var next: HistoryPlace?

    /// - Parameters:
    ///   - events: a page of them.
    ///   - readings: a page of them.
    init(after place: HistoryPlace, events: [JournalEntry], readings: [JournalEntry], _ limit: PageLimit) {
        func isWhole(_ page: [JournalEntry]) -> Bool { limit.allows(more: page.count, bytes: page.reduce(0) { $0 + $1.event.count }) }
        // Behind the end of a page that is not all, the other one has to wait.
        let end = [events, readings].filter { !isWhole($0) }.compactMap(\.last?.seq).min() ?? .max
        let merged = (events + readings).sorted { $0.seq < $1.seq }
        var (place, total) = (place, 0)
        for entry in merged {
            guard entry.seq <= end, limit.allows(more: entries.count, bytes: total) else { break }
            entries.append(entry)
            total += entry.event.count
            place.pass(entry)
        }
        next = entries.count == merged.count && end == .max ? nil : place
    }
}
