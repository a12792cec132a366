extension Violation {
    /// A rule of the catalogue, by the word that findings carry. `docs/rules.md` lists them by number.
    package enum Rule: String, CaseIterable, Sendable {
        /// The file can be read, and every key and value has its form.
        case form
        /// An entry, a material or a unix user is declared once.
        case duplicate
        /// What a name stands for is declared.
        case unknownName = "unknown-name"
        /// A length has a unit, and a rung or extension that of its clock.
        case unit
        /// Windows are in order, some week has one, and no year is left out.
        case calendar
        /// A warning lies within its budget, and the limits of the law are there.
        case ladder
        /// A matter names exactly one office that examines.
        case oneOffice = "one-office"
        /// A matter names exactly one post that decides.
        case oneLeader = "one-leader"
        /// A matter names exactly one post that supervises.
        case oneCommissioner = "one-commissioner"
        /// A department has one approval office.
        case oneApprovalOffice = "one-approval-office"
        /// A matter lies with the approval office of its department.
        case approvalOffice = "approval-office"
        /// Clear function, item catalogue, full authorisation, supporting rules, a dedicated seal, capable staff.
        case sixRequirements = "six-requirements"
        /// Approval and supervision are separate powers: nobody has both over one matter, also as a substitute.
        case separation
        /// No post is without a holder where cases would wait.
        case vacancy
        /// No duty is listed twice.
        case duty
        /// A commissioner has one main duty, and further ones.
        case mainDuty = "main-duty"
        /// A substitution is dated, replaces no substitute by the one it replaces, and names somebody else.
        case substitution

        /// `C1` to `C17`, in the order of declaration.
        package var number: String {
            "C\(Rule.allCases.firstIndex(of: self)! + 1)"
        }
    }
}
