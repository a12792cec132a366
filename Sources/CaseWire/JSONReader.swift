import CaseCore

/// A strict reader of RFC 8259: no trailing commas, no duplicate names, no bad UTF-8, no lone surrogates, depth limited.
package struct JSONReader {
    package static let depthLimit = 64

    package struct Malformed: Error, Equatable, CustomStringConvertible {
        /// Bytes before the fault.
        package let offset: Int
        package let reason: String

        package var description: String {
            "\(reason) at byte \(offset)"
        }
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let valueLimit: Int
    private var place = 0
    private var valueCount = 0

    /// Reads one JSON text that fills all the bytes, but for white space around it.
    package static func read(_ bytes: some Collection<UInt8>) throws(Malformed) -> JSONValue {
        try read(bytes, valueLimit: .max).value
    }

    /// The same, of no more than so many values.
    ///
    /// - Returns: the value, and how many there are in it with itself.
    package static func read(_ bytes: some Collection<UInt8>, valueLimit: Int) throws(Malformed) -> (value: JSONValue, count: Int) {
        let result: Result<(value: JSONValue, count: Int), Malformed>? = bytes.withContiguousStorageIfAvailable { storage in
            Result { () throws(Malformed) in try readWhole(storage, valueLimit) }
        }
        if let result { return try result.get() }
        return try read(Array(bytes), valueLimit: valueLimit)
    }

    private static func readWhole(
        _ bytes: UnsafeBufferPointer<UInt8>, _ valueLimit: Int
    ) throws(Malformed) -> (value: JSONValue, count: Int) {
        var reader = JSONReader(bytes: bytes, valueLimit: valueLimit)
        reader.skipSpace()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.place == bytes.count else { throw reader.fault("more follows after the end of the text") }
        return (value, reader.valueCount)
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, valueLimit: Int) {
        (self.bytes, self.valueLimit) = (bytes, valueLimit)
    }

    private func fault(_ reason: String) -> Malformed {
        Malformed(offset: place, reason: reason)
    }

    private var next: UInt8? {
        place < bytes.count ? bytes[place] : nil
    }

    private mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
        guard let byte = next else { throw fault("a value is missing") }
        valueCount += 1
        guard valueCount <= valueLimit else { throw fault("it holds more than \(valueLimit) values") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        default: throw fault("no value begins with this byte")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Malformed) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard place + length <= bytes.count,
            (0..<length).allSatisfy({ bytes[place + $0] == word.utf8Start[$0] })
        else { throw fault("no value is spelled like this") }
        place += length
        return value
    }

    private mutating func object(depth: Int) throws(Malformed) -> JSONValue {
        guard depth <= JSONReader.depthLimit else { throw fault("nested deeper than \(JSONReader.depthLimit)") }
        place += 1
        var members: [JSONValue.Member] = []
        // Most names differ already in length or ends; few that do not are compared one by one, many through a set, so that a long
        // line cannot cost its square.
        var (seen, names) = (UInt64(0), Set<ByteText>())
        skipSpace()
        if next == UInt8(ascii: "}") {
            place += 1
            return .object(members)
        }
        members.reserveCapacity(8)
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a member name is missing") }
            let start = place
            let name = try string()
            if members.count == 16 { names = Set(members.map { ByteText($0.name) }) }
            let mark = mark(name, spelledFrom: start + 1, to: place - 1)
            let isDuplicate =
                members.count < 16
                ? seen & mark != 0 && members.contains { $0.name.hasSameBytes(as: name) } : !names.insert(ByteText(name)).inserted
            seen |= mark
            if isDuplicate { throw Malformed(offset: start, reason: "a member name occurs twice") }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw fault("a colon is missing") }
            place += 1
            skipSpace()
            members.append(JSONValue.Member(name, try value(depth: depth)))
            skipSpace()
            switch next {
            case UInt8(ascii: ","): place += 1
            case UInt8(ascii: "}"):
                place += 1
                return .object(members)
            default: throw fault("a comma or the end of the object is missing")
            }
        }
    }

    /// One of 64 bits, by length and ends: equal names have equal ones.
    private func mark(_ name: String, spelledFrom start: Int, to end: Int) -> UInt64 {
        let count = name.utf8.count
        guard count > 0 else { return 1 }
        // Without an escape the name is as long as its spelling.
        let (first, last) = count == end - start ? (bytes[start], bytes[end - 1]) : (name.utf8.first!, name.utf8.last!)
        return 1 << ((UInt64(count) &* 11 &+ UInt64(first) &* 5 &+ UInt64(last)) & 63)
    }

    private mutating func array(depth: Int) throws(Malformed) -> JSONValue {
        guard depth <= JSONReader.depthLimit else { throw fault("nested deeper than \(JSONReader.depthLimit)") }
        place += 1
        var values: [JSONValue] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            place += 1
            return .array(values)
        }
        while true {
            skipSpace()
            values.append(try value(depth: depth))
            skipSpace()
            switch next {
            case UInt8(ascii: ","): place += 1
            case UInt8(ascii: "]"):
                place += 1
                return .array(values)
            default: throw fault("a comma or the end of the array is missing")
            }
        }
    }

    private mutating func number() throws(Malformed) -> JSONValue {
        let start = place
        if next == UInt8(ascii: "-") { place += 1 }
        if next == UInt8(ascii: "0") {
            place += 1
        } else {
            try digits()
        }
        if next == UInt8(ascii: ".") {
            place += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            try digits()
        }
        return .number(literal: String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<place]), as: UTF8.self))
    }

    private mutating func digits() throws(Malformed) {
        let start = place
        while let byte = next, byte >= 0x30, byte <= 0x39 { place += 1 }
        guard place > start else { throw fault("a digit is missing") }
    }

    private mutating func string() throws(Malformed) -> String {
        place += 1
        let start = place
        var (end, isASCII) = (start, true)
        while true {
            end = PlainBytes.end(of: bytes, from: end)
            guard end < bytes.count, bytes[end] >= 0x7F else { break }
            isASCII = false
            end += 1
        }
        place = end
        let plain = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if next == UInt8(ascii: "\"") {
            place += 1
            return isASCII ? String(decoding: plain, as: UTF8.self) : try text(plain, at: start)
        }
        var unescaped = Array(plain)
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                return try unescaped.withUnsafeBufferPointer { storage throws(Malformed) in try text(storage, at: start) }
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0..<0x20: throw fault("a control character is not escaped")
            default:
                unescaped.append(byte)
                place += 1
            }
        }
        throw fault("a string has no end")
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) throws(Malformed) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Malformed(offset: start, reason: "a string is not valid UTF-8")
        }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws(Malformed) {
        place += 1
        guard let byte = next else { throw fault("an escape has no end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard next == UInt8(ascii: "\\"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "u") else {
                    throw fault("a surrogate stands alone")
                }
                place += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("a surrogate stands alone") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("a surrogate stands alone") }
            text.append(contentsOf: UTF8.encode(scalar)!)
        default: throw fault("no escape is spelled like this")
        }
    }

    private mutating func hexadecimal() throws(Malformed) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw fault("an escape has no end") }
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw fault("an escape needs four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            place += 1
        }
        return code
    }
}
