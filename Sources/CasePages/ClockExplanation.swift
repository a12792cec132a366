import CaseCore
import CaseWire
import WorkingTime

/// How one clock of a case came about, so that a person can redo it with a paper calendar: in sentences and rows, as `case.explain` tells it.
///
/// Sentences are in English and go through `Language.line`, rows through `Language.cell`, where they are shown.
package struct ClockExplanation {
    /// Of a table: who did what to the clock.
    package struct Step {
        package let at: String?
        package let by: String
        package let what: String
    }

    /// Of a table: what counted, and what did not.
    package struct Row {
        package let from, to, counted, total, notes: String?
    }

    private let clock: JSONValue
    private let catalogs: [JSONValue]
    private let unit: String
    private let hasLocalTime: Bool
    private let language: Language
    private let said: (_ instant: String, _ isEnd: Bool) -> String

    /// - Parameters:
    ///   - clock: one of `clocks`.
    ///   - catalogs: the member of that name.
    ///   - hasLocalTime: whether instants are said as people say them, so that the end of a day is.
    ///   - said: how an instant is said, and whether something ends then.
    package init(
        _ clock: JSONValue, _ catalogs: [JSONValue], hasLocalTime: Bool, _ language: Language,
        said: @escaping (_ instant: String, _ isEnd: Bool) -> String
    ) {
        (self.clock, self.catalogs, self.hasLocalTime, self.language, self.said) = (clock, catalogs, hasLocalTime, language, said)
        unit = clock.cell("unit") ?? ""
    }

    /// An instant of a record as it is shown.
    private func when(_ name: String, of record: JSONValue, isEnd: Bool = false) -> String? {
        record.cell(name).map { said($0, isEnd) }
    }

    private var plainBudget: String {
        "\(clock.cell("budget") ?? "") \(unit)"
    }

    /// What it is called, with what it is of.
    package var name: String {
        let kind = clock.cell("clock").map { language.cell("clock", $0) }
        return [kind, clock.cell("of").map { language.cell("kind", $0) } ?? clock.cell("office")].compactMap { $0 }.joined(
            separator: language == .zh ? "，" : ", ")
    }

    /// As it is written in a catalogue, and in the unit of the rows where that is another one.
    package var budget: String {
        func said(_ length: String) -> String { language == .zh ? language.length(length) : language.singular(length) }
        let months = clock.cell("limit").flatMap { limit in (try? Length(parsing: limit)).flatMap { $0.meter == .months ? limit : nil } }
        guard let written = months ?? (try? Length(parsing: plainBudget).description), written != plainBudget else {
            return said(plainBudget)
        }
        return language == .zh ? "\(said(written))（\(said(plainBudget))）" : "\(said(written)) (\(said(plainBudget)))"
    }

    /// On what it rests: a calendar, and the version of the catalogue that has it.
    package var foundations: [String] {
        [calendarLine, versionLine]
    }

    private var calendarLine: String {
        let calendar = clock["calendar"] ?? .null
        let source = calendar.cell("source").flatMap { $0.isEmpty ? nil : ", source: \($0)" } ?? ""
        return
            "on calendar \(calendar.cell("calendar") ?? "") (\(calendar.cell("zone") ?? "")), official through \(calendar.cell("valid_through") ?? "")\(source)"
    }

    private var versionLine: String {
        let version = clock["calendar"]?.cell("catalog_version")
        guard let catalog = catalogs.first(where: { $0.cell("version") == version }) else { return "" }
        return
            "of catalogue version \(version ?? ""), applied at \(when("at", of: catalog) ?? "") by \(catalog.cell("by") ?? ""), time zones \(catalog.cell("zones") ?? "")"
    }

    // MARK: What happened

    package var steps: [Step] {
        (clock["steps"]?.array ?? []).map { step in
            let author = [
                step.cell("by"), step.cell("instead_of").map { language.filled("for {}", [$0]) },
                step.cell("via").map { language.filled("via {}", [$0]) },
            ].compactMap { $0 }.joined(separator: " ")
            return Step(at: when("at", of: step), by: author, what: what(step))
        }
    }

    private func what(_ step: JSONValue) -> String {
        switch step.cell("turn") {
        case "started":
            let from = when("effective", of: step).map { ", effective from \($0)" } ?? ""
            let first = when("counts_from", of: clock).map { "; counts from \($0)" } ?? ""
            return "starts: \(event(step))\(from)\(first)"
        case "paused":
            return
                "stops: \(language.cell("kind", step.cell("kind") ?? "")) (\(step.cell("basis") ?? "")), announced for \(language.singular(step.cell("expected") ?? ""))"
        case "resumed":
            let why = step.cell("kind").map { "\(language.cell("kind", $0)) has ended" } ?? event(step)
            return "runs on: \(why)\(newBudget(step))"
        case "extended":
            return "extended by \(language.singular(step.cell("amount") ?? "")): \(step.cell("reason") ?? "")\(newBudget(step))"
        case "reprojected": return recalculated(step)
        default: return "ends: \(event(step))"
        }
    }

    private func event(_ step: JSONValue) -> String {
        language.cell("event", step.cell("event") ?? "")
    }

    private func recalculated(_ step: JSONValue) -> String {
        let version = step.cell("catalog_version") ?? ""
        let author = catalogs.first { $0.cell("version") == version }.flatMap { $0.cell("by") }.map { " of \($0)" } ?? ""
        let moved =
            if step.cell("from") != step.cell("to"), let from = when("from", of: step, isEnd: true),
                let to = when("to", of: step, isEnd: true)
            {
                ", due \(to) instead of \(from)"
            } else {
                step["stands_still"]?.bool == true
                    ? ", not due while it stands still"
                    : step["firm"]?.bool == true ? ", due as before, and official now" : ", due as before"
            }
        let kept = step["kept"]?.bool == true ? "; the budget was raised, so as not to come before what was promised" : ""
        return "counted by catalogue version \(version)\(author)\(moved)\(newBudget(step))\(kept)"
    }

    private func newBudget(_ step: JSONValue) -> String {
        guard let from = step.cell("budget_from"), let to = step.cell("budget_to") else { return "" }
        return "; budget \(to) \(unit) instead of \(from)"
    }

    // MARK: The count

    package var count: [Row] {
        var rows: [Row] = []
        func add(_ row: JSONValue, _ notes: [String]) {
            let notes = notes.joined(separator: "; ")
            rows.append(
                Row(
                    from: when("from", of: row), to: when("to", of: row, isEnd: true), counted: row.cell("counted"),
                    total: row.cell("total"), notes: notes.isEmpty ? nil : notes))
        }
        for stretch in clock["stretches"]?.array ?? [] {
            let paused = (stretch["paused"]?.array ?? []).map {
                "\(language.cell("kind", $0.cell("kind") ?? "")) (\($0.cell("basis") ?? ""))"
            }
            let skipped = days(stretch["skipped"]).map { "without \($0.why) \($0.days)" }
            let worked = days(stretch["worked"]).map { "with \($0.why) \($0.days)" }
            let notes = paused + skipped + worked
            let windows = stretch["windows"]?.array ?? []
            if windows.isEmpty { add(stretch, notes) }
            // A paper calendar with hours: what counted, window by window.
            for (place, window) in windows.enumerated() {
                let name = [window.cell("day"), window.cell("window")].compactMap { $0 }.joined(separator: " ")
                add(window, [name] + (place == 0 ? notes : []))
            }
            if let last = windows.last, let to = when("to", of: last), last.cell("total") != stretch.cell("total") {
                rows.append(
                    Row(from: to, to: when("to", of: stretch, isEnd: true), counted: nil, total: stretch.cell("total"), notes: "and so on"))
            }
        }
        return rows
    }

    /// Whether its unit is whole days, whose last one ends with the deadline.
    private var countsDays: Bool {
        Meter(rawValue: unit)?.countsDays == true
    }

    /// How it stands now.
    package var end: [String] {
        var lines: [String] = []
        if let ended = when("ended_at", of: clock) {
            lines.append("Ended at \(ended), \(clock.cell("consumed") ?? "") of \(language.singular(plainBudget)) used.")
        } else if let due = when("due", of: clock, isEnd: true) {
            let provisional = clock["provisional"]?.bool == true ? " Provisional: the calendar is not official that far." : ""
            let day = countsDays && !hasLocalTime ? ", at the end of \(clock.cell("last_day") ?? "")" : ""
            lines.append("Due \(due)\(day).\(provisional)")
            if let moved = clock.cell("moved_from") {
                lines.append("The last day, \(moved), is not worked: it is moved to \(clock.cell("last_day") ?? "").")
            }
        } else {
            lines.append("Not due while it stands still; \(clock.cell("consumed") ?? "") of \(language.singular(plainBudget)) used.")
        }
        if let original = clock.cell("original_due"), original != clock.cell("due") {
            lines.append("First due \(when("original_due", of: clock, isEnd: true) ?? original).")
        }
        return lines
    }

    /// The days of each reason; of those that follow each other the first and the last.
    private func days(_ list: JSONValue?) -> [(why: String, days: String)] {
        var groups: [(why: String, spans: [ClosedRange<Day>])] = []
        for entry in list?.array ?? [] {
            guard let day = entry.cell("day").flatMap({ Day($0) }) else { continue }
            let why = entry.cell("why") ?? ""
            if let place = groups.firstIndex(where: { $0.why == why }) {
                if let last = groups[place].spans.last, last.upperBound.advanced(by: 1) == day {
                    groups[place].spans[groups[place].spans.count - 1] = last.lowerBound...day
                } else {
                    groups[place].spans.append(day...day)
                }
            } else {
                groups.append((why, [day...day]))
            }
        }
        return groups.map { why, spans in
            let texts = spans.map {
                $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : language.filled("{} to {}", ["\($0.lowerBound)", "\($0.upperBound)"])
            }
            return (why, texts.joined(separator: ", "))
        }
    }
}
