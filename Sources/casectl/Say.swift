import CaseCore
import CasePages
import CaseWire
import FoundationEssentials
import WorkingTime

/// What casectl says to people, in their language: Chinese where the environment asks for it, else English. Machine forms, ids and the words
/// that somebody types are the same everywhere.
enum Say {
    static let language: Language = {
        let environment = ProcessInfo.processInfo.environment
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
        return locale?.hasPrefix("zh") == true ? .zh : .en
    }()

    /// A sentence or a heading.
    static func text(_ english: String) -> String {
        language.text(english)
    }

    /// What stands in front of a fact, such as `submitted at` or `step form-review`.
    static func label(_ english: String) -> String {
        guard language == .zh, Chinese.texts[english] == nil, let space = english.firstIndex(of: " ") else { return text(english) }
        return text(String(english[..<space])) + english[space...]
    }

    /// A sentence with values in it: the English one has `{}` for each, the Chinese one is its own.
    static func fill(_ english: String, _ values: String...) -> String {
        language.filled(english, values)
    }

    /// A sentence that is made already, with values in it; its margin stays.
    static func line(_ english: String) -> String {
        language.line(english)
    }

    /// A sentence that is made already, or an id, which has no spaces and stays as it is.
    static func lineOrID(_ text: String) -> String {
        text.contains(" ") ? line(text) : text
    }

    /// What stands in a cell, by the name of its column or its label.
    static func cell(_ column: String, _ text: String) -> String {
        language.cell(column, text)
    }

    static var comma: String {
        language == .zh ? "，" : ", "
    }

    /// What the server refused: in the reader's language where there is a sentence for it, else what kind of refusal it is, and as the server
    /// says it.
    static func refusal(_ kind: String, _ message: String) -> String {
        language.refusal(kind, message)
    }

    /// A state as somebody says it who does not work here.
    static func state(_ state: State) -> String {
        language.plainState(state)
    }

    /// In what function somebody acts, for the same reader.
    static func role(_ role: String) -> String {
        language.function(role)
    }

    /// A sentence of casectl's or the server's own in which a length of one unit is written as units are: `1 months`.
    static func singular(_ sentence: String) -> String {
        language.singular(sentence)
    }

    /// A length such as `3 working-days`.
    static func length(_ text: String) -> String {
        language.words.translated(text)
    }
}
