import WorkingTime

/// Somebody hands in a case, for themselves or for an applicant.
package struct Submit: ClientCommand {
    package var submission: Submission

    package init(_ submission: Submission) {
        self.submission = submission
    }

    package static let declaration = Declaration(
        "submit", "Submit a case; the office's time to answer begins.", by: [.submitter], .opening, participation: .approving)

    package static let subject = CommandSubject.none

    package static let members = Members<Submit>(
        Member("matter", \.submission.matter, "the matter"),
        Member("title", \.submission.title, "what it is about"),
        Member("applicant", \.submission.applicant, "who applies"),
        Member("materials", \.submission.materials, default: [], "what is handed in"),
        Member("fields", \.submission.fields, default: Fields(), "further data"),
        Member("channel", \.submission.channel, default: "online", "how it came in: online, window, post; by default online"),
        make: {
            Submit(Submission(matter: $0, title: $1, applicant: $2, materials: $3, fields: $4, channel: $5))
        })

    /// Opens a case.
    ///
    /// - Parameter principal: anybody whom the catalogue knows: a service, or an officer at the window.
    package func open(
        as id: CaseID, receipt: String, catalogVersion: Int, by principal: Principal, under terms: Terms, at now: Instant
    ) throws(Refusal) -> Step {
        switch principal.identity {
        case .person, .service: break
        case .user, .clock, .catalog:
            throw .notPermitted(
                Submit.name, principal: principal.name, permitted: [.submitter], holders: ["a person or service of the catalogue"])
        }
        try requireText(submission.title, "title")
        try requireText(submission.applicant.id, "applicant.id")
        try requireText(submission.applicant.name, "applicant.name")
        try terms.requireKnown(submission.materials.map(\.id))
        try principal.requireMatter(submission.matter, in: terms.register)
        var draft = Draft(opening: id, by: principal, under: terms, at: now)
        draft.start(.intake)
        return draft.step(
            Submitted(submission, receipt: receipt, assignment: terms.matter.assignment, catalogVersion: catalogVersion))
    }

    package typealias Recorded = Submitted
}

package struct Submitted: Change {
    package var submission: Submission
    package var receipt: String
    package var assignment: Assignment
    package var catalogVersion: Int

    package init(_ submission: Submission, receipt: String, assignment: Assignment, catalogVersion: Int) {
        self.submission = submission
        self.receipt = receipt
        self.assignment = assignment
        self.catalogVersion = catalogVersion
    }

    package static let name = "submitted"
    package static let members = Members<Submitted>(
        Member("matter", \.submission.matter, "the matter"),
        Member("title", \.submission.title, "what it is about"),
        Member("applicant", \.submission.applicant, "who applies"),
        Member("materials", \.submission.materials, "what was handed in"),
        Member("fields", \.submission.fields, "further data"),
        Member("channel", \.submission.channel, "how it came in"),
        Member("receipt", \.receipt, "what a public look-up needs"),
        Member("office", \.assignment.office, "the one office"),
        Member("leader", \.assignment.leader, "the post of the one leader"),
        Member("commissioner", \.assignment.commissioner, "the post that supervises"),
        Member("catalog_version", \.catalogVersion, "the version of the catalogue that governs it"),
        make: {
            Submitted(
                Submission(matter: $0, title: $1, applicant: $2, materials: $3, fields: $4, channel: $5), receipt: $6,
                assignment: Assignment(office: $7, leader: $8, commissioner: $9), catalogVersion: $10)
        })

    package func canFollow(_ file: CaseFile) -> Bool { false }

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        preconditionFailure("\(file.id) was submitted twice")
    }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? {
        Figures([.received])
    }
}

/// What an applicant hands in.
package struct Submission: Equatable, Sendable {
    package var matter: MatterID
    package var title: String
    package var applicant: Applicant
    package var materials: [SubmittedMaterial]
    package var fields: Fields
    package var channel: String

    package init(
        matter: MatterID, title: String, applicant: Applicant, materials: [SubmittedMaterial] = [], fields: Fields = Fields(),
        channel: String = "online"
    ) {
        self.matter = matter
        self.title = title
        self.applicant = applicant
        self.materials = materials
        self.fields = fields
        self.channel = channel
    }
}

package struct Applicant: Described {
    package var id: String
    package var name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    package static let members = Members<Applicant>(
        Member("id", \.id, "an id"), Member("name", \.name, "a name"), make: { Applicant(id: $0, name: $1) })
}

/// Further data of a case: names and values, in the order in which they came.
package struct Fields: Represented, ExpressibleByDictionaryLiteral {
    package struct Field: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    package private(set) var all: [Field] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        all = elements.map { Field(name: $0.0, value: $0.1) }
    }

    package static var shape: Shape { .map(.text) }

    package init(from source: some Source) throws(Mismatch) {
        guard source.isObject else { throw Mismatch(source, insteadOf: "an object of strings") }
        var all: [Field] = []
        try source.forEachMember { name, value throws(Mismatch) in
            do throws(Mismatch) { all.append(Field(name: name, value: try String(from: value))) } catch { throw error.at(name) }
        }
        self.all = all
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.object { sink in
            for field in all {
                sink.key(field.name)
                sink.string(field.value)
            }
        }
    }
}

/// A document that was handed in: which of the matter's materials it is, and where its content is kept.
package struct SubmittedMaterial: Represented {
    package var id: MaterialID
    package var sha256: String?
    package var uri: String?

    package init(id: MaterialID, sha256: String? = nil, uri: String? = nil) {
        self.id = id
        self.sha256 = sha256
        self.uri = uri
    }

    private static let members = Members<SubmittedMaterial>(
        Member("id", \.id, "the material's id"),
        Member("sha256", \.sha256, unless: nil, "its digest"),
        Member("uri", \.uri, unless: nil, "where it is kept"),
        make: { SubmittedMaterial(id: $0, sha256: $1, uri: $2) })

    package static var shape: Shape { .named("material", .either([.text, .object(members.shapes)])) }

    package init(from source: some Source) throws(Mismatch) {
        if let text = source.string {
            self.init(id: MaterialID(text))
        } else {
            guard source.isObject else { throw Mismatch(source, insteadOf: "a material") }
            self = try SubmittedMaterial.members.read(from: source)
        }
    }

    /// Just the id where nothing else is known.
    package func write(to sink: inout some Sink & ~Copyable) {
        guard sha256 != nil || uri != nil else { return sink.string(id.raw) }
        sink.object { SubmittedMaterial.members.write(self, to: &$0) }
    }
}
