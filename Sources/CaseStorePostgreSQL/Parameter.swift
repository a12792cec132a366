import CLibPQ

/// A value that a statement is sent with: binary, with its type. Text from outside comes into no statement in another way.
///
/// Texts of cases are bytes in the database (`bytea`, in UTF-8): its own texts hold no U+0000, which a JSON string can.
struct Parameter {
    /// Types by their numbers in PostgreSQL's catalogue, which never change (`pg_type.dat`).
    enum Kind: Oid {
        case bytes = 17
        case integer = 20
        case name = 25
        case manyBytes = 1001
        case manyNames = 1009
        case manyIntegers = 1016
    }

    let kind: Kind
    /// Nil for null.
    let bytes: [UInt8]?

    private init(_ kind: Kind, _ bytes: [UInt8]?) {
        (self.kind, self.bytes) = (kind, bytes)
    }

    static func integer(_ number: Int64?) -> Parameter {
        Parameter(.integer, number.map(encoded))
    }

    static func bytes(_ bytes: [UInt8]?) -> Parameter {
        Parameter(.bytes, bytes)
    }

    static func text(_ text: String?) -> Parameter {
        Parameter(.bytes, text.map { Array($0.utf8) })
    }

    /// What the database itself calls something.
    static func name(_ name: String) -> Parameter {
        Parameter(.name, Array(name.utf8))
    }

    static func integers(_ numbers: [Int64?]) -> Parameter {
        array(.manyIntegers, of: .integer, numbers, byteCount: { _ in 8 }) { bytes, number in
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
    }

    static func bytes(_ values: [[UInt8]?]) -> Parameter {
        array(.manyBytes, of: .bytes, values, byteCount: \.count) { $0 += $1 }
    }

    static func texts(_ texts: [String?]) -> Parameter {
        array(.manyBytes, of: .bytes, texts, byteCount: \.utf8.count) { $0 += $1.utf8 }
    }

    /// What the database itself calls some things.
    static func names(_ names: [String]) -> Parameter {
        array(.manyNames, of: .name, names, byteCount: \.utf8.count) { $0 += $1.utf8 }
    }

    private static func encoded(_ number: Int64) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }

    /// An array of one dimension: how many dimensions, whether there are nulls, the type of the elements, how many, the first index, and
    /// each with its length, -1 for null.
    private static func array<Element>(
        _ kind: Kind, of elementKind: Kind, _ elements: [Element?], byteCount: (Element) -> Int, _ append: (inout [UInt8], Element) -> Void
    ) -> Parameter {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(elements.reduce(20) { $0 + 4 + ($1.map(byteCount) ?? 0) })
        func put(_ number: Int) { withUnsafeBytes(of: Int32(number).bigEndian) { bytes += $0 } }
        put(elements.isEmpty ? 0 : 1)
        put(elements.contains { $0 == nil } ? 1 : 0)
        put(Int(elementKind.rawValue))
        guard !elements.isEmpty else { return Parameter(kind, bytes) }
        put(elements.count)
        put(1)
        for element in elements {
            put(element.map(byteCount) ?? -1)
            if let element { append(&bytes, element) }
        }
        return Parameter(kind, bytes)
    }
}
