/// Reads `multipart/form-data` (RFC 7578, RFC 2046) as it comes, in pieces of any length. It holds no more than one header or one piece.
///
/// ```
/// preamble ──boundary──> header ──empty line──> body ──boundary──> header … ──boundary--──> end
/// ```
struct MultipartReader {
    enum Event: Equatable {
        /// A part begins: the name of its field, and of its file where it is one.
        case part(name: String, file: String?)
        /// More of it.
        case bytes([UInt8])
        /// It is whole.
        case partEnd
    }

    private enum State { case preamble, afterBoundary, header, body, end }

    private var state = State.preamble
    private var waiting: [UInt8]
    private let delimiter: [UInt8]
    private let limits: FormLimits

    /// Nil where a boundary cannot be: 1 to 70 characters of RFC 2046.
    init?(boundary: String, _ limits: FormLimits) {
        let allowed = Set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ".utf8)
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy(allowed.contains), boundary.utf8.last != UInt8(ascii: " ")
        else {
            return nil
        }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first boundary stands at the beginning of a line, which is that of the body too.
        waiting = Array("\r\n".utf8)
        self.limits = limits
    }

    /// The parameter of a content type; nil where it is another type.
    static func boundary(_ contentType: String) -> String? {
        let parts = contentType.split(separator: ";", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
        guard parts.first?.lowercased().trimmingSuffix() == "multipart/form-data" else { return nil }
        let values = parts.dropFirst().filter { $0.lowercased().hasPrefix("boundary=") }.map { $0.dropFirst("boundary=".count) }
        guard values.count == 1 else { return nil }
        let value = values[0]
        return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count >= 2 ? String(value.dropFirst().dropLast()) : String(value)
    }

    var isWhole: Bool {
        state == .end
    }

    mutating func read(_ bytes: some Sequence<UInt8>) throws(FormTrouble) -> [Event] {
        waiting += bytes
        var events: [Event] = []
        while true {
            switch state {
            case .preamble:
                guard let found = place(of: delimiter) else {
                    guard waiting.count <= limits.headerBytes + delimiter.count else { throw .malformed }
                    return events
                }
                // Browsers send nothing before it.
                guard found == 0 else { throw .malformed }
                drop(delimiter.count)
                state = .afterBoundary
            case .afterBoundary:
                guard waiting.count >= 2 else { return events }
                switch (waiting[0], waiting[1]) {
                case (UInt8(ascii: "-"), UInt8(ascii: "-")): state = .end
                case (UInt8(ascii: "\r"), UInt8(ascii: "\n")): state = .header
                default: throw .malformed
                }
                drop(2)
            case .header:
                guard let found = place(of: Array("\r\n\r\n".utf8)) else {
                    guard waiting.count <= limits.headerBytes else { throw .tooLarge }
                    return events
                }
                guard found <= limits.headerBytes else { throw .tooLarge }
                events.append(try part(waiting[..<found]))
                drop(found + 4)
                state = .body
            case .body:
                guard let found = place(of: delimiter) else {
                    // What may be the beginning of a boundary waits.
                    let sure = waiting.count - (delimiter.count - 1)
                    if sure > 0 {
                        events.append(.bytes(Array(waiting[..<sure])))
                        drop(sure)
                    }
                    return events
                }
                if found > 0 { events.append(.bytes(Array(waiting[..<found]))) }
                events.append(.partEnd)
                drop(found + delimiter.count)
                state = .afterBoundary
            case .end:
                // An epilogue is nothing that browsers send; the end of the last line is.
                guard waiting.count <= 2, Array("\r\n".utf8).starts(with: waiting) else { throw .malformed }
                return events
            }
        }
    }

    private mutating func drop(_ count: Int) {
        waiting.removeFirst(count)
    }

    private func place(of pattern: [UInt8]) -> Int? {
        guard waiting.count >= pattern.count else { return nil }
        return waiting.withUnsafeBufferPointer { bytes in
            var place = 0
            while place <= bytes.count - pattern.count {
                if bytes[place] == pattern[0], pattern.indices.allSatisfy({ bytes[place + $0] == pattern[$0] }) { return place }
                place += 1
            }
            return nil
        }
    }

    // MARK: The header of a part

    private func part(_ bytes: ArraySlice<UInt8>) throws(FormTrouble) -> Event {
        guard let header = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        var disposition: String?
        for line in header.unicodeScalars.split(separator: "\r\n".unicodeScalars.first!).map({ String($0).drop { $0 == "\n" } }) {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed }
            if line[..<colon].lowercased() == "content-disposition" {
                guard disposition == nil else { throw .malformed }
                disposition = String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
        guard let disposition, disposition.hasPrefix("form-data;") else { throw .malformed }
        var (name, file): (String?, String?) = (nil, nil)
        var rest = Array(disposition.utf8.dropFirst("form-data".utf8.count))[...]
        while !rest.isEmpty {
            guard rest.popFirst() == UInt8(ascii: ";") else { throw .malformed }
            rest = rest.drop { $0 == UInt8(ascii: " ") }
            guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { throw .malformed }
            let key = String(decoding: rest[..<equals], as: UTF8.self).lowercased()
            rest = rest[(equals + 1)...]
            guard rest.popFirst() == UInt8(ascii: "\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { throw .malformed }
            let value = MultipartReader.unescaped(rest[..<end])
            rest = rest[(end + 1)...]
            switch key {
            case "name" where name == nil: name = value
            case "filename" where file == nil: file = value
            default: throw .malformed
            }
        }
        guard let name, !name.isEmpty else { throw .malformed }
        guard name.utf8.count <= limits.nameBytes else { throw .tooLarge }
        return .part(name: name, file: file)
    }

    private static let escapes = ["%22": UInt8(ascii: "\""), "%0D": UInt8(ascii: "\r"), "%0A": UInt8(ascii: "\n")]

    /// As browsers write names: a quote and ends of lines are percent-encoded, nothing else is.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        // By byte: a digit with a combining mark behind it is a digit.
        var (result, rest): ([UInt8], ArraySlice<UInt8>) = ([], bytes)
        while let byte = rest.popFirst() {
            let written = [byte] + rest.prefix(2)
            guard let plain = escapes.first(where: { Array($0.key.utf8) == written })?.value else {
                result.append(byte)
                continue
            }
            result.append(plain)
            rest = rest.dropFirst(2)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension String {
    fileprivate func trimmingSuffix() -> String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
