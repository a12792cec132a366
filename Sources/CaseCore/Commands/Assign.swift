import WorkingTime

/// The office hands the case to one of its officers, or to nobody.
package struct Assign: CaseCommand, ClientCommand {
    package var handler: PersonID?

    package init(_ handler: PersonID?) {
        self.handler = handler
    }

    package static let declaration = Declaration(
        "assign", "Assign the case to an officer of its office, or to nobody.", by: [.office], .staying(in: State.open),
        whileSuspended: true, involvement: [.approving])

    package static let members = Members<Assign>(Member("handler", \.handler, "a person, or null"), make: { Assign($0) })

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Assigned {
        if let handler {
            let officers = draft.terms.register.officers(of: file.assignment.office)
            guard officers.contains(handler) else { throw .notAnOfficer(handler, file.assignment.office, officers: officers.sorted()) }
            if file.recused.contains(handler) { throw .isRecused(handler) }
            if case .acted(let other) = file.hindrance(of: handler, as: .office, in: draft.terms.register) {
                throw .fourEyes(Assign.name, person: handler, other: other)
            }
            draft.tell(.handler, handler.raw)
        }
        return Assigned(handler)
    }
}

package struct Assigned: Change {
    package var handler: PersonID?

    package init(_ handler: PersonID?) {
        self.handler = handler
    }

    package static let name = "assigned"
    package static let members = Members<Assigned>(
        Member("handler", \.handler, default: nil, "a person, or null"), make: { Assigned($0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.participants.handler = handler
    }
}
