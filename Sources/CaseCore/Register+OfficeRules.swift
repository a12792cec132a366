/// The rules of the reform about offices, posts and duties.
extension Register {
    var officeViolations: [Violation] {
        departments.values.sorted { $0.id < $1.id }.flatMap(oneApprovalOffice)
            + offices.values.sorted { $0.id < $1.id }.filter { $0.kind == .approval }.flatMap(sixRequirements)
            + matters.values.sorted { $0.id < $1.id }.flatMap(placeOfMatter) + dutyViolations + commissionerViolations
            + offices.values.sorted { $0.id < $1.id }.compactMap(headOfOffice)
    }

    /// The department whose matter it is.
    package func department(of matter: Matter) -> DepartmentID? {
        matter.department ?? offices[matter.assignment.office]?.department
    }

    /// The one office that approves for a department; nil where it has none.
    package func approvalOffice(of department: DepartmentID) -> OfficeID? {
        offices.values.filter { $0.department == department && $0.kind == .approval }.map(\.id).min()
    }

    private func oneApprovalOffice(of department: Department) -> [Violation] {
        let approving = offices.values.filter { $0.department == department.id && $0.kind == .approval }.map(\.id).sorted()
        return approving.dropFirst().map { office in
            Violation(
                path: ["office", office.raw], rule: .oneApprovalOffice,
                message: "department \(department.id) has approval offices \(approving.map(\.raw).joined(separator: " and "))",
                mend: "keep one, and give the others kind = \"internal\" or \"supervision\", or hand their matters over and abolish them",
                premises: approving.flatMap { id in ["kind", "department"].map { .key(["office", id.raw, $0]) } })
        }
    }

    /// Clear function, item catalogue, full authorisation, supporting rules, a dedicated seal, capable staff.
    private func sixRequirements(of office: Office) -> [Violation] {
        let standing = office.standing
        let path = ["office", office.id.raw]
        let missing: [(isMissing: Bool, key: String, what: String, mend: String)] = [
            (standing.function.isEmpty, "function", "a clear function", "say in one sentence what it does: function = \"…\""),
            (
                standing.authorisation.isEmpty, "authorisation", "its authorisation",
                "name the act that authorises it: authorisation = \"…\""
            ),
            (standing.rules.isEmpty, "rules", "its supporting rules", "list the rules that it works by: rules = [\"…\"]"),
            (standing.seal.isEmpty, "seal", "its dedicated seal", "name its seal: seal = \"…\""),
        ]
        let kind = Violation.Premise.key(path + ["kind"])
        var found = missing.filter(\.isMissing).map { _, key, what, mend in
            Violation(
                path: path + [key], rule: .sixRequirements, message: "approval office \(office.id) lacks \(what)", mend: mend,
                premises: [kind])
        }
        if !matters.values.contains(where: { $0.assignment.office == office.id }) {
            found.append(
                Violation(
                    path: path, rule: .sixRequirements, message: "approval office \(office.id) lacks an item catalogue",
                    mend: "give it a matter: office = \"\(office.id)\", or another kind",
                    premises: [kind, .unnamed(kind: "matter", keys: ["office"], name: office.id.raw)]))
        }
        if officers(of: office.id).isEmpty {
            found.append(
                Violation(
                    path: path, rule: .sixRequirements, message: "approval office \(office.id) lacks staff",
                    mend: "give a post with office = \"\(office.id)\" a holder",
                    premises: [kind, .unnamed(kind: "post", keys: ["office", "holder"], name: office.id.raw)]))
        }
        return found
    }

    /// A matter lies with the one approval office of its department.
    private func placeOfMatter(_ matter: Matter) -> [Violation] {
        guard let office = offices[matter.assignment.office], let department = department(of: matter) else { return [] }
        let path = ["matter", matter.id.raw, "office"]
        guard office.kind == .approval else {
            return [
                Violation(
                    path: path, rule: .approvalOffice,
                    message: "\(matter.id) lies with \(office.id), an office of kind \(office.kind.rawValue)",
                    mend: "name the approval office of \(department)")
            ]
        }
        guard office.department != department else { return [] }
        return [
            Violation(
                path: path, rule: .approvalOffice,
                message: "\(matter.id) is a matter of \(department) and lies with \(office.id) of \(office.department)",
                mend: approvalOffice(of: department).map { "name \($0)" }
                    ?? "give \(department) an approval office, or the matter another department",
                premises: [.key(["matter", matter.id.raw, "department"]), .key(["office", office.id.raw, "department"])])
        ]
    }

    /// The head answers for the office's orders and gets its cases, as one of its officers does.
    private func headOfOffice(_ office: Office) -> Violation? {
        guard let head = posts[office.head], head.office != office.id else { return nil }
        return Violation(
            path: ["office", office.id.raw, "head"], rule: .officeHead,
            message: "\(office.id) is headed by \(head.id), \(head.office.map { "a post of \($0)" } ?? "which is no post of an office")",
            mend: "name a post with office = \"\(office.id)\"", premises: [.key(["post", head.id.raw, "office"])])
    }

    private var dutyViolations: [Violation] {
        var holders: [String: PostID] = [:]
        return posts.values.sorted { $0.id < $1.id }.flatMap { post in
            post.allDuties.compactMap { duty in
                defer { holders[duty] = holders[duty] ?? post.id }
                guard let first = holders[duty] else { return nil }
                return Violation(
                    path: ["post", post.id.raw, "duties"], rule: .duty,
                    message: first == post.id
                        ? "post \(post.id) lists the duty \"\(duty)\" twice"
                        : "the duty \"\(duty)\" is listed for \(first) and for \(post.id)",
                    mend: "one post answers for a duty: keep it once")
            }
        }
    }

    /// "1 + X": one main duty, and further ones.
    private var commissionerViolations: [Violation] {
        Set(matters.values.map(\.assignment.commissioner)).sorted().compactMap { id in
            guard let post = posts[id], post.mainDuty?.isEmpty ?? true else { return nil }
            return Violation(
                path: ["post", id.raw], rule: .mainDuty, message: "\(id) supervises matters and has no main duty",
                mend: "name the one that comes first: main-duty = \"…\"; further ones stand in duties",
                premises: [.key(["post", id.raw, "main-duty"])])
        }
    }
}
