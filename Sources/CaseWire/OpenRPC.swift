/// The OpenRPC document, generated from the table of methods; `protocol/openrpc.json` holds the same.
package enum OpenRPC {
    package static var document: JSONValue {
        object([
            ("openrpc", .string("1.3.2")),
            (
                "info",
                object([
                    ("title", .string("cased")), ("version", .string(productVersion)),
                    ("description", .string("Approval cases: one office, one leader, clocks in working time.")),
                ])
            ),
            ("methods", .array(Method.allCases.map(method))),
            (
                "components",
                object([("schemas", object(Shape.Named.allCases.map { ($0.rawValue, $0.shape.schema) }))])
            ),
        ])
    }

    private static func method(_ method: Method) -> JSONValue {
        object([
            ("name", .string(method.rawValue)),
            ("summary", .string(method.summary)),
            ("paramStructure", .string("by-name")),
            ("params", .array(method.parameters.map(descriptor))),
            (
                "result",
                object([
                    ("name", .string(method.effect == .mutation ? "case" : "result")),
                    ("schema", method.result.schema),
                ])
            ),
            ("errors", .array(method.errors.map(error))),
        ])
    }

    /// `data.kind` of an error says more, see PROTOCOL.md.
    private static func error(_ code: WireError.Code) -> JSONValue {
        object([("code", .integer(code.rawValue)), ("message", .string(code.standardKind))])
    }

    private static func descriptor(_ parameter: Method.Parameter) -> JSONValue {
        object([
            ("name", .string(parameter.name)),
            ("summary", .string(parameter.summary)),
            ("required", .bool(parameter.isRequired)),
            ("schema", schema(parameter.form)),
        ])
    }

    private static func schema(_ form: Method.Form) -> JSONValue {
        switch form {
        case .text: object([("type", .string("string"))])
        case .integer: object([("type", .string("integer"))])
        case .boolean: object([("type", .string("boolean"))])
        case .caseID: object([("type", .string("string")), ("pattern", .string("^C-[1-9][0-9]*$"))])
        case .orderID: object([("type", .string("string")), ("pattern", .string("^O-[1-9][0-9]*-[1-9][0-9]*$"))])
        case .instant: object([("type", .string("string")), ("format", .string("date-time"))])
        case .day: object([("type", .string("string")), ("format", .string("date"))])
        case .dayOrInstant:
            object([
                ("type", .string("string")),
                ("anyOf", .array(["date", "date-time"].map { object([("format", .string($0))]) })),
            ])
        case .length:
            object([
                ("type", .string("string")),
                ("pattern", .string("^[0-9]+ (working-days?|calendar-days?|working-hours?|working-minutes?|hours?|minutes?)$")),
            ])
        case .word(let words): object([("enum", .array(words.map(JSONValue.string)))])
        case .orNull(let form): object([("oneOf", .array([schema(form), object([("type", .string("null"))])]))])
        case .list(let form): object([("type", .string("array")), ("items", schema(form))])
        case .material:
            object([
                (
                    "oneOf",
                    .array([
                        object([("type", .string("string"))]),
                        object([
                            ("type", .string("object")), ("required", .array([.string("id")])),
                            ("additionalProperties", .bool(false)),
                            (
                                "properties",
                                object(["id", "sha256", "uri"].map { ($0, object([("type", .string("string"))])) })
                            ),
                        ]),
                    ])
                )
            ])
        case .object(let parameters):
            object([
                ("type", .string("object")), ("additionalProperties", .bool(false)),
                ("required", .array(parameters.filter(\.isRequired).map { .string($0.name) })),
                ("properties", object(parameters.map { ($0.name, schema($0.form)) })),
            ])
        case .texts:
            object([("type", .string("object")), ("additionalProperties", object([("type", .string("string"))]))])
        }
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONValue.Member($0.0, $0.1) })
    }
}

/// The version of the product, as every program prints it.
package let productVersion = "0.1.0"

/// The version of the wire contract: only ever added to within one number.
package let protocolVersion = 1
