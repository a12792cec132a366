import CaseCore
import WorkingTime

/// Reads `[sla.NAME]`: one table for each clock, each with a budget and a ladder.
func policy(_ entry: inout EntryReader, _ id: Identifier<Policy>) -> Policy {
    var limits: [ClockKind: Limit] = [:]
    var longest: [Suspension.Kind: Length] = [:]
    var longestOfOthers: Length?
    for kind in ClockKind.allCases {
        guard var table = entry.table(kind.rawValue) else { continue }
        let rungs = table.tables("ladder").compactMap { rung in
            var rung = rung
            let value = readRung(&rung)
            rung.finish()
            table.include(rung)
            return value
        }
        // Some clocks bring their own length; their ladder is the policy's.
        let budget = kind.traits.announced != nil ? Length(1, .workingDays) : table.optionalLength("budget")
        if budget == nil, table.value("budget") == nil {
            table.find(nil, .form, "\(table.name) has no budget", mend: "add budget = \"20 working-days\"", missing: "budget")
        }
        if kind == .suspension {
            for kind in Suspension.Kind.allCases { longest[kind] = table.optionalLength(kind.rawValue) }
            longestOfOthers = table.optionalLength("longest")
        }
        let rolls = kind.traits.announced == nil && table.boolean("rolls")
        let isFresh = kind.traits.isStage && table.value("fresh-on-return") != nil ? table.boolean("fresh-on-return") : true
        if let budget { limits[kind] = Limit(budget: budget, rungs: rungs, rolls: rolls, isFreshOnReturn: isFresh) }
        table.finish()
        entry.include(table)
    }
    return Policy(
        id: id, calendar: Identifier(entry.text("calendar")), countsFirstDay: entry.boolean("counts-first-day"),
        limits: limits, longestSuspensions: longest, longestSuspension: longestOfOthers)
}

private func readRung(_ entry: inout EntryReader) -> Rung? {
    let at = entry.text("at")
    let level = (entry.value("level")).flatMap(\.integer).flatMap(Int.init(exactly:)) ?? 1
    let names = entry.texts("notify")
    let addressees = names.compactMap { Addressee(rawValue: $0) }
    if addressees.count != names.count || names.isEmpty {
        entry.find(
            "notify", .form, "\(entry.name) notifies nobody, or somebody unknown",
            mend: "name some of \(Addressee.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    if !(1...9).contains(level) {
        entry.find("level", .form, "\(entry.name) has level \(level)", mend: "levels are 1 to 9")
    }
    let due = entry.optionalLength("order")
    let recipient: SupervisionOrder.Recipient = entry.word("to", unless: .handler)
    guard let position = position(at, &entry) else { return nil }
    return Rung(
        position: position, level: level, addressees: addressees, order: due.map { RungOrder(recipient: recipient, due: $0) })
}

/// `80%`, `3 working-days before`, `breach`, `2 working-days after`.
private func position(_ text: String, _ entry: inout EntryReader) -> Rung.Position? {
    if text == "breach" || text == "at breach" { return .breach }
    if text.hasSuffix("%"), let share = Int(text.dropLast()), (1...99).contains(share) { return .percent(share) }
    for (suffix, make) in [(" before", Rung.Position.before), (" after", Rung.Position.after)] where text.hasSuffix(suffix) {
        return entry.length(String(text.dropLast(suffix.count)), "at").map(make)
    }
    entry.find(
        "at", .ladder, "\(entry.name) is at \"\(text)\"",
        mend: "write \"80%\", \"3 working-days before\", \"at breach\" or \"2 working-days after\"")
    return nil
}
