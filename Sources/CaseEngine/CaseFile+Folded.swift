import CaseCore

extension CaseFile {
    /// What a journal makes of a case: the first event opens it, each later one is applied.
    static func take(_ event: Event, on file: inout CaseFile?) {
        if file == nil { file = CaseFile(event) } else { file?.apply(event) }
    }
}
