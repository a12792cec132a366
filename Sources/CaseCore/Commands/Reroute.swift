import WorkingTime

/// A catalogue hands the case over to another office, leader or commissioner.
package struct Reroute: CaseCommand {
    package var assignment: Assignment

    package init(_ assignment: Assignment) {
        self.assignment = assignment
    }

    package static let declaration = Declaration(
        "reroute", "The catalogue hands the case over.", by: [.catalog], .staying(in: State.open), whileSuspended: true,
        involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Rerouted {
        Rerouted(assignment)
    }
}

package struct Rerouted: Change {
    package var assignment: Assignment

    package init(_ assignment: Assignment) {
        self.assignment = assignment
    }

    package static let name = "rerouted"
    package static let members = Members<Rerouted>(Member(of: \.assignment), make: { Rerouted($0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.progress.assignment = assignment
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
