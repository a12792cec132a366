import FoundationEssentials

/// Base 64 with padding (RFC 4648, section 4), read strictly: each sequence of bytes has one text.
package enum Base64 {
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
    }

    package static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
        let text = Data(text)
        guard let data = Data(base64Encoded: text), data.base64EncodedData() == text else { return nil }
        return Array(data)
    }
}

/// Two small digits for each byte.
enum Hexadecimal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: digits(bytes), as: UTF8.self)
    }

    /// The same as ASCII.
    static func digits(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        func digit(_ half: UInt8) -> UInt8 { half + (half < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes {
            digits.append(digit(byte >> 4))
            digits.append(digit(byte & 15))
        }
        return digits
    }
}

/// Numbers as logs write them: ASCII digits without zeros in front.
enum Decimal {
    /// Nil for anything else, and for what is greater than an `Int64`.
    static func number(_ digits: some Collection<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var number: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tenfold, isGreat) = number.multipliedReportingOverflow(by: 10)
            let (sum, isGreater) = tenfold.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            guard !isGreat, !isGreater else { return nil }
            number = sum
        }
        return number
    }
}

/// Lines of bytes, each with a newline at its end.
struct LineReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    /// The next line without its newline; nil where none is left.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }

    /// What follows a word and a space on a line.
    static func value(_ word: String, _ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let start = Array("\(word) ".utf8)
        return line.starts(with: start) ? line.dropFirst(start.count) : nil
    }
}
