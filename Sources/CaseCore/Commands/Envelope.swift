/// What every command can say beside what it asks.
package struct Envelope: Described {
    package let expectedRevision: Int64?
    package let idempotencyKey: String?
    package let acting: PersonID?
    /// Whether nothing of it is to be recorded: it is only asked what it would do.
    package let isDryRun: Bool

    package static let members = Members<Envelope>(
        Member("if_revision", \.expectedRevision, default: nil, "refuse unless the case is at this revision"),
        Member("idempotency_key", \.idempotencyKey, default: nil, limit: 200, "a key under which a retry gets the first answer"),
        Member("acting", \.acting, default: nil, "the person for whom a service acts"),
        Member("dry_run", \.isDryRun, default: false, "only say what it would do: the same answer or refusal, and nothing is recorded"),
        make: { Envelope(expectedRevision: $0, idempotencyKey: $1, acting: $2, isDryRun: $3) })
}

extension CommandSubject {
    private static let fileMembers = Members<CaseID>(Member("case", { $0 as CaseID }, "the case, such as C-17"), make: { $0 })
    private static let orderMembers = Members<OrderID>(Member("order", { $0 as OrderID }, "the order, such as O-17-1"), make: { $0 })

    /// The parameter that names the case, where it is none of the command's own.
    package var members: [Shape.Member] {
        switch self {
        case .file: CommandSubject.fileMembers.shapes
        case .none, .order: []
        }
    }

    /// The case that a command is about; nil where it opens one.
    package func file(in parameters: Datum) throws(Mismatch) -> CaseID? {
        switch self {
        case .none: nil
        case .file: try CommandSubject.fileMembers.read(from: parameters)
        case .order: try CommandSubject.orderMembers.read(from: parameters).file
        }
    }
}
