import WorkingTime

/// Something that an applicant has to say of a case besides its title, such as an area in square metres: a member of the case's `fields`.
/// Fields that a matter does not name are further data, of which nothing is asked.
package struct MatterField: Sendable, Equatable {
    package enum Kind: String, Word, Sendable {
        /// A text of one line.
        case line
        /// A text of several lines.
        case text
        /// A decimal number such as `1200` or `-3.5`.
        case number
        /// A day such as `2026-03-24`.
        case date
        /// One of some words.
        case choice
    }

    package let id: FieldID
    package let name: String
    package let kind: Kind
    package let isRequired: Bool
    /// How many Unicode scalars it may have.
    package let longest: Int
    /// What helps to fill it in.
    package let help: String
    /// Of a choice: what there is to choose from.
    package let choices: [String]

    /// How many a matter has at most.
    package static let limit = 100
    /// How many words a choice has at most.
    package static let choiceLimit = 100
    /// How long any of them can be at most, in Unicode scalars, and how long those of one line are where the catalogue says nothing.
    package static let longestLimit = 10_000
    package static let usualLongest = 200

    package init(
        id: FieldID, name: String, kind: Kind = .line, isRequired: Bool = true, longest: Int? = nil, help: String = "",
        choices: [String] = []
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.longest = longest ?? (kind == .text ? MatterField.longestLimit : MatterField.usualLongest)
        self.help = help
        self.choices = choices
    }

    /// What is wrong with a value that does not fit.
    package enum Misfit: String, CaseIterable, Sendable {
        case tooLong, severalLines, noNumber, noDate, noChoice
    }

    /// What is wrong with a value that was given; nil where it fits.
    package func misfit(_ value: String) -> Misfit? {
        if value.unicodeScalars.count > longest { return .tooLong }
        switch kind {
        case .text: return nil
        case .line: return value.unicodeScalars.contains { $0 == "\n" || $0 == "\r" } ? .severalLines : nil
        case .number: return MatterField.isNumber(value) ? nil : .noNumber
        case .date: return Day(value) == nil ? .noDate : nil
        case .choice: return choices.contains { Array($0.utf8) == Array(value.utf8) } ? nil : .noChoice
        }
    }

    /// Digits, a minus before them or not, and a point between two of them or none.
    private static func isNumber(_ value: String) -> Bool {
        let digits = value.utf8.first == UInt8(ascii: "-") ? value.utf8.dropFirst() : value.utf8[...]
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return (1...2).contains(parts.count) && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
    }
}

package typealias FieldID = Identifier<MatterField>

extension Terms {
    /// Refuses a submission that leaves out what the matter asks for, all of it at once, or says it in a form that it does not have.
    func requireFields(_ fields: Fields) throws(Refusal) {
        let said = Dictionary(fields.all.map { ($0.name, $0.value) }) { first, _ in first }
        let missing = matter.fields.filter { $0.isRequired && said[$0.id.raw, default: ""].allSatisfy(\.isWhitespace) }
        guard missing.isEmpty else { throw .fieldsMissing(missing.map(\.id)) }
        for field in matter.fields {
            guard let value = said[field.id.raw], !value.isEmpty || field.isRequired, let misfit = field.misfit(value) else { continue }
            throw .fieldUnfit(field, misfit)
        }
    }
}
