import WorkingTime

/// The applicant supplies materials.
package struct Correct: CaseCommand, ClientCommand {
    package var materials: [SubmittedMaterial]
    package var note: String

    package init(materials: [SubmittedMaterial], note: String) {
        self.materials = materials
        self.note = note
    }

    package static let declaration = Declaration(
        "correct", "Supply materials.", by: [.submitter],
        .from(.correction, to: .submitted).or(.staying(in: [.inReview])), whileSuspended: true, involvement: [])

    package static let members = Members<Correct>(
        Member("materials", \.materials, limit: ByteLimit.prose, "what is supplied"),
        Member("note", \.note, default: "", limit: ByteLimit.prose, "a remark"),
        make: { Correct(materials: $0, note: $1) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Corrected {
        guard !materials.isEmpty else { throw .empty(parameter: "materials") }
        try draft.terms.requireKnown(materials.map(\.id), "materials")
        if file.state == .correction {
            draft.end(.correction)
            draft.start(.intake)
        } else if draft.terms.matter.silenceGrants, !file.isComplete(under: draft.terms) {
            // After a deemed acceptance something can still be missing, without which nothing can be granted. What comes after the end
            // of a clock does not make that end a decision.
            let (now, calendar) = (draft.now, draft.terms.calendar)
            draft.change({ $0.kind == .decision }) { $0.noteExpiry(at: now, on: calendar) }
        }
        draft.tell(.handler, of: file)
        return Corrected(materials: materials, note: note)
    }
}

package struct Corrected: Change {
    package var materials: [SubmittedMaterial]
    package var note: String

    package init(materials: [SubmittedMaterial], note: String) {
        self.materials = materials
        self.note = note
    }

    package static let name = "corrected"
    package static let members = Members<Corrected>(
        Member("materials", \.materials, "what was supplied"),
        Member("note", \.note, apart: Erased.text, "a remark"),
        make: { Corrected(materials: $0, note: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.materials.removeAll { old in materials.contains { $0.id == old.id } }
        file.progress.materials += materials
        if file.state == .correction {
            file.progress.state = .submitted
            file.progress.receivedAt = instant
        }
    }
}
