extension Lifecycle {
    /// `docs/lifecycle.md`: the table as people read it, generated so that it cannot differ.
    package static var document: String {
        var text = """
            # The lifecycle of a case

            Generated from the commands in `Sources/CaseCore/Commands`; what they do is tested against it on every state. Write it anew
            with `UPDATE=1 swift test --filter LifecycleTests`.

            ```
                       accept, or silence          recommend
            submitted ───────────────────> in-review ─────────> with-leader ───> granted
              │   ▲                            ▲    <───────────     │   └─────> refused
              │   │ correct                    │       return        │
              │   └───── correction            └─────────┬───────────┘
              ├─ request-correction ─^ └─> lapsed        └─ silence, where the matter says so ─> deemed-granted
              └─ decline ─> not-accepted
                                                 from any of the four: withdraw ─> withdrawn
            ```

            ## Where each command leads

            Columns are states. `·` is refused; `=` is taken and leaves the file where it is; `s` is taken even while the case is suspended.

            | command | given by |
            """
        let states = State.allCases
        text += states.map { " \($0.rawValue) |" }.joined() + "\n|---|---|" + String(repeating: "---|", count: states.count) + "\n"
        for command in Commands.declarations {
            let givers = command.roles.map(\.rawValue).sorted().joined(separator: ", ")
            let cells = states.map { state in
                guard let target = command.path.targets[state] else { return " · |" }
                return " \(target == state ? "=" : target.rawValue)\(command.isTakenWhileSuspended ? " s" : "") |"
            }
            text += "| \(command.name) | \(givers) |\(cells.joined())\n"
        }
        return text + """

            `submit` makes a new case. Within its row everything else holds too: required materials that are missing make `accept`, `grant`
            and `deem-grant` impossible; steps of the examination that the matter asks for and nobody has taken make `recommend` impossible, each is taken once, in order;
            a required fee that is neither paid nor waived makes it impossible to recommend that a case be granted, and to deliver a grant; submitter, handler and leader are three persons, and whoever accepted, asked for a correction, took a step of the examination or
            recommended never decides, whoever handles the file now; whoever is the last to decide a case does not examine it, and recusals leave two persons, one for each; an extension is possible once, before the breach, by the authority and
            within the limit that the matter names. A recommendation waits for the offices that were asked, until their time
            has passed (`miss-opinion`). What was granted stays so in its history; a case of a matter that revokes it, which refers to it, takes it
            back (`open-revocation`, `revoke`, and `end-revocation` where that ended otherwise are given by that case). The refusals are listed in `protocol/PROTOCOL.md`.

            """
    }
}
