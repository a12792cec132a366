import CaseCore
import CaseWire

/// How a command of a client is given, with all that it needs.
enum Example {
    /// Such as `casectl refuse C-17 --reasons "the plan shows no second exit"`.
    static func of(_ command: any ClientCommand.Type) -> String {
        let form = TerminalForm.of(command.name)
        let options = Method(command).parameters.filter { !ParameterOption.common.contains($0.name) }
            .flatMap { ParameterOption.all($0, form) }.filter { !$0.isNobody }
        func value(_ option: ParameterOption) -> String { own[command.name]?[option.name] ?? self.value(of: option) }
        let positional = options.filter(\.isPositional).map(value)
        let named = options.filter { !$0.isPositional && ($0.isRequired && $0.absence == nil || shown.contains($0.name)) }
            .map { "--\($0.name) \(value($0))" }
        return (["casectl", command.terminalPath] + positional + named).joined(separator: " ")
    }

    /// Options that may be left out and seldom are.
    private static let shown: Set = ["material"]

    private static func value(of option: ParameterOption) -> String {
        if case .word(let words) = option.shape { return words[0] }
        let name = option.path.last!
        if let value = values[option.path.joined(separator: "_")] ?? values[name] { return value }
        return switch option.shape {
        case .length: "\"10 working-days\""
        case .caseID: "C-17"
        case .orderID: "O-17-1"
        default: "\"\(option.name)\""
        }
    }

    /// What stands for a parameter of one command.
    private static let own: [CommandName: [String: String]] = [ErasePersonal.name: ["reason": "\"kept for ten years\""]]

    /// What stands for a parameter in an example.
    private static let values = [
        "matter": "road-sign", "title": "\"Signs at the service area\"", "applicant_id": "91X", "applicant_name": "\"Harbin Works\"",
        "materials": "application-form", "missing": "site-plan", "handler": "li.wei", "office": "water-office",
        "draw": "monthly/2026-03-01",
        "reason": "\"the owner's consent is awaited\"", "reasons": "\"the plan shows no second exit\"",
        "ground": "\"no licence is needed\"",
        "finding": "\"complete and signed\"", "opinion": "\"in order\"", "text": "\"the neighbours were heard\"",
        "question": "\"Can the sewer take it?\"", "answer": "\"on 3 May\"", "basis": "\"Art. 45\"", "how": "\"by post\"",
        "step": "form-review", "material": "occupation-charge", "refers_to": "C-3",
    ]
}
