import WorkingTime

/// What a value on the wire looks like that the server sends. New members may come at any time.
package indirect enum Shape: Sendable {
    case text, integer, boolean, instant, day
    case word([String])
    case orNull(Shape)
    case list(Shape)
    /// An object of these members.
    case object([Member])
    /// An object of any names, each with such a value.
    case map(Shape)
    /// A shape that has a name of its own.
    case named(Named)
    case either([Shape])
    /// Whatever an event or a document holds.
    case any

    package struct Member: Sendable {
        package let name: String
        package let shape: Shape
        /// Whether it is there only sometimes.
        package let isOptional: Bool
    }

    /// Shapes that occur in several places; `components.schemas` of the OpenRPC document.
    package enum Named: String, CaseIterable, Sendable {
        case file = "case"
        case clock, order, material, event, inspection, suspension, establishment
    }

    /// Members that are always there, in the order of writing.
    static func of(_ members: KeyValuePairs<String, Shape>) -> Shape {
        .object(members.map { Member(name: $0.key, shape: $0.value, isOptional: false) })
    }

    /// The same with further members that are there only sometimes.
    func sometimes(_ members: KeyValuePairs<String, Shape>) -> Shape {
        guard case .object(let all) = self else { preconditionFailure("only an object has members") }
        return .object(all + members.map { Member(name: $0.key, shape: $0.value, isOptional: true) })
    }

    /// As a JSON Schema.
    package var schema: JSONValue {
        func object(_ members: [(String, JSONValue)]) -> JSONValue { .object(members.map { JSONValue.Member($0.0, $0.1) }) }
        return switch self {
        case .text: object([("type", .string("string"))])
        case .integer: object([("type", .string("integer"))])
        case .boolean: object([("type", .string("boolean"))])
        case .instant: object([("type", .string("string")), ("format", .string("date-time"))])
        case .day: object([("type", .string("string")), ("format", .string("date"))])
        case .word(let words): object([("enum", .array(words.map(JSONValue.string)))])
        case .orNull(let shape): object([("oneOf", .array([shape.schema, object([("type", .string("null"))])]))])
        case .list(let shape): object([("type", .string("array")), ("items", shape.schema)])
        case .object(let members):
            object([
                ("type", .string("object")),
                ("required", .array(members.filter { !$0.isOptional }.map { .string($0.name) })),
                ("properties", object(members.map { ($0.name, $0.shape.schema) })),
            ])
        case .map(let shape): object([("type", .string("object")), ("additionalProperties", shape.schema)])
        case .named(let named): object([("$ref", .string("#/components/schemas/\(named.rawValue)"))])
        case .either(let shapes): object([("anyOf", .array(shapes.map(\.schema)))])
        case .any: object([])
        }
    }

    /// The first place at which a value differs, and how; nil where it has this shape. Members that are not described differ, too:
    /// clients ignore them, but the description is to be whole.
    package func difference(_ value: JSONValue, at path: String = "result") -> String? {
        func expected(_ what: String) -> String { "\(path) is \(value.typeName), not \(what)" }
        switch self {
        case .text: return value.string == nil ? expected("text") : nil
        case .integer: return value.integer == nil ? expected("a whole number") : nil
        case .boolean: return value.bool == nil ? expected("true or false") : nil
        case .instant: return value.string.flatMap { Instant($0) } == nil ? expected("an instant") : nil
        case .day: return value.string.flatMap { Day($0) } == nil ? expected("a day") : nil
        case .word(let words): return value.string.map(words.contains) ?? false ? nil : "\(path) is none of \(words)"
        case .orNull(let shape): return value.isNull ? nil : shape.difference(value, at: path)
        case .list(let shape):
            guard let values = value.array else { return expected("a list") }
            return values.enumerated().lazy.compactMap { shape.difference($1, at: "\(path)[\($0)]") }.first
        case .object(let members):
            guard let found = value.members else { return expected("an object") }
            if let unknown = found.first(where: { one in !members.contains { $0.name == one.name } }) {
                return "\(path).\(unknown.name) is not described"
            }
            return members.lazy.compactMap { member in
                guard let value = value[member.name] else { return member.isOptional ? nil : "\(path).\(member.name) is missing" }
                return member.shape.difference(value, at: "\(path).\(member.name)")
            }.first
        case .map(let shape):
            guard let found = value.members else { return expected("an object") }
            return found.lazy.compactMap { shape.difference($0.value, at: "\(path).\($0.name)") }.first
        case .named(let named): return named.shape.difference(value, at: path)
        case .either(let shapes):
            let differences = shapes.map { $0.difference(value, at: path) }
            return differences.contains(nil) ? nil : differences.compactMap { $0 }.joined(separator: "; or ")
        case .any: return nil
        }
    }
}
