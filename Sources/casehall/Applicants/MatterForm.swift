import CaseCore
import CasePages
import CaseWire

/// The form of a matter: what the catalogue says an application has to have.
struct MatterForm {
    let id, name: String
    let fields: [MatterField]
    let documents: [Document]
    /// The ids of its areas; empty where it has none.
    let areas: [Area]
    /// Whether it can be handed in here, and materials of it on paper: at the window, or by post.
    let isOnline, takesPaper: Bool
    /// Where paper is taken; nothing where the catalogue does not say.
    let window: String?
    let matter: JSONValue

    struct Document {
        let id, name: String
        let isRequired: Bool
    }

    struct Area {
        let id, name: String
    }

    /// - Parameter matter: as the duty list has it.
    init(_ matter: JSONValue) {
        self.matter = matter
        id = matter.cell("matter") ?? ""
        name = matter.cell("name") ?? id
        fields = (matter["fields"]?.array ?? []).map { field in
            MatterField(
                id: FieldID(field.cell("field") ?? ""), name: field.cell("name") ?? "",
                kind: field.cell("kind").flatMap { MatterField.Kind(rawValue: $0) } ?? .line, isRequired: field["optional"]?.bool != true,
                longest: field["longest"]?.integer.map(Int.init), help: field.cell("help") ?? "", choices: field.texts("choices"))
        }
        documents = (matter["documents"]?.array ?? []).map { document in
            Document(
                id: document.cell("material") ?? "", name: document.cell("name") ?? "", isRequired: document["optional"]?.bool != true)
        }
        areas = (matter["areas"]?.array ?? []).map { area in
            Area(id: area.cell("area") ?? "", name: [area.cell("area"), area.cell("post_name")].compactMap { $0 }.joined(separator: " · "))
        }
        let channels = matter.texts("channels")
        isOnline = channels.isEmpty || channels.contains(Channel.online.rawValue)
        takesPaper = channels.isEmpty || [Channel.window, .post].contains { channels.contains($0.rawValue) }
        window = matter.cell("window")
    }

    /// How many characters a title may have: it is one line of a list.
    static let titleLimit = 200
    /// Besides, a text of the wire may have so many bytes.
    private static let titleBytes = 1024

    // MARK: Names of fields in the form

    static let fieldPrefix = "field-", filePrefix = "file-", paperPrefix = "paper-", removalPrefix = "remove-"

    static func name(_ field: FieldID) -> String { fieldPrefix + field.raw }
    static func file(_ material: String) -> String { filePrefix + material }

    // MARK: What is shown

    /// The fields, with what was typed in them.
    func fields(_ form: Form, _ visit: Visit) -> [Field] {
        let (words, own) = (visit.words, visit.applicantWords)
        let title = Field("title", own.title, form, words, help: own.titleHelp)
        let area =
            areas.isEmpty
            ? [] : [Field("area", own.area, form, words, help: own.areaHelp, kind: .choice(areas.map { (value: $0.id, text: $0.name) }))]
        return [title] + area
            + fields.map { field in
                let kind: Field.Kind =
                    switch field.kind {
                    case .line, .number, .date: .line
                    case .text: .long
                    case .choice: .choice(field.choices.map { (value: $0, text: $0) })
                    }
                let help = [field.help.isEmpty ? nil : field.help, own.hint(field)].compactMap { $0 }.joined(separator: " ")
                return Field(
                    MatterForm.name(field.id), field.name, form, words, help: help.isEmpty ? nil : help, isRequired: field.isRequired,
                    kind: kind)
            }
    }

    // MARK: What was sent

    /// Says all that is wrong with an application, beside the fields.
    func check(_ draft: Draft, _ form: inout Form, _ visit: Visit) {
        let own = visit.applicantWords
        let title = value(of: "title", in: draft)
        if title.isEmpty { form.refuse("title", own.titleMissing) }
        if title.unicodeScalars.count > MatterForm.titleLimit || title.utf8.count > MatterForm.titleBytes {
            form.refuse("title", own.tooLong(own.title, MatterForm.titleLimit))
        }
        if !areas.isEmpty {
            let area = value(of: "area", in: draft)
            if !areas.contains(where: { $0.id.isSame(as: area) }) { form.refuse("area", own.areaMissing) }
        }
        for field in fields {
            let value = FieldValue.canonical(draft.texts[MatterForm.name(field.id)] ?? "", field.kind)
            if value.isEmpty {
                if field.isRequired { form.refuse(MatterForm.name(field.id), own.missing(field)) }
            } else if let misfit = field.misfit(value) {
                form.refuse(MatterForm.name(field.id), own.misfit(misfit, field))
            }
        }
        checkMaterials(documents.filter(\.isRequired), draft, &form, visit)
    }

