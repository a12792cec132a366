import CaseWire

extension JSONValue {
    /// A member as a cell: text and numbers as they are, nothing where there is none.
    package func cell(_ name: String) -> String? {
        switch self[name] {
        case .string(let text): text
        case .number(let literal): literal
        case .bool(let flag): flag ? "yes" : "no"
        case .null, .array, .object, nil: nil
        }
    }
}
