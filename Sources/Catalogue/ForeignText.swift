/// A file that is no UTF-8, and what it is instead as far as that can be told.
package struct ForeignText: Equatable, Sendable {
    package enum Encoding: Equatable, Sendable {
        /// Without a mark of the byte order, which of the two bytes comes first.
        case utf16(isBigEndian: Bool?)
        case utf32
        /// Also GBK and GB2312, which it includes.
        case gb18030
        /// ISO 8859-1, or Windows-1252: single bytes for letters with accents.
        case latin1
        /// This byte, for the first time, is of no encoding that is known here.
        case unknown(UInt8)

        /// As `iconv` calls it; nil where nobody knows.
        package var name: String? {
            switch self {
            case .utf16(let isBigEndian): "UTF-16\(isBigEndian.map { $0 ? "BE" : "LE" } ?? "")"
            case .utf32: "UTF-32"
            case .gb18030: "GB18030"
            case .latin1: "WINDOWS-1252"
            case .unknown: nil
            }
        }
    }

    /// Where the file is.
    let path: String
    package let encoding: Encoding
    /// Where it is no UTF-8 for the first time, from 1.
    let line: Int
    /// Its plain letters, among which the names of entries are.
    let approximate: String

    /// Nil for UTF-8.
    package init?(_ bytes: [UInt8], at path: String) {
        self.path = path
        let isText = String(validating: bytes, as: UTF8.self) != nil
        let zeros = bytes.lazy.filter { $0 == 0 }.count
        guard !isText || zeros > 0 else { return nil }
        let place = ForeignText.firstFault(bytes) ?? 0
        line = 1 + bytes[..<place].lazy.filter { $0 == UInt8(ascii: "\n") }.count
        approximate = String(decoding: bytes.filter { $0 != 0 && $0 < 0x80 }, as: UTF8.self)
        encoding =
            if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
                .utf32
            } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
                .utf16(isBigEndian: nil)
            } else if zeros > bytes.count / 4 {
                .utf16(isBigEndian: bytes.first == 0)
            } else if isText {
                .unknown(0)
            } else if ForeignText.isChinese(bytes) {
                .gb18030
            } else if ForeignText.isLatin(bytes) {
                .latin1
            } else {
                .unknown(bytes[place])
            }
    }

    package var message: String {
        switch encoding {
        case .utf16, .utf32: "the file is in \(encoding.name!), and has to be in UTF-8"
        case .gb18030: "the file is in GB18030 or GBK, as it seems, and has to be in UTF-8"
        case .latin1: "the file is in ISO 8859-1 or Windows-1252, as it seems, and has to be in UTF-8"
        case .unknown(0): "the file holds NUL, and is no text"
        case .unknown(let byte): "the file is no UTF-8: it holds the byte 0x\(String(byte, radix: 16, uppercase: true)) here"
        }
    }

    package var mend: String {
        let isPlain = path.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "._-/".utf8.contains($0)
        }
        let path = isPlain ? path : "'\(path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
        guard let name = encoding.name else { return "save it as UTF-8" }
        return "save it as UTF-8: iconv -f \(name) -t UTF-8 \(path) > \(path).new && mv \(path).new \(path)"
    }

    /// The first byte that begins no character of UTF-8.
    private static func firstFault(_ bytes: [UInt8]) -> Int? {
        var place = 0
        while place < bytes.count {
            let length =
                switch bytes[place] {
                case 0x00...0x7F: 1
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 0
                }
            guard length > 0, place + length <= bytes.count,
                length == 1 || String(validating: bytes[place..<place + length], as: UTF8.self) != nil
            else { return place }
            place += length
        }
        return nil
    }

    /// Whether all that is not ASCII is in pairs, or fours, of GB18030, and most of the pairs have both bytes where the usual characters are.
    private static func isChinese(_ bytes: [UInt8]) -> Bool {
        var (place, pairs, usual) = (0, 0, 0)
        while place < bytes.count {
            guard bytes[place] >= 0x80 else {
                place += 1
                continue
            }
            guard (0x81...0xFE).contains(bytes[place]), place + 1 < bytes.count else { return false }
            switch bytes[place + 1] {
            case 0x30...0x39:
                guard place + 3 < bytes.count, (0x81...0xFE).contains(bytes[place + 2]), (0x30...0x39).contains(bytes[place + 3]) else {
                    return false
                }
                (place, pairs, usual) = (place + 4, pairs + 1, usual + 1)
            case 0x40...0x7E, 0x80...0xFE:
                usual += bytes[place] >= 0xA1 && bytes[place + 1] >= 0xA1 ? 1 : 0
                (place, pairs) = (place + 2, pairs + 1)
            default: return false
            }
        }
        return usual * 4 >= pairs * 3
    }

    /// Whether letters of other alphabets stand alone among plain ones.
    private static func isLatin(_ bytes: [UInt8]) -> Bool {
        let places = bytes.indices.filter { bytes[$0] >= 0x80 }
        let alone = places.count { place in
            (place == 0 || bytes[place - 1] < 0x80) && (place + 1 == bytes.count || bytes[place + 1] < 0x80)
        }
        return alone * 4 >= places.count * 3
    }
}
