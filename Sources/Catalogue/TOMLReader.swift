import WorkingTime

/// Reads TOML 1.0, in one walk over the text.
///
/// What no catalogue needs is refused as well: values in values more than 32 deep, years before 1, fractions of more than nine digits, exponents
/// of more than three, and NUL.
package enum TOMLText {
    /// Why a text cannot be read, and where.
    package struct Unreadable: Error {
        /// From 1.
        package let line: Int
        package let message: String
        package let mend: String
    }

    package static func table(_ text: String) throws(Unreadable) -> TOMLTable {
        let reading = reading(text, kinds: [])
        if let fault = reading.faults.first { throw fault }
        return reading.table
    }

    /// A character of which nothing is left to be guessed, and that no terminal takes for a command.
    static func name(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .surrogate, .unassigned:
            "U+\(String(scalar.value, radix: 16, uppercase: true))"
        default: String(scalar)
        }
    }

    /// A key as it is said in a sentence: what of it cannot be seen is named, and the plain spaces in it stay.
    static func shown(_ key: String) -> String {
        key.unicodeScalars.map { $0 == " " ? " " : name($0) }.joined()
    }

    /// What a text with faults says besides them.
    struct Reading {
        fileprivate(set) var table = TOMLTable([:])
        fileprivate(set) var faults: [Unreadable] = []
        /// Entries of which something was passed over, by kind and name.
        fileprivate(set) var damaged: [[String]] = []
        /// The texts that were passed over.
        fileprivate(set) var lost: [String] = []

        /// Faults of one text that are looked for; what follows the last one is passed over.
        fileprivate static let faultLimit = 100
    }

    /// Reads on behind a fault from the next heading of an entry of one of these kinds.
    static func reading(_ text: String, kinds: Set<String>) -> Reading {
        var reader = TOMLReader(text)
        return reader.read(kinds: kinds)
    }
}

/// Walks over a TOML text once.
private struct TOMLReader {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    /// Values in values, and parts of a key: more than people write, and little enough for a stack.
    private static let depthLimit = 32

    init(_ text: String) {
        bytes = Array(text.utf8)
        // A mark of the byte order, as some editors write it.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    mutating func read(kinds: Set<String>) -> TOMLText.Reading {
        var reading = TOMLText.Reading()
        let root = TOMLTree()
        var (table, path) = (root, [String]())
        while place < bytes.count {
            let start = (place: place, line: line)
            do throws(TOMLText.Unreadable) {
                skipBlanks()
                switch next {
                case "[":
                    path = []
                    (table, path) = try heading(of: root)
                case "#", "\n", "\r", nil: try endOfLine()
                default: try pair(of: table, depth: 0)
                }
            } catch {
                reading.faults.append(error)
                (place, line) = start
                let named = path + nameOnLine()
                if named.count > 1, kinds.contains(named[0]) { reading.damaged.append(Array(named.prefix(2))) }
                passOver(to: reading.faults.count < TOMLText.Reading.faultLimit ? kinds : [])
                reading.lost.append(text(from: start.place))
            }
        }
        reading.table = root.whole
        return reading
    }

    /// The name of a heading or key with which this line begins, as far as it can be told.
    private func nameOnLine() -> [String] {
        let rest = String(decoding: bytes[place...].prefix { $0 != UInt8(ascii: "\n") }.prefix(1024), as: UTF8.self)
        let plain = rest.drop { $0 == " " || $0 == "\t" }
        return plain.first == "[" ? SourceLines.keys(plain.drop { $0 == "[" }, until: "]") : SourceLines.keys(plain, until: "=")
    }

