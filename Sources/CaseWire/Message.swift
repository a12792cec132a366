import CaseCore

/// One line of the wire as JSON-RPC 2.0 reads it.
package enum Message: Sendable {
    case single(Result<Request, Rejected>)
    /// Answered by one array, in the order of its requests.
    case batch([Result<Request, Rejected>])

    package static let batchLimit = 100
    /// How many values a line holds at most, of whatever depth.
    package static let valueLimit = 1 << 16

    /// A request that cannot be carried out: what is known of its id, and why.
    package struct Rejected: Error, Sendable {
        package let id: RequestID
        package let error: WireError

        package init(id: RequestID, error: WireError) {
            self.id = id
            self.error = error
        }
    }

    /// A line that is not read.
    package static func rejected(_ error: WireError) -> Message {
        .single(.failure(Rejected(id: .null, error: error)))
    }

    package init(line: some Collection<UInt8>) {
        self = Message.read(line: line).message
    }

    /// The same, and how many values there are in it.
    package static func read(line: some Collection<UInt8>) -> (message: Message, valueCount: Int) {
        do {
            let (value, count) = try JSONReader.read(line, valueLimit: valueLimit)
            return (Message(value), count)
        } catch {
            return (.rejected(WireError(.parseError, "the line is not JSON: \(error.description)")), 0)
        }
    }

    private init(_ value: JSONValue) {
        guard let values = value.array else {
            self = .single(Message.request(value))
            return
        }
        guard !values.isEmpty, values.count <= Message.batchLimit else {
            self = .single(
                .failure(
                    Rejected(
                        id: .null, error: WireError(.invalidRequest, "a batch holds 1 to \(Message.batchLimit) requests"))))
            return
        }
        self = .batch(values.map(Message.request))
    }

    private static func request(_ value: JSONValue) -> Result<Request, Rejected> {
        func rejected(_ id: RequestID, _ message: String) -> Result<Request, Rejected> {
            .failure(Rejected(id: id, error: WireError(.invalidRequest, message)))
        }
        guard let members = value.members else { return rejected(.null, "a request is an object, not \(value.typeName)") }
        let id: RequestID?
        switch value["id"] {
        case nil: id = nil
        case .null?: id = .null
        case .number(let literal)?: id = .number(literal: literal)
        case .string(let text)?: id = .string(text)
        case .bool?, .array?, .object?: return rejected(.null, "an id is a string or a number")
        }
        if let unknown = members.first(where: { !["jsonrpc", "id", "method", "params"].contains($0.name) }) {
            return rejected(id ?? .null, "a request has no member \(unknown.name)")
        }
        guard value["jsonrpc"]?.string == "2.0" else { return rejected(id ?? .null, "the member jsonrpc is not \"2.0\"") }
        guard let method = value["method"]?.string else { return rejected(id ?? .null, "the member method is not a string") }
        return .success(Request(id: id, method: method, params: value["params"]))
    }
}

package enum RequestID: Equatable, Sendable {
    case null
    case number(literal: String)
    case string(String)

    func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .number(let literal): writer.raw(literal.utf8)
        case .string(let text): writer.string(text)
        }
    }
}

package struct Request: Sendable {
    /// Nil for a notification, which is carried out and not answered.
    package let id: RequestID?
    package let method: String
    package let params: JSONValue?

    package init(id: RequestID?, method: String, params: JSONValue?) {
        self.id = id
        self.method = method
        self.params = params
    }

    package var line: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("jsonrpc", "2.0")
                if let id {
                    writer.key("id")
                    id.write(to: &writer)
                }
                writer.member("method", method)
                if let params {
                    writer.key("params")
                    writer.value(params)
                }
            }
        }
    }
}

/// What a request came to: the bytes of a result, or an error.
package typealias Outcome = Result<[UInt8], WireError>

/// A reply without its line feed.
package func replyBytes(_ id: RequestID, _ outcome: Outcome) -> [UInt8] {
    JSONWriter.bytes { writer in
        writer.object { writer in
            writer.member("jsonrpc", "2.0")
            writer.key("id")
            id.write(to: &writer)
            switch outcome {
            case .success(let result):
                writer.key("result")
                writer.raw(result)
            case .failure(let error):
                writer.key("error")
                error.write(to: &writer)
            }
        }
    }
}

/// The line that tells a caller how many of the cases were looked at for a request that is not answered yet.
package func progressBytes(_ id: RequestID, _ count: Int, of total: Int) -> [UInt8] {
    JSONWriter.bytes { writer in
        writer.object { writer in
            writer.member("jsonrpc", "2.0")
            writer.member("method", "catalog.progress")
            writer.key("params")
            writer.object { writer in
                writer.key("id")
                id.write(to: &writer)
                writer.member("cases", count)
                writer.member("of", total)
            }
        }
    }
}
