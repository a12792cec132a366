import CaseCore

/// What is wrong with a catalogue: where, against which rule, and how to mend it.
package struct Finding: Equatable, Sendable, CustomStringConvertible {
    package let file: String
    /// From 1.
    package let line: Int
    package let rule: Violation.Rule
    package let message: String
    package let mend: String

    package var description: String {
        "\(file):\(line): \(rule.rawValue): \(message); \(mend)"
    }
}

extension [Finding] {
    /// As lines for whoever is told over the wire: the first hundred, and how many there are besides.
    package var lines: [String] {
        let limit = 100
        return prefix(limit).map(\.description) + (count > limit ? ["and \(count - limit) more"] : [])
    }
}
