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
            return ReplyLimit.whole(ShownCase(file, under: terms, at: context.time.now))
        case (nil, let receipt?):
            guard let id = context.seal.caseID(of: receipt), let file = try stored(id) else {
                throw WireError.notFound(
                    "case", "case with this receipt", hint: "look at the receipt again: it has the form 7QK2-M9XD-4RTA")
            }
            return ReplyLimit.whole(ShownStatus(file))
        case (nil, nil), (_?, _?):
            throw WireError(.paramsInvalid, "either case or receipt is needed", hint: "name one of them")
        }
    }

    func list(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let limit = try limit(parameters)
        let sort = parameters.text("sort").flatMap { CaseSort(rawValue: $0) } ?? .number
        let after = try cursor(parameters, sort)
        let now = viewer.now
        let filter = filter(parameters, for: viewer)
        let page = try page(filter, sort: sort, after: after, limit, for: viewer) { ReplyLimit.record(ShownCase($0, under: $1, at: now)) }
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
        let size = PageLimit(rows: limit, bytes: ReplyLimit.page)
        let rows = try context.store.read { snapshot in
            try snapshot.files(filter, sort: sort, after: after, size).map { ($0.cursor, $0.file.count, try snapshot.caseFile($0.file)) }
        }
        let isLast = size.allows(more: rows.count, bytes: rows.reduce(0) { $0 + $1.1 })
        var (records, total): ([[UInt8]], Int) = ([], 0)
        for (place, (cursor, _, file)) in rows.enumerated() {
            guard let shown = try viewer.shown([file], under: { try context.catalogs.terms(of: $0) }).first,
                let bytes = record(shown.file, shown.terms)
            else { continue }
            records.append(bytes)
            total += bytes.count
            // The page is full before the rows are.
            if total >= ReplyLimit.page, place + 1 < rows.count { return (records, cursor.text) }
        }
        return (records, isLast ? nil : rows.last?.0.text)
    }

    /// Orders that are not closed, over all cases; of one case, all.
    func orders(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let own = parameters.caseID()
        func records(_ file: CaseFile, _ terms: Terms) -> [UInt8]? {
            let orders = file.orders.filter { own != nil || $0.isOpen }.map { ReplyLimit.record(ShownOrder($0, of: file, under: terms)) }
            return orders.isEmpty ? nil : Array(orders.joined(separator: [UInt8(ascii: ",")]))
        }
        let page: (records: [[UInt8]], next: String?)
        if let own {
            let shown = try viewer.shown([try load(own, for: viewer)]) { try context.catalogs.terms(of: $0) }
            page = (shown.compactMap { records($0.file, $0.terms) }, nil)
        } else {
            var filter = filter(parameters, for: viewer)
            filter.conditions.append(.isSet(.ordered))
            page = try self.page(
                filter, sort: .number, after: try cursor(parameters, .number), try limit(parameters), for: viewer, records)
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
        CaseFilter(FilterMember.conditions(parameters.object("filter")), readScope: viewer.readScope, now: viewer.now)
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
