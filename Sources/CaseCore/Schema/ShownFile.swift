import WorkingTime

/// A case as it is looked at: what a command answers, and what is to be done about it today.
package struct ShownFile: ShownObject {
    private let file: CaseFile
    private let terms: Terms
    private let now: Instant

    package init(_ file: CaseFile, under terms: Terms, at now: Instant) {
        self.file = file
        self.terms = terms
        self.now = now
    }

    package static let name = "file"
    package static let members: [ShownMember<ShownFile>] = [
        ShownMember(of: { ShownCase($0.file, under: $0.terms, at: $0.now) }),
        ShownMember(
            "waits_for", { view in view.file.nextStep(under: view.terms, at: view.now).map { ShownNextStep($0) } },
            "who has to act next, so that the case comes on; nothing where nothing is left to be done"),
        ShownMember(
            "order_waits_for", { view in view.file.orderStep(under: view.terms, at: view.now).map { ShownNextStep($0) } }, unless: nil,
            "who has to act on its open order: whoever is asked, then the commissioner"),
        ShownMember(
            "inspection_waits_for", { view in view.file.inspectionStep(under: view.terms, at: view.now).map { ShownNextStep($0) } },
            unless: nil, "who has to inspect it, as it was drawn"),
        ShownMember(
            "missing", { $0.file.state.isOpen ? $0.file.missingMaterials(under: $0.terms) : [] }, unless: [],
            "required materials that were not handed in"),
    ]
}

/// Who has to act next.
package struct ShownNextStep: ShownObject, Equatable {
    private let step: NextStep

    init(_ step: NextStep) {
        self.step = step
    }

    package static let name = "next-step"
    package static let members: [ShownMember<ShownNextStep>] = [
        ShownMember("role", \.step.role, "in what function"),
        ShownMember("names", \.step.names, "whoever acts for the post today, else the post or the office; an applicant's id"),
    ]
}
