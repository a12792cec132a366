import CaseCore

/// What is nicer on a terminal than the parameters of a command as its options.
struct TerminalForm {
    /// Its name among the commands, where that of its method would not do.
    var name: String?
    /// Parameters that are given without a name, after the case.
    var positional: Set<String> = []
    /// What stands for an option that is not given.
    var defaults: [String: String] = [:]
    var discussion = ""

    private static let forms: [CommandName: TerminalForm] = [
        Submit.name: TerminalForm(positional: ["matter"], defaults: ["channel": "window"]),
        Assign.name: TerminalForm(positional: ["handler"]),
        Examine.name: TerminalForm(positional: ["step", "outcome"]),
        Recommend.name: TerminalForm(positional: ["recommendation"]),
        SettleFee.name: TerminalForm(positional: ["material", "state"]),
        Note.name: TerminalForm(positional: ["text"]),
        Extend.name: TerminalForm(defaults: ["clock": ClockKind.decision.rawValue]),
        Inspect.name: TerminalForm(name: "record"),
        AskOpinion.name: TerminalForm(
            positional: ["office"],
            discussion: "How long it has, and whether the clocks of the case run on meanwhile, is what the matter says of it."),
        GiveOpinion.name: TerminalForm(positional: ["opinion"], discussion: "For the officers of the office that was asked."),
        WithdrawOpinion.name: TerminalForm(positional: ["office"]),
        OpenOrder.name: TerminalForm(
            defaults: ["to": SupervisionOrder.Recipient.handler.rawValue],
            discussion: "For the commissioner of the case. An order that nobody answers in time raises the case one level."),
        AnswerOrder.name: TerminalForm(positional: ["order"], discussion: "For whoever is asked."),
        CloseOrder.name: TerminalForm(positional: ["order"], discussion: "For the commissioner, also after the decision."),
    ]

    static func of(_ command: CommandName) -> TerminalForm {
        forms[command] ?? TerminalForm()
    }
}
