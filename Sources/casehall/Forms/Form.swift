/// What somebody has sent with a form: texts and files by the names of their fields, and what is wrong with them.
struct Form: Sendable {
    /// In the order of sending; a name may occur several times.
    private(set) var texts: [(name: String, text: String)] = []
    private(set) var files: [FormFile] = []
    /// In the order of the fields.
    private(set) var errors: [FormError] = []
    /// Files that were sent and not kept.
    private(set) var unkept: [UnkeptFile] = []

    init(_ texts: [(name: String, text: String)] = [], errors: [FormError] = []) {
        (self.texts, self.errors) = (texts, errors)
    }

    /// The first text of a field, without white space around it; nothing where it was not sent.
    subscript(name: String) -> String {
        Form.trimmed(typed(name))
    }

    /// The first text of a field as it was typed.
    func typed(_ name: String) -> String {
        texts.first { $0.name == name }?.text ?? ""
    }

    /// All texts of a field, such as of boxes that are ticked.
    func all(_ name: String) -> [String] {
        texts.filter { $0.name == name }.map(\.text)
    }

    func file(_ name: String) -> FormFile? {
        files.first { $0.field == name }
    }

    mutating func add(_ name: String, _ text: String) {
        texts.append((name, text))
    }

    /// Puts a text in the place of whatever the field has.
    mutating func set(_ name: String, _ text: String) {
        texts.removeAll { $0.name == name }
        texts.append((name, text))
    }

    mutating func add(_ file: FormFile) {
        files.append(file)
    }

    mutating func add(_ file: UnkeptFile) {
        unkept.append(file)
    }

    /// Says what is wrong with a field; nil of all of the form.
    mutating func refuse(_ field: String?, _ text: String) {
        errors.append(FormError(field: field, text: text))
    }

    func error(_ field: String) -> String? {
        errors.first { $0.field == field }?.text
    }

    /// Without white space around it.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(scalars.reversed().drop { $0.properties.isWhitespace }.reversed()))
    }
}

struct FormError: Sendable, Equatable {
    let field: String?
    let text: String
}

/// A file that came with a form and is kept already.
struct FormFile: Sendable, Equatable {
    let field: String
    /// As whoever sent it calls it: to be shown, and for nothing else.
    let name: String
    let size: Int
    /// In hexadecimal digits: by it the folder of materials knows the file.
    let sha256: String
}

/// A file that came with a form and was not kept.
struct UnkeptFile: Sendable, Equatable {
    let field, name: String
    let trouble: FileTrouble
}

/// How much a form may have.
struct FormLimits: Sendable {
    /// Of all but files.
    var textBytes = 512 << 10
    var fieldBytes = 64 << 10
    var nameBytes = 200
    var fields = 500
    var headerBytes = 4 << 10
    var files = 20
    var fileBytes: Int
    /// Of all together.
    var totalBytes: Int

    init(fileBytes: Int) {
        self.fileBytes = fileBytes
        totalBytes = 4 * fileBytes + (1 << 20)
    }
}

/// Why a form cannot be read.
enum FormTrouble: Error, Equatable {
    /// It is not of the form that browsers send.
    case malformed
    /// It has more than is taken.
    case tooLarge
    /// It is of a type that is not taken.
    case otherType
    /// It took too long to come.
    case tooSlow
    /// A file may not be kept, or could not.
    case fileRefused(FileTrouble)
}

/// `application/x-www-form-urlencoded` (the URL standard of WHATWG, section 5), read strictly.
enum URLEncodedForm {
    static func read(_ bytes: [UInt8], _ limits: FormLimits) throws(FormTrouble) -> Form {
        guard bytes.count <= limits.textBytes else { throw .tooLarge }
        return Form(try pairs(bytes, limits))
    }

    static func pairs(_ bytes: some Collection<UInt8>, _ limits: FormLimits) throws(FormTrouble) -> [(name: String, text: String)] {
        var result: [(name: String, text: String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard result.count < limits.fields else { throw .tooLarge }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decoded(parts[0], plusIsSpace: true),
                let text = parts.count > 1 ? PercentEncoding.decoded(parts[1], plusIsSpace: true) : ""
            else { throw .malformed }
            guard name.utf8.count <= limits.nameBytes, text.utf8.count <= limits.fieldBytes else { throw .tooLarge }
            result.append((name, text))
        }
        return result
    }
}
