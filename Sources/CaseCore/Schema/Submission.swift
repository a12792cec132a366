import WorkingTime

/// What an applicant applies for: what never changes about a case. A member that is added here is a parameter of `case.submit`, an option
/// of `casectl submit`, part of its event and of every case.
package struct Submission: Described {
    package var matter: MatterID
    package var title: String
    package var applicant: Applicant
    package var fields: Fields
    package var channel: String
    /// From which of the matter's areas it is; nil where the matter has none.
    package var area: AreaID?
    /// The case that is to be revoked, where the matter is a revocation.
    package var refersTo: CaseID?

    package init(
        matter: MatterID, title: String, applicant: Applicant, fields: Fields, channel: String, area: AreaID? = nil,
        refersTo: CaseID? = nil
    ) {
        self.matter = matter
        self.title = title
        self.applicant = applicant
        self.fields = fields
        self.channel = channel
        self.area = area
        self.refersTo = refersTo
    }

    package static let members = Members<Submission>(
        Member("matter", \.matter, "the matter, as the duty list names it"),
        Member("title", \.title, apart: Erased.text, "what it is about"),
        Member("applicant", \.applicant, apart: Applicant(id: Erased.text, name: Erased.text), "who applies"),
        Member("fields", \.fields, default: Fields(), apart: Fields(), limit: ByteLimit.fields, "further data"),
        Member("channel", \.channel, default: "online", "how it came in: online, window, post, or as the matter says; by default online"),
        Member("area", \.area, unless: nil, "the area from which it is, where the matter has areas"),
        Member("refers_to", \.refersTo, unless: nil, "the case that is to be revoked, such as C-17, where the matter is a revocation"),
        make: { Submission(matter: $0, title: $1, applicant: $2, fields: $3, channel: $4, area: $5, refersTo: $6) })
}

package struct Applicant: Described {
    package var id: String
    package var name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    package static let members = Members<Applicant>(
        Member("id", \.id, "the applicant's id"), Member("name", \.name, "the applicant's name"), make: { Applicant(id: $0, name: $1) })
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

    package init(from source: Datum) throws(Mismatch) {
        guard let members = source.members else { throw Mismatch(source, insteadOf: "an object of strings") }
        for member in members {
            do { all.append(Field(name: member.name, value: try String(from: member.value))) } catch { throw error.at(member.name) }
        }
    }

    package func write(to writer: inout JSONWriter) {
        let fields = writer.ordersNames ? all.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : all
        writer.object { writer in
            for field in fields {
                writer.key(field.name)
                writer.string(field.value)
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

    package init(from source: Datum) throws(Mismatch) {
        if let text = source.string {
            self.init(id: MaterialID(text))
        } else {
            guard source.members != nil else { throw Mismatch(source, insteadOf: "a material") }
            self = try SubmittedMaterial.members.read(from: source)
        }
    }

    /// Just the id where nothing else is known.
    package func write(to writer: inout JSONWriter) {
        guard sha256 != nil || uri != nil else { return writer.string(id.raw) }
        writer.object { SubmittedMaterial.members.write(self, to: &$0) }
    }
}
