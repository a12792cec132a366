import WorkingTime

/// An auditor has read the case, which goes on record before they see it.
package struct Read: CaseCommand {
    /// The method by which it was read.
    package var method: String

    package init(_ method: String) {
        self.method = method
    }

    package static let declaration = Declaration(
        "read", "An auditor has read the case.", by: [.auditor], .staying(in: State.allCases), whileSuspended: true,
        involvement: [.supervising])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> ReadByAuditor {
        ReadByAuditor(method)
    }
}

package struct ReadByAuditor: Change {
    package var method: String

    package init(_ method: String) {
        self.method = method
    }

    package static let name = "read"
    package static let isInternal = true
    package static let isReading = true
    package static let members = Members<ReadByAuditor>(Member("method", \.method, "how it was read"), make: { ReadByAuditor($0) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {}
}
