import CaseCore

/// A command as a client gives it, read once: which case it is about, and what every command can say beside it.
package struct CommandRequest: Sendable {
    package let command: any ClientCommand
    /// Nil where it opens a case.
    package let file: CaseID?
    package let envelope: Envelope
    /// Its parameters as they were given.
    package let parameters: JSONValue

    package init(_ value: JSONValue?, of command: any ClientCommand.Type) throws(WireError) {
        let value = try Parameters.object(value)
        do {
            try Shape.object(Method(command).parameters).requireKnownNames(value)
            file = try command.file(in: value)
            self.command = try command.init(from: value)
            envelope = try Envelope(from: value)
        } catch {
            throw WireError(error)
        }
        parameters = value
    }
}

extension ClientCommand {
    fileprivate static func file(in value: JSONValue) throws(Mismatch) -> CaseID? {
        switch subject {
        case .none: nil
        case .file: try FileSubject(from: value).file
        case .order: try OrderSubject(from: value).order.file
        }
    }
}

/// What every command can say beside what it asks.
package struct Envelope: Described {
    package let expectedRevision: Int64?
    package let idempotencyKey: String?
    package let acting: PersonID?

    package static let members = Members<Envelope>(
        Member("if_revision", \.expectedRevision, default: nil, "refuse unless the case is at this revision"),
        Member("idempotency_key", \.idempotencyKey, default: nil, "a key under which a retry gets the first answer"),
        Member("acting", \.acting, default: nil, "the person for whom a service acts"),
        make: { Envelope(expectedRevision: $0, idempotencyKey: $1, acting: $2) })
}

private struct FileSubject: Described {
    let file: CaseID
    static let members = Members<FileSubject>(
        Member("case", \.file, Shape.Member.oneCase.summary), make: { FileSubject(file: $0) })
}

private struct OrderSubject: Described {
    let order: OrderID
    static let members = Members<OrderSubject>(
        Member("order", \.order, "the order, such as O-17-1"), make: { OrderSubject(order: $0) })
}
