import CaseCore

extension Method.Administration {
    /// What says beforehand what it would do; nil where a dry run of it does.
    package var insteadOfDryRun: String? {
        switch self {
        case .catalogConfirm, .catalogCancel: nil
        case .catalogApply: "catalog.plan says what it would change"
        case .clockAdvance: "case.list with filter.due_before says what falls due until then"
        case .clockConfirm: "server.history says by how much the clock was set"
        case .noticeTake: "notice.list with mine = true and taken = false says which are left"
        }
    }

    /// Refuses a dry run of what has none.
    func requireDryRun() throws(WireError) {
        guard let hint = insteadOfDryRun else { return }
        throw .parameter("dry_run", "is not taken: there is no dry run of \(rawValue)", hint: hint)
    }
}

extension Shape.Member {
    static let dryRun = Shape.Member(
        "dry_run", .boolean, required: false, "only say what it would do: the same answer or refusal, and nothing is recorded")
}
