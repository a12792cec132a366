import CaseCore
import CaseStore
import CaseWire

extension StoreSnapshot {
    /// A case with all that it keeps; nil where there is none. What an older version left out of its row is taken from its journal.
    package func caseFile(_ id: CaseID) throws -> CaseFile? {
        try file(id).map(caseFile)
    }

    /// The same, of what a list has found.
    package func caseFile(_ bytes: [UInt8]) throws -> CaseFile {
        let (file, isWhole) = try CaseFile.stored(bytes)
        return try isWhole ? file : folded(file.id) ?? file
    }

    /// What the journal makes of a case, and of who has read it.
    package func folded(_ id: CaseID) throws -> CaseFile? {
        var file: CaseFile?
        func take(_ entry: JournalEntry) throws { try CaseFile.fold(try Event(canonicalBytes: entry.event), into: &file) }
        try eachEvent(of: id, take)
        try eachReading(of: id, take)
        return file
    }
}

extension CaseFile {
    /// What a journal makes of a case: the first event opens it, each later one is applied.
    ///
    /// - Throws: where the event is not the next one: a row of the journal is missing, or is another's.
    package static func fold(_ event: Event, into file: inout CaseFile?) throws(IncompleteStore) {
        guard var present = file else {
            file = CaseFile(event)
            guard file != nil, event.revision == 1 else {
                throw IncompleteStore(description: "the journal of \(event.file) does not begin with its submission")
            }
            return
        }
        guard present.isNext(event) else {
            throw IncompleteStore(
                description: "revision \(event.revision) of \(event.file) cannot follow revision \(present.revision) of \(present.id)")
        }
        present.apply(event)
        file = present
    }
}
