/// An iCalendar file (RFC 5545) as far as days are read from it: its components, one within the other, each with its properties.
struct ICalendar {
    /// Why a file is none, with the line that says so.
    struct Malformed: Error {
        /// From 1.
        let line: Int
        let message: String
    }

    /// A content line: `NAME;PARAMETER=VALUE:value`.
    struct Property {
        /// In capitals, as all names are meant.
        let name: String
        /// By their names, in capitals; without quotes.
        let parameters: [String: String]
        let value: String
        /// Where it begins, from 1.
        let line: Int
    }

    /// What stands between `BEGIN` and `END`.
    struct Component {
        /// In capitals.
        let name: String
        let line: Int
        /// Its own; not those of components in it, such as the alarm of an event.
        fileprivate(set) var properties: [Property] = []
        fileprivate(set) var components: [Component] = []

        /// All properties of a name, in their order.
        func all(_ name: String) -> [Property] {
            properties.filter { $0.name == name }
        }
    }

    /// The `VCALENDAR` objects; a stream may hold several.
    let calendars: [Component]

    /// Whether bytes begin as an iCalendar file does, whatever comes then.
    static func isBegun(by bytes: [UInt8]) -> Bool {
        let start = withoutMark(bytes).drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(15)
        return String(decoding: start, as: UTF8.self).uppercased() == "BEGIN:VCALENDAR"
    }

    init(_ bytes: [UInt8]) throws(Malformed) {
        // The innermost last.
        var open: [Component] = []
        var calendars: [Component] = []
        let lines = ICalendar.unfolded(ICalendar.withoutMark(bytes))
        for (number, content) in lines {
            guard let text = String(validating: content, as: UTF8.self) else {
                // A folded character is none of another encoding.
                let foreign = ForeignText(lines.flatMap(\.content), at: "FILE")
                throw Malformed(line: number, message: foreign.map { "\($0.message); \($0.mend)" } ?? "it is no UTF-8")
            }
            guard let property = Property(text, line: number) else {
                throw Malformed(line: number, message: "it is neither a property (NAME:value) nor the continuation of one")
            }
            switch property.name {
            case "BEGIN":
                let name = property.value.uppercased()
                guard open.count < ICalendar.depthLimit else { throw Malformed(line: number, message: "components lie too deep") }
                guard !open.isEmpty || name == "VCALENDAR" else { throw Malformed(line: number, message: "\(name) lies in no VCALENDAR") }
                // No event lies in another one (section 3.6): of which of them it would be is not to be guessed.
                guard name != "VEVENT" || !open.contains(where: { $0.name == name }) else {
                    throw Malformed(line: number, message: "a VEVENT lies in another one: the first has no end")
                }
                open.append(Component(name: name, line: number))
            case "END":
                guard let ended = open.popLast(), ended.name == property.value.uppercased() else {
                    throw Malformed(line: number, message: "END:\(property.value) ends nothing that has begun last")
                }
                if open.isEmpty { calendars.append(ended) } else { open[open.count - 1].components.append(ended) }
            default:
                guard !open.isEmpty else { throw Malformed(line: number, message: "\(property.name) lies in no VCALENDAR") }
                open[open.count - 1].properties.append(property)
            }
        }
        if let component = open.last {
            throw Malformed(line: component.line, message: "\(component.name) has no end: the file is cut off; fetch it again")
        }
        self.calendars = calendars
    }

    private static let depthLimit = 16

    /// Without the mark of UTF-8 with which some programs begin a file.
    private static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    }

    /// The content lines, each with the number of its first line. A line is folded after so many bytes, also within a character, and goes on in the
    /// next one, which begins with a space or a tab (section 3.1).
    private static func unfolded(_ bytes: ArraySlice<UInt8>) -> [(number: Int, content: [UInt8])] {
        var lines: [(number: Int, content: [UInt8])] = []
        for (place, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = line.last == 0x0D ? line.dropLast() : line
            if let first = line.first, first == 0x20 || first == 0x09, !lines.isEmpty {
                lines[lines.count - 1].content += line.dropFirst()
            } else if !line.isEmpty {
                lines.append((place + 1, Array(line)))
            }
        }
        // What holds nothing but white space says nothing.
        return lines.filter { line in line.content.contains { $0 != 0x20 && $0 != 0x09 } }
    }
}

extension ICalendar.Property {
    /// Nil where it is no content line.
    fileprivate init?(_ text: String, line: Int) {
        // A colon or a semicolon within quotes belongs to the value of a parameter.
        var (isQuoted, parts, part) = (false, [String](), "")
        var rest = text.unicodeScalars[...]
        var isEnded = false
        while !isEnded, let scalar = rest.popFirst() {
            switch scalar {
            case "\"": isQuoted.toggle()
            case ":" where !isQuoted, ";" where !isQuoted:
                parts.append(part)
                part = ""
                isEnded = scalar == ":"
            default: part.unicodeScalars.append(scalar)
            }
        }
        guard isEnded, let name = parts.first, !name.isEmpty,
            name.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) })
        else { return nil }
        let parameters = parts.dropFirst().map { part in
            part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        self.init(
            name: name.uppercased(), parameters: Dictionary(parameters.map { ($0[0].uppercased(), $0.count > 1 ? $0[1] : "") }) { $1 },
            value: String(rest), line: line)
    }

    /// The value of a text, without its escapes (section 3.3.11). A new line is a space.
    var text: String {
        texts(isList: false)[0]
    }

    /// The values of a list of texts.
    var list: [String] {
        texts(isList: true)
    }

    private func texts(isList: Bool) -> [String] {
        var (texts, isEscaped) = ([""], false)
        for scalar in value.unicodeScalars {
            switch (isEscaped, scalar) {
            case (false, "\\"):
                isEscaped = true
                continue
            case (true, "n"), (true, "N"): texts[texts.count - 1] += " "
            case (false, ",") where isList: texts.append("")
            case (_, let scalar): texts[texts.count - 1].unicodeScalars.append(scalar)
            }
            isEscaped = false
        }
        return texts
    }
}