    func checkMaterials(_ required: [Document], _ draft: Draft, _ form: inout Form, _ visit: Visit) {
        let missing = required.filter { document in
            let chosen = draft.materials[document.id]
            return (chosen == nil || chosen == .paper && !takesPaper) && form.error(MatterForm.file(document.id)) == nil
        }
        for document in missing {
            form.refuse(MatterForm.file(document.id), visit.applicantWords.materialMissing(document.name, onPaper: takesPaper))
        }
    }

    private func value(of name: String, in draft: Draft) -> String {
        Form.trimmed(draft.texts[name] ?? "")
    }

    // MARK: What is handed in

    /// The parameters of `case.submit`.
    func submission(_ draft: Draft, for applicant: Applicant) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("matter", .string(id)), .init("title", .string(value(of: "title", in: draft))),
            .init("applicant", .object([.init("id", .string(applicant.id)), .init("name", .string(applicant.name))])),
            .init("materials", materials(draft, documents)), .init("channel", .string(Channel.online.rawValue)),
            .init(
                "fields",
                .object(
                    values(draft).map { .init($0.field.id.raw, .string($0.value)) })),
        ]
        if !areas.isEmpty { members.append(.init("area", .string(value(of: "area", in: draft)))) }
        return members
    }

    /// Fields that say something, as a case has them.
    func values(_ draft: Draft) -> [(field: MatterField, value: String)] {
        fields.compactMap { field in
            let value = FieldValue.canonical(draft.texts[MatterForm.name(field.id)] ?? "", field.kind)
            return value.isEmpty ? nil : (field, value)
        }
    }

    /// What of some materials is handed in: a file by its digest and name (RFC 6920), paper by the id of the material alone.
    func materials(_ draft: Draft, _ documents: [Document]) -> JSONValue {
        .array(
            documents.compactMap { document in
                switch draft.materials[document.id] {
                case .file(_, _, let sha256):
                    .object([
                        .init("id", .string(document.id)), .init("sha256", .string(sha256)),
                        .init("uri", .string("ni:///sha-256;\(Base64URL.text(Hex.bytes(sha256)))")),
                    ])
                case .paper: .string(document.id)
                case nil: nil
                }
            })
    }
}

/// A material of a form, as `material.mustache` shows it: the file that is there, a new one, or paper.
struct MaterialField {
    let field, legend: String
    let optionalMark: String?
    let wrong: String?
    let fileLabel: String
    let describedBy: String?
    let kept: Kept?
    let paper: Box?

    struct Kept {
        let keptName, keptLink, keptSize: String
        let removal: Box
    }

    struct Box {
        let box, boxText: String
        let isTicked: Bool
    }

    init(_ document: MatterForm.Document, _ draft: Draft?, _ form: Form, _ matter: MatterForm, filesAt path: String, _ visit: Visit) {
        let own = visit.applicantWords
        field = MatterForm.file(document.id)
        legend = document.name
        optionalMark = document.isRequired ? nil : visit.words.optional
        wrong = form.error(field)
        describedBy = wrong.map { _ in "file-\(document.id)-error" }
        let chosen = draft?.materials[document.id]
        if case .file(let name, let size, _) = chosen {
            kept = Kept(
                keptName: name, keptLink: "\(path)/\(PercentEncoding.encoded(document.id))", keptSize: own.size(size),
                removal: Box(box: MatterForm.removalPrefix + document.id, boxText: own.removeFile, isTicked: false))
        } else {
            kept = nil
        }
        fileLabel = kept == nil ? own.chooseFile : own.chooseOtherFile
        paper =
            matter.takesPaper
            ? Box(box: MatterForm.paperPrefix + document.id, boxText: own.bringPaper(matter.window), isTicked: chosen == .paper) : nil
    }
}
