import ArgumentParser
import CaseClient
import CasePages
import CaseWire
import FoundationEssentials
import Glibc
import WorkingTime

struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("A live screen of lights, queues and the next deadlines."),
        discussion: """
            Keys: j, k and arrows move, s changes the order (due, left, case, state, matter, handler), r turns it round, / or f leaves only \
            some cases (a state, mine, overdue, or part of a matter, office, person or title), space stands still and goes on, ? helps, q \
            or Ctrl-C ends it, Ctrl-Z goes to the shell and fg comes back. --once prints one screen and ends, for a log or a pipe.

            Examples: casectl top --once; casectl top --once --by matter
            """)
    @OptionGroup var server: Server
    @Option(help: "Look again after so many seconds, up to 86400, which is a day.") var every = 2
    @Option(help: "Queues by office, matter, leader, commissioner or department.") var by = "office"
    @Flag(help: "Print one screen and end.") var once = false

    func validate() throws {
        try require(every, of: "--every", from: 1, through: 86_400)
    }

    /// So many cases are looked through at most.
    private static let caseLimit = 500

    /// What the server said last.
    private struct Look {
        let info: JSONValue
        let report: JSONValue
        let cases: [JSONValue]
        let local: LocalTime?
    }

    func run() throws {
        try ending {
            if server.json {
                guard once else { throw Failure(code: .usage, message: "--json is for one screen", hint: "add --once") }
                let look = try look(caseLimit: 100, TopView())
                let screen = JSONValue.object([
                    .init("server", look.info), .init("report", look.report), .init("cases", .array(look.cases)),
                ])
                return StandardOutput.data(Listing.text(screen) + "\n")
            }
            var view = TopView()
            guard !once, Terminal.isTerminal else {
                let look = try look(caseLimit: 40, view)
                return StandardOutput.print(screen(look, &view, lines: 40, columns: 110).joined(separator: "\n"))
            }
            try follow(&view)
        }
    }

    private func follow(_ view: inout TopView) throws {
        let terminal = FullScreen()
        defer { terminal.end() }
        var (last, asked): (Look?, Date?) = (nil, nil)
        while !view.hasEnded, !terminal.isToEnd {
            let size = Terminal.size
            do {
                if last == nil || !view.isPaused && asked.map({ -$0.timeIntervalSinceNow >= Double(every) }) ?? true {
                    last = try look(caseLimit: Top.caseLimit, view)
                    asked = Date()
                }
                if let last { terminal.draw(screen(last, &view, lines: size.lines, columns: size.columns, hasFooter: true)) }
            } catch let failure as Failure where failure.isTransient {
                // The server restarts: the screen says so and goes on.
                terminal.draw(["", "  " + Terminal.plain(failure.message), "  " + Say.line("trying again …")])
            }
            guard let bytes = terminal.typed(within: Int64(every) * 1000) else { return }
            let before = view.filter
            for key in TopView.Key.keys(bytes) { view.press(key, pageSize: max(1, size.lines / 2)) }
            if view.filter != before { asked = nil }
        }
    }

    private func look(caseLimit: Int, _ view: TopView) throws -> Look {
        let filter = view.parameters.isEmpty ? [] : [JSONValue.Member("filter", .object(view.parameters))]
        return Look(
            info: try server.call(.serverInfo), report: try server.call(.slaReport, text("by", by)),
            cases: try server.call(.list, [.init("sort", .string("due")), .init("limit", .integer(caseLimit))] + filter)["cases"]?.array
                ?? [],
            local: try LocalTime(server, isWanted: Terminal.isTerminal))
    }

    // MARK: The screen

    private func screen(_ look: Look, _ view: inout TopView, lines: Int, columns: Int, hasFooter: Bool = false) -> [String] {
        if view.mode == .help { return help(columns) + [footer(view, columns)] }
        let now = look.info.cell("now").flatMap { Instant($0) } ?? Instant(seconds: 0)
        var screen = [headline(look.info, now, columns, look.local), lights(look.report["total"] ?? .null)]
        screen += SecondWord.catalogs(look.info).map { Terminal.cut(Terminal.plain($0), to: columns) } + [""]
        let rows = (look.report["rows"]?.array ?? []).filter { ($0["open"]?.integer ?? 0) > 0 }
        screen += queues(rows, room: max(3, (lines - 7) / 2), columns)
        screen.append("")
        let room = max(3, lines - screen.count - (hasFooter ? 3 : 2))
        let meant = view.meant(look.cases)
        view.bound(to: meant.count)
        // The marked case is on the screen.
        let first = max(0, min(view.place - room / 2, meant.count - room))
        var table = deadlines(Array(meant.dropFirst(first).prefix(room)), now, columns)
        let mark = view.place - first + 1
        if hasFooter, table.indices.contains(mark), !meant.isEmpty {
            table[mark] = Terminal.reversed(Terminal.withoutColour(table[mark]).padded(to: columns))
        }
        screen += table
        if meant.isEmpty, !view.filter.isEmpty { screen.append(Say.fill("no case is meant by {}", Terminal.plain(view.filter))) }
        guard hasFooter else { return Array(screen.prefix(lines - 1)) }
        let body = screen.prefix(lines - 1)
        return body + Array(repeating: "", count: lines - 1 - body.count) + [footer(view, columns)]
    }

    private func footer(_ view: TopView, _ columns: Int) -> String {
        let order = (view.isReversed ? "-" : "") + view.order.rawValue
        let keys = Say.fill("q quit  j/k move  s sort: {}  r reverse  / filter  space pause  ? help", order)
        let text: String =
            switch view.mode {
            case .filtering(let text): "/" + Terminal.plain(text) + "_"
            case .help: Say.line("any key goes back")
            case .looking:
                [
                    view.isPaused ? Say.line("paused: space goes on") : nil,
                    view.filter.isEmpty ? nil : Say.fill("filter: {}", Terminal.plain(view.filter)), keys,
                ].compactMap { $0 }.joined(separator: "   ")
            }
        return Terminal.reversed(Terminal.cut(text, to: columns).padded(to: columns))
    }

    private func help(_ columns: Int) -> [String] {
        let keys = [
            ("j, k, arrows", "move among the cases"), ("s", "order by due, left, case, state, matter or handler"),
            ("r", "the other way round"),
            ("/ or f", "only some cases: a state, mine, overdue, or part of a matter, office, person or title; empty for all"),
            ("space", "stand still, and go on"), ("Ctrl-Z", "to the shell; fg comes back"), ("?", "this help"), ("q, Ctrl-C", "end"),
        ]
        let lines = keys.flatMap { key, what -> [String] in
            Terminal.wrapped("  " + Say.line(key).padded(to: 16) + Say.line(what), to: columns)
        }
        return [Say.line("The keys of casectl top"), ""] + lines + [""]
    }

    private func headline(_ info: JSONValue, _ now: Instant, _ columns: Int, _ local: LocalTime?) -> String {
        let next =
            info.cell("next_deadline").flatMap { RelativeTime.text($0, now: now) }.map { Say.fill("next deadline {}", $0) }
            ?? Say.line("no deadline")
        let held = info["clock_held"]?.members == nil ? "" : "   " + Say.line("THE CLOCK IS NOT BELIEVED: casectl clock confirm")
        let late =
            (info["lateness"]?["maximum_ms"]?.integer).map { "   " + Say.fill("at most late by {}", RelativeTime.length(milliseconds: $0)) }
            ?? ""
        let present = info.cell("now").map { local?.text($0) ?? $0 } ?? ""
        let line = "cased \(info.cell("version") ?? "")   \(present)   \(next)\(late)\(held)"
        return Terminal.reversed(Terminal.cut(Terminal.plain(line), to: columns).padded(to: columns))
    }

    private func lights(_ total: JSONValue) -> String {
        let (open, warned, overdue) = (
            total["open"]?.integer ?? 0, total["warned"]?.integer ?? 0, total["overdue"]?.integer ?? 0
        )
        return Say.fill("{} open", "\(open)") + "   " + Terminal.light(Say.fill("● {} overdue", "\(overdue)"), as: "red") + "   "
            + Terminal.light(Say.fill("● {} warned", "\(warned)"), as: "yellow") + "   "
            + Terminal.light(Say.fill("● {} on track", "\(open - warned - overdue)"), as: "green")
    }

    private func queues(_ rows: [JSONValue], room: Int, _ columns: Int) -> [String] {
        let states = ["submitted", "correction", "in-review", "with-leader"]
        let headings = [by.uppercased()] + states.map { $0.uppercased() } + ["WARNED", "OVERDUE", "OLDEST"]
        var table = Table(headings, numbers: Array(headings.dropFirst().dropLast()))
        // Where there are more than fit, those with trouble come first.
        let sorted = rows.sorted {
            ($0["overdue"]?.integer ?? 0, $0["open"]?.integer ?? 0) > ($1["overdue"]?.integer ?? 0, $1["open"]?.integer ?? 0)
        }
        for row in sorted.prefix(room - 1) {
            table.add(
                [Terminal.cut(row.cell("title") ?? "", to: 36)] + states.map { row["queues"]?.cell($0) }
                    + [row.cell("warned"), row.cell("overdue"), row.cell("oldest_open")])
        }
        var lines = table.lines
        if sorted.count > room - 1 { lines.append(Say.line("… and \(sorted.count - room + 1) more")) }
        return lines.map { Terminal.cut($0, to: columns) }
    }

    private func deadlines(_ cases: [JSONValue], _ now: Instant, _ columns: Int) -> [String] {
        var table = Table(["CASE", "LIGHT", "DUE", "STATE", "MATTER", "HANDLER", "TITLE"])
        for file in cases {
            let due = List.earliestDue(file).flatMap { RelativeTime.text($0, now: now) }
            table.add([
                file.cell("case"), file.cell("light"), due, file.cell("state"), file.cell("matter"), file.cell("handler"),
                Terminal.plain(file.cell("title") ?? ""),
            ])
        }
        return table.fitted(to: columns, mayDrop: true).table.lines
    }
}

extension String {
    fileprivate func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - Terminal.width(self)))
    }
}
