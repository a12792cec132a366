import CaseCore
import CaseWire

extension Shape {
    /// A value of this shape: of an object all members, of a list one element.
    package var example: JSONValue {
        example(isWhole: true)
    }

    /// - Parameter isWhole: whether members that may be missing, and values that may be null, are there.
    package func example(isWhole: Bool) -> JSONValue {
        switch self {
        case .text: "said"
        case .integer: 1
        case .boolean: true
        case .instant, .dayOrInstant: "2026-02-10T01:00:00Z"
        case .day: "2026-02-10"
        case .length: "3 working-days"
        case .caseID: "C-1"
        case .orderID: "O-1-1"
        case .word(let words): .string(words.last!)
        case .orNull(let shape): isWhole ? shape.example(isWhole: true) : .null
        case .list(let shape): isWhole ? [shape.example(isWhole: true)] : []
        case .object(let members):
            .object(members.filter { isWhole || !$0.isSparse }.map { .init($0.name, $0.shape.example(isWhole: isWhole)) })
        case .map(let shape): ["a": shape.example(isWhole: isWhole)]
        case .any: [:]
        case .named(_, let shape): shape.example(isWhole: isWhole)
        case .either(let shapes): shapes[isWhole ? shapes.count - 1 : 0].example(isWhole: isWhole)
        }
    }
}
