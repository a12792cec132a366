import WorkingTime

/// Somebody who has a part in the case adds a remark.
package struct Note: CaseCommand, ClientCommand {
    package var text: String

    package init(_ text: String) {
        self.text = text
    }

    package static let declaration = Declaration(
        "note", "Add a note.", by: [.submitter, .office, .leader, .extensionAuthority, .commissioner], .staying(in: State.allCases),
        whileSuspended: true, involvement: [])

    package static let members = Members<Note>(Member("text", \.text, limit: ByteLimit.prose, "the note"), make: { Note($0) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Noted {
        try requireText(text, "text")
        return Noted(text)
    }
}

package struct Noted: Change {
    package var text: String

    package init(_ text: String) {
        self.text = text
    }

    package static let name = "noted"
    package static let isInternal = true
    package static let members = Members<Noted>(Member("text", \.text, apart: Erased.text, "the note"), make: { Noted($0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {}
}
