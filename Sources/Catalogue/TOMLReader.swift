import WorkingTime

/// Walks over a TOML text once.
struct TOMLReader {
    let bytes: [UInt8]
    var place = 0
    var line = 1

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
    var next: Unicode.Scalar? {
        scalar(at: place)
    }

    private func scalar(at place: Int) -> Unicode.Scalar? {
        guard place < bytes.count else { return nil }
        return bytes[place] < 0x80 ? Unicode.Scalar(bytes[place]) : "\u{FFFD}"
    }

    func starts(with text: StaticString) -> Bool {
        bytes.count - place >= text.utf8CodeUnitCount
            && (0..<text.utf8CodeUnitCount).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
    }

    mutating func take(_ text: StaticString) -> Bool {
        guard starts(with: text) else { return false }
        place += text.utf8CodeUnitCount
        return true
    }

    mutating func skipBlanks() {
        while next == " " || next == "\t" { place += 1 }
    }

    /// Takes an end of a line: LF, or CR LF.
    mutating func takeLineEnd() -> Bool {
        guard take("\n") || take("\r\n") else { return false }
        line += 1
        return true
    }

    func fault(_ message: String, mend: String) -> TOMLText.Unreadable {
        TOMLText.Unreadable(line: line, message: message, mend: mend)
    }

    /// What stands here instead of what belongs here.
    func misplaced(_ wanted: String, mend: String) -> TOMLText.Unreadable {
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

    static func name(_ text: String) -> String {
        text.unicodeScalars.map(TOMLText.name).joined()
    }

    static func name(_ scalar: Unicode.Scalar) -> String {
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

    // MARK: Words without quotes

    private mutating func word() throws(TOMLText.Unreadable) -> TOMLValue {
        let start = place
        while let next, TOMLReader.isBare(next) || next == "." || next == "+" || next == ":" { place += 1 }
        var text = text(from: start)
        // A space may stand between a day and a time.
        if TOMLWord.isDay(text), next == " ", let digit = scalar(at: place + 1), ("0"..."9").contains(digit) {
            place += 1
            let time = place
            while let next, TOMLReader.isBare(next) || next == "." || next == "+" || next == ":" { place += 1 }
            text += "T" + self.text(from: time)
        }
        guard !text.isEmpty else { throw misplaced("a value", mend: "write a text in quotes, a number, a day, true or false") }
        // What follows without a gap belongs to it, and does not.
        if let next, next.value > 0x7F { throw misplaced("the end of the value", mend: "put the whole text in quotes") }
        guard let value = TOMLWord.value(of: text) else {
            throw fault(
                "\(text.count > 40 ? text.prefix(40) + "…" : text) is no value: neither a number, a day, true nor false",
                mend: "put a text in quotes; write a day as in 2026-02-06 and a time as in 09:00:00")
        }
        return value
    }

}
