import CaseCore

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
                "x-notifications",
                .array(
                    Shape.notifications.sorted { $0.key < $1.key }.map { name, shape in
                        object([("name", .string(name)), ("params", shape.schema(isClosed: false))])
                    })
            ),
            (
                "components",
                object([("schemas", object(Shape.components.map { ($0.name, $0.shape.schema(isClosed: false)) }))])
            ),
        ])
    }

    private static func method(_ method: Method) -> JSONValue {
        let description = method.description
        var name = "result"
        if case .command = method { name = "case" }
        return object([
            ("name", .string(method.rawValue)),
            ("summary", .string(description.summary)),
            ("paramStructure", .string("by-name")),
            ("params", .array(description.parameters.map(descriptor))),
            ("x-max-bytes", .integer(description.byteLimit)),
            (
                "result",
                object([
                    ("name", .string(name)),
                    ("schema", description.result.schema(isClosed: false)),
                ])
            ),
            ("errors", .array(method.errors.map(error))),
        ])
    }

    /// `data.kind` of an error says more, see PROTOCOL.md.
    private static func error(_ code: WireError.Code) -> JSONValue {
        object([("code", .integer(code.rawValue)), ("message", .string(code.standardKind))])
    }

    private static func descriptor(_ parameter: Shape.Member) -> JSONValue {
        object([
            ("name", .string(parameter.name)),
            ("summary", .string(parameter.summary)),
            ("required", .bool(!parameter.isOptional)),
            ("schema", parameter.givenShape.schema(isClosed: true)),
            ("x-max-bytes", .integer(parameter.byteLimit)),
        ])
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONValue.Member($0.0, $0.1) })
    }
}
