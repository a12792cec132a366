import WorkingTime

/// Somebody hands in a case, for themselves or for an applicant.
package struct Submit: ClientCommand {
    package var submission: Submission
    package var materials: [SubmittedMaterial]

    package init(_ submission: Submission, materials: [SubmittedMaterial]) {
        self.submission = submission
        self.materials = materials
    }

    package static let declaration = Declaration(
        "submit", "Submit a case; the office's time to answer begins.", by: [.submitter], .opening, involvement: [.approving, .submitting])

    package static let subject = CommandSubject.none

    package static let members = Members<Submit>(
        Member(of: \.submission),
        Member("materials", \.materials, default: [], limit: ByteLimit.prose, "what is handed in"),
        make: { Submit($0, materials: $1) }
    ).inOrder(handedIn)

    /// What was handed in always stood among the rest: clients' keys stand for a text, and programs read columns by their places.
    fileprivate static let handedIn = ["matter", "title", "applicant", "materials", "fields", "channel"]

    /// Opens a case.
    ///
    /// - Parameters:
    ///   - original: the case to which it refers, where that is there.
    ///   - principal: anybody whom the catalogue knows: a service, or an officer at the window.
    package func open(
        as id: CaseID, receipt: String, catalogVersion: Int, referringTo original: CaseFile? = nil, by principal: Principal,
        under terms: Terms, at now: Instant
    ) throws(Refusal) -> Step {
        switch principal.identity {
        case .person, .service: break
        case .user, .clock, .catalog, .file:
            throw .notPermitted(
                Submit.name, principal: principal.name, permitted: [.submitter], holders: ["a person or service of the catalogue"])
        }
        if principal.administers, let person = principal.person, !terms.isTraining { throw .administers(person) }
        try requireText(submission.title, "title")
        try requireText(submission.applicant.id, "applicant.id")
        try requireText(submission.applicant.name, "applicant.name")
        try terms.requireKnown(materials.map(\.id), "materials")
        try principal.requireMatter(submission.matter, in: terms.register)
        try terms.requireChannel(submission.channel)
        try terms.requireArea(submission.area)
        try terms.requireFields(submission.fields)
        try submission.requireReference(to: original, by: principal, under: terms, at: now)
        var draft = Draft(opening: id, by: principal, under: terms, at: now)
        draft.start(.intake)
        var submitted = Submitted(
            submission, materials: materials, receipt: receipt, assignment: terms.assignment, catalogVersion: catalogVersion,
            supervisors: original?.supervisors(in: terms.register) ?? [], submitters: original?.participants[.submitting] ?? [])
        if submission.area != nil, let officer = CaseFile(draft.step(submitted).event)?.officerOfArea(under: terms, at: now) {
            submitted.handler = officer
            draft.tell(.handler, officer.raw)
        }
        return draft.step(submitted)
    }

    package typealias Recorded = Submitted
}

package struct Submitted: Change {
    package var submission: Submission
    package var materials: [SubmittedMaterial]
    package var receipt: String
    package var assignment: Assignment
    package var catalogVersion: Int
    /// The officer to whom the area brings it.
    package var handler: PersonID?
    /// Who supervised the case to which it refers: they never approve this one either.
    package var supervisors: Set<Participant>
    /// Who submitted that one: they take no step of the office or the leader in this one either.
    package var submitters: Set<Participant>

    package init(
        _ submission: Submission, materials: [SubmittedMaterial], receipt: String, assignment: Assignment, catalogVersion: Int,
        handler: PersonID? = nil, supervisors: Set<Participant> = [], submitters: Set<Participant> = []
    ) {
        self.submission = submission
        self.materials = materials
        self.receipt = receipt
        self.assignment = assignment
        self.catalogVersion = catalogVersion
        self.handler = handler
        self.supervisors = supervisors
        self.submitters = submitters
    }

    package static let name = "submitted"
    package static let members = Members<Submitted>(
        Member(of: \.submission),
        Member("materials", \.materials, "what was handed in"),
        Member("receipt", \.receipt, "what a public look-up needs"),
        Member(of: \.assignment),
        Member("catalog_version", \.catalogVersion, "the version of the catalogue that governs it"),
        Member("handler", \.handler, unless: nil, "the officer to whom its area brings it"),
        Member("supervisors", \.supervisors, unless: [], "who supervised the case to which it refers"),
        Member("submitters", \.submitters, unless: [], "who submitted it"),
        make: {
            Submitted($0, materials: $1, receipt: $2, assignment: $3, catalogVersion: $4, handler: $5, supervisors: $6, submitters: $7)
        }
    ).inOrder(Submit.handedIn + ["receipt", "office", "leader", "commissioner", "catalog_version"])

    package func canFollow(_ file: CaseFile) -> Bool { false }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        preconditionFailure("\(file.id) was submitted twice")
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures([.received])
    }
}
