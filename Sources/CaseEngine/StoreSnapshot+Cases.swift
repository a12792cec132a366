import CaseCore
import CaseStore
import CaseWire

extension StoreSnapshot {
    /// A case with all that it keeps; nil where there is none. What an older version left out of its row is taken from its journal.
    func caseFile(_ id: CaseID) throws -> CaseFile? {
        guard let bytes = try file(id) else { return nil }
        var (file, isWhole) = try CaseFile.stored(bytes)
        if !isWhole, let folded = try folded(id) { file.examiners = folded.examiners }
        return file
    }

    /// What the journal makes of a case.
    func folded(_ id: CaseID) throws -> CaseFile? {
        var file: CaseFile?
        for row in try journal(of: id) { CaseFile.take(try Event(canonicalBytes: row.event), on: &file) }
        return file
    }
}

extension CaseFile {
    /// What a journal makes of a case: the first event opens it, each later one is applied.
    static func take(_ event: Event, on file: inout CaseFile?) {
        if file == nil { file = CaseFile(event) } else { file?.apply(event) }
    }
}
