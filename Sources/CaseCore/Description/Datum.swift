/// A value of a message or a record as whoever reads its text hands it over. Numbers keep their literal, objects the order of their
/// members. It has the form of JSON (RFC 8259): the core writes such texts, and reads none.
public enum Datum: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(literal: String)
    case string(String)
    case array([Datum])
    case object([Member])

    public struct Member: Equatable, Sendable {
        public let name: String
        public let value: Datum

        public init(_ name: String, _ value: Datum) {
            self.name = name
            self.value = value
        }
    }

    public static func integer(_ value: some BinaryInteger) -> Datum {
        .number(literal: String(value))
    }

    public subscript(name: String) -> Datum? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// A member that is looked for from a place on, where it stands in what was written in the order of the description.
    ///
    /// - Parameter place: where it is looked for first; behind the member where it is found.
    func member(_ name: String, near place: inout Int) -> Datum? {
        guard case .object(let members) = self else { return nil }
        for index in members.indices.dropFirst(place) where members[index].name == name {
            place = index + 1
            return members[index].value
        }
        for index in members.indices.prefix(place) where members[index].name == name {
            place = index + 1
            return members[index].value
        }
        return nil
    }

    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value of a number that is written as an integer and fits.
    public var integer: Int64? {
        if case .number(let literal) = self { Int64(literal) } else { nil }
    }

    public var array: [Datum]? {
        if case .array(let values) = self { values } else { nil }
    }

    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// What it is, for messages.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
