import CasePages
import CaseWire

// What a plan says, in words.

extension CatalogGroup {
    /// Refuses what a plan says could not be applied.
    static func requireAllowed(_ plan: JSONValue) throws(Failure) {
        guard let refused = plan.cell("refused") else { return }
        throw Failure(code: .refused, message: "this would be refused: \(refused)", hint: plan.cell("hint"))
    }

    static func describe(_ result: JSONValue, _ times: Times) -> String {
        let changes = result["changes"]?.array ?? []
        guard !changes.isEmpty else {
            return Say.line("Nothing changes: version \(result.cell("version") ?? "") holds the same.")
        }
        var lines = ["Version \(result.cell("version") ?? "")" + (times(result, "effective").map { ", from \($0)" } ?? "")]
        lines += changeLines(changes, hasKeys: result["version"]?.integer != 1)
        if let count = result["keeps_users"]?.integer {
            lines.append(
                count == 0
                    ? "  No unix user is bound: these files bind none, and neither did the version before"
                    : "  The unix users of the version before stay bound (\(count)), as these files bind none; --without-users unbinds them"
            )
        }
        for impact in result["impact"]?.array ?? [] {
            let words = [
                impact["orphaned"]?.bool == true ? "would be left without their matter: refused" : nil,
                impact["rerouted"]?.bool == true ? "are handed over, and no clock moves for that" : nil,
                impact["reprojected"]?.bool == true ? "follow the new calendar and limits" : nil,
            ].compactMap { $0 }
            let what = words.isEmpty ? "keep the version under which they were submitted" : words.joined(separator: "; ")
            lines.append("  running cases of \(impact.cell("matter") ?? "") (\(impact.cell("running") ?? "")) \(what)")
        }
        let waiting = result["waiting"]?.array ?? []
        lines += (result["leavers"]?.array ?? []).map {
            "  \($0.cell("person") ?? "") leaves \($0.cell("office") ?? ""): open cases (\($0.cell("cases") ?? "")) fall to its head, and decided ones that wait for their delivery (\($0.cell("deliveries") ?? ""))"
        }
        lines += (result["abandoned"]?.array ?? []).map {
            "  closed cases of \($0.cell("entry") ?? "") (\($0.cell("cases") ?? "")) will be with nobody but auditors: say succeeds = [\"…\"] in the one that takes over"
        }
        if let stranded = result["stranded"], stranded["count"]?.integer ?? 0 > 0 {
            let cases = (stranded["cases"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
            lines.append(
                "  running cases (\(stranded.cell("count") ?? "")) would have nobody to decide them: whoever would had to do with them, or the post is empty: \(cases)"
            )
        }
        lines += (result["warnings"]?.array ?? []).compactMap(\.string).map { "  warning: \($0)" }
        if !waiting.isEmpty {
            lines.append("  Waits for a second word, by another admin, an auditor or a post that confirms (casectl catalog confirm):")
            lines += waiting.map { "    \(appointment($0))" }
        }
        if let day = times(result, "agree_again") {
            lines.append("  The catalogue for \(day) holds this too, and has to be agreed to again: casectl catalog confirm --pending")
        }
        if result["second_words"]?.array?.isEmpty == true, result["training"] != true {
            lines.append(
                "  Nobody but admins could agree to a later version: no auditor, and no holder of a post with confirms = true, has a unix user"
            )
        }
        let tables = (result["reorganisation"].map(reorganisation) ?? []) + (result["clocks"].map { clocks($0, times) } ?? [])
        return (fitted(lines.map(Say.line).map(Terminal.plain)) + tables).joined(separator: "\n") + times.remark
    }

    /// Offices before and after, and the duties that change hands; nothing where neither changes.
    private static func reorganisation(_ change: JSONValue) -> [String] {
        var parts: [String] = []
        let names = ["abolished", "created"].map { (change[$0]?.array ?? []).compactMap(\.string) }
        if !names[0].isEmpty || !names[1].isEmpty {
            var table = Table(["", "OFFICES", "AVERAGE STAFF", "STAFF", "LEADING POSTS", "RANKS"])
            for name in ["before", "after"] {
                let figures = change[name] ?? .null
                let tenths = figures["average_staff_tenths"]?.integer ?? 0
                let ranks = (figures["ranks"]?.members ?? []).map { "\($0.value.integer ?? 0) \($0.name)" }.joined(separator: ", ")
                table.add([
                    Say.line(name), figures.cell("offices"), "\(tenths / 10).\(tenths % 10)", figures.cell("staff"),
                    figures.cell("leading_posts"),
                    ranks.isEmpty ? nil : ranks,
                ])
            }
            parts += ["", table.text]
        }
        let duties = change["duties"]?.array ?? []
        if !duties.isEmpty {
            var table = Table(["DUTY", "FROM", "TO"])
            for duty in duties { table.add(["duty", "from", "to"].map { duty.cell($0) }) }
            parts += ["", table.text]
        }
        return parts
    }

    /// What becomes of the running clocks: totals, then one by one.
    static func clocks(_ impact: JSONValue, _ times: Times) -> [String] {
        guard impact.cell("running") != "0" else { return [] }
        var totals = Table(["CLOCKS", "LATER", "EARLIER", "KEPT", "BREACHED", "NOW OFFICIAL"])
        totals.add(["running", "later", "earlier", "kept", "breached", "firm"].map { impact.cell($0) })
        let kept =
            impact.cell("kept") == "0"
            ? []
            : [
                "Kept: their budgets are raised so that no deadline comes before what was promised; --allow-earlier shortens those whose end decides nothing."
            ]
        var moves = Table(["CASE", "CLOCK", "FROM", "TO", "REMARK"])
        for move in impact["moves"]?.array ?? [] {
            let remark = [("kept", "kept"), ("breached", "breached"), ("firm", "official now")].compactMap { name, said in
                move[name]?.bool == true ? said : nil
            }
            let (from, to) = (times(move, "from", isEnd: true), times(move, "to", isEnd: true))
            moves.add([
                move.cell("case"), move.cell("clock"), from, to, remark.isEmpty ? nil : remark.map(Say.line).joined(separator: Say.comma),
            ])
        }
        return ["", totals.text] + kept.map(Say.line) + ["", moves.text]
    }
}
