import CaseCore
import CasePages
import CaseWire
import Crypto

/// What an applicant has begun and not handed in yet: an application, or what the office asked for. The hall keeps it, so that nothing that was
/// typed or sent is lost.
struct Draft: Sendable, Equatable {
    /// 128 bits by chance, in hexadecimal digits.
    let id: String
    /// Whose it is, by id.
    let applicant: String
    let matter: String
    /// The case that it adds to; nil where it is an application.
    let file: String?
    /// As they were typed, by the names of their fields in the form.
    var texts: [String: String] = [:]
    /// What is handed in, by the ids of the matter's materials.
    var materials: [String: DraftMaterial] = [:]
    /// Seconds since 1970.
    var savedAt: Int64
    /// The case that became of it: then nothing else is left of it, and it says to a second press of the button what came of the first.
    var became: String?

    init(applicant: String, matter: String, file: String? = nil, at now: Int64) {
        id = Hex.text((0..<16).map { _ in UInt8.random(in: 0...255) })
        (self.applicant, self.matter, self.file, savedAt) = (applicant, matter, file, now)
    }

    /// What is left once it was handed in.
    func ended(as became: String, at now: Int64) -> Draft {
        var draft = self
        (draft.texts, draft.materials, draft.became, draft.savedAt) = ([:], [:], became, now)
        return draft
    }

    /// Takes in what was sent with a form. What of it the matter does not ask for is not handed in.
    mutating func take(_ form: Form) {
        for (name, text) in form.texts where ["title", "area", "note"].contains(name) || name.hasPrefix(MatterForm.fieldPrefix) {
            texts[name] = text
        }
        func materials(_ prefix: String) -> [String] {
            form.texts.filter { $0.name.hasPrefix(prefix) && !$0.text.isEmpty }.map { String($0.name.dropFirst(prefix.count)) }
        }
        // A box that is not ticked is not sent.
        self.materials = self.materials.filter { $0.value != .paper }
        for id in materials(MatterForm.removalPrefix) { self.materials[id] = nil }
        for id in materials(MatterForm.paperPrefix) { self.materials[id] = .paper }
        for file in form.files where file.field.hasPrefix(MatterForm.filePrefix) {
            self.materials[String(file.field.dropFirst(MatterForm.filePrefix.count))] = .file(
                name: file.name, size: file.size, sha256: file.sha256)
        }
    }

    /// What it says, as a form that was sent.
    var form: Form {
        Form(texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    /// What tells one content from another.
    var digest: String {
        var content = self
        content.savedAt = 0
        return Hex.text(SHA256.hash(data: content.bytes).prefix(16))
    }

    // MARK: As a file

    var bytes: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("id", id)
                writer.member("applicant", applicant)
                writer.member("matter", matter)
                writer.member("case", file)
                writer.member("became", became)
                writer.key("saved_at")
                writer.value(.integer(savedAt))
                writer.key("texts")
                writer.value(.object(texts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
                writer.key("materials")
                writer.value(.object(materials.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.value) }))
            }
        }
    }

    /// Nil where it is none that the hall wrote.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes), let id = value.cell("id"), let applicant = value.cell("applicant"),
            let matter = value.cell("matter"), let savedAt = value["saved_at"]?.integer
        else { return nil }
        (self.id, self.applicant, self.matter, self.savedAt) = (id, applicant, matter, savedAt)
        (file, became) = (value.cell("case"), value.cell("became"))
        for member in value["texts"]?.members ?? [] { texts[member.name] = member.value.string }
        for member in value["materials"]?.members ?? [] { materials[member.name] = DraftMaterial(member.value) }
    }
}

/// How something is handed in.
enum DraftMaterial: Sendable, Equatable {
    /// On paper, at the window or by post.
    case paper
    /// As a file that the folder of materials has.
    case file(name: String, size: Int, sha256: String)

    init?(_ value: JSONValue) {
        guard value.members != nil else {
            guard value.string == "paper" else { return nil }
            self = .paper
            return
        }
        guard let name = value.cell("name"), let sha256 = value.cell("sha256"), let size = value["size"]?.integer else { return nil }
        self = .file(name: name, size: Int(size), sha256: sha256)
    }

    var value: JSONValue {
        switch self {
        case .paper: "paper"
        case .file(let name, let size, let sha256):
            .object([.init("name", .string(name)), .init("size", .integer(size)), .init("sha256", .string(sha256))])
        }
    }
}

/// Bytes in small hexadecimal digits.
enum Hex {
    /// - Parameter text: whole bytes, in hexadecimal digits.
    static func bytes(_ text: String) -> [UInt8] {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue.map(UInt8.init) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension String {
    /// Whether it is another one to the byte: what looks alike is another id.
    func isSame(as other: String?) -> Bool {
        other.map { utf8.elementsEqual($0.utf8) } ?? false
    }
}
