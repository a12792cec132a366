import CaseCore

extension Shape.Member {
    /// What a client gives for it: who gives nothing leaves it out.
    package var givenShape: Shape {
        isOptional ? shape.withoutNull : shape
    }
}

extension Shape {
    /// As a JSON Schema.
    ///
    /// - Parameter isClosed: whether objects have no other members: what a server takes; what it sends may get new ones at any time.
    package func schema(isClosed: Bool) -> JSONValue {
        func object(_ members: [(String, JSONValue)]) -> JSONValue { .object(members.map { JSONValue.Member($0.0, $0.1) }) }
        func text(_ further: (String, JSONValue)...) -> JSONValue { object([("type", .string("string"))] + further) }
        return switch self {
        case .text: text()
        case .integer: object([("type", .string("integer"))])
        case .boolean: object([("type", .string("boolean"))])
        case .instant: text(("format", .string("date-time")))
        case .day: text(("format", .string("date")))
        case .dayOrInstant: text(("anyOf", .array(["date", "date-time"].map { object([("format", .string($0))]) })))
        case .length:
            text(
                (
                    "pattern",
                    .string("^[0-9]+ (working-days?|calendar-days?|weeks?|months?|working-hours?|working-minutes?|hours?|minutes?)$")
                ))
        case .caseID: text(("pattern", .string("^C-[1-9][0-9]*$")))
        case .orderID: text(("pattern", .string("^O-[1-9][0-9]*-[1-9][0-9]*$")))
        case .word(let words): object([("enum", .array(words.map(JSONValue.string)))])
        case .orNull(let shape):
            object([("oneOf", .array([shape.schema(isClosed: isClosed), object([("type", .string("null"))])]))])
        case .list(let shape): object([("type", .string("array")), ("items", shape.schema(isClosed: isClosed))])
        case .object(let members):
            object(
                [("type", .string("object"))] + (isClosed ? [("additionalProperties", .bool(false))] : []) + [
                    ("required", .array(members.filter { isClosed ? !$0.isOptional : !$0.isSparse }.map { .string($0.name) })),
                    (
                        "properties",
                        object(members.map { ($0.name, (isClosed ? $0.givenShape : $0.shape).schema(isClosed: isClosed)) })
                    ),
                ])
        case .map(let shape): object([("type", .string("object")), ("additionalProperties", shape.schema(isClosed: isClosed))])
        case .named(let name, _): object([("$ref", .string("#/components/schemas/\(name)"))])
        case .either(let shapes): object([("anyOf", .array(shapes.map { $0.schema(isClosed: isClosed) }))])
        case .any: object([])
        }
    }
}
