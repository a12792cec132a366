import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    func get(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        switch (parameters.caseID(), parameters.text("receipt")) {
        case (let id?, nil):
            let file = try load(id, for: viewer)
            let terms = try context.catalogs.terms(of: file)
            return ReplyLimit.whole(ShownFile(file.seen(by: viewer.principal), under: terms, at: context.time.now))
        case (nil, let receipt?):
            guard let id = context.seal.caseID(of: receipt), let file = try stored(id) else {
                throw WireError.notFound(
                    "case", "case with this receipt", hint: "look at the receipt again: it has the form 7QK2-M9XD-4RTA")
            }
            let terms = try context.catalogs.terms(of: file)
            let (told, seal) = try outcome(of: file)
            return ReplyLimit.whole(ShownStatus(file, under: terms, at: context.time.now, told: told, seal: seal))
        case (nil, nil), (_?, _?):
            throw WireError(.paramsInvalid, "either case or receipt is needed", hint: "name one of them")
        }
    }

    /// What the applicant was last told, and the seal of the decision, of the last events.
    private func outcome(of file: CaseFile) throws -> (told: String?, seal: SignedStatement?) {
        var (told, seal): (String?, SignedStatement?)
        try context.store.read { snapshot in
            try snapshot.eachEvent(of: file.id, after: max(0, file.revision - Reader.toldEventLimit)) { row in
                let event = try Event(canonicalBytes: row.event)
                told = ShownStatus.told(by: event.change, of: file) ?? told
                seal = event.seal ?? seal
            }
        }
        return (told.map { ReplyLimit.brief($0) }, seal)
    }

    /// So many of the last events are looked through for what the applicant was told.
    private static let toldEventLimit = 200

    func list(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let limit = try limit(parameters)
        let sort = parameters.text("sort").flatMap { CaseSort(rawValue: $0) } ?? .number
        let after = try cursor(parameters, sort)
        let now = viewer.now
        let filter = filter(parameters, for: viewer)
        let page = try page(filter, sort: sort, after: after, limit, for: viewer) { ReplyLimit.record(ShownFile($0, under: $1, at: now)) }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("cases")
                writer.array(of: page.records) { $0.raw($1) }
                writer.member("next", page.next)
            }
        }
    }

    /// What is said of the cases that are meant, and where a list of them goes on; nil for nowhere.
    ///
    /// - Parameter record: what of a case is shown; nil for nothing.
    private func page(
        _ filter: CaseFilter, sort: CaseSort, after: CaseCursor?, _ limit: Int, for viewer: Viewer,
        _ record: (CaseFile, Terms) -> [UInt8]?
    ) throws -> (records: [[UInt8]], next: String?) {
        var (records, total, place, left): ([[UInt8]], Int, CaseCursor?, Int) = ([], 0, after, limit)
        // What is shown of long cases is less than the store has of them: it is read in parts until a page is full.
        while left > 0 {
            let size = PageLimit(rows: left, bytes: ReplyLimit.page)
            let rows = try context.store.read { snapshot in
                try snapshot.files(filter, sort: sort, after: place, size).map {
                    ($0.cursor, $0.file.count, try snapshot.caseFile($0.file))
                }
            }
            for (cursor, _, file) in rows {
                // The page is full before the rows are.
                guard total < ReplyLimit.page else { return (records, place?.text) }
                place = cursor
                left -= 1
                guard let shown = try viewer.shown([file], under: { try context.catalogs.terms(of: $0) }).first,
                    let bytes = record(shown.file, shown.terms)
                else { continue }
                records.append(bytes)
                total += bytes.count
            }
            if size.allows(more: rows.count, bytes: rows.reduce(0) { $0 + $1.1 }) { return (records, nil) }
        }
        return (records, place?.text)
    }

    /// Orders that are not closed, over all cases; of one case, all.
    func orders(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let page: (records: [[UInt8]], next: String?)
        if let own = parameters.caseID() {
            page = try self.page(ofOrdersOf: own, parameters, for: viewer)
        } else {
            var filter = filter(parameters, for: viewer)
            filter.conditions.append(.isSet(.ordered))
            page = try self.page(
                filter, sort: .number, after: try cursor(parameters, .number), try limit(parameters), for: viewer
            ) { file, terms in file.openOrder.map { ReplyLimit.record(ShownOrder($0, of: file, under: terms)) } }
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("orders")
                writer.array { writer in
                    for record in page.records { writer.raw(record) }
                }
                writer.member("next", page.next)
            }
        }
    }

    /// All orders of one case, and behind which the next page begins.
    private func page(
        ofOrdersOf id: CaseID, _ parameters: Parameters, for viewer: Viewer
    ) throws -> (records: [[UInt8]], next: String?) {
        let after = try parameters.text("after").map { text in
            guard let order = OrderID(text), order.file == id else {
                throw WireError.parameter("after", "is no order of \(id)", hint: "give the `next` of the page before")
            }
            return order.number
        }
        let size = PageLimit(rows: try limit(parameters), bytes: ReplyLimit.page)
        var (records, total): ([[UInt8]], Int) = ([], 0)
        for (file, terms) in try viewer.shown([try load(id, for: viewer)], under: { try context.catalogs.terms(of: $0) }) {
            var last: OrderID?
            for order in file.orders where order.number > after ?? 0 {
                guard size.allows(more: records.count, bytes: total) else { return (records, last?.description) }
                records.append(ReplyLimit.record(ShownOrder(order, of: file, under: terms)))
                total += records.last!.count
                last = OrderID(id, order.number)
            }
        }
        return (records, nil)
    }

    private func cursor(_ parameters: Parameters, _ sort: CaseSort) throws -> CaseCursor? {
        try parameters.text("after").map { text in
            guard let cursor = CaseCursor(text), (cursor.due != nil) == (sort == .due) else {
                throw WireError.parameter(
                    "after", "is no place in a list of this order", hint: "give the `next` of the page before, with the same sort")
            }
            return cursor
        }
    }

    func count(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let filter = filter(parameters, for: viewer)
        let count = try context.store.read { try $0.count(filter) }
        return JSONWriter.bytes { $0.object { $0.member("count", count) } }
    }

    /// A case that the viewer may read.
    func load(_ id: CaseID, for viewer: Viewer) throws -> CaseFile {
        guard let file = try stored(id) else { throw WireError.notFound("case", "case \(id)", hint: "casectl list shows the cases") }
        try file.authorizeReading(by: viewer.principal, with: viewer.readScope, under: try context.catalogs.terms(of: file), at: viewer.now)
        viewer.note(file)
        return file
    }

    private func stored(_ id: CaseID) throws -> CaseFile? {
        try context.store.read { try $0.caseFile(id) }
    }

    func filter(_ parameters: Parameters, for viewer: Viewer) -> CaseFilter {
        let duties = context.catalogs.duties(of: viewer.principal, at: viewer.now)
        return CaseFilter(
            FilterMember.conditions(parameters.object("filter")).map { $0.resolved(duties) }, readScope: viewer.readScope, now: viewer.now)
    }
}

extension CaseCursor {
    /// Opaque to clients.
    fileprivate var text: String {
        due.map { "\(id)@\($0)" } ?? "\(id)"
    }

    fileprivate init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), let id = CaseID(parts[0]) else { return nil }
        let due = parts.count == 2 ? Instant(parts[1]) : nil
        guard parts.count == 1 || due != nil else { return nil }
        self.init(id: id, due: due)
    }
}
