import ArgumentParser
import CasePages
import CaseWire
import WorkingTime

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("How the deadlines of a case came about, so that a person can redo them with a paper calendar."),
        discussion: "Examples: casectl explain C-17; casectl explain C-17 --clock decision")
    @OptionGroup var server: Server
    @OptionGroup var file: OneCase
    @Option(help: "One clock; by default all.") var clock: String?
    @Flag(
        name: [.customLong("utc"), .customLong("iso")],
        help: ArgumentHelp(Say.text("Show instants as they are, in UTC, also on a terminal.")))
    var utc = false

    func run() throws {
        try ending {
            let parameters = [file.member] + (clock.map { [JSONValue.Member("clock", .string($0))] } ?? [])
            let result = try server.call(.explain, parameters)
            let local = try LocalTime(server, isWanted: Terminal.isTerminal && !utc && !server.json, matter: result.cell("matter"))
            server.show(result) { result in
                let catalogs = result["catalogs"]?.array ?? []
                let head = "\(result.cell("case") ?? ""), \(result.cell("matter") ?? ""): \(result.cell("title") ?? "")"
                return ([Terminal.plain(head)] + (result["clocks"]?.array ?? []).map { ClockPage($0, catalogs, local).text })
                    .joined(separator: "\n\n") + (local.map { "\n\n" + $0.remark } ?? "")
            }
        }
    }
}

/// The explanation of one clock, as a page for people.
private struct ClockPage {
    private let clock: JSONValue
    private let catalogs: [JSONValue]
    private let unit: String
    private let local: LocalTime?

    init(_ clock: JSONValue, _ catalogs: [JSONValue], _ local: LocalTime?) {
        self.clock = clock
        self.catalogs = catalogs
        self.local = local
        unit = clock.cell("unit") ?? ""
    }

    /// An instant of a record as it is shown.
    private func when(_ name: String, of record: JSONValue, isEnd: Bool = false) -> String? {
        record.cell(name).map { local?.text($0, isEnd: isEnd) ?? $0 }
    }

    private var budget: String {
        "\(clock.cell("budget") ?? "") \(unit)"
    }

    var text: String {
        let kind = clock.cell("clock").map { Say.cell("clock", $0) }
        let name = [kind, clock.cell("of").map { Say.cell("kind", $0) } ?? clock.cell("office")].compactMap { $0 }.joined(
            separator: Say.comma)
        let head = [
            Say.language == .zh ? "\(name)：\(writtenBudget)" : "\(name.uppercased()): \(writtenBudget)",
            Say.line("  " + calendarLine), Say.line("  " + versionLine),
        ]
        let stretches = clock["stretches"]?.array ?? []
        let counted = stretches.isEmpty ? [] : ["", Self.indented(count(stretches).text)]
        return (head.map(Terminal.plain) + ["", Self.indented(steps.text)] + counted + [""] + end.map(Say.line).map(Terminal.plain)).joined(
            separator: "\n")
    }

