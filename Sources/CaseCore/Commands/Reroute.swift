import WorkingTime

/// A catalogue hands the case over to another office, leader or commissioner, or its officer holds no post there any more.
package struct Reroute: CaseCommand {
    package var assignment: Assignment
    /// Who handled it and does no longer: it falls to the head of the office.
    package var released: PersonID?

    package init(_ assignment: Assignment, releasing released: PersonID? = nil) {
        self.assignment = assignment
        self.released = released
    }

    package static let declaration = Declaration(
        "reroute", "The catalogue hands the case over, or takes it from an officer who leaves.", by: [.catalog], .staying(in: State.open),
        whileSuspended: true,
        involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Rerouted {
        if released != nil {
            var handedOver = file
            handedOver.progress.assignment = assignment
            draft.tell(.officeHead, of: handedOver)
        }
        return Rerouted(assignment, releasing: released)
    }
}

package struct Rerouted: Change {
    package var assignment: Assignment
    package var released: PersonID?

    package init(_ assignment: Assignment, releasing released: PersonID? = nil) {
        self.assignment = assignment
        self.released = released
    }

    package static let name = "rerouted"
    package static let members = Members<Rerouted>(
        Member(of: \.assignment),
        Member("released", \.released, unless: nil, "who handled it and holds no post of the office any more: it falls to its head"),
        make: { Rerouted($0, releasing: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.assignment = assignment
        if released != nil { file.participants.handler = nil }
    }
}

/// Who answers for a case: exactly one of each.
package struct Assignment: Hashable, Sendable {
    package var office: OfficeID
    package var leader: PostID
    package var commissioner: PostID

    package init(office: OfficeID, leader: PostID, commissioner: PostID) {
        self.office = office
        self.leader = leader
        self.commissioner = commissioner
    }
}
