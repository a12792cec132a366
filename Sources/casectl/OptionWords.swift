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
        for name in parameters.map(\.name) {
            guard let option = option(name) else { continue }
            sentence = sentence.replacing("`\(name)`", with: option)
        }
        return sentence
    }

    /// The option, or the argument, that stands for a parameter; nil where none does.
    private func option(_ path: String) -> String? {
        let parts = path.split(separator: ".").map(String.init)
        guard let first = parts.first, let last = parts.last, let parameter = parameters.first(where: { $0.name == first }) else {
            return nil
        }
        switch first {
        case "acting": return "--as"
        case "idempotency_key": return "--key"
        case "filter" where last == "case": return "<case>"
        case "filter": return "--" + last.replacing("_", with: "-")
        default: break
        }
        let form = if case .command(let command) = self { TerminalForm.of(command) } else { TerminalForm() }
        let options = ParameterOption.all(parameter, form)
        let option = options.first { $0.path == parts } ?? options[0]
        return option.isPositional ? "<\(option.name)>" : "--" + option.name
    }
}
