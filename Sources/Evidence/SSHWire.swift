/// Reads the fields of SSH's messages (RFC 4251, section 5).
struct SSHReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    mutating func bytes(_ count: Int, _ what: String) throws(SSHFault) -> [UInt8] {
        guard count <= rest.count else { throw .malformed(what) }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func byte(_ what: String) throws(SSHFault) -> UInt8 {
        try bytes(1, what)[0]
    }

    mutating func number(_ what: String) throws(SSHFault) -> UInt32 {
        try bytes(4, what).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string(_ what: String) throws(SSHFault) -> [UInt8] {
        let count = try number(what)
        return try bytes(Int(count), what)
    }

    mutating func text(_ what: String) throws(SSHFault) -> String {
        guard let text = String(validating: try string(what), as: UTF8.self) else { throw .malformed(what) }
        return text
    }

    /// A number from 0 on in as many bytes as are asked for, of its shortest form.
    mutating func integer(byteCount: Int, _ what: String) throws(SSHFault) -> [UInt8] {
        let bytes = try string(what)
        let isShortest = bytes.first != 0 || (bytes.count > 1 && bytes[1] >= 0x80)
        let digits = bytes.drop { $0 == 0 }
        guard bytes.first.map({ $0 < 0x80 }) ?? true, isShortest, digits.count <= byteCount else { throw .malformed(what) }
        return [UInt8](repeating: 0, count: byteCount - digits.count) + digits
    }

    func end(_ what: String) throws(SSHFault) {
        guard rest.isEmpty else { throw .malformed(what) }
    }
}

/// The same, written.
enum SSHWriter {
    static func number(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }

    static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
        number(UInt32(bytes.count)) + bytes
    }

    static func string(_ text: String) -> [UInt8] {
        string(text.utf8)
    }
}

/// Bytes as base 64 between two lines that say what they are.
struct SSHArmor {
    let begin: String
    let end: String

    init(_ title: String) {
        (begin, end) = ("-----BEGIN \(title)-----", "-----END \(title)-----")
    }

    /// Lines of 70 characters, as OpenSSH writes them.
    func text(_ bytes: [UInt8]) -> String {
        let digits = Array(Base64.text(bytes).utf8)
        let lines = stride(from: 0, to: digits.count, by: 70).map {
            String(decoding: digits[$0..<min($0 + 70, digits.count)], as: UTF8.self)
        }
        return ([begin] + lines + [end]).map { "\($0)\n" }.joined()
    }

    /// - Parameter text: lines of any length, each of which may end in CR LF; the last need not end.
    func bytes(_ text: [UInt8], _ what: String) throws(SSHFault) -> [UInt8] {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false).map { $0.last == 13 ? $0.dropLast() : $0 }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count >= 2, lines.removeFirst().elementsEqual(begin.utf8), lines.removeLast().elementsEqual(end.utf8),
            let bytes = Base64.bytes(lines.joined())
        else { throw .malformed(what) }
        return bytes
    }
}