    /// Goes to the next line that is a heading of an entry, or to the end.
    private mutating func passOver(to kinds: Set<String>) {
        while place < bytes.count {
            while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            guard place < bytes.count else { return }
            (place, line) = (place + 1, line + 1)
            let isHeading = bytes[place...].first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } == UInt8(ascii: "[")
            guard isHeading, case let name = nameOnLine(), name.count > 1, kinds.contains(name[0]) else { continue }
            return
        }
    }

    // MARK: Bytes

    /// The next byte as an ASCII character, U+FFFD where it is none of ASCII; nil at the end.
    private var next: Unicode.Scalar? {
        scalar(at: place)
    }

    private func scalar(at place: Int) -> Unicode.Scalar? {
        guard place < bytes.count else { return nil }
        return bytes[place] < 0x80 ? Unicode.Scalar(bytes[place]) : "\u{FFFD}"
    }

    private func starts(with text: StaticString) -> Bool {
        bytes.count - place >= text.utf8CodeUnitCount
            && (0..<text.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard starts(with: text) else { return false }
        place += text.utf8CodeUnitCount
        return true
    }

    private mutating func skipBlanks() {
        while next == " " || next == "\t" { place += 1 }
    }

    /// Takes an end of a line: LF, or CR LF.
    private mutating func takeLineEnd() -> Bool {
        guard take("\n") || take("\r\n") else { return false }
        line += 1
        return true
    }

    private func fault(_ message: String, mend: String) -> TOMLText.Unreadable {
        TOMLText.Unreadable(line: line, message: message, mend: mend)
    }

    /// What stands here instead of what belongs here.
    private func misplaced(_ wanted: String, mend: String) -> TOMLText.Unreadable {
        guard place < bytes.count, next != "\n", next != "\r" else { return fault("the line ends before \(wanted)", mend: mend) }
        let rest = String(decoding: bytes[place...].prefix(64), as: UTF8.self)
        let scalar = rest.unicodeScalars.first ?? "\u{FFFD}"
        switch scalar {
        case "“", "”", "„", "‟", "＂", "‘", "’", "‛", "＇", "「", "」", "『", "』", "《", "》":
            return fault("\(scalar) stands where a straight quote belongs", mend: "write \" instead")
        case "＝", "，", "．", "。", "［", "］", "【", "】", "｛", "｝", "＃", "：", "\u{3000}", "\u{A0}":
            return fault(
                "\(TOMLReader.name(scalar)) is no character of TOML outside quotes", mend: "write the one of the plain keyboard instead")
        case _ where scalar.value > 0x7F:
            let word = rest.unicodeScalars.prefix { $0.value > 0x7F }
            let shown = String(String.UnicodeScalarView(word.prefix(16)))
            return fault("\(TOMLReader.name(shown)) stands without quotes", mend: "put it in quotes, as in \"\(TOMLReader.name(shown))\"")
        default: return fault("\(TOMLReader.name(scalar)) stands before \(wanted)", mend: mend)
        }
    }

    private static func name(_ text: String) -> String {
        text.unicodeScalars.map(TOMLText.name).joined()
    }

    private static func name(_ scalar: Unicode.Scalar) -> String {
        TOMLText.name(scalar)
    }

    // MARK: Lines

    private mutating func endOfLine() throws(TOMLText.Unreadable) {
        try skipComment()
        guard place == bytes.count || takeLineEnd() else {
            throw misplaced("the end of the line", mend: "begin a new line for what follows")
        }
    }

    private mutating func skipComment() throws(TOMLText.Unreadable) {
        skipBlanks()
        guard next == "#" else { return }
        while let next, next != "\n", !starts(with: "\r\n") {
            guard next == "\t" || (next >= " " && next != "\u{7F}") else {
                throw fault("a comment holds the control character \(TOMLReader.name(next))", mend: "take it out")
            }
            place += 1
        }
    }

    private mutating func heading(of root: TOMLTree) throws(TOMLText.Unreadable) -> (table: TOMLTree, path: [String]) {
        let isList = take("[[")
        if !isList { place += 1 }
        let path = try key(until: "]")
        guard isList ? take("]]") : take("]") else {
            throw misplaced(isList ? "]]" : "]", mend: isList ? "write [[name]]" : "write [name]; a name with other signs stands in quotes")
        }
        let start = line
        try endOfLine()
        do throws(TOMLTree.Refused) {
            return (isList ? try root.element(at: path) : try root.table(at: path), path)
        } catch {
            throw TOMLText.Unreadable(line: start, message: error.message, mend: error.mend)
        }
    }

    /// What it says is taken in where the line ends behind it; in an inline table, more follows.
    private mutating func pair(of table: TOMLTree, depth: Int) throws(TOMLText.Unreadable) {
        let start = line
        let path = try key(until: "=")
        guard take("=") else { throw misplaced("=", mend: "write key = value; a key with other signs stands in quotes") }
        skipBlanks()
        let value = try value(depth: depth)
        if depth == 0 { try endOfLine() }
        do throws(TOMLTree.Refused) {
            try table.put(value, at: path)
        } catch {
            throw TOMLText.Unreadable(line: start, message: error.message, mend: error.mend)
        }
    }

    private mutating func key(until end: Unicode.Scalar) throws(TOMLText.Unreadable) -> [String] {
        var path: [String] = []
        repeat {
            guard path.count < TOMLReader.depthLimit else {
                throw fault("a key has more than \(TOMLReader.depthLimit) parts", mend: "use fewer dots")
            }
            skipBlanks()
            switch next {
            case "\"": path.append(try basicText())
            case "'": path.append(try literalText())
            default:
                let start = place
                while let next, TOMLReader.isBare(next) { place += 1 }
                guard place > start else { throw misplaced("a name", mend: "a name is of letters, digits, - and _, or stands in quotes") }
                path.append(text(from: start))
            }
            skipBlanks()
        } while take(".")
        // A name of other letters that begins plainly.
        if let next, next != end, next.value > 0x7F { throw misplaced("\(end)", mend: "put the whole name in quotes") }
        return path
    }

    /// What was read since a place.
    private func text(from start: Int) -> String {
        String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(TOMLText.Unreadable) -> TOMLValue {
        guard depth < TOMLReader.depthLimit else {
            throw fault("values stand in values more than \(TOMLReader.depthLimit) deep", mend: "nest less")
        }
        return switch next {
        case "\"": .string(starts(with: "\"\"\"") ? try longText("\"\"\"", hasEscapes: true) : try basicText())
        case "'": .string(starts(with: "'''") ? try longText("'''", hasEscapes: false) : try literalText())
        case "[": .array(try array(depth: depth))
        case "{": .table(try inlineTable(depth: depth))
        default: try word()
        }
    }

    private mutating func array(depth: Int) throws(TOMLText.Unreadable) -> [TOMLValue] {
        let start = line
        var values: [TOMLValue] = []
        place += 1
        func open() -> TOMLText.Unreadable {
            TOMLText.Unreadable(line: start, message: "an array does not end", mend: "close it with ]")
        }
        func skip() throws(TOMLText.Unreadable) {
            repeat { try skipComment() } while takeLineEnd()
        }
        while true {
            try skip()
            if take("]") { return values }
            guard place < bytes.count else { throw open() }
            values.append(try value(depth: depth + 1))
            try skip()
            if take("]") { return values }
            guard place < bytes.count else { throw open() }
            guard take(",") else { throw misplaced(", or ]", mend: "separate the values of an array with commas, and close it with ]") }
        }
    }

    private mutating func inlineTable(depth: Int) throws(TOMLText.Unreadable) -> TOMLTable {
        let table = TOMLTree()
        place += 1
        skipBlanks()
        if take("}") { return table.whole }
        repeat {
            try pair(of: table, depth: depth + 1)
            skipBlanks()
        } while take(",")
        guard take("}") else { throw misplaced(", or }", mend: "an inline table stands on one line, and ends with }") }
        return table.whole
    }

    // MARK: Texts

    private mutating func basicText() throws(TOMLText.Unreadable) -> String {
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

    private mutating func literalText() throws(TOMLText.Unreadable) -> String {
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

    private mutating func longText(_ quotes: StaticString, hasEscapes: Bool) throws(TOMLText.Unreadable) -> String {
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

    // MARK: Words, numbers and dates

    private mutating func word() throws(TOMLText.Unreadable) -> TOMLValue {
        let start = place
        while let next, TOMLReader.isBare(next) || next == "." || next == "+" || next == ":" { place += 1 }
        var text = text(from: start)
        // A space may stand between a day and a time.
        if TOMLReader.isDay(text), next == " ", let digit = scalar(at: place + 1), ("0"..."9").contains(digit) {
            place += 1
            let time = place
            while let next, TOMLReader.isBare(next) || next == "." || next == "+" || next == ":" { place += 1 }
            text += "T" + self.text(from: time)
        }
        guard !text.isEmpty else { throw misplaced("a value", mend: "write a text in quotes, a number, a day, true or false") }
        // What follows without a gap belongs to it, and does not.
        if let next, next.value > 0x7F { throw misplaced("the end of the value", mend: "put the whole text in quotes") }
        guard let value = TOMLReader.value(of: text) else {
            throw fault(
                "\(text.count > 40 ? text.prefix(40) + "…" : text) is no value: neither a number, a day, true nor false",
                mend: "put a text in quotes; write a day as in 2026-02-06 and a time as in 09:00:00")
        }
        return value
    }

    /// What a word without quotes stands for; nil where it is none.
    private static func value(of text: String) -> TOMLValue? {
        if let flag = Bool(text) { return .boolean(flag) }
        if let number = integer(text) { return .integer(number) }
        if isFloat(text) { return Double(text.filter { $0 != "_" }).map { .float($0) } }
        if isDay(text) { return Day(text).map { .day($0) } }
        return isDate(text) ? .time(text) : nil
    }

    private static func integer(_ text: String) -> Int64? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            return plainDigits(text.dropFirst(2), radix: radix).flatMap { Int64($0, radix: radix) }
        }
        let sign = text.hasPrefix("-") ? "-" : ""
        guard let digits = plainDigits(text.dropFirst(text.hasPrefix("+") || text.hasPrefix("-") ? 1 : 0), radix: 10) else { return nil }
        return digits == "0" || !digits.hasPrefix("0") ? Int64(sign + digits) : nil
    }

    /// The digits without the underscores that may stand between two of them; nil where it is anything else.
    private static func plainDigits(_ text: Substring, radix: Int) -> String? {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        let isWhole = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < radix } ?? false }
        }
        return isWhole ? parts.joined() : nil
    }

    private static func isFloat(_ text: String) -> Bool {
        let unsigned = text.dropFirst(text.hasPrefix("+") || text.hasPrefix("-") ? 1 : 0)
        if unsigned == "inf" || unsigned == "nan" { return true }
        let parts = unsigned.split(separator: "e", omittingEmptySubsequences: false).flatMap {
            $0.split(separator: "E", omittingEmptySubsequences: false)
        }
        guard (1...2).contains(parts.count), unsigned.count <= 64 else { return false }
        if parts.count == 2 {
            let exponent = parts[1].dropFirst(parts[1].hasPrefix("+") || parts[1].hasPrefix("-") ? 1 : 0)
            guard let digits = plainDigits(exponent, radix: 10), digits.count <= 3 else { return false }
        }
        let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count == 2 || halves.count == 1 && parts.count == 2, let whole = plainDigits(halves[0], radix: 10),
            whole == "0" || !whole.hasPrefix("0")
        else { return false }
        return halves.count == 1 || plainDigits(halves[1], radix: 10) != nil
    }

    private static func isDate(_ text: String) -> Bool {
        if isDay(text) || isTime(text) { return true }
        guard text.utf8.count > 11, isDay(String(text.prefix(10))), "Tt".contains(text.dropFirst(10).first!) else { return false }
        let rest = text.dropFirst(11)
        if isTime(String(rest)) { return true }
        if let last = rest.last, "Zz".contains(last) { return isTime(String(rest.dropLast())) }
        guard rest.utf8.count > 6 else { return false }
        let offset = rest.suffix(6)
        return "+-".contains(offset.first!) && isTime(offset.dropFirst() + ":00") && isTime(String(rest.dropLast(6)))
    }

    private static func isDay(_ text: String) -> Bool {
        text.utf8.count == 10 && Day(text) != nil
    }

    /// `HH:MM:SS`, with a fraction of up to nine digits.
    private static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 8, bytes[2] == UInt8(ascii: ":"), bytes[5] == UInt8(ascii: ":") else { return false }
        func number(_ place: Int) -> Int? { Int(String(decoding: bytes[place..<place + 2], as: UTF8.self)) }
        let isPlain = [0, 1, 3, 4, 6, 7].allSatisfy { (0x30...0x39).contains(bytes[$0]) }
        guard isPlain, let hour = number(0), let minute = number(3), let second = number(6), hour < 24, minute < 60, second < 60 else {
            return false
        }
        guard bytes.count > 8 else { return true }
        return bytes[8] == UInt8(ascii: ".") && (10...18).contains(bytes.count) && bytes[9...].allSatisfy { (0x30...0x39).contains($0) }
    }
}
