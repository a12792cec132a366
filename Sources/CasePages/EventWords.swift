import CaseCore
import CaseWire
import WorkingTime

/// What an event of a case says, beside its name and its author.
package enum EventWords {
    /// - Parameters:
    ///   - event: as `case.history` has it.
    ///   - reader: nil for programs, which read it without further ado.
    ///   - when: how an instant is said, and whether something ends then.
    package static func what(_ event: JSONValue, in reader: Language?, _ when: (_ instant: String, _ isEnd: Bool) -> String) -> String? {
        let data = event["data"] ?? .null
        let language = reader ?? .en
        func length(_ text: String) -> String { reader?.oneUnit(text) ?? text }
        func fill(_ pattern: String, _ values: String...) -> String { language.filled(pattern, values) }
        func said(_ column: String, _ text: String?) -> String { language.cell(column, text ?? "") }
        func at(_ record: JSONValue, _ member: String, isEnd: Bool = false) -> String? { record.cell(member).map { when($0, isEnd) } }
        switch event.cell("event") {
        case "submitted": return data.cell("title")
        case "suspended":
            let suspension = data["suspension"] ?? .null
            let expected = suspension.cell("expected") ?? ""
            return fill(
                "{} ({}), announced for {}", said("kind", suspension.cell("kind")), suspension.cell("basis") ?? "",
                length(expected))
        case "reprojected":
            let moves = (data["moves"]?.array ?? []).map { move in
                let clock = said("clock", move.cell("clock"))
                guard move.cell("from") != move.cell("to") else {
                    return move["firm"]?.bool == true ? fill("{} due as before, and official now", clock) : fill("{} due as before", clock)
                }
                return fill("{} due {} instead of {}", clock, at(move, "to", isEnd: true) ?? "-", at(move, "from", isEnd: true) ?? "-")
            }
            return ([fill("catalogue version {}", data.cell("catalog_version") ?? "")] + moves).joined(separator: "; ")
        case "rung-passed":
            let told = (data["addressees"]?.array ?? []).compactMap(\.string).map { said("addressee", $0) }.joined(separator: ", ")
            let late = data["late"]?.bool == true ? ", " + fill("late: was due {}", at(data, "due") ?? "") : ""
            return fill("{} clock, level {}, told {}", said("clock", data.cell("clock")), data.cell("level") ?? "", told) + late
        default: break
        }
        let name = event.cell("event") ?? ""
        let parts = (data.members ?? []).compactMap { member -> String? in
            func fact(_ value: String) -> String {
                let value = Instant(value) == nil ? value : when(value, member.name == "due")
                guard language == .en else { return Glossary.member(member.name, value, of: name) }
                return "\(member.name): \(["expected", "amount", "due"].contains(member.name) ? length(value) : value)"
            }
            return switch member.value {
            case .string(let text): text.isEmpty ? nil : fact(text)
            case .number(let literal): fact(literal)
            case .bool(let flag): flag ? language == .zh ? Glossary.members[member.name] ?? member.name : member.name : nil
            case .array(let values): values.isEmpty ? nil : fact(values.compactMap(\.string).joined(separator: " "))
            case .object, .null: nil
            }
        }
        return parts.joined(separator: language == .zh ? "；" : "; ")
    }
}
