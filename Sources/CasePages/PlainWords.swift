import CaseCore
import WorkingTime

// What is said in a language, by what is said in English.
extension Language {
    /// A sentence or a heading.
    package func text(_ english: String) -> String {
        self == .zh ? Chinese.texts[english] ?? english : english
    }

    /// A sentence that is made already, with values in it; its margin stays.
    package func line(_ english: String) -> String {
        self == .zh ? Phrases.line(english) : english
    }

    /// What stands in a cell, by the name of its column or its label.
    package func cell(_ column: String, _ text: String) -> String {
        self == .zh ? Glossary.cell(column, text) : text
    }

    /// In what function somebody acts, by the word of the wire.
    package func function(_ role: String) -> String {
        guard let known = Role(rawValue: role) else { return role }
        return self == .zh ? self.role(known) : known == .submitter ? "the applicant" : "the \(role)"
    }
}

// What somebody is told who does not work here.
extension Language {
    /// A state as somebody says it who does not work here.
    package func plainState(_ state: State) -> String {
        self == .zh ? Chinese.state(state) : state.plainWords
    }

    /// What the server refused: in the reader's language where there is a sentence for it, else what kind of refusal it is, and as the server
    /// says it.
    package func refusal(_ kind: String, _ message: String) -> String {
        guard self == .zh else { return singular(message) }
        if let sentence = Phrases.chinese(message) { return sentence }
        return (Refusal.Kind(rawValue: kind).map(Chinese.refusal) ?? Chinese.kinds[kind]).map { "\($0)（\(message)）" } ?? message
    }

    /// A sentence of casectl's or the server's own in which a length of one unit is written as units are: `1 months`.
    package func singular(_ sentence: String) -> String {
        guard self == .en else { return sentence }
        var words = sentence.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        for place in words.indices.dropFirst() where words[place - 1] == "1" || words[place - 1] == "(1" {
            guard let unit = Length.units.first(where: { words[place].hasPrefix($0) }) else { continue }
            let rest = words[place].dropFirst(unit.count)
            if rest.first.map({ $0.isLetter || $0 == "-" }) != true { words[place] = String(unit.dropLast() + rest) }
        }
        return words.joined(separator: " ")
    }
}

extension State {
    fileprivate var plainWords: String {
        switch self {
        case .submitted: "submitted; the office looks whether it is complete"
        case .correction: "something is missing; the office waits for the applicant"
        case .inReview: "being examined by the office"
        case .withLeader: "examined; the decision is awaited"
        case .granted: "granted"
        case .refused: "refused"
        case .deemedGranted: "granted, since nobody decided in time"
        case .notAccepted: "not accepted"
        case .withdrawn: "withdrawn"
        case .lapsed: "lapsed, since what was missing did not come in time"
        }
    }
}
