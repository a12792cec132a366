import CaseCore
import CaseWire

extension Method {
    /// A sentence about parameters, in the words of the options that stand for them.
    ///
    /// - Parameter parameter: the path of the one that is refused, such as `filter.due_before`.
    func inOptions(_ sentence: String, about parameter: String? = nil) -> String {
        var sentence = sentence
        if let parameter, let option = option(parameter) {
            for beginning in ["parameter \(parameter) ", "\(parameter) "] where sentence.hasPrefix(beginning) {
                sentence = option + " " + sentence.dropFirst(beginning.count)
                break
            }
        }
        sentence = sentence.replacing("give the `next` of the page before", with: "give the place that the list before ended with")
        for name in parameters.map(\.name) {
            guard let option = option(name) else { continue }
            sentence = sentence.replacing("`\(name)`", with: option)
        }
        return sentence
    }

    /// Parameters of what is asked that are arguments here, or options of another name.
    private static let others: [String: [String: String]] = {
        let named: [(Query, [String: String])] = [
            (.can, ["command": "--can"]), (.drawGet, ["draw": "<draw>"]), (.get, ["receipt": "<receipt>"]),
            (.powers, ["matter": "<matter>"]),
            (.calendarDue, ["calendar": "<calendar>", "start": "<start>", "budget": "<budget>"]),
            (.calendarMeasure, ["calendar": "<calendar>", "from": "<from>", "to": "<to>"]), (.calendarShow, ["calendar": "<calendar>"]),
        ]
        return Dictionary(uniqueKeysWithValues: named.map { ($0.rawValue, $1) }).merging([
            Method.administration(.clockAdvance).rawValue: ["to": "<to>"],
            Method.administration(.noticeTake).rawValue: ["notices": "<seqs>"],
        ]) { $1 }
    }()

    /// The option, or the argument, that stands for a parameter; nil where none does.
    private func option(_ path: String) -> String? {
        let parts = path.split(separator: ".").map(String.init)
        guard let first = parts.first, let last = parts.last, let parameter = parameters.first(where: { $0.name == first }) else {
            return nil
        }
        if let other = Self.others[rawValue]?[first] { return other }
        switch first {
        case "acting": return "--as"
        case "idempotency_key": return "--key"
        case "filter" where last == "case": return "<case>"
        case "filter": return "--" + last.prefix { $0 != "[" }.replacing("_", with: "-")
        default: break
        }
        let form = if case .command(let command) = self { TerminalForm.of(command) } else { TerminalForm() }
        let options = ParameterOption.all(parameter, form)
        let option = options.first { $0.path == parts } ?? options[0]
        return option.isPositional ? "<\(option.name)>" : "--" + option.name
    }
}
