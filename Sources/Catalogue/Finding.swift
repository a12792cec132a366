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

    /// Findings that are told one by one to people; of more, how many there are.
    package static let shownLimit = 100
}

extension [Finding] {
    /// As lines for people: the first hundred, and how many there are besides.
    package var lines: [String] {
        let limit = Finding.shownLimit
        return prefix(limit).map(\.description) + (count > limit ? ["and \(count - limit) more"] : [])
    }

    /// File by file, from the top.
    package var inOrder: [Finding] {
        enumerated().sorted { ($0.element.file, $0.element.line, $0.offset) < ($1.element.file, $1.element.line, $1.offset) }.map(\.element)
    }
}