    /// As it is written in a catalogue, and in the unit of the rows where that is another one.
    private var writtenBudget: String {
        func said(_ length: String) -> String { Say.language == .zh ? Say.length(length) : Say.singular(length) }
        let months = clock.cell("limit").flatMap { limit in (try? Length(parsing: limit)).flatMap { $0.meter == .months ? limit : nil } }
        guard let written = months ?? (try? Length(parsing: budget).description), written != budget else { return said(budget) }
        return Say.language == .zh ? "\(said(written))（\(said(budget))）" : "\(said(written)) (\(said(budget)))"
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

    private var steps: Table {
        var table = Table(["AT", "BY", "WHAT HAPPENED"])
        for step in clock["steps"]?.array ?? [] {
            let author = [
                step.cell("by"), step.cell("instead_of").map { Say.fill("for {}", $0) }, step.cell("via").map { Say.fill("via {}", $0) },
            ].compactMap {
                $0
            }.joined(separator: " ")
            table.add([when("at", of: step), author, what(step)])
        }
        return table
    }

    private func what(_ step: JSONValue) -> String {
        switch step.cell("turn") {
        case "started":
            let from = when("effective", of: step).map { ", effective from \($0)" } ?? ""
            let first = when("counts_from", of: clock).map { "; counts from \($0)" } ?? ""
            return "starts: \(event(step))\(from)\(first)"
        case "paused":
            return
                "stops: \(Say.cell("kind", step.cell("kind") ?? "")) (\(step.cell("basis") ?? "")), announced for \(Say.singular(step.cell("expected") ?? ""))"
        case "resumed":
            let why = step.cell("kind").map { "\(Say.cell("kind", $0)) has ended" } ?? event(step)
            return "runs on: \(why)\(newBudget(step))"
        case "extended": return "extended by \(Say.singular(step.cell("amount") ?? "")): \(step.cell("reason") ?? "")\(newBudget(step))"
        case "reprojected": return recalculated(step)
        default: return "ends: \(event(step))"
        }
    }

    private func event(_ step: JSONValue) -> String {
        Say.cell("event", step.cell("event") ?? "")
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

    private func count(_ stretches: [JSONValue]) -> Table {
        var table = Table(["FROM", "TO", "COUNTED", "IN ALL", "NOTES"], numbers: ["COUNTED", "IN ALL"])
        func add(_ row: JSONValue, _ notes: [String]) {
            let notes = notes.joined(separator: "; ")
            table.add(
                [
                    when("from", of: row), when("to", of: row, isEnd: true), row.cell("counted"), row.cell("total"),
                    notes.isEmpty ? nil : notes,
                ])
        }
        for stretch in stretches {
            let paused = (stretch["paused"]?.array ?? []).map { "\(Say.cell("kind", $0.cell("kind") ?? "")) (\($0.cell("basis") ?? ""))" }
            let skipped = Self.days(stretch["skipped"]).map { "without \($0.why) \($0.days)" }
            let worked = Self.days(stretch["worked"]).map { "with \($0.why) \($0.days)" }
            let notes = paused + skipped + worked
            let windows = stretch["windows"]?.array ?? []
            if windows.isEmpty { add(stretch, notes) }
            // A paper calendar with hours: what counted, window by window.
            for (place, window) in windows.enumerated() {
                let name = [window.cell("day"), window.cell("window")].compactMap { $0 }.joined(separator: " ")
                add(window, [name] + (place == 0 ? notes : []))
            }
            if let last = windows.last, let to = when("to", of: last), last.cell("total") != stretch.cell("total") {
                table.add([to, when("to", of: stretch, isEnd: true), nil, stretch.cell("total"), "and so on"])
            }
        }
        return table
    }

    /// Whether its unit is whole days, whose last one ends with the deadline.
    private var countsDays: Bool {
        Meter(rawValue: unit)?.countsDays == true
    }

    private var end: [String] {
        var lines: [String] = []
        if let ended = when("ended_at", of: clock) {
            lines.append("  Ended at \(ended), \(clock.cell("consumed") ?? "") of \(Say.singular(budget)) used.")
        } else if let due = when("due", of: clock, isEnd: true) {
            let provisional = clock["provisional"]?.bool == true ? " Provisional: the calendar is not official that far." : ""
            let day = countsDays && local == nil ? ", at the end of \(clock.cell("last_day") ?? "")" : ""
            lines.append("  Due \(due)\(day).\(provisional)")
            if let moved = clock.cell("moved_from") {
                lines.append("  The last day, \(moved), is not worked: it is moved to \(clock.cell("last_day") ?? "").")
            }
        } else {
            lines.append("  Not due while it stands still; \(clock.cell("consumed") ?? "") of \(Say.singular(budget)) used.")
        }
        if let original = clock.cell("original_due"), original != clock.cell("due") {
            lines.append("  First due \(when("original_due", of: clock, isEnd: true) ?? original).")
        }
        return lines
    }

    /// The days of each reason; of those that follow each other the first and the last.
    private static func days(_ list: JSONValue?) -> [(why: String, days: String)] {
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
                $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : Say.fill("{} to {}", "\($0.lowerBound)", "\($0.upperBound)")
            }
            return (why, texts.joined(separator: ", "))
        }
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
    }
}
