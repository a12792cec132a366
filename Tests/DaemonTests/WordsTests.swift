import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

/// What people type, and what they mean by it.
@Suite("What people type")
struct WordsTests {
    private let directory = TemporaryDirectory()

    /// Friday 6 February 2026, nine in the morning in Shanghai; three cases, the last two at ten and at eleven, and the last one accepted.
    private func office() throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for (hour, title) in ["Łąka", "ΣΑΣ", "Café"].enumerated() {
            if hour > 0 { _ = try client.call("clock.advance", .of(["to": .string("2026-02-06T0\(1 + hour):00:00Z")])).get() }
            _ = try client.call("case.submit", SmallOffice.submission(title)).get()
        }
        _ = try client.call("case.accept", .of(["case": "C-3", "acting": "otto"])).get()
        return daemon
    }

    private func bash(_ script: String, _ daemon: DaemonProcess) throws -> Program {
        try Program(
            "/bin/bash", ["-c", "PATH='\(DaemonProcess.programs)':$PATH\n" + script], environment: ["CASED_SOCKET": daemon.socket])
    }

    // MARK: Time

    @Test("Every option that takes an instant takes a day, a time of day, and a distance from now")
    func instants() throws {
        let daemon = try office()
        let options = FilterMember.all.map(\.shape).filter { if case .instant = $0.shape { true } else { false } }.map(\.name)
        #expect(options.contains("submitted_after"))
        for option in options.map({ "--" + $0.replacing("_", with: "-") }) {
            for text in [
                "2026-02-06", "today", "yesterday", "tomorrow", "now", "-7d", "+1w", "-2h", "+30m", "-5 minutes", "monday",
                "2026-02-06 10:30", "2026-02-06T10:30:15", "3 working-days", "2026-02-06T02:30:00Z",
            ] {
                let program = try daemon.casectl("count", option, text)
                #expect(program.status == 0, "\(option) \(text): \(program.errors)")
            }
            for wrong in ["noday", "2026-02-30", "2026-02-06 25:00", "7d", "48h", "48 hours", "-7x", "-123456789d", "", "3 working-weeks"] {
                let program = try daemon.casectl("count", option, wrong)
                #expect(program.status == 64 && program.errors.contains("\(option) \(wrong) is no day"), "\(wrong): \(program.errors)")
                #expect(!program.errors.contains("filter."), "words of the protocol: \(program.errors)")
            }
        }
        for (option, text, count) in [
            ("--submitted-after", "today", "3"), ("--submitted-before", "today", "0"), ("--submitted-before", "tomorrow", "3"),
            ("--submitted-after", "2026-02-06 10:00", "2"), ("--submitted-after", "2026-02-06 10:01", "1"),
            ("--submitted-after", "-2h", "3"),
            ("--submitted-after", "-1h", "2"), ("--submitted-after", "+1m", "0"), ("--due-before", "30 working-days", "3"),
        ] {
            #expect(try daemon.casectl("count", option, text).output == "\(count)\n", "\(option) \(text)")
        }
    }

    @Test("Each way to write a day or an instant means that one")
    func meanings() throws {
        // Friday 6 February 2026, eleven in the morning in Shanghai. A minute later than each:
        let daemon = try office()
        for (text, instant) in [
            ("now", "2026-02-06T03:01:00Z"), ("-2h", "2026-02-06T01:01:00Z"), ("+30m", "2026-02-06T03:31:00Z"),
            ("-5 minutes", "2026-02-06T02:56:00Z"), ("-30s", "2026-02-06T03:00:30Z"), ("2026-02-06 10:30", "2026-02-06T02:31:00Z"),
            ("2026-02-06T10:30:15", "2026-02-06T02:31:15Z"), ("2026-02-06T10:30:15+01:00", "2026-02-06T09:31:15Z"),
            ("today", "2026-02-05T16:01:00Z"), ("yesterday", "2026-02-04T16:01:00Z"), ("tomorrow", "2026-02-06T16:01:00Z"),
            ("-7d", "2026-01-29T16:01:00Z"), ("+1w", "2026-02-12T16:01:00Z"), ("2026-03-01", "2026-02-28T16:01:00Z"),
            ("monday", "2026-02-08T16:01:00Z"), ("friday", "2026-02-12T16:01:00Z"), ("sunday", "2026-02-07T16:01:00Z"),
            ("this-week", "2026-02-07T16:01:00Z"),
            // Both Saturday and Sunday are worked neither, nor is what is left of Friday counted.
            ("1 working-day", "2026-02-09T16:01:00Z"), ("+90 minutes", "2026-02-06T04:31:00Z"),
        ] {
            let due = try daemon.casectl("calendar", "due", "cn", text, "1 minutes")
            #expect(due.output.hasPrefix(instant), "\(text): \(due.output)\(due.errors)")
        }
    }

    @Test("A day begins where its calendar is: one that is named counts, and two zones have none together")
    func zones() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-03-29T00:30:00Z")
        var files = SmallOffice.files()
        files["calendar.toml"]! +=
            "[calendar.berlin]\nzone = \"Europe/Berlin\"\nvalid-through = 2026-12-31\nweek = { monday = [\"09:00-17:00\"] }\n"
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        // It is the night in which two o'clock does not exist in Berlin; what is not there is the first minute that is.
        for (text, instant) in [
            ("today", "2026-03-28T23:01:00Z"), ("2026-03-29 02:30", "2026-03-29T01:01:00Z"), ("2026-10-25 02:30", "2026-10-25T00:31:00Z"),
        ] {
            let due = try daemon.casectl("calendar", "due", "berlin", text, "1 minutes")
            #expect(due.output.hasPrefix(instant), "\(text): \(due.output)\(due.errors)")
        }
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
        let several = try daemon.casectl("count", "--submitted-after", "today")
        #expect(several.status == 64 && several.errors.contains("Asia/Shanghai and Europe/Berlin"), "\(several.errors)")
        #expect(try daemon.casectl("count", "--submitted-after", "-2h").status == 0)
    }

    @Test("What is due today, tomorrow or this week is what ends by then")
    func due() throws {
        let daemon = try office()
        func due(_ text: String) throws -> String { try daemon.casectl("count", "--due", text).output }
        let ends = try daemon.casectl("list", "--json=due").output
        // The last day in Shanghai, eight hours ahead, of what is due there.
        let days = try #require(try JSONReader.read(Array(ends.utf8)).array?.compactMap { $0["due"]?.string.flatMap { Instant($0) } })
            .map { Zone.utc.day(of: $0.advanced(byMilliseconds: 8 * 3_600_000 - 1)).description }
        let (first, day) = (try #require(days.min()), try #require(days.max()))
        #expect(days.count == 3 && first > "2026-02-06")
        #expect(try due("today") == "0\n" && due(day) == "3\n" && due("2027-01-01") == "3\n" && due("-1d") == "0\n")
        _ = try daemon.client().call("clock.advance", .of(["to": .string("\(first)T02:00:00Z")])).get()
        // What was due by then, and has been answered by silence or not, is there on its day and not the day before.
        let (today, yesterday) = (try due("today"), try due("yesterday"))
        #expect(today != "0\n" && yesterday == "0\n", "\(days): \(today) \(yesterday)")
        _ = try daemon.client().call("clock.advance", .of(["to": .string("\(day)T02:00:00Z")])).get()
        let now = try ["today", "tomorrow", "this-week", "+1w"].map { Int(try due($0).dropLast()) ?? 0 }
        #expect(now[0] > 0 && now == now.sorted(), "what is overdue is due as well: \(now)")
        #expect(try daemon.casectl("queue", "--as", "otto", "--due", "today").output.contains("C-3"))
        for wrong in ["someday", "9999-12-32", "-xy"] {
            let program = try daemon.casectl("count", "--due", wrong)
            #expect(program.status == 64 && program.errors.contains("--due \(wrong) is no day"), "\(program.errors)")
        }
        #expect(try daemon.casectl("count", "--due", "9999-12-31").output == "3\n")
        #expect(try daemon.casectl("count", "--due", "today", "--due-before", "now").errors.contains("exclude each other"))
        #expect(try daemon.casectl("queue", "--as", "cora", "--due-before", "3 working-days").status == 0)
    }

    @Test("A wait ends after a length as people write it")
    func lengths() throws {
        let daemon = try office()
        for length in ["1s", "1 second", "1 seconds"] {
            let program = try daemon.casectl("wait", "C-1", "--timeout", length)
            #expect(program.status == 75, "\(length): \(program.errors)")
        }
        for wrong in ["1", "-1s", "1 working-days", "soon"] {
            #expect(try daemon.casectl("wait", "C-1", "--timeout", wrong).status == 64, "\(wrong)")
        }
        let extended = try daemon.casectl("calendar", "due", "cn", "2026-02-06 11:00", "90m")
        #expect(extended.output == "2026-02-06T04:30:00Z, Fri 6 Feb 12:30 in Asia/Shanghai\n", "\(extended.output)\(extended.errors)")
        #expect(try daemon.casectl("calendar", "due", "cn", "today", "1 calendar-days").output.contains("the end of 2026-02-07"))
    }

    // MARK: Texts and names

    @Test("A text may begin with a dash, wherever a command takes a text")
    func dashes() throws {
        let daemon = try office()
        for text in ["-5 degrees", "- complete", "-h", "-hello", "--", "-ö", "---", "-1", "--not an option"]
        where text != "-h" && text != "--" {
            let noted = try daemon.casectl("note", "C-1", text, "--as", "otto")
            #expect(noted.status == 0 && noted.output.hasPrefix("C-1"), "\(text): \(noted.errors)")
            let declined = try daemon.casectl("escalate", "C-1", "--reason", text, "--as", "cora")
            #expect(declined.status == 0 && declined.output.hasPrefix("C-1"), "\(text): \(declined.errors)")
            let history = try daemon.casectl("history", "C-1", "--json", "--last", "2").output
            let events = try #require(try JSONReader.read(Array(history.utf8))["events"]?.array)
            #expect(events.map { $0["data"]?["text"]?.string ?? $0["data"]?["reason"]?.string } == [text, text])
        }
        #expect(try daemon.casectl("note", "C-1", "--as", "otto", "--", "-h").output.hasPrefix("C-1"))
        let help = try JSONReader.read(Array(try daemon.casectl("note", "--experimental-dump-help").output.utf8))
        let flags = (help["command"]?["arguments"]?.array ?? []).filter { $0["kind"]?.string == "flag" }
            .flatMap { $0["names"]?.array ?? [] }.compactMap { $0["name"]?.string }.filter {
                $0.count > 1 && !["help", "version"].contains($0)
            }
        #expect(flags.contains("json"))
        for flag in flags {
            #expect(try daemon.casectl("note", "C-1", "--as", "otto", "--" + flag, "-5 degrees").status == 0, "\(flag)")
        }
        // Names of files are what they are.
        #expect(try daemon.casectl("backup", "-x.sqlite").status == 64 && daemon.casectl("catalog", "init", "-x").status == 64)
        let recommended = try daemon.casectl("recommend", "C-3", "grant", "--opinion", "- complete", "--as", "otto")
        #expect(recommended.status == 0, "\(recommended.errors)")
        #expect(try daemon.casectl("list", "--sort", "-case", "--columns", "case").output == "CASE\nC-3\nC-2\nC-1\n")
        #expect(try daemon.casectl("note", "--help").output.contains("USAGE: casectl note"))
    }

    @Test("A text that a reader sees nothing of is none")
    func blanks() throws {
        let daemon = try office()
        for blank in [
            "", " ", "\u{3000}", "\u{200B}", "\u{2800}", "\u{3164}", "\u{FEFF}", "\u{A0}\u{2060}", "\n\t", "\u{FE0F}", "\u{E0020}",
        ] {
            for command in [
                ["note", "C-1", blank], ["decline", "C-1", "--ground", blank], ["request-correction", "C-1", "--missing", blank],
                ["recommend", "C-3", "grant", "--opinion", blank], ["submit", "permit", "--title", blank],
                ["escalate", "C-1", "--reason", blank],
            ] {
                let person = command[0] == "escalate" ? "cora" : "otto"
                let program = try Program(
                    "casectl", command + (command[0] == "submit" ? SmallOfficeOptions.applicant : ["--as", person]),
                    environment: ["CASED_SOCKET": daemon.socket])
                #expect([1, 64].contains(program.status), "\(command) took \(blank.unicodeScalars.map(\.value)): \(program.output)")
            }
        }
        #expect(try daemon.casectl("note", "C-1", "𐎀", "--as", "otto").status == 0, "a letter is a letter in any script")
    }

    private enum SmallOfficeOptions {
        static let applicant = ["--applicant-id", "x", "--applicant-name", "X", "--material", "form", "--channel", "window"]
    }

    @Test("A text is found however it is written")
    func caseInsensitive() throws {
        let daemon = try office()
        for text in ["łąka", "σας", "ΣΑΣ", "CAFÉ", "cafe\u{301}", "ŁĄKA"] {
            #expect(try daemon.casectl("count", "--text", text).output == "1\n", "\(text)")
        }
    }

    @Test("A command that there is not is answered with the one that is meant")
    func commands() throws {
        let daemon = try office()
        for (words, likely) in [
            (["aceppt", "C-2"], "accept"), (["lst"], "list"), (["quee", "--json"], "queue"), (["catalog", "chek", "."], "check"),
            (["order", "opn", "C-1"], "open"), (["sla", "reprot"], "report"), (["wach", "--count", "1"], "watch"),
        ] {
            let program = try daemon.casectl(words)
            #expect(program.status == 64 && program.errors.contains("Did you mean \(likely)?"), "\(words): \(program.errors)")
        }
        let early = try daemon.casectl("--socket", daemon.socket, "list")
        #expect(early.status == 64 && early.errors.contains("takes options after the command"), "\(early.errors)")
        #expect(try daemon.casectl("help", "lst").status == 64 && daemon.casectl("help", "list").status == 0)
        #expect(try daemon.casectl("--help").status == 0 && daemon.casectl("--version").status == 0)
        #expect(try daemon.casectl("status", "--check", "--plugn").status == 3)
    }

    @Test("The help of every command of a client has an example that the command understands")
    func examples() throws {
        let daemon = try office()
        for command in Commands.ofClients {
            let group = command.method.hasPrefix("order.") ? ["order"] : command.method == "case.inspect" ? ["inspect"] : []
            let name = command.method == "case.inspect" ? "record" : String(command.method.split(separator: ".")[1])
            let help = try Program("casectl", group + [name.replacing("_", with: "-"), "--help"], environment: ["COLUMNS": "1000"])
            let example = try #require(help.output.split(separator: "\n").first { $0.hasPrefix("Example: ") }, "\(command.method)")
            let run = try bash(String(example.dropFirst(9)), daemon)
            #expect(run.status != 64, "\(example): \(run.errors)")
        }
    }

    @Test("Every example in the help of a command is a command line that casectl understands")
    func moreExamples() throws {
        let daemon = try office()
        let dump = try JSONReader.read(Array(try daemon.casectl("--experimental-dump-help").output.utf8))
        var found: [(path: [String], examples: [String])] = []
        func collect(_ command: JSONValue, _ path: [String]) {
            let text = command["discussion"]?.string ?? ""
            let examples = text.split(separator: "\n").flatMap { line -> [String] in
                guard let begin = ["Examples: ", "Example: "].first(where: { line.hasPrefix($0) }) else { return [] }
                return line.dropFirst(begin.count).split(separator: "; casectl ").map {
                    $0.hasPrefix("casectl ") ? String($0) : "casectl " + $0
                }
            }
            if !examples.isEmpty { found.append((path, examples)) }
            for inner in command["subcommands"]?.array ?? [] { collect(inner, path + [inner["commandName"]?.string ?? ""]) }
        }
        collect(try #require(dump["command"]), [])
        let having = Set(found.map { $0.path.joined(separator: " ") })
        for command in [
            "bulk", "count", "show", "history", "explain", "top", "export", "powers", "sla report", "sla check", "status", "backup", "rpc",
            "notices list", "catalog plan", "catalog apply", "catalog confirm", "catalog diff", "calendar due", "clock advance", "list",
            "queue",
        ] { #expect(having.contains(command), "\(command)") }
        for (path, examples) in found where path.first != "watch" {
            for example in examples {
                let run = try bash("cd '\(directory.path)' && timeout 20 \(example)", daemon)
                #expect(run.status != 64, "\(example): \(run.errors)")
            }
        }
    }

    @Test("What is not UTF-8 is refused before anything is kept, whatever the command")
    func notUTF8() throws {
        let daemon = try office()
        for command in [
            #"submit permit --title "$(printf '\xca\xd3')" --applicant-id x --applicant-name X --material form"#,
            #"note C-1 "$(printf 'a\xff')" --as otto"#, #"list --text "$(printf '\xc3')""#, #""$(printf '\xca')""#,
            #"rpc case.list "$(printf '{\xff}')""#,
        ] {
            let program = try bash("casectl \(command)", daemon)
            #expect(program.status == 64 && program.errors.contains("is not UTF-8"), "\(command): \(program.status) \(program.errors)")
        }
        #expect(try daemon.casectl("count").output == "3\n")
        #expect(try bash(#"casectl sla check --matter "$(printf '\xff')""#, daemon).status == 3)
        #expect(try bash("casectl note C-1 'é 字 𐎀' --as otto", daemon).status == 0)
    }

    @Test("What is written nearly so is answered with what is meant, and what is not like anything with nothing")
    func likely() throws {
        let daemon = try office()
        for (words, likely) in [
            (["list", "--csv"], "Did you mean '-o csv'?"), (["list", "--colums", "case"], "Did you mean '--columns'?"),
            (["list", "--mien"], "Did you mean '--mine'?"), (["approve", "C-1"], "Did you mean grant?"),
            (["reject", "C-1"], "Did you mean refuse?"),
            (["accept", "C-1", "C-2", "--as", "otto"], "for several cases: casectl bulk accept"),
            (["powers", "C-1", "--can", "aprove"], "--can is none of its words"), (["inspect", "draw", "x"], "<draw> is no draw"),
            (["list", "--after", "C-2@x", "-o", "csv"], "the place that the list before ended with"),
            (["note", "C-1", "-v", "--as", "otto"], "stands behind --"), (["show", "c-1"], "Did you mean C-1?"),
            (["show", "1"], "Did you mean C-1?"), (["show", "C1"], "Did you mean C-1?"),
            (["accept", "c1", "--as", "otto"], "Did you mean C-1?"),
            (["history", "C-01"], "Did you mean C-1?"), (["powers", "2"], "Did you mean C-2?"),
            (["grant", "C-1", "--as", "lena"], "a case that is submitted takes accept"),
            (["grant", "C-1", "--as", "lena"], "grant is for one that is with-leader"),
        ] {
            let program = try daemon.casectl(words)
            #expect(program.status != 0 && program.errors.contains(likely), "\(words): \(program.errors)")
        }
        for words in [["list", "--month"], ["list", "--open"], ["list", "--xyzzy", "1"], ["count", "--a"]] {
            let program = try daemon.casectl(words)
            #expect(program.status == 64 && !program.errors.contains("Did you mean"), "\(words): \(program.errors)")
        }
    }

    @Test("A name that is none is answered with the nearest, or with those that there are")
    func names() throws {
        let daemon = try office()
        for (words, hint) in [
            (["list", "--leader", "lena"], "lena holds leader"), (["list", "--handler", "oto"], "did you mean otto?"),
            (["assign", "C-1", "lena", "--as", "hana"], "could be hana, otto"),
            (["note", "C-1", "x", "--as", "otot"], "did you mean otto?"),
            (["request-correction", "C-1", "--missing", "from", "--as", "otto"], "one of form"),
            (["calendar", "due", "nc", "today", "1 working-day"], "did you mean cn?"),
            (["list", "--handler", "ottto"], "did you mean otto?"), (["explain", "C-1", "--clock", "opinion"], "one of "),
            (["watch", "C-99"], "casectl list shows the cases"),
        ] {
            let program = try daemon.casectl(words)
            #expect(program.status != 0 && program.errors.contains(hint), "\(words): \(program.errors)")
        }
    }

    @Test("A message speaks of options, and never of the protocol's parameters")
    func optionWords() throws {
        let daemon = try office()
        for (words, option) in [
            (["suspend", "C-3", "--kind", "hearing", "--basis", "b", "--expected", "soon", "--as", "otto"], "--expected"),
            (["note", "C-1", " ", "--as", "otto"], "<text>"), (["decline", "C-1", "--ground", " ", "--as", "otto"], "--ground"),
            (["list", "--light", "blue"], "--light"), (["note", "C-1", "x", "--key", "", "--as", "otto"], "--key"),
        ] {
            let program = try daemon.casectl(words)
            #expect(program.status != 0 && program.errors.contains(option), "\(words): \(program.errors)")
            #expect(!program.errors.contains("parameter "), "\(program.errors)")
        }
    }

    @Test("What is typed is never ignored: options that are given twice, forms that exclude each other, values that mean nothing")
    func nothingIgnored() throws {
        let daemon = try office()
        for words in [
            ["list", "--matter", "permit", "--matter", "notice"], ["list", "-o", "csv", "--output", "json"],
            ["list", "--json", "-o", "csv"],
            ["note", "C-1", "x", "--as", "otto", "--as=hana"], ["export", "-o", "csv", "--format", "xes"],
            ["status", "--json", "-o", "table"],
            ["powers", "--proof", "-o", "csv"], ["powers", "--proof", "--person", "otto"],
            ["powers", "C-1", "--can", "grant", "-o", "csv"],
            ["list", "--columns", ""], ["list", "--columns", "case,,title"], ["export", "--events", ""], ["watch", "--exec", ""],
            ["sla", "report", "--language", "zh"], ["sla", "report", "--group-by", "name"], ["list", "--raw"], ["queue", "-o", "html"],
            ["submit", "permit", "--title", "x", "--applicant-id", "a", "--applicant-name", "b", "--field", "a=1", "--field", "a=2"],
            ["bulk", "note", "--set", "text=x", "--set", "text=y", "--dry-run"], ["backup", "f", "--output-file", "f"],
            ["sla", "report", "--since-last", "f", "--output-file", "f"],
        ] {
            let program = try daemon.casectl(words)
            #expect(program.status == 64, "\(words): \(program.status) \(program.output)")
        }
        #expect(try daemon.casectl("sla", "check", "--plugin", "--warning", "1", "--warning", "2").status == 3)
        #expect(try daemon.casectl("sla", "check", "--from", "today").status == 3)
        #expect(try daemon.casectl("sla", "check", "--json").output.hasPrefix(#"{"verdict":"ok""#))
        #expect(try daemon.casectl("rpc", "case.list", "--as", "nobody").status == 66)
        // What can be given more than once is what the parser lets be.
        let help = try JSONReader.read(Array(try daemon.casectl("--experimental-dump-help").output.utf8))
        var repeating: [(path: [String], option: String)] = []
        func collect(_ command: JSONValue, _ path: [String]) {
            for argument in command["arguments"]?.array ?? []
            where argument["isRepeating"]?.bool == true && argument["kind"]?.string == "option" {
                repeating += (argument["names"]?.array ?? []).compactMap { $0["name"]?.string }.map { (path, $0) }
            }
            for inner in command["subcommands"]?.array ?? [] { collect(inner, path + [inner["commandName"]?.string ?? ""]) }
        }
        collect(try #require(help["command"]), [])
        for (path, option) in repeating {
            let program = try daemon.casectl(path + ["--\(option)", "a", "--\(option)", "b"])
            #expect(!program.errors.contains("given twice"), "\(path) --\(option)")
        }
        #expect(Set(repeating.map(\.option)).isSuperset(of: ["material", "state", "case"]))
    }

    @Test("A list with texts that are not seen goes on, as it is printed")
    func unseen() throws {
        let daemon = try office()
        for title in ["Ver\u{AD}trag", "a\u{200B}b", "it's \"so\" $(id)", "\u{202E}x\u{1F600}", "tab\tnew\nline"] {
            _ = try daemon.client().call("case.submit", SmallOffice.submission(title)).get()
        }
        for sort in ["title", "-title", "case"] {
            var command = "casectl list --sort=\(sort) --limit 1 --columns case"
            var seen: [String] = []
            while !command.isEmpty, seen.count < 20 {
                let page = try bash(command, daemon)
                #expect(page.status == 0, "\(command): \(page.errors)")
                let lines = page.output.split(separator: "\n")
                seen += lines.dropFirst().prefix(1).map(String.init)
                command = lines.last.map(String.init)?.split(separator: "More: ", maxSplits: 1).last.map(String.init) ?? ""
                if lines.last?.hasPrefix("More: ") != true { command = "" }
            }
            #expect(Set(seen).count == 8 && seen.count == 8, "\(sort): \(seen)")
        }
    }

    @Test("Nobody is un-assigned by a forgotten name")
    func nobody() throws {
        let daemon = try office()
        #expect(try daemon.casectl("assign", "C-1", "otto", "--as", "hana").status == 0)
        let forgotten = try daemon.casectl("assign", "C-1", "--as", "hana")
        #expect(forgotten.status == 64 && forgotten.errors.contains("say who, or --nobody"), "\(forgotten.errors)")
        #expect(try daemon.casectl("list", "--state", "submitted", "--handler", "otto", "--columns", "case").output == "CASE\nC-1\n")
        #expect(try daemon.casectl("assign", "C-1", "otto", "--nobody", "--as", "hana").status == 64)
        #expect(try daemon.casectl("assign", "C-1", "--nobody", "--as", "hana").status == 0)
        #expect(try daemon.casectl("list", "--state", "submitted", "--handler", "otto", "--columns", "case").output == "CASE\n")
    }

    @Test("A wait for what can never come ends at once")
    func never() throws {
        let daemon = try office()
        for goal in ["submitted", "correction", "not-accepted", "lapsed"] {
            let program = try daemon.casectl("wait", "C-3", "--for", goal, "--timeout", "5m")
            #expect(program.status == 1 && program.errors.contains("C-3 is in-review and cannot be \(goal) any more"), "\(program.errors)")
        }
        // The matter grants nothing by silence.
        #expect(try daemon.casectl("wait", "C-3", "--for", "deemed-granted", "--timeout", "5m").status == 1)
        #expect(try daemon.casectl("wait", "C-3", "--for", "in-review").output == "in-review\n")
        #expect(try daemon.casectl("wait", "C-3", "--for", "in-review", "--json").output.contains(#""case":"C-3""#))
    }

    // MARK: Orders and groups

    @Test("A list is ordered by any of its columns, and going on after a part of it skips and repeats nothing")
    func sorted() throws {
        let daemon = try office()
        let client = try daemon.client()
        for number in 1...4 { _ = try client.call("case.submit", SmallOffice.submission("Shed \(number % 2)")).get() }
        let wide = try daemon.casectl("list", "-o", "csv").output
        let names = try #require(wide.components(separatedBy: "\r\n").first).split(separator: ",").map(String.init)
        #expect(names.count > 20)
        for name in names {
            for sort in [name, "-" + name] {
                let whole = try daemon.casectl("list", "--sort", sort, "--json=case").output
                let order = try JSONReader.read(Array(whole.utf8)).array?.compactMap { $0["case"]?.string } ?? []
                // The server's own order by deadlines leaves out what has none, which here nothing has.
                #expect(Set(order).count == 7 && order.count == 7, "\(sort): \(order)")
                var (pages, after): ([String], [String]) = ([], [])
                repeat {
                    let page = try Program(
                        "casectl", ["list", "--sort", sort, "--limit", "3", "--json"] + after, environment: ["CASED_SOCKET": daemon.socket])
                    let read = try JSONReader.read(Array(page.output.utf8))
                    pages += (read["cases"]?.array ?? []).compactMap { $0["case"]?.string }
                    after = read["next"]?.string.map { ["--after", $0] } ?? []
                } while !after.isEmpty && pages.count < 20
                #expect(pages == order, "\(sort)")
                let texts = try daemon.casectl("list", "--sort", sort, "--json=\(name)").output
                let cells = try JSONReader.read(Array(texts.utf8)).array?.map { $0[name]?.string ?? "" } ?? []
                let keys: [String] = cells.map { cell in
                    name == "light"
                        ? ["red": "0", "yellow": "1", "green": "2"][cell] ?? "" : name == "case" ? String(cell.dropFirst(2)) : cell
                }
                let given = Array(keys.prefix { !$0.isEmpty })
                #expect(keys.dropFirst(given.count).allSatisfy { $0.isEmpty }, "what has nothing there comes last: \(sort)")
                let numbers = given.compactMap { Int($0) }
                let rising = numbers.count == given.count ? numbers == numbers.sorted() : given == given.sorted()
                let falling = numbers.count == given.count ? numbers == numbers.sorted(by: >) : given == given.sorted(by: >)
                if name != "left" { #expect(sort == name ? rising : falling, "\(sort): \(cells)") }
            }
        }
        #expect(
            try daemon.casectl("list", "--sort", "title,-case", "--columns", "title,case").output.contains("Shed 0  C-7\nShed 0  C-5\n"))
        #expect(try daemon.casectl("list", "--sort", "titel").errors.contains("did you mean title?"))
        #expect(try daemon.casectl("list", "--sort", "title", "--after", "C-3").status == 64)
        let more = try daemon.casectl("list", "--sort", "-title", "--limit", "3", "--columns", "case").output
        let command = try #require(more.split(separator: "\n").last?.dropFirst("More: ".count))
        let next = try bash(String(command), daemon)
        #expect(next.status == 0 && next.output.split(separator: "\n").count == 5, "\(next.output)\(next.errors)")
    }

    @Test("Every list goes on after a part of it, also where many rows are alike")
    func sortedPages() throws {
        let daemon = try office()
        let client = try daemon.client()
        for number in 1...3 {
            _ = try client.call("case.note", .of(["case": "C-1", "text": .string("n\(number)"), "acting": "otto"])).get()
        }
        for person in ["otto", "hana", "otto"] {
            _ = try client.call("case.assign", .of(["case": "C-1", "handler": .string(person), "acting": "hana"])).get()
        }
        _ = try client.call("case.withdraw", .of(["case": "C-2"])).get()
        for list in [
            ["notices", "--sort", "case"], ["history", "C-1", "--sort", "by"], ["list", "--sort", "office"], ["queue", "--as", "otto"],
        ] {
            let sorted = list.contains("--sort") ? list : list + ["--sort", "matter"]
            let whole = try Program("casectl", sorted + ["-o", "jsonl"], environment: ["CASED_SOCKET": daemon.socket])
            let rows = whole.output.split(separator: "\n").map(String.init)
            #expect(rows.count > 1 && Set(rows).count == rows.count, "\(list): \(whole.errors)")
            guard list[0] != "queue" else { continue }
            var (pages, after): ([String], [String]) = ([], [])
            repeat {
                let page = try Program(
                    "casectl", sorted + ["-o", "jsonl", "--limit", "1"] + after, environment: ["CASED_SOCKET": daemon.socket])
                pages += page.output.split(separator: "\n").map(String.init)
                let place = page.errors.components(separatedBy: "--after ").last?.split(separator: "\n").first
                    .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "'")) }
                after = page.errors.contains("--after ") ? ["--after", place ?? ""] : []
            } while !after.isEmpty && pages.count < 50
            #expect(pages == rows, "\(list)")
        }
        #expect(try daemon.casectl("inspect", "list", "--json", "--sort", "finding").status == 64)
        for empty in [["queue", "--as", "cora", "--sort", "nosuch"], ["count", "--by", "state", "--state", "lapsed", "--sort", "nosuch"]] {
            #expect(try Program("casectl", empty, environment: ["CASED_SOCKET": daemon.socket]).status == 64, "\(empty)")
        }
        let powers = ["role", "-role"].map { try? daemon.casectl("powers", "C-1", "--json", "--sort", $0).output }
        #expect(powers[0] != powers[1], "an order that was asked for is there in every form")
    }

    @Test("What has the same in a column stands together under it, and is counted")
    func grouped() throws {
        let daemon = try office()
        let table = try daemon.casectl("list", "--group-by", "state", "--columns", "case,title", "--sort", "-case").output
        #expect(
            table == "CASE  TITLE\n\nin-review: 1\nC-3   Café\n\nsubmitted: 2\nC-2   ΣΑΣ\nC-1   Łąka\n", "\(table)")
        let counted = try daemon.casectl("count", "--by", "state", "-o", "csv").output
        #expect(counted == "state,cases,warned,overdue\r\nsubmitted,2,0,0\r\nin-review,1,0,0\r\n", "\(counted)")
        let part = try daemon.casectl("list", "--group-by", "matter", "--columns", "case", "--limit", "2").output
        #expect(part.contains("permit: 2…\n"), "of what goes on the number is not the last word: \(part)")
        let nobody = try daemon.casectl("count", "--by", "handler", "-o", "csv").output
        #expect(nobody.contains("\r\n,2,0,0\r\n"), "\(nobody)")
        #expect(try daemon.casectl("list", "--group-by", "state", "-o", "csv").status == 64)
        #expect(try daemon.casectl("count", "-o", "csv").status == 64)
        #expect(try daemon.casectl("queue", "--as", "otto", "--group-by", "matter").output.contains("permit: 3\n"))
    }

    // MARK: Tables for spreadsheets and mining

    @Test("No text from outside is a formula to a spreadsheet, and a program gets it as it is")
    func formulas() throws {
        let daemon = try office()
        let titles = ["=HYPERLINK(\"http://x\",\"y\")", "+1+1", "@SUM(1)", "-cmd|' /C calc'!A0", "＝1", "plain", "-12", "+3.5"]
        let client = try daemon.client()
        for title in titles { _ = try client.call("case.submit", SmallOffice.submission(title)).get() }
        for command in [["list", "-o", "csv"], ["export", "-o", "csv"]] {
            for options in [[], ["--raw"], ["--bom"]] {
                let file = "\(directory.path)/out.csv"
                let command = (["casectl"] + command + options).joined(separator: " ") + " > '\(file)'"
                #expect(try bash(command, daemon).status == 0)
                let script = """
                    import csv, json, sys
                    head = open(sys.argv[1], "rb").read(3)
                    rows = csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline=""), strict=True)
                    print(json.dumps([head == b"\\xef\\xbb\\xbf", sorted({row["title"] for row in rows})]))
                    """
                let read = try JSONReader.read(Array(try Program("/usr/bin/env", ["python3", "-c", script, file]).output.utf8))
                let found = Set((read.array?[1].array ?? []).compactMap(\.string))
                #expect(read.array?[0].bool == (options == ["--bom"]))
                let isRaw = options == ["--raw"]
                for title in titles {
                    let isFormula = !["plain", "-12"].contains(title)
                    #expect(found.contains(isFormula && !isRaw ? "'" + title : title), "\(command) \(options) \(title): \(found)")
                }
            }
        }
        #expect(try daemon.casectl("list", "--bom").status == 64 && daemon.casectl("export", "--raw").status == 64)
    }

    @Test("Instants of a table for programs all have milliseconds, so that they sort as texts")
    func milliseconds() throws {
        let daemon = try office()
        let rows = try daemon.casectl("list", "-o", "csv", "--columns", "submitted_at,due").output.components(separatedBy: "\r\n")
        #expect(rows.count == 5)
        for row in rows.dropFirst() where !row.isEmpty {
            #expect(row.split(separator: ",").allSatisfy { $0.hasSuffix(".000Z") || $0.hasSuffix(".000Z provisional") }, "\(row)")
        }
    }

    @Test("An export holds the events that are asked for, and its traces have the attributes that mining tools look for")
    func chosenEvents() throws {
        let daemon = try office()
        func events(_ options: String...) throws -> Set<String> {
            let program = try Program("casectl", ["export"] + options, environment: ["CASED_SOCKET": daemon.socket])
            #expect(program.status == 0, "\(program.errors)")
            return Set(
                try program.output.split(separator: "\n").compactMap { try JSONReader.read(Array($0.utf8))["event"]?.string })
        }
        #expect(try events() == ["submitted", "accepted"])
        #expect(try events("--events", "accepted") == ["accepted"])
        #expect(try events("--events", "-accepted") == ["submitted"])
        #expect(try daemon.casectl("export", "--events", "acepted").errors.contains("did you mean accepted?"))
        #expect(try daemon.casectl("export", "--events", "accepted,-submitted").status == 64)
        let xes = try daemon.casectl("export", "-o", "xes").output
        #expect(xes.contains("<string key=\"title\" value=\"Café\"/>") && !xes.contains("case:"))
    }

    @Test("What is asked for as JSON is JSON, or is refused")
    func jsonEverywhere() throws {
        let daemon = try office()
        for words in [
            ["top", "--once", "--json"], ["bulk", "note", "--set", "text=x", "--dry-run", "--json"],
            ["bulk", "note", "--set", "text=x", "--expect", "3", "--json", "--as", "otto"],
            ["wait", "C-3", "--for", "in-review", "--json"],
            ["queue", "--json", "--as", "otto"], ["count", "--by", "state", "--json"], ["count", "--json"],
        ] {
            let program = try daemon.casectl(words)
            #expect(program.status == 0, "\(words): \(program.errors)")
            #expect(throws: Never.self, "\(words): \(program.output)") { try JSONReader.read(Array(program.output.utf8)) }
        }
        #expect(try daemon.casectl("top", "--json").status == 64 && daemon.casectl("export", "-o", "csv", "--json").status == 64)
    }

    // MARK: In Chinese

    private func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    @Test("Where the environment asks for Chinese, no help of a command, no option of a main command and no head of a table is missing")
    func chinese() throws {
        let daemon = try office()
        let environment = ["CASED_SOCKET": daemon.socket, "LC_ALL": "", "LANG": "zh_CN.UTF-8"]
        func casectl(_ words: String...) throws -> Program { try Program("casectl", words, environment: environment) }
        let help = try JSONReader.read(Array(try casectl("--experimental-dump-help").output.utf8))
        let main = [
            "submit", "correct", "withdraw", "accept", "request-correction", "decline", "assign", "recommend", "grant", "refuse", "return",
            "note",
            "suspend", "resume", "deliver", "list", "queue", "show", "history", "count",
        ]
        var seen: [String] = []
        func check(_ command: JSONValue, _ depth: Int) {
            let name = command["commandName"]?.string ?? ""
            #expect(name == "help" || isChinese(command["abstract"]?.string ?? ""), "\(name): \(command["abstract"]?.string ?? "")")
            if depth == 1, main.contains(name) {
                seen.append(name)
                for argument in command["arguments"]?.array ?? [] where !["version", "help"].contains(argument["valueName"]?.string) {
                    #expect(isChinese(argument["abstract"]?.string ?? ""), "\(name): \(argument["abstract"]?.string ?? "")")
                }
            }
            for inner in command["subcommands"]?.array ?? [] { check(inner, depth + 1) }
        }
        check(try #require(help["command"]), 0)
        #expect(Set(seen) == Set(main))
        _ = try casectl("note", "C-1", "x", "--as", "otto")
        for list in [
            ["list", "-o", "wide"], ["queue", "--as", "otto"], ["order", "list"], ["inspect", "list"], ["history", "C-1"],
            ["sla", "report", "-o", "wide"], ["explain", "C-1"],
        ] {
            let table = try Program("casectl", list, environment: environment).output
            let heads = table.split(separator: "\n").map(String.init).filter { line in
                line.contains("  ") && !line.contains { $0.isLowercase }
            }
            #expect(heads.contains(where: isChinese), "\(list): \(table)")
            for head in heads {
                #expect(
                    !head.split(separator: " ").contains { $0.count > 2 && $0.allSatisfy { ("A"..."Z").contains($0) } }, "\(list): \(head)")
            }
        }
        let refused = try casectl("grant", "C-3", "--as", "otto")
        #expect(refused.errors.contains("otto 无权办理 grant：此项由决定人办理"), "\(refused.errors)")
        let receipt = try #require(
            JSONReader.read(Array(try casectl("list", "--json=receipt").output.utf8)).array?.last?["receipt"]?.string)
        #expect(try casectl("show", receipt).output.contains("状态      审查中\n"))
        #expect(
            try Program("casectl", ["show", receipt], environment: ["CASED_SOCKET": daemon.socket]).output.contains(
                "being examined by the office"))
        for words in [["list", "-o", "csv"], ["list", "--json"], ["queue", "-o", "jsonl"], ["show", "C-1", "--json"], ["export"]] {
            let english = try daemon.casectl(words)
            #expect(
                try Program("casectl", words, environment: environment).output == english.output, "machine forms are the same: \(words)")
        }
    }
}
