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
            return JSONWriter.bytes { $0.value(ShownCase(file, under: terms, at: context.time.now)) }
        case (nil, let receipt?):
            guard let id = context.seal.caseID(of: receipt), let file = try stored(id) else {
                throw WireError.notFound(
                    "case", "case with this receipt", hint: "look at the receipt again: it has the form 7QK2-M9XD-4RTA")
            }
            return JSONWriter.bytes { $0.value(ShownStatus(file)) }
        case (nil, nil), (_?, _?):
            throw WireError(.paramsInvalid, "either case or receipt is needed", hint: "name one of them")
        }
    }

    func list(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let limit = try limit(parameters)
        let sort = parameters.text("sort").flatMap { CaseSort(rawValue: $0) } ?? .number
        let after = try cursor(parameters)
        let now = viewer.now
        let filter = filter(parameters, for: viewer)
        let (rows, files) = try context.store.read { snapshot in
            let rows = try snapshot.files(filter, sort: sort, after: after, limit: limit)
            return (rows, try rows.map { try snapshot.caseFile($0.file) })
        }
        let shown = try viewer.shown(files) { try context.catalogs.terms(of: $0) }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("cases")
                writer.array(of: shown) { $0.value(ShownCase($1.file, under: $1.terms, at: now)) }
                writer.member("next", rows.count == limit ? rows.last?.cursor.text : nil)
            }
        }
    }

    /// Orders that are not closed, over all cases; of one case, all.
    func orders(_ parameters: Parameters, for viewer: Viewer) throws -> [UInt8] {
        let (files, next): ([CaseFile], String?)
        if let id = parameters.caseID() {
            (files, next) = ([try load(id, for: viewer)], nil)
        } else {
            let limit = try limit(parameters)
            var filter = filter(parameters, for: viewer)
            filter.conditions.append(.isSet(.ordered))
            let after = try cursor(parameters)
            let (rows, found) = try context.store.read { snapshot in
                let rows = try snapshot.files(filter, sort: .number, after: after, limit: limit)
                return (rows, try rows.map { try snapshot.caseFile($0.file) })
            }
            files = found
            next = rows.count == limit ? rows.last?.cursor.text : nil
        }
        let isOneCase = parameters.caseID() != nil
        let shown = try viewer.shown(files) { try context.catalogs.terms(of: $0) }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.key("orders")
                writer.array { writer in
                    for (file, terms) in shown {
                        for order in file.orders where isOneCase || order.isOpen { writer.value(ShownOrder(order, of: file, under: terms)) }
                    }
                }
                writer.member("next", next)
            }
        }
    }

    private func cursor(_ parameters: Parameters) throws -> CaseCursor? {
        try parameters.text("after").map { text in
            guard let cursor = CaseCursor(text) else {
                throw WireError.parameter("after", "is no place in a list", hint: "give the `next` of the page before")
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
