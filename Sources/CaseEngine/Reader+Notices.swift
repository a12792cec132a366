import CaseCore
import CaseStore
import CaseWire

extension Reader {
    func notices(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        var filter = NoticeFilter(readScope: viewer.readScope)
        filter.recipient = parameters.text("recipient")
        filter.addressee = parameters.text("addressee").flatMap { Addressee(rawValue: $0) }
        if let isMine = parameters.boolean("mine"), isMine {
            filter.own = context.catalogs.newest.ownNotices(of: viewer.principal, at: viewer.now)
        }
        filter.since = parameters.instant("since")
        filter.isTaken = parameters.boolean("taken")
        let size = PageLimit(rows: try limit(parameters), bytes: ReplyLimit.page)
        let after = parameters.integer("after")
        let page = try store.read { snapshot in
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
            uniqueKeysWithValues: shown.map { file, terms in
                let seen = file.seen(by: viewer.principal)
                return (file.id, (ShownNotice.Subject(seen, under: terms, at: viewer.now), seen, terms))
            })
        let register = context.catalogs.newest
        var (records, total): ([[UInt8]], Int) = ([], 0)
        for (place, stored) in notices.enumerated() {
            guard size.allows(more: place, bytes: total) else { return (records, notices[place - 1].seq) }
            let (row, subject) = (stored.row, subjects[stored.row.id])
            guard row.id == .server || subject != nil else { continue }
            // What officers are told of each other's words is not for whoever submitted the case.
            if row.notice.addressee != .applicant, let file = subject?.1, file.isOutside(viewer.principal) {
                if Event.internalNames.contains(row.event) { continue }
                if row.event == RungPassed.name, let bytes = try event(of: row, where: { _ in true }, snapshot),
                    try Event(canonicalBytes: bytes).isInternal(toCaseOf: file.submitters)
                {
                    continue
                }
            }
            let said =
                try subject.map { try self.said(by: row, of: $0.1, under: $0.2, snapshot) }
                ?? NoticedEvent(waitingFor: try secondWord(on: row, snapshot))
            records.append(
                ReplyLimit.record(
                    ShownNotice(
                        row.notice, seq: stored.seq, of: row.id, revision: row.revision, at: row.at, event: row.event, saying: said,
                        taken: stored.taken, about: subject?.0, in: register)))
            total += records.last!.count
        }
        let isLast = size.allows(more: notices.count, bytes: notices.reduce(0) { $0 + $1.byteCount })
        return (records, isLast ? nil : notices.last?.seq)
    }

    /// What the event of a notice says of its case.
    private func said(
        by row: NoticeRow, of file: CaseFile, under terms: Terms, _ snapshot: any StoreSnapshot
    ) throws -> NoticedEvent {
        guard let event = try event(of: row, where: NoticedEvent.isTelling, snapshot) else { return NoticedEvent(waitingFor: nil) }
        return NoticedEvent(try Event(canonicalBytes: event), of: file, under: terms, to: row.notice.addressee)
    }

    private func event(
        of row: NoticeRow, where isMeant: (String) -> Bool, _ snapshot: any StoreSnapshot
    ) throws -> [UInt8]? {
        guard row.revision > 0, isMeant(row.event) else { return nil }
        let one = PageLimit(rows: 1, bytes: .max)
        return try snapshot.journal(of: row.id, after: row.revision - 1, one).first { $0.revision == row.revision }?.event
    }

    /// Who may give the second word for a change of the catalogue, besides another admin: they are bound to a unix user, did not ask for it, and
    /// get no part by it. Nil where it waits for none: it counts, somebody agreed to it, or it was given up.
    private func secondWord(on row: NoticeRow, _ snapshot: any StoreSnapshot) throws -> [String]? {
        let names: Set = [ServerChange.catalogAppliedName, ServerChange.catalogScheduledName]
        guard let bytes = try event(of: row, where: names.contains, snapshot) else { return nil }
        let (data, view, counting) = (try JSONReader.read(bytes)["data"], engine.view, context.catalogs.newest)
        let (authors, given): ([CatalogAuthor], [Appointment])
        if row.event == ServerChange.catalogAppliedName {
            guard let number = data?["catalog_version"]?.integer, let waiting = view.unconfirmed?.versions,
                waiting.contains(where: { $0.number == number })
            else { return nil }
            (authors, given) = (waiting.filter { $0.number <= number }.map(\.author), context.catalogs.waiting)
        } else {
            guard let pending = view.pending, pending.confirmer == nil,
                data?["digest"]?.string == CatalogDigest.of(pending.files)
            else { return nil }
            authors = [pending.author] + pending.contributors + (view.unconfirmed?.versions.map(\.author) ?? [])
            given = counting.appointments(to: try pending.catalog(keepingUsersOf: counting, isStored: true).register)
        }
        return counting.secondWords.filter { person in
            !authors.contains { $0.name == person.raw } && !given.contains { $0.gives(to: Principal(.person(person, via: nil))) }
        }.map(\.raw)
    }
}
