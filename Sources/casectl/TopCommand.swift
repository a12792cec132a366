import ArgumentParser
import CaseClient
import CaseWire
import FoundationEssentials
import Glibc
import WorkingTime

struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: Say.text("A live screen of lights, queues and the next deadlines."),
        discussion: "q or Ctrl-C ends it. --once prints one screen and ends, for a log or a pipe.")
    @OptionGroup var server: Server
    @Option(help: "Look again after so many seconds, up to 86400, which is a day.") var every = 2
    @Option(help: "Queues by office, matter, leader, commissioner or department.") var by = "office"
    @Flag(help: "Print one screen and end.") var once = false

    func validate() throws {
        try require(every, of: "--every", from: 1, through: 86_400)
    }

    func run() throws {
        try ending {
            if server.json {
                guard once else { throw Failure(code: .usage, message: "--json is for one screen", hint: "add --once") }
                let (info, report, list) = try look(caseLimit: 100)
                let screen = JSONValue.object([.init("server", info), .init("report", report), .init("cases", list["cases"] ?? .null)])
                return StandardOutput.data(Listing.text(screen) + "\n")
            }
            guard !once, Terminal.isTerminal else {
                return StandardOutput.print(try screen(lines: 40, columns: 110).joined(separator: "\n"))
            }
            let terminal = FullScreen()
            defer { terminal.end() }
            while true {
                let size = Terminal.size
                do {
                    terminal.draw(try screen(lines: size.lines, columns: size.columns))
                } catch let failure as Failure where failure.isTransient {
                    // The server restarts: the screen says so and goes on.
                    terminal.draw(["", "  " + Terminal.plain(failure.message), "  trying again …"])
                }
                if terminal.waitForQuit(seconds: every) { return }
            }
        }
    }

    private func look(caseLimit: Int) throws -> (info: JSONValue, report: JSONValue, list: JSONValue) {
        (
            try server.call(.serverInfo), try server.call(.slaReport, text("by", by)),
            try server.call(.list, [.init("sort", .string("due")), .init("limit", .integer(caseLimit))])
        )
    }

    // MARK: The screen

    private func screen(lines: Int, columns: Int) throws -> [String] {
        let (info, report, list) = try look(caseLimit: min(lines, 100))
        let now = info.cell("now").flatMap { Instant($0) } ?? Instant(seconds: 0)
        let total = report["total"] ?? .null
        var screen = [headline(info, now, columns, try LocalTime(server, isWanted: Terminal.isTerminal)), lights(total), ""]
        let rows = (report["rows"]?.array ?? []).filter { ($0["open"]?.integer ?? 0) > 0 }
        screen += queues(rows, room: max(3, (lines - 6) / 2), columns)
        screen.append("")
        let left = max(3, lines - screen.count - 2)
        screen += deadlines(Array((list["cases"]?.array ?? []).prefix(left)), now, columns)
        return Array(screen.prefix(lines - 1))
    }

    private func headline(_ info: JSONValue, _ now: Instant, _ columns: Int, _ local: LocalTime?) -> String {
        let next = info.cell("next_deadline").flatMap { RelativeTime.text($0, now: now) }.map { "next deadline \($0)" } ?? "no deadline"
        let held = info["clock_held"]?.members == nil ? "" : "   THE CLOCK IS NOT BELIEVED: casectl clock confirm"
        let late =
            (info["lateness"]?["maximum_ms"]?.integer).map { milliseconds in
                "   at most late by " + (milliseconds < 1000 ? "\(milliseconds) ms" : RelativeTime.length(milliseconds / 1000))
            } ?? ""
        let present = info.cell("now").map { local?.text($0) ?? $0 } ?? ""
        let line = "cased \(info.cell("version") ?? "")   \(present)   \(next)\(late)\(held)"
        return Terminal.reversed(Terminal.cut(Terminal.plain(line), to: columns).padded(to: columns))
    }

    private func lights(_ total: JSONValue) -> String {
        let (open, warned, overdue) = (
            total["open"]?.integer ?? 0, total["warned"]?.integer ?? 0, total["overdue"]?.integer ?? 0
        )
        return "\(open) open   " + Terminal.light("● \(overdue) overdue", as: "red") + "   "
            + Terminal.light("● \(warned) warned", as: "yellow") + "   "
            + Terminal.light("● \(open - warned - overdue) on track", as: "green")
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
        if sorted.count > room - 1 { lines.append("… and \(sorted.count - room + 1) more") }
        return lines.map { Terminal.cut($0, to: columns) }
    }

    private func deadlines(_ cases: [JSONValue], _ now: Instant, _ columns: Int) -> [String] {
        var table = Table(["CASE", "LIGHT", "DUE", "STATE", "MATTER", "HANDLER", "TITLE"])
        for file in cases {
            let due = List.earliestDue(file).flatMap { RelativeTime.text($0, now: now) }
            let left = max(10, columns - 84)
            table.add([
                file.cell("case"), file.cell("light"), due, file.cell("state"), file.cell("matter"), file.cell("handler"),
                Terminal.cut(Terminal.plain(file.cell("title") ?? ""), to: left),
            ])
        }
        return table.lines
    }
}

extension String {
    fileprivate func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - Terminal.width(self)))
    }
}

/// The terminal's other screen, without echo, for as long as it is used.
private final class FullScreen {
    private var before = termios()
    private let interrupt = Interrupt()

    init() {
        tcgetattr(0, &before)
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(0, TCSANOW, &raw)
        write("\u{1B}[?1049h\u{1B}[?25l")
    }

    func end() {
        write("\u{1B}[?25h\u{1B}[?1049l")
        tcsetattr(0, TCSANOW, &before)
    }

    /// Draws over what is there, so that nothing flickers.
    func draw(_ lines: [String]) {
        write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }

    /// Waits for the next look; true where somebody wants to end.
    func waitForQuit(seconds: Int) -> Bool {
        let end = Date(timeIntervalSinceNow: Double(seconds))
        while !interrupt.isRaised {
            let left = Int32(max(0, min(200, end.timeIntervalSinceNow * 1000)))
            if left == 0 { return false }
            var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            guard poll(&input, 1, left) > 0 else { continue }
            var key: UInt8 = 0
            // An input that has ended is a terminal that has gone.
            guard read(0, &key, 1) == 1 else { return true }
            if key == UInt8(ascii: "q") || key == 4 { return true }
        }
        return true
    }

    private func write(_ text: String) {
        StandardOutput.write(text)
    }
}
