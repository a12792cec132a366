import WorkingTime

/// The office names everything that is missing (Art. 32).
package struct RequestCorrection: CaseCommand, ClientCommand {
    package var missing: [MaterialID]
    package var note: String

    package init(missing: [MaterialID], note: String) {
        self.missing = missing
        self.note = note
    }

    package static let declaration = Declaration(
        "request-correction", "Name all missing items, once; the applicant's time begins.", by: [.office],
        .from(.submitted, to: .correction), involvement: [.approving, .examining])

    package static let members = Members<RequestCorrection>(
        Member("missing", \.missing, limit: ByteLimit.prose, "all missing materials"),
        Member("note", \.note, default: "", limit: ByteLimit.prose, "a remark"),
        make: { RequestCorrection(missing: $0, note: $1) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> CorrectionRequested {
        guard !missing.isEmpty else { throw .empty(parameter: "missing") }
        try file.requireDecider(besides: draft.principal, RequestCorrection.name, draft)
        try draft.terms.requireKnown(missing, "missing")
        if let noticedItems = file.progress.noticedItems {
            let new = missing.filter { !noticedItems.contains($0) }
            guard new.isEmpty else { throw .itemsNotInFirstNotice(new) }
        }
        draft.end(.intake)
        draft.start(.correction)
        draft.tell(.applicant, of: file)
        return CorrectionRequested(missing: missing, note: note)
    }
}

package struct CorrectionRequested: Change {
    package var missing: [MaterialID]
    package var note: String

    package init(missing: [MaterialID], note: String) {
        self.missing = missing
        self.note = note
    }

    package static let name = "correction-requested"
    package static let members = Members<CorrectionRequested>(
        Member("missing", \.missing, "the materials that are missing"),
        Member("note", \.note, apart: Erased.text, "a remark"),
        make: { CorrectionRequested(missing: $0, note: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.state = .correction
        file.progress.noticedItems = file.progress.noticedItems ?? missing
        file.progress.materials.removeAll { missing.contains($0.id) }
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures(before?.progress.noticedItems == nil ? [.corrections] : [.corrections, .repeatedCorrections])
    }
}
