// Texts in quotes, and what is escaped in them.

extension TOMLReader {

    mutating func basicText() throws(TOMLText.Unreadable) -> String {
        place += 1
        var text: [UInt8] = []
        while let next {
            switch next {
            case "\"":
                place += 1
                return String(decoding: text, as: UTF8.self)
            case "\\": try escape(into: &text, mayEndLine: false)
            default: try character(next, into: &text)
            }
        }
        throw fault("a text does not end", mend: "close it with \"")
    }

    mutating func literalText() throws(TOMLText.Unreadable) -> String {
        place += 1
        var text: [UInt8] = []
        while let next {
            if next == "'" {
                place += 1
                return String(decoding: text, as: UTF8.self)
            }
            try character(next, into: &text)
        }
        throw fault("a text does not end", mend: "close it with '")
    }

    mutating func longText(_ quotes: StaticString, hasEscapes: Bool) throws(TOMLText.Unreadable) -> String {
        let start = line
        let quote = Unicode.Scalar(quotes.utf8Start[0])
        place += 3
        var text: [UInt8] = []
        // An end of a line right after the quotes is no part of it.
        _ = takeLineEnd()
        while let next {
            if take(quotes) {
                // Up to two quotes of its own may stand before its end.
                for _ in 0..<2 where self.next == quote {
                    text.append(UInt8(ascii: quote))
                    place += 1
                }
                return String(decoding: text, as: UTF8.self)
            }
            if hasEscapes, next == "\\" {
                try escape(into: &text, mayEndLine: true)
            } else if takeLineEnd() {
                text.append(UInt8(ascii: "\n"))
            } else {
                try character(next, into: &text)
            }
        }
        throw TOMLText.Unreadable(line: start, message: "a long text does not end", mend: "close it with \(quotes)")
    }

    /// One byte of a text: what is not of ASCII is part of a character that Swift has checked.
    private mutating func character(_ next: Unicode.Scalar, into text: inout [UInt8]) throws(TOMLText.Unreadable) {
        guard next != "\n", next != "\r" else { throw fault("a text does not end on its line", mend: "close it, or use three quotes") }
        guard next == "\t" || (next >= " " && next != "\u{7F}") else {
            throw fault("a text holds the control character \(TOMLReader.name(next))", mend: "take it out, or write it as in \\u0007")
        }
        text.append(bytes[place])
        place += 1
    }

    private mutating func escape(into text: inout [UInt8], mayEndLine: Bool) throws(TOMLText.Unreadable) {
        place += 1
        let plain: [Unicode.Scalar: UInt8] = ["b": 0x08, "t": 0x09, "n": 0x0A, "f": 0x0C, "r": 0x0D, "\"": 0x22, "\\": 0x5C]
        switch next {
        case "u": text += Array(String(try codePoint(digits: 4)).utf8)
        case "U": text += Array(String(try codePoint(digits: 8)).utf8)
        case " ", "\t", "\n", "\r":
            guard mayEndLine else { throw fault("\\ ends a line in a short text", mend: "use three quotes") }
            skipBlanks()
            guard takeLineEnd() else { throw misplaced("the end of the line, after \\", mend: "write \\\\ for a backslash") }
            repeat { skipBlanks() } while takeLineEnd()
        case let next?:
            guard let byte = plain[next] else { fallthrough }
            text.append(byte)
            place += 1
        default: throw fault("\\ begins no escape of TOML here", mend: "write \\\\ for a backslash, or put the text in ' '")
        }
    }

    private mutating func codePoint(digits: Int) throws(TOMLText.Unreadable) -> Unicode.Scalar {
        place += 1
        let digitsText = bytes[place...].prefix(digits)
        let isHexadecimal = digitsText.count == digits && digitsText.allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
        let value = isHexadecimal ? UInt32(String(decoding: digitsText, as: UTF8.self), radix: 16) : nil
        guard let value, let scalar = Unicode.Scalar(value) else {
            throw fault("an escape needs \(digits) hexadecimal digits of a character", mend: "write it as in \\u00e9")
        }
        // What reads texts in C ends at their first NUL.
        guard scalar != "\0" else { throw fault("a text holds the character U+0", mend: "take it out") }
        place += digits
        return scalar
    }

}
