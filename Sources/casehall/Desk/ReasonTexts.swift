import CaseCore
import CasePages
import CaseWire

/// Texts to begin with where reasons are asked for: made of what the guide of the matter and the case say. Nobody has to use them, and each is
/// changed before it is given.
enum ReasonTexts {
    struct Text {
        /// The number by which a button asks for it.
        let place: Int
        let textLabel: String
        let words: String
    }

    /// The parameter into which they go, by the command.
    static let fields: [CommandName: String] = [
        Grant.name: "reasons", Refuse.name: "reasons", Recommend.name: "opinion", Decline.name: "ground", Return.name: "reason",
        RequestCorrection.name: "note", Suspend.name: "basis", Extend.name: "reason", OpenOrder.name: "reason", Inspect.name: "finding",
        Examine.name: "finding",
    ]

    static func texts(_ command: CommandName, _ file: JSONValue, _ matter: JSONValue, _ visit: Visit) -> [Text] {
        let words = visit.deskWords
        let basis = matter.cell("basis") ?? ""
        let conditions = matter.texts("conditions")
        let missing = file.texts("missing").map { FileFacts.document($0, matter) }
        let unmet = conditions.map { (words.textUnmet, words.filled(words.textUnmetWords, $0, basis)) }
        let met = [(words.textMet, words.filled(words.textMetWords, basis))]
        let all: [(String, String)] =
            switch command {
            case Grant.name: met
            case Refuse.name: unmet + [(words.textRefuse, words.filled(words.textRefuseWords, basis))]
            case Recommend.name: met + unmet
            case Decline.name:
                [(words.textNotOurs, words.textNotOursWords), (words.textNoLicence, words.filled(words.textNoLicenceWords, basis))]
            case Return.name: [(words.textMore, words.textMoreWords)]
            case RequestCorrection.name:
                missing.isEmpty ? [] : [(words.textMissing, words.filled(words.textMissingWords, visit.language.list(missing)))]
            case Suspend.name: basis.isEmpty ? [] : [(words.textBasis, basis)]
            case Extend.name: [(words.textComplex, words.textComplexWords)]
            case OpenOrder.name: [(words.textWhy, words.textWhyWords)]
            case Inspect.name, Examine.name: [(words.textInOrder, words.textInOrderWords)]
            default: []
            }
        return all.enumerated().map { Text(place: $0.offset + 1, textLabel: $0.element.0, words: $0.element.1) }
    }

    /// What stands in the field with a text behind what was typed before.
    static func joined(_ typed: String, _ text: String) -> String {
        typed.isEmpty ? text : "\(typed)\n\n\(text)"
    }
}
