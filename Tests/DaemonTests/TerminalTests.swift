import CaseClient
import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

/// casectl on a terminal of its own, with somebody who reads and types.
@Suite("casectl on a terminal")
struct TerminalTests {
    private let directory = TemporaryDirectory()

    private func office(cases: Int) throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 0..<cases { _ = try client.call("case.submit", SmallOffice.submission("Warehouse \(number)")).get() }
        return daemon
    }

    /// Runs a command on a terminal of 24 rows, types a key as soon as a text is seen, and returns all that was seen and the exit code.
    private func type(
        _ dialogue: [(seen: String, typed: String)], to command: [String], environment: [String: String], columns: Int = 100
    ) throws -> Program {
        // A shell's job: it leads a session of its own, and its group has the terminal.
        let script = """
            import fcntl, json, os, pty, select, struct, sys, termios, time
            dialogue, command = json.loads(sys.argv[1]), sys.argv[2:]
            child, terminal = pty.fork()
            if child == 0:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, \(columns), 0, 0))
                os.execvp(command[0], command)
            seen, end = b"", time.monotonic() + 20
            while True:
                if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
                    os.kill(child, 9)
                    sys.exit("nothing more after: " + repr(seen[-300:]))
                try:
                    part = os.read(terminal, 65536)
                except OSError:
                    part = b""
                if not part:
                    break
                seen += part
                while dialogue and dialogue[0][0].encode() in seen:
                    os.write(terminal, dialogue[0][1].encode())
                    seen += b"\\n<typed>\\n"
                    dialogue.pop(0)
            sys.stdout.buffer.write(seen)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
        let told = JSONWriter.bytes { $0.value(.array(dialogue.map { .array([.string($0.seen), .string($0.typed)]) })) }
        return try Program(
            "/usr/bin/env", ["python3", "-c", script, String(decoding: told, as: UTF8.self)] + command,
            environment: environment.merging(["TERM": "xterm"]) { $1 })
    }

    private var casectl: String {
        "\(DaemonProcess.programs)/casectl"
    }

    @Test("A list longer than the screen is shown by the pager, which has the terminal: q ends it")
    func pager() throws {
        let daemon = try office(cases: 60)
        for pager in ["less -RSX +Gg", "sh -c 'cat; printf READY; read -r line < /dev/tty; echo \"got $line\"'"] {
            let isLess = pager.hasPrefix("less")
            let program = try type(
                [isLess ? ("Warehouse 1", "q") : ("READY", "word\r")], to: [casectl, "list"],
                environment: ["CASED_SOCKET": daemon.socket, "PAGER": pager])
            #expect(program.status == 0 && program.output.contains("C-7 "), "\(pager): \(program.output.suffix(400)) \(program.errors)")
            #expect(isLess || program.output.contains("got word"), "\(program.output.suffix(300))")
        }
        // A pager that is not there is no reason to show nothing.
        let none = try type([], to: [casectl, "list"], environment: ["CASED_SOCKET": daemon.socket, "PAGER": "no-such-pager"])
        #expect(none.status == 0 && none.output.contains("C-60 "), "\(none.output.suffix(300))")
    }

    @Test("No form of output sends a terminal what it could take for a command, or what reorders a line")
    func forms() throws {
        let daemon = try office(cases: 0)
        let hostile = "\u{1B}]0;OWNED\u{7}\u{1B}[31mRED\u{9B}31m\u{202E}x"
        _ = try daemon.client().call("case.submit", SmallOffice.submission(hostile)).get()
        let outputs =
            ["table", "wide", "csv", "json", "jsonl"].map { ["list", "-o", $0] }
            + ["xes", "csv", "jsonl"].map { ["export", "--format", $0] }
        let commands =
            outputs + [
                ["show", "C-1"], ["show", "C-1", "--json"], ["history", "C-1"], ["history", "C-1", "--json"], ["notices"], [hostile],
                ["list", "--" + hostile], ["show", hostile],
            ]
        for command in commands {
            let program = try type([], to: [casectl] + command, environment: ["CASED_SOCKET": daemon.socket, "PAGER": "cat"])
            let unsafe = program.output.unicodeScalars.filter {
                $0.value == 0x1B || $0.value == 7 || $0.value == 0x9B || $0.value == 0x202E
            }
            // Colours, and the line of a progress, are the program's own.
            let own = program.output.matches(of: /\u{1B}\[[0-9;]*[mK]/).filter { !$0.0.contains("31mRED") }.count
            #expect(unsafe.count <= own, "\(command): \(program.output.debugDescription.prefix(600))")
        }
    }

    @Test(
        "A terminal is told the last day in words and the time of the calendar's zone, a pipe and --utc the instant; --as hinders nothing")
    func localTime() throws {
        let daemon = try office(cases: 1)
        func seen(_ arguments: String...) throws -> String {
            try type([], to: [casectl] + arguments, environment: ["CASED_SOCKET": daemon.socket, "PAGER": "cat"]).output
        }
        let file = try daemon.client().call("case.get", .of(["case": "C-1"])).get()
        let clocks = file["clocks"]!.array!
        let earliest = clocks.compactMap { $0["due"]?.string }.min()
        let due = try #require(earliest)
        // Midnight in Shanghai, nine o'clock there when it was submitted.
        #expect(due.hasSuffix("T16:00:00Z") && file["submitted_at"] == "2026-02-06T01:00:00Z")
        for arguments in [["list"], ["queue", "--as", "otto"], ["explain", "C-1"], ["show", "C-1"], ["show", "C-1", "--as", "otto"]] {
            let (local, plain) = (
                try type([], to: [casectl] + arguments, environment: ["CASED_SOCKET": daemon.socket, "PAGER": "cat"]).output,
                try type([], to: [casectl] + arguments + ["--utc"], environment: ["CASED_SOCKET": daemon.socket, "PAGER": "cat"]).output
            )
            let day = Int(due.dropFirst(8).prefix(2))!
            #expect(local.contains(" \(day) Feb, end of day") && local.contains("Asia/Shanghai"), "\(arguments): \(local)")
            #expect(!local.contains(due) && plain.contains(due) && !plain.contains("end of day"), "\(arguments): \(plain)")
            let piped = try Program("casectl", arguments, environment: ["CASED_SOCKET": daemon.socket])
            #expect(piped.status == 0 && piped.output.contains(due) && !piped.output.contains("end of day"))
        }
        #expect(try seen("show", "C-1").contains("Fri 6 Feb 09:00"))
        #expect(try seen("history", "C-1").contains("Fri 6 Feb 09:00"))
    }

    @Test(
        "On a terminal no line of a difference is wider than it, and values of up to 500 characters are whole; for programs each key is one line"
    )
    func difference() throws {
        let folders = (TemporaryDirectory(), TemporaryDirectory())
        let values = [
            (1...40).map { "word\($0)" }.joined(separator: " "), String(repeating: "建设工程规划许可", count: 12),
            String(repeating: "x", count: 230),
        ]
        for (name, text) in SmallOffice.files() {
            try Data(text.utf8).write(to: URL(filePath: "\(folders.0.path)/\(name)"))
            var text = text
            for (place, value) in values.enumerated() {
                let keys = ["conditions = [\"\(value)\"]", "guide = \"\(value)\"", "result = \"\(value)\""]
                text.replace("[matter.permit]\n", with: "[matter.permit]\n\(keys[place])\n")
            }
            try Data(text.utf8).write(to: URL(filePath: "\(folders.1.path)/\(name)"))
        }
        let arguments = ["catalog", "diff", folders.0.path, folders.1.path]
        let seen = try type([], to: [casectl] + arguments, environment: [:])
        #expect(seen.status == 0, "\(seen.output) \(seen.errors)")
        for line in seen.output.split(whereSeparator: \.isNewline) {
            let width = line.unicodeScalars.reduce(0) { $0 + ((0x2E80...0xFFFF).contains($1.value) ? 2 : 1) }
            #expect(width <= 100, "\(line)")
        }
        let text = seen.output.filter { !$0.isWhitespace }
        for value in values { #expect(text.contains(value.filter { !$0.isWhitespace })) }
        let piped = try Program("casectl", arguments)
        for value in values { #expect(piped.output.contains("\"\(value)\"")) }
    }

    @Test("A table fits the terminal: its last cells are cut, and nothing where all is asked for")
    func fits() throws {
        let daemon = try office(cases: 1)
        let title = String(repeating: "长廊 ", count: 40) + "end"
        _ = try daemon.client().call("case.submit", SmallOffice.submission(title)).get()
        func seen(_ arguments: String...) throws -> String {
            try type([], to: [casectl] + arguments, environment: ["CASED_SOCKET": daemon.socket, "PAGER": "cat", "NO_COLOR": "1"]).output
        }
        let lines = try seen("list").split(whereSeparator: \.isNewline).filter { $0.contains("C-2") }
        // A wide character takes two columns of the hundred.
        let width = lines.first?.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x4E00 && $1.value <= 0x9FFF ? 2 : 1) }
        #expect(lines.count == 1 && lines[0].hasSuffix("…") && (95...100).contains(width ?? 0), "\(lines)")
        #expect(try seen("list", "-o", "wide").contains(title) && seen("list", "-o", "csv").contains(title))
        #expect(try Program("casectl", ["list"], environment: ["CASED_SOCKET": daemon.socket]).output.contains(title))
    }

    @Test("An editor and the command of a watch read from the terminal that casectl has")
    func editor() throws {
        let daemon = try office(cases: 1)
        let folder = TemporaryDirectory()
        for (name, text) in SmallOffice.files() {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        }
        // An editor that adds the line that is typed.
        let script = "\(folder.path)/editor"
        try Data("#!/bin/sh\nprintf EDIT; read -r line; echo \"$line\" >> \"$1\"\n".utf8).write(to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let editor = try type(
            [("EDIT", "# typed\r")], to: [casectl, "catalog", "edit", folder.path, "sla.toml"],
            environment: ["CASED_SOCKET": daemon.socket, "VISUAL": "", "EDITOR": script])
        #expect(editor.status == 0, "\(editor.output.suffix(300)) \(editor.errors)")
        #expect(try String(contentsOfFile: "\(folder.path)/sla.toml", encoding: .utf8).hasSuffix("# typed\n"))

        let watch = try type(
            [("ASK", "yes\r")],
            to: [
                casectl, "watch", "--from", "start", "--count", "1", "--exec",
                "printf ASK; read -r line < /dev/tty; echo \"answer $line for $CASED_CASE\"",
            ],
            environment: ["CASED_SOCKET": daemon.socket])
        #expect(watch.status == 0 && watch.output.contains("answer yes for C-1"), "\(watch.output.suffix(300))")
    }

    /// The width of a line on a terminal, in which a wide character takes two columns.
    private func width(_ line: some StringProtocol) -> Int {
        line.unicodeScalars.reduce(0) { $0 + ((0x2E80...0xFFFF).contains($1.value) ? 2 : 1) }
    }

    @Test("Nothing that a person sees on a terminal is said in UTC, whatever the command; --utc and a pipe have it as it is")
    func noUTC() throws {
        let daemon = try office(cases: 2)
        let folder = TemporaryDirectory()
        var files = SmallOffice.files()
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)")) }
        files["sla.toml"] = files["sla.toml"]!.replacing("\"20 working-days\"", with: "\"30 working-days\"")
        let environment = ["CASED_SOCKET": daemon.socket, "PAGER": "cat"]
        let instant = /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}/
        let commands = [
            ["accept", "C-1", "--as", "otto"], ["note", "C-1", "x", "--as", "otto"],
            ["suspend", "C-1", "--kind", "hearing", "--basis", "b", "--expected", "10 working-days", "--as", "otto"],
            ["show", "C-1", "--as", "otto"], ["history", "C-1"], ["explain", "C-1"], ["list"], ["queue", "--as", "otto"], ["notices"],
            ["notices", "take", "--all", "--as", "lena"], ["catalog", "plan", folder.path], ["catalog", "versions"], ["status"],
            ["watch", "--from", "start", "--count", "3"], ["inspect", "draws"], ["powers", "C-1"], ["clock", "history"],
            ["top", "--once"], ["order", "list"], ["wait", "C-1", "--for", "in-review"],
            ["order", "open", "C-1", "--reason", "why", "--due", "1 working-days", "--as", "cora"],
        ]
        for command in commands {
            let seen = try type([], to: [casectl] + command, environment: environment)
            #expect(seen.status == 0 && seen.output.firstMatch(of: instant) == nil, "\(command): \(seen.output)\(seen.errors)")
        }
        for command in [["status", "--utc"], ["watch", "--from", "start", "--count", "1", "--utc"], ["list", "--utc"]] {
            #expect(try type([], to: [casectl] + command, environment: environment).output.firstMatch(of: instant) != nil, "\(command)")
        }
        for command in [["note", "C-1", "y", "--as", "otto"], ["catalog", "versions"], ["watch", "--from", "start", "--count", "1"]] {
            #expect(try Program("casectl", command, environment: environment).output.firstMatch(of: instant) != nil, "\(command)")
        }
        // A deadline that a stopped machine passed late is said as such.
        _ = try daemon.client().call("clock.advance", .of(["to": "2026-06-01T02:00:00Z"])).get()
        for command in [["history", "C-2"], ["status"]] {
            let seen = try type([], to: [casectl] + command, environment: environment)
            #expect(seen.output.firstMatch(of: instant) == nil && seen.output.firstMatch(of: /[0-9]{4,} ms/) == nil, "\(seen.output)")
        }
    }

    @Test(
        "In eighty columns a queue and a list keep case, deadline and title; what is the same in every row is said below, and no line wraps"
    )
    func eightyColumns() throws {
        let daemon = try office(cases: 15)
        for number in 1...3 { _ = try daemon.client().call("case.accept", .of(["case": .string("C-\(number)"), "acting": "otto"])).get() }
        let environment = ["CASED_SOCKET": daemon.socket, "PAGER": "cat", "NO_COLOR": "1"]
        for language in ["C", "zh_CN.UTF-8"] {
            for command in [["queue", "--as", "otto"], ["list"]] {
                let seen = try type([], to: [casectl] + command, environment: environment.merging(["LC_ALL": language]) { $1 }, columns: 80)
                let lines = seen.output.split(whereSeparator: \.isNewline)
                let rows = lines.filter { $0.hasPrefix("C-") }
                #expect(rows.count == 15 && lines.prefix(16).allSatisfy { width($0) <= 80 }, "\(command): \(seen.output)")
                #expect(
                    lines[0].contains(language == "C" ? "DUE" : "期限") && lines[0].contains(language == "C" ? "TITLE" : "标题"), "\(lines[0])")
                #expect(rows.allSatisfy { $0.contains("Warehouse") }, "\(seen.output)")
                let remark = language == "C" ? "The same in every row: " : "各行相同："
                #expect(seen.output.contains(remark) && seen.output.contains("permit"), "\(seen.output)")
            }
        }
        // Columns that somebody asked for are there.
        let chosen = try type([], to: [casectl, "list", "--columns", "case,state,leader,due,title"], environment: environment, columns: 60)
        #expect(chosen.output.contains("LEADER") && !chosen.output.contains("same in every row"), "\(chosen.output)")
        let wide = try type([], to: [casectl, "list", "-o", "wide"], environment: environment, columns: 80)
        #expect(wide.output.contains("COMMISSIONER") && wide.output.contains("RECEIPT"))
    }

    @Test("What is longer than the screen as it is shown, with its broken lines, is paged, whatever the command")
    func pagedAsShown() throws {
        let daemon = try office(cases: 1)
        for number in 1...30 {
            _ = try daemon.client().call("case.note", .of(["case": "C-1", "text": .string("note \(number)"), "acting": "otto"])).get()
        }
        let long = String(repeating: "word ", count: 200)
        _ = try daemon.client().call("case.submit", SmallOffice.submission(long)).get()
        let environment = ["CASED_SOCKET": daemon.socket, "PAGER": "cat; echo PAGED"]
        for command in [
            ["show", "C-1", "--as", "otto"], ["catalog", "duty-list"], ["history", "C-1"],
            ["catalog", "get"], ["list", "-o", "wide"],
        ] {
            let seen = try type([], to: [casectl] + command, environment: environment, columns: 40)
            #expect(seen.status == 0 && seen.output.contains("PAGED"), "\(command): \(seen.output.suffix(600))")
        }
        for command in [["count"], ["note", "C-1", "x", "--as", "otto"], ["history", "C-2"]] {
            #expect(try !type([], to: [casectl] + command, environment: environment).output.contains("PAGED"), "\(command)")
        }
    }

    @Test("A case is shown by its own calendar, also where the calendars go by several zones")
    func ownZone() throws {
        let daemon = try office(cases: 1)
        var files = SmallOffice.files()
        files["calendar.toml"]! +=
            "[calendar.berlin]\nzone = \"Europe/Berlin\"\nvalid-through = 2026-12-31\nweek = { monday = [\"09:00-17:00\"] }\n"
        files["matters.toml"]! += """
            [sla.far]
            calendar = "berlin"
            intake = { budget = "5 working-days" }
            correction = { budget = "30 calendar-days" }
            decision = { budget = "9 working-days", ladder = [{ at = "at breach", level = 2, notify = ["leader", "commissioner"] }] }
            suspension = { longest = "60 calendar-days" }
            delivery = { budget = "10 working-days" }
            [matter.far]
            name = "Far"
            office = "permits"
            leader = "leader"
            commissioner = "commissioner"
            sla = "far"
            basis = "x"
            material = [{ id = "form", name = "Form" }]

            """
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        let environment = ["CASED_SOCKET": daemon.socket, "PAGER": "cat"]
        for command in [["show", "C-1"], ["explain", "C-1"], ["note", "C-1", "x", "--as", "otto"]] {
            let seen = try type([], to: [casectl] + command, environment: environment).output
            #expect(seen.contains("end of day") && !seen.contains("T16:00:00Z"), "\(command): \(seen)")
        }
        #expect(try type([], to: [casectl, "show", "C-1"], environment: environment).output.contains("those of Asia/Shanghai"))
        #expect(try type([], to: [casectl, "list"], environment: environment).output.contains("Times are UTC"))
    }
}
