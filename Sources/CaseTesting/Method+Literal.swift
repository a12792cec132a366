import CaseWire

/// Tests name methods as clients do.
extension Method: ExpressibleByStringLiteral {
    package init(stringLiteral name: StaticString) {
        guard let method = Method(rawValue: String(describing: name)) else { preconditionFailure("there is no method \(name)") }
        self = method
    }
}
