/// What a matter that revokes decisions of others has to say, and who decides it.
extension Register {
    func revocationViolations(of matter: Matter) -> [Violation] {
        func violation(_ key: String, _ message: String, mend: String) -> Violation {
            Violation(
                path: ["matter", matter.id.raw, key], rule: .revocation, message: message, mend: mend,
                premises: ["kind", "revokes"].map { .key(["matter", matter.id.raw, $0]) })
        }
        guard matter.kind == .revocation else {
            return matter.revokes.isEmpty
                ? [] : [violation("revokes", "\(matter.id) revokes something and is no revocation", mend: "add kind = \"revocation\"")]
        }
        var found: [Violation] = []
        if matter.revokes.isEmpty {
            found.append(
                violation(
                    "kind", "\(matter.id) is a revocation of nothing", mend: "name the matters that it revokes: revokes = [\"…\"]"))
        }
        if matter.silenceGrants {
            found.append(violation("silence", "silence would grant \(matter.id), a revocation", mend: "leave silence out"))
        }
        let approvers = everyApprover(of: matter)
        for revoked in matter.revokes.sorted().compactMap({ matters[$0] }) {
            if revoked.kind == .revocation {
                found.append(
                    violation(
                        "revokes", "\(matter.id) revokes \(revoked.id), a revocation",
                        mend: "leave it out: what was revoked is applied for anew"))
            }
            for person in everyActor(for: revoked.assignment.commissioner).intersection(approvers).sorted() {
                found.append(
                    violation(
                        "revokes", "\(person) would supervise \(revoked.id), and approve its revocation as \(matter.id)",
                        mend: "let others examine and decide the revocation, also as substitutes"))
            }
        }
        return found
    }
}
