import FoundationEssentials

/// Text from outside, in the form of whoever reads it. All of it goes by Unicode scalar: `"` with a combining mark is one `Character`
/// that equals no `"`, and a reader sees the quote.
package enum Escaped {
    /// For pages that people read, between tags and in attributes. What does something to a page, or turns the order of its letters around, is
    /// shown by its number as on a terminal; white space is white space.
    package static func html(_ text: String) -> String {
        replacing(in: text) { scalar in
            switch scalar {
            case "\t", "\n", "\r": nil
            case _ where isUnsafe(scalar): named(scalar)
            default: markup(scalar)
            }
        }
    }

    /// For what a field of a form holds, which is sent again as it is shown: marks that nobody sees belong to some languages, and stay. Only what HTML
    /// cannot hold is shown by its number.
    package static func value(_ text: String) -> String {
        replacing(in: text) { scalar in
            switch scalar {
            case "\t", "\n": nil
            case "\r": "&#13;"
            case _ where scalar.properties.generalCategory == .control: named(scalar)
            default: markup(scalar)
            }
        }
    }

    /// For attributes in XML 1.0, which programs read. It has no control characters below U+20, not even escaped: each is replaced. White space,
    /// and what whoever looks at the file would not see, is kept by reference.
    package static func xml(_ text: String) -> String {
        replacing(in: text) { scalar in
            switch scalar {
            case "\t", "\n", "\r": "&#\(scalar.value);"
            case _ where scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value): "\u{FFFD}"
            case _ where isUnsafe(scalar): "&#\(scalar.value);"
            default: markup(scalar)
            }
        }
    }

    /// Whether a character does something where it is shown, or changes how others are: controls, ends of lines, marks of direction and others
    /// that nobody sees.
    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar.value != 0x200D
        default: false
        }
    }

    /// What stands for a character that is not shown itself.
    package static func named(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16))}"
    }

    /// What stands for a character that would be markup; nil for any other.
    private static func markup(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        default: nil
        }
    }

    /// A field by RFC 4180.
    package static func csv(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "\"", ",", "\r", "\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": false
            default: true
            }
        }
        return isPlain ? text : "\"" + replacing(in: text) { $0 == "\"" ? "\"\"" : nil } + "\""
    }

    /// A field that no spreadsheet takes for a formula: one that could be is text, which is said by a quote in front.
    package static func formula(_ text: String) -> String {
        switch text.unicodeScalars.first {
        case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": isNumber(text) ? text : "'" + text
        default: text
        }
    }

    /// Such as `-12` or `-3.5`, which is no formula. Nobody writes a figure with a plus.
    private static func isNumber(_ text: String) -> Bool {
        guard text.unicodeScalars.first == "-" else { return false }
        let scalars = text.unicodeScalars.dropFirst()
        return !scalars.isEmpty && scalars.allSatisfy { ("0"..."9").contains($0) || $0 == "." } && scalars.count { $0 == "." } <= 1
    }

    /// The value of a label in the OpenMetrics text format.
    package static func label(_ text: String) -> String {
        replacing(in: text) { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: nil
            }
        }
    }

    /// - Parameter replacement: nil for what stays as it is.
    private static func replacing(in text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let other = replacement(scalar) { result.append(contentsOf: other.unicodeScalars) } else { result.append(scalar) }
        }
        return String(result)
    }
}

extension Escaped {
    /// So much of a text is in one encoded word of a header, in bytes: none is longer than 75 characters, no line than 76.
    private static let encodedWordLimit = 36

    /// The body of a mail header that people read: words of RFC 2047 where it is not plain, short ASCII.
    package static func header(_ text: String) -> String {
        let isPlain =
            text.utf8.count <= 60 && !text.contains("=?") && text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.hasPrefix(" ")
            && !text.hasSuffix(" ")
        if isPlain { return text }
        // A word holds whole scalars.
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > encodedWordLimit { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\n ")
    }
}
