import WorkingTime

/// Writes JSON texts in one form: no white space, members in the order of writing, and nothing in strings that a
/// terminal or a line reader could take for its own (U+0000–001F, U+007F–009F, U+2028, U+2029 are escaped).
package struct JSONWriter: ~Copyable {
    private var output: ByteBuilder
    /// What ends a name.
    private static let colon: StaticString = "\":"
    private var needsComma = false
    private var isApart = false
    /// Whether what is kept apart was written last, as far as a comma has to know.
    private var followsApart = false
    /// Whether what stands before that needed a comma.
    private var neededComma = false
    /// What is done with members that are kept apart.
    private let parting: Parting
    /// Where the text says what is kept apart, in rising order, with the commas that go with it.
    package private(set) var apart: [Range<Int>] = []
    /// Whether names that clients chose come in an order of their own, whatever order they were given in.
    package let ordersNames: Bool

    /// What becomes of members that are kept apart where the text is recorded, see `Member.init(_:_:apart:_:)`.
    package enum Parting {
        /// They stand among the others.
        case none
        /// They stand among the others, and it is known where.
        case marked
        /// What they say has been erased, and it is known where they stand.
        case erased
    }

    package init(reserving capacity: Int = 512, orderingNames ordersNames: Bool = false, parting: Parting = .none) {
        output = ByteBuilder(reserving: capacity)
        self.ordersNames = ordersNames
        self.parting = parting
    }

    /// What was written so far.
    package var bytes: [UInt8] {
        output.array
    }

    /// Calls `body` with the same, which is there as long as that goes on.
    package func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        output.withBytes(body)
    }

    package static func bytes(orderingNames ordersNames: Bool = false, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(orderingNames: ordersNames)
        body(&writer)
        return writer.bytes
    }

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        body(&self)
        close(UInt8(ascii: "]"))
    }

    package mutating func array<Element>(of elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void) {
        open(UInt8(ascii: "["))
        for element in elements { body(&self, element) }
        close(UInt8(ascii: "]"))
    }

    /// A member name that needs no escaping; the value follows.
    package mutating func key(_ name: StaticString) {
        separate()
        output.append(UInt8(ascii: "\""))
        output.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        output.append(contentsOf: UnsafeBufferPointer(start: JSONWriter.colon.utf8Start, count: 2))
        needsComma = false
    }

    package mutating func key(_ name: String) {
        string(name)
        output.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        if text.utf8.withContiguousStorageIfAvailable({ quote($0) }) == nil {
            var text = text
            text.withUTF8 { quote($0) }
        }
        needsComma = true
    }

    package mutating func integer(_ value: some BinaryInteger) {
        separate()
        var number = value.magnitude
        if value < 0 { output.append(UInt8(ascii: "-")) }
        let start = output.count
        repeat {
            output.append(UInt8(48 + number % 10))
            number /= 10
        } while number != 0
        output.reverse(from: start)
        needsComma = true
    }

    package mutating func bool(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    package mutating func null() {
        literal("null")
    }

    package mutating func instant(_ instant: Instant) {
        separate()
        output.append(UInt8(ascii: "\""))
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { room in
            let length = instant.write(into: room)
            output.append(contentsOf: room[0..<length])
        }
        output.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A JSON text that is written already.
    package mutating func raw(_ text: some Collection<UInt8>) {
        separate()
        output.append(contentsOf: text)
        needsComma = true
    }

    package mutating func value(_ value: some Shown) {
        value.write(to: &self)
    }

    package mutating func value(_ value: Datum) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let literal): raw(literal.utf8)
        case .string(let text): string(text)
        case .array(let values): array(of: values) { $0.value($1) }
        case .object(let members):
            object { writer in
                for member in members {
                    writer.key(member.name)
                    writer.value(member.value)
                }
            }
        }
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        needsComma = true
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        output.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        output.append(byte)
        needsComma = true
    }

    private mutating func separate() {
        guard needsComma else { return }
        output.append(UInt8(ascii: ","))
        if followsApart { noteComma() }
    }

    /// A comma behind what is kept apart, and before the first of what is not, goes with it.
    private mutating func noteComma() {
        followsApart = false
        if !neededComma, let last = apart.last, last.upperBound == output.count - 1 {
            apart[apart.count - 1] = last.lowerBound..<output.count
        }
    }

    /// A member that is kept apart.
    ///
    /// - Parameter erased: writes it as it is once what it says was erased.
    mutating func apart(_ body: (inout JSONWriter) -> Void, erased: (inout JSONWriter) -> Void) {
        guard parting != .none, !isApart else { return body(&self) }
        let start = output.count
        let goesOn = followsApart && apart.last?.upperBound == start
        if !goesOn { neededComma = needsComma }
        (isApart, followsApart) = (true, false)
        if parting == .erased { erased(&self) } else { body(&self) }
        (isApart, followsApart) = (false, true)
        if goesOn {
            apart[apart.count - 1] = apart.last!.lowerBound..<output.count
        } else if output.count > start {
            apart.append(start..<output.count)
        }
    }

    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        output.append(UInt8(ascii: "\""))
        defer { output.append(UInt8(ascii: "\"")) }
        var start = 0
        var place = PlainBytes.end(of: text, from: 0)
        if place == text.count { return output.append(contentsOf: text) }
        while place < text.count {
            place = PlainBytes.end(of: text, from: place)
            guard place < text.count else { break }
            let byte = text[place]
            var length = 1
            var code: UInt32 = 0
            switch byte {
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x7F: code = UInt32(byte)
            case 0xC2 where text[place + 1] < 0xA0:
                (code, length) = (UInt32(text[place + 1]), 2)
            case 0xE2 where text[place + 1] == 0x80 && (text[place + 2] == 0xA8 || text[place + 2] == 0xA9):
                (code, length) = (0x2000 | UInt32(text[place + 2] & 0x3F), 3)
            default:
                place += 1
                continue
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
            escape(code)
            place += length
            start = place
        }
        output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<text.count]))
    }

    private mutating func escape(_ code: UInt32) {
        output.append(UInt8(ascii: "\\"))
        switch code {
        case 0x22, 0x5C: output.append(UInt8(code))
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        default:
            output.append(UInt8(ascii: "u"))
            for shift in [UInt32(12), 8, 4, 0] {
                output.append(Array("0123456789abcdef".utf8)[Int(code >> shift & 0xF)])
            }
        }
    }
}

/// Members of common shape, so that writers of objects read like the objects.
extension JSONWriter {
    package mutating func member(_ name: StaticString, _ text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ value: some BinaryInteger) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: StaticString, orNull value: (some BinaryInteger)?) {
        key(name)
        if let value { integer(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    package mutating func member(_ name: StaticString, _ value: Instant?) {
        key(name)
        if let value { instant(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ texts: some Sequence<String>) {
        key(name)
        array(of: texts) { $0.string($1) }
    }
}
