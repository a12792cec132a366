import CaseCore
import CaseStore
import CaseWire

extension Reader {
    func notices(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        var filter = NoticeFilter(readScope: viewer.readScope)
        filter.recipient = parameters.text("recipient")
        if let isMine = parameters.boolean("mine"), isMine {
            filter.own = context.catalogs.newest.ownNotices(of: viewer.principal, at: viewer.now)
        }
        filter.since = parameters.instant("since")
        filter.isTaken = parameters.boolean("taken")
        let size = PageLimit(rows: try limit(parameters), bytes: ReplyLimit.page)
        let after = parameters.integer("after")
        let page = try context.store.read { snapshot in
            try records(
                try snapshot.notices(filter, newestFirst: parameters.text("sort") == "-seq", after: after, size), size, for: viewer,
                snapshot)
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("notices")
                writer.array(of: page.records) { $0.raw($1) }
                writer.key("next")
                if let next = page.next { writer.integer(next) } else { writer.null() }
            }
        }
    }

    /// What is shown of notices, and the place behind which their list goes on; nil for nowhere.
    private func records(
        _ notices: [StoredNotice], _ size: PageLimit, for viewer: Viewer, _ snapshot: any StoreSnapshot
    ) throws -> (records: [[UInt8]], next: Int64?) {
        let files = try Set(notices.map(\.row.id)).filter { $0 != .server }.compactMap { try snapshot.caseFile($0) }
        let terms = { (file: CaseFile) in try self.context.catalogs.terms(of: file, in: snapshot) }
        let shown = viewer.readScope.isAudit ? try viewer.shown(files, under: terms) : try files.map { ($0, try terms($0)) }
        let subjects = Dictionary(
            uniqueKeysWithValues: shown.map { ($0.0.id, ShownNotice.Subject($0.0, under: $0.1, at: viewer.now)) })
        let register = context.catalogs.newest
        var (records, total): ([[UInt8]], Int) = ([], 0)
        for (place, stored) in notices.enumerated() {
            guard size.allows(more: place, bytes: total) else { return (records, notices[place - 1].seq) }
            let (row, subject) = (stored.row, subjects[stored.row.id])
            guard row.id == .server || subject != nil else { continue }
            records.append(
                ReplyLimit.record(
                    ShownNotice(
                        row.notice, seq: stored.seq, of: row.id, revision: row.revision, at: row.at, event: row.event, taken: stored.taken,
                        about: subject, in: register)))
            total += records.last!.count
        }
        let isLast = size.allows(more: notices.count, bytes: notices.reduce(0) { $0 + $1.byteCount })
        return (records, isLast ? nil : notices.last?.seq)
    }
}
