import WorkingTime

/// Somebody who administers the server has read the case, which goes on record before they see it.
package struct ReadAsAdmin: CaseCommand {
    /// The method by which it was read.
    package var method: String

    package init(_ method: String) {
        self.method = method
    }

    package static let declaration = Declaration(
        "read-as-admin", "Somebody who administers the server has read the case.", by: [.admin], .staying(in: State.allCases),
        whileSuspended: true, involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> ReadByAdmin {
        ReadByAdmin(method)
    }
}

package struct ReadByAdmin: Change {
    package var method: String

    package init(_ method: String) {
        self.method = method
    }

    package static let name = "read-by-admin"
    package static let isInternal = true
    package static let isReading = true
    package static let members = Members<ReadByAdmin>(Member("method", \.method, "how it was read"), make: { ReadByAdmin($0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {}
}
