import CasePages
import CaseWire
import FoundationEssentials

/// Where people get what they are told, as an administrator keeps it in a file: on each line a name, an address and, where it is another one than
/// for the rest, a language. The name is a notice's recipient; that of an applicant is `applicant:` and the id.
struct AddressBook {
    struct Entry {
        let address: String
        let language: Language?
    }

    private var entries: [String: Entry] = [:]

    /// - Throws: a `Failure` that names the line where one cannot be used.
    init(file path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure(code: .usage, message: "\(path) cannot be read", hint: "name a file in UTF-8 that this user may read")
        }
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard !words.isEmpty else { continue }
            let language = words.count > 2 ? words.last.flatMap { Language(rawValue: $0) } : nil
            if language != nil { words.removeLast() }
            guard words.count >= 2, let address = words.last, AddressBook.isAddress(address) else {
                throw Failure(
                    code: .usage, message: "\(path), line \(number + 1), is no name with an address",
                    hint: "write it as in: zhang.min zhang.min@example.org zh")
            }
            let name = words.dropLast().joined(separator: " ")
            guard entries.updateValue(Entry(address: address, language: language), forKey: name) == nil else {
                throw Failure(
                    code: .usage, message: "\(path), line \(number + 1): \(name) has an address already", hint: "leave one of them out")
            }
        }
    }

    subscript(_ recipient: String) -> Entry? {
        entries[recipient]
    }

    /// Whose addresses there are, who are no applicants.
    var names: [String] {
        entries.keys.filter { !AddressBook.isApplicant($0) }.sorted()
    }

    // MARK: Names

    /// What stands in front of an applicant's id: no applicant has the name of a person.
    static let applicant = "applicant:"

    static func isApplicant(_ name: String) -> Bool {
        name.hasPrefix(applicant)
    }

    /// How notices call whom a name means.
    static func recipient(_ name: String) -> String {
        isApplicant(name) ? String(name.dropFirst(applicant.count)) : name
    }

    // MARK: Addresses

    /// Whether a text is one address and nothing else to a mail program: neither an option, nor a list, nor the end of a header.
    static func isAddress(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 254 && !text.hasPrefix("-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "@.-_+=~!#$%&'*/?^`{|}".utf8.contains(byte)
                }
            }
    }
}
