import CaseClient
import CaseCore
import CaseTesting
import CaseWire
import Foundation
import FoundationXML
import Testing

/// What casectl writes for programs: all of it, or a word about what is missing; and text that comes back as it was.
@Suite("Output of casectl")
struct OutputTests {
    private let directory = TemporaryDirectory()

    private func office(titles: [String]) throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for title in titles { _ = try client.call("case.submit", SmallOffice.submission(title)).get() }
        return daemon
    }

    private func casectl(_ arguments: String..., at daemon: DaemonProcess) throws -> Program {
        try Program("casectl", arguments, environment: ["CASED_SOCKET": daemon.socket])
    }

    private func bash(_ script: String, at daemon: DaemonProcess) throws -> Program {
        try Program(
            "/bin/bash", ["-c", "PATH='\(DaemonProcess.programs)':$PATH\n" + script], environment: ["CASED_SOCKET": daemon.socket])
    }

    // MARK: Whole lists

    @Test("Forms for programs hold every row, over all pages; a limit that cuts says so on standard error")
    func whole() throws {
        let count = 1131
        let daemon = try office(titles: (0..<count).map { "Warehouse \($0)" })
        let client = try daemon.client()
        for number in 1...130 {
            _ = try client.call(
                "order.open", .of(["case": .string("C-\(number)"), "reason": "slow", "due": "3 working-days", "acting": "cora"])
            ).get()
        }
        for list in [["list"], ["list", "--sort", "due"], ["order", "list"], ["notices", "--recipient", "hana"]] {
            let rows = list[0] == "list" ? count : 130
            let member = list[0] == "list" ? "cases" : list[0] == "order" ? "orders" : "notices"
            func lines(_ options: String...) throws -> [Substring] {
                let program = try Program("casectl", list + options, environment: ["CASED_SOCKET": daemon.socket])
                #expect(program.status == 0 && program.errors.isEmpty, "\(list): \(program.errors)")
                return program.output.split(whereSeparator: \.isNewline)
            }
            #expect(try lines("-o", "jsonl").count == rows, "\(list)")
            #expect(Set(try lines("-o", "jsonl")).count == rows, "none twice: \(list)")
            #expect(try lines("-o", "csv").count == rows + 1, "\(list)")
            for json in [["-o", "json"], ["--json"]] {
                let program = try Program("casectl", list + json, environment: ["CASED_SOCKET": daemon.socket])
                let whole = try JSONReader.read(Array(program.output.dropLast().utf8))
                #expect(whole[member]?.array?.count == rows && whole["next"]?.isNull == true, "\(list) \(json)")
            }
            let column = try Program("casectl", list + ["--json=case"], environment: ["CASED_SOCKET": daemon.socket])
            #expect(try JSONReader.read(Array(column.output.dropLast().utf8)).array?.count == rows, "\(list)")
        }
        for (limit, rows) in [(1, 1), (120, 120), (1100, 1100), (count, count), (9999, count)] {
            let program = try casectl("list", "-o", "jsonl", "--limit", "\(limit)", at: daemon)
            #expect(program.output.split(separator: "\n").count == rows)
            // Where the limit is reached exactly there may be more: the next page says that there is none.
            #expect(
                program.errors.contains("there are more; they begin with --after C-\(rows)") == (rows < count || limit == count),
                "\(limit): \(program.errors)")
            let after = try casectl("list", "-o", "jsonl", "--after", "C-\(rows)", at: daemon)
            #expect(after.output.split(separator: "\n").count == count - rows)
        }
        let table = try casectl("list", "--state", "submitted", "--sort=due", at: daemon)
        let more = try #require(table.output.split(separator: "\n").last)
        #expect(more.hasPrefix("More: casectl list --state submitted --sort=due --after "), "\(more)")
        let next = try bash(String(more.dropFirst(6)), at: daemon)
        #expect(next.status == 0 && next.output.contains("C-101 ") && !next.output.contains("C-100 "), "\(next.output.prefix(300))")
        #expect(try casectl("list", "--limit", "0", at: daemon).status == 64)
    }

    @Test("A name that the catalogue does not have is not an empty answer: it is said, with the nearest one")
    func names() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        var files = SmallOffice.files()
        files["office.toml"]! +=
            "[office.archive]\nname = \"Archive\"\ndepartment = \"bureau\"\nkind = \"internal\"\nhead = \"archivist\"\n"
        files["office.toml"]! +=
            "[post.archivist]\nname = \"Archivist\"\noffice = \"archive\"\nholder = \"arno\"\n[person.arno]\nname = \"Arno\"\n"
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
        for (arguments, status) in [
            (["list"], Int32(66)), (["list", "-o", "csv"], 66), (["list", "--json"], 66), (["list", "--json=case"], 66),
            (["export", "--format", "xes"], 66), (["count"], 66), (["sla", "report"], 66), (["export"], 66),
            (["bulk", "note", "--set", "text=x", "--dry-run"], 66), (["sla", "check", "--plugin"], 3), (["sla", "check"], 3),
            (["order", "list"], 66),
        ] {
            for (filter, name, likely) in [
                ("--matter", "permitt", "permit"), ("--office", "permit", "permits"), ("--leader", "leadr", "leader"),
            ] {
                let program = try Program("casectl", arguments + [filter, name], environment: ["CASED_SOCKET": daemon.socket])
                #expect(program.status == status, "\(arguments) \(filter): \(program.status) \(program.output)")
                #expect(
                    (program.output + program.errors).contains("did you mean \(likely)?"),
                    "\(arguments): \(program.output)\(program.errors)")
                #expect(!program.output.contains("OK"))
                if status == 66 { #expect(program.output.isEmpty, "half a document: \(arguments) \(program.output)") }
            }
            for filter in [["--matter", "notice"], ["--office", "archive"], ["--commissioner", "commissioner", "--matter", "notice"]] {
                let known = try Program("casectl", arguments + filter, environment: ["CASED_SOCKET": daemon.socket])
                #expect(known.status == 0, "what has no cases exists all the same: \(arguments) \(filter) \(known.errors)")
            }
        }
    }

    @Test("A watch on a name that nothing has is refused, and one that has seen nothing yet has its place all the same")
    func watches() throws {
        let daemon = try office(titles: ["Warehouse"])
        let lost = try casectl("watch", "--matter", "permitt", "--count", "1", at: daemon)
        #expect(lost.status == 66 && lost.errors.contains("did you mean permit?"), "\(lost.errors)")
        let place = "\(directory.path)/place"
        let script = """
            casectl watch --cursor-file '\(place)' > /dev/null & watch=$!
            until test -s '\(place)'; do :; done
            kill $watch; wait $watch
            casectl note C-1 'nobody watches' --as otto > /dev/null && exec casectl watch --cursor-file '\(place)' --count 1
            """
        #expect(try bash(script, at: daemon).output.contains("noted"))
    }

    @Test("A check whose options cannot be understood is unknown to a monitor, in its one line; its help is help")
    func misspeltCheck() throws {
        for options in ["--plugin --warning abc", "--plugin --wraning 3", "--warning abc", "--plugin extra"] {
            let program = try Program("casectl", ["sla", "check"] + options.split(separator: " ").map(String.init))
            #expect(program.status == 3, "\(options): \(program.status)")
            #expect(program.output.hasPrefix(options.contains("--plugin") ? "CASED UNKNOWN - " : "UNKNOWN: "), "\(program.output)")
            #expect(program.output.split(separator: "\n").count == 1 && !program.output.contains("|"), "\(program.output)")
        }
        let help = try Program("casectl", ["sla", "check", "--help"])
        #expect(help.status == 0 && help.output.contains("--plugin"))
        #expect(try Program("casectl", ["sla", "report", "--form", "abc"]).status == 64)
    }

    // MARK: What cannot be written

    @Test("Only an ordinary file is replaced: pipes, devices, folders and dangling links stay, and a link leads to its file")
    func replacing() throws {
        let daemon = try office(titles: ["Warehouse"])
        let folder = "\(directory.path)/outputs"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let commands = ["backup NAME", "watch --from start --count 1 --cursor-file NAME", "sla report --since-last NAME"]
        #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
        #expect(symlink("nowhere", "\(folder)/dangling") == 0)
        let isDevice = mknod("\(folder)/device", S_IFCHR | 0o666, 0x103) == 0
        for name in ["pipe", "dangling", "."] + (isDevice ? ["device"] : []) {
            var before = stat()
            #expect(lstat("\(folder)/\(name)", &before) == 0)
            for command in commands {
                let path = "'\(folder)/\(name)'"
                let program = try bash("casectl \(command.replacing("NAME", with: path))", at: daemon)
                #expect(program.status != 0 && program.errors.contains(folder), "\(command): \(program.errors)")
            }
            var after = stat()
            #expect(lstat("\(folder)/\(name)", &after) == 0 && after.st_ino == before.st_ino && after.st_mode == before.st_mode)
        }
        for (number, command) in commands.enumerated() {
            let (file, link) = ("\(folder)/file\(number)", "\(folder)/link\(number)")
            #expect(symlink(file, link) == 0)
            let content = command.hasPrefix("sla") ? Data("2026-01-01\n".utf8) : Data()
            #expect(FileManager.default.createFile(atPath: file, contents: content, attributes: [.posixPermissions: 0o640]))
            let program = try bash("casectl \(command.replacing("NAME", with: "'" + link + "'"))", at: daemon)
            #expect(program.status == 0, "\(program.errors)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) != content, "nothing was written: \(command)")
            var entry = stat()
            #expect(lstat(link, &entry) == 0 && entry.st_mode & S_IFMT == S_IFLNK, "\(command)")
            #expect(stat(file, &entry) == 0 && entry.st_mode & 0o777 == (number == 0 ? 0o600 : 0o640), "\(command)")
        }
        // What stands beside it is somebody's, and no rubbish is left.
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/mine.part"))
        #expect(try bash("casectl backup '\(folder)/mine'", at: daemon).status == 0)
        #expect(try String(contentsOfFile: "\(folder)/mine.part", encoding: .utf8) == "mine")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".part") } == ["mine.part"])
    }

    @Test("A full disk is an error of every command that prints, and a place moves only once the report is out")
    func fullDisk() throws {
        let daemon = try office(titles: ["Warehouse"])
        for command in [
            "list", "list -o csv", "list -o json", "list -o jsonl", "count", "show C-1", "history C-1", "status", "sla report",
            "sla report -o html",
            "sla report -o openmetrics", "export", "export --format xes", "export --format csv", "catalog duty-list",
            "--help", "list --help",
            "rpc server.info", "watch --from start --count 1", "calendar show cn", "calendar why today", "notices",
            "bulk note --set text=x --dry-run",
        ] {
            let program = try bash("casectl \(command) > /dev/full", at: daemon)
            #expect(
                program.status == 74 && program.errors.contains("No space left on device"),
                "\(command): \(program.status) \(program.errors)")
        }
        let place = "\(directory.path)/last"
        let failed = try bash("casectl sla report --since-last '\(place)' > /dev/full", at: daemon)
        #expect(failed.status == 74 && !FileManager.default.fileExists(atPath: place), "\(failed.errors)")
        let cursor = "\(directory.path)/cursor"
        #expect(try bash("casectl watch --from start --count 1 --cursor-file '\(cursor)' > /dev/full", at: daemon).status == 74)
        #expect(!FileManager.default.fileExists(atPath: cursor), "the event was not printed")
        let written = try bash("casectl sla report --since-last '\(place)'", at: daemon)
        #expect(written.status == 0 && FileManager.default.fileExists(atPath: place), "\(written.errors)")
        // A standard error that cannot be written is no reason to end.
        #expect(try bash("casectl show C-9 2> /dev/full", at: daemon).status == 66)
    }

    @Test("A file of output is replaced once all of it is there, and by nothing that failed")
    func outputFile() throws {
        let daemon = try office(titles: (0..<40).map { "Warehouse \($0)" })
        let file = "\(directory.path)/out"
        func content() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
        for command in [
            ["list"], ["list", "-o", "csv"], ["list", "--json"], ["export", "-o", "xes"], ["sla", "report", "-o", "html"],
            ["history", "C-1"],
            ["sla", "report", "-o", "openmetrics"], ["status", "-o", "openmetrics"], ["catalog", "duty-list"], ["show", "C-1"],
        ] {
            let shown = try Program("casectl", command, environment: ["CASED_SOCKET": daemon.socket])
            try "yesterday".write(toFile: file, atomically: false, encoding: .utf8)
            let written = try Program("casectl", command + ["--output-file", file], environment: ["CASED_SOCKET": daemon.socket])
            #expect(written.status == 0 && written.output.isEmpty && written.errors.isEmpty, "\(command): \(written.errors)")
            #expect(try content().count == shown.output.count && content().prefix(20) == shown.output.prefix(20), "\(command)")
            try "yesterday".write(toFile: file, atomically: false, encoding: .utf8)
            // So much of a file is too much, as on a disk that is full.
            let full = try bash(
                "(trap '' XFSZ; ulimit -f 0; casectl \(command.joined(separator: " ")) --output-file '\(file)') 2>&1 | cat; exit ${PIPESTATUS[0]}",
                at: daemon)
            #expect(full.status == 74 && full.output.contains("cannot be written"), "\(command): \(full.status) \(full.output)")
            #expect(try content() == "yesterday")
        }
        let place = "\(directory.path)/place"
        let lost = try bash(
            "trap '' XFSZ; ulimit -f 0; casectl sla report --since-last '\(place)' --output-file '\(file)'", at: daemon)
        #expect(lost.status == 74 && !FileManager.default.fileExists(atPath: place))
        #expect(try casectl("list", "--matter", "permitt", "--output-file", file, at: daemon).status == 66)
        #expect(try casectl("list", "--colums", "case", "--output-file", file, at: daemon).status == 64)
        #expect(try content() == "yesterday")
        let verdict = try casectl("sla", "check", "--plugin", "--output-file", file, at: daemon)
        #expect(try verdict.output.isEmpty && content().hasPrefix("CASED "))
        #expect(try casectl("list", "--output-file", "/dev/null", at: daemon).status == 73)
        #expect(try casectl("list", "--output-file", "\(directory.path)/none/out", at: daemon).errors.contains("cannot be written"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix("out") } == ["out"])
    }

    @Test("A reader that has seen enough is no fault, whether SIGPIPE is ignored or not")
    func closedReader() throws {
        let daemon = try office(titles: (0..<300).map { "\(String(repeating: "long ", count: 200))\($0)" })
        // A verdict stands, whoever reads it.
        let verdict = try bash("trap '' PIPE\ncasectl sla check --plugin --matter nope | true; echo ${PIPESTATUS[0]}", at: daemon)
        #expect(verdict.output == "3\n", "\(verdict.output)")
        for command in ["export", "export --format xes", "list -o jsonl", "list -o csv --limit 300"] {
            for trap in ["", "trap '' PIPE\n"] {
                let program = try bash("\(trap)casectl \(command) | head -c 10 > /dev/null; echo ${PIPESTATUS[0]}", at: daemon)
                let status = Int(program.output.trimmingCharacters(in: .whitespacesAndNewlines))
                #expect(
                    status == (trap.isEmpty ? 141 : 0) && program.errors.isEmpty,
                    "\(command): \(program.output) \(program.errors.prefix(300))")
            }
        }
    }

    @Test("A stream that was closed beforehand is nobody else's: nothing is written into a socket or a file in its place")
    func closedStreams() throws {
        let daemon = try office(titles: (0..<300).map { "\(String(repeating: "long ", count: 100))\($0)" })
        for command in ["list -o jsonl", "export", "show C-1", "--help"] {
            let program = try bash("casectl \(command) >&-", at: daemon)
            #expect(
                program.status == 74 && program.errors.contains("Bad file descriptor"), "\(command): \(program.status) \(program.errors)")
        }
        #expect(try bash("casectl show C-1 2>&- <&-", at: daemon).status == 0)
        let closed = try bash(
            """
            export CASED_SOCKET='\(directory.path)/closed.sock'
            cased --state-directory '\(directory.path)/closed' --socket "$CASED_SOCKET" --log-level debug <&- >&- 2>&- &
            for try in $(seq 300); do casectl rpc server.info > /dev/null 2>&1 && break; kill -0 $! || exit 9; done
            for try in 1 2 3; do casectl rpc server.info | jq -e .protocol > /dev/null || exit 8; done
            kill $!; wait $!
            """, at: daemon)
        #expect(closed.status == 0, "\(closed.status) \(closed.errors)")
    }

    @Test("The daemon's log on a full disk does not end the daemon")
    func fullLog() throws {
        let program = try bash(
            """
            export CASED_SOCKET='\(directory.path)/full.sock'
            cased --state-directory '\(directory.path)/full' --socket "$CASED_SOCKET" --log-level debug 2> /dev/full &
            for try in $(seq 300); do casectl rpc server.info > /dev/null 2>&1 && break; kill -0 $! || exit 9; done
            casectl rpc case.get '{"case":"C-1"}' 2> /dev/null
            kill $!; wait $!
            """, at: try office(titles: []))
        #expect(program.status == 0, "\(program.errors)")
    }

    // MARK: Text

    /// Each character that some form gives a meaning, alone, with a mark that makes another `Character` of it, and among others.
    private static let texts: [String] = {
        let marks = ["", "\u{301}", "\u{338}", "\u{20E3}", "\u{200D}", "\u{FE0F}"]
        let special = ["&", "<", ">", "\"", "'", ",", "\\", "\r\n", "\n", "\t", "]]>", "&amp;", "{", "=", "-", "\u{85}", "\u{2028}"]
        return special.flatMap { sign in marks.map { "a\(sign)\($0)b \(sign)\($0)\(sign)" } } + [
            "A & B &\u{301} C", "哈尔滨 \u{1F468}\u{200D}\u{1F469}",
        ]
    }()

    /// Compares what a reader's own parser finds with the titles; prints those that differ.
    private func readBack(_ command: String, _ reader: String, _ texts: [String] = Self.texts, at daemon: DaemonProcess) throws -> Program {
        let titles = JSONWriter.bytes { $0.value(.array(texts.map(JSONValue.string))) }
        let path = "\(directory.path)/titles.json"
        try Data(titles).write(to: URL(fileURLWithPath: path))
        return try bash(
            """
            casectl \(command) > '\(directory.path)/out' && python3 -c '
            import csv, html.parser, io, json, sys, xml.etree.ElementTree
            titles, out = json.load(open(sys.argv[1])), open(sys.argv[2], newline="", encoding="utf-8")
            \(reader)
            wrong = [t for t in titles if t not in found]
            sys.exit(repr(wrong[:3]) + " not in " + repr(sorted(found)[:5]) if wrong or not found else 0)
            ' '\(path)' '\(directory.path)/out'
            """, at: daemon)
    }

    @Test("Every special character with every combining mark comes back from the reader's own parser: XML, CSV, JSON")
    func specialCharacters() throws {
        let daemon = try office(titles: Self.texts)
        for (command, reader) in [
            (
                "export --format xes",
                "found = {s.get(\"value\") for s in xml.etree.ElementTree.parse(out).iter() if (s.get(\"key\") or \"\").endswith(\"title\")}"
            ),
            ("export --format csv --raw", "found = {row[\"title\"] for row in csv.DictReader(out, strict=True)}"),
            ("list -o csv --raw", "found = {row[\"title\"] for row in csv.DictReader(out, strict=True)}"),
            ("list -o jsonl", "found = {json.loads(line)[\"title\"] for line in out.read().split(\"\\n\") if line}"),
            ("list --json=title", "found = {row[\"title\"] for row in json.load(out)}"),
        ] {
            let program = try readBack(command, reader, at: daemon)
            #expect(program.status == 0, "\(command): \(program.errors)")
        }
    }

    @Test("Names of a catalogue come back from the page that is published")
    func catalogueNames() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        // A matter for each text that a name can hold.
        var files = SmallOffice.files()
        for (number, text) in Self.texts.enumerated() {
            let quoted = String(decoding: JSONWriter.bytes { $0.string(text) }, as: UTF8.self)
            files["matters.toml"]! += """
                [matter.m\(number)]
                name = \(quoted)
                office = "permits"
                leader = "leader"
                commissioner = "commissioner"
                sla = "licensing"

                """
        }
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        for number in Self.texts.indices { _ = try client.call("case.submit", SmallOffice.submission(matter: "m\(number)")).get() }
        let html = """
            class Cells(html.parser.HTMLParser):
                def __init__(self):
                    super().__init__(convert_charrefs=True)
                    self.found, self.text = set(), None
                def handle_starttag(self, tag, attributes):
                    if tag in ("td", "th", "h2", "text"): self.text = ""
                def handle_data(self, data):
                    if self.text is not None: self.text += data
                def handle_endtag(self, tag):
                    if tag in ("td", "th", "h2", "text") and self.text is not None: self.found.add(self.text); self.text = None
            cells = Cells(); cells.feed(out.read()); found = cells.found
            """
        // A page shows by their numbers what nobody could see.
        let shown = Self.texts.map { $0.replacing("\u{85}", with: "\\u{85}").replacing("\u{2028}", with: "\\u{2028}") }
        for command in ["catalog duty-list --format html"] {
            let program = try readBack(command, html, shown, at: daemon)
            #expect(program.status == 0, "\(command): \(program.errors.prefix(600))")
        }
    }

    /// Every scalar of Unicode that is shown by nothing, or that changes how others are shown.
    private static let unseen: [Unicode.Scalar] = (1...0x10FFFF).compactMap(Unicode.Scalar.init).filter { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: scalar.value != 0x200D && !"\t\n\r".unicodeScalars.contains(scalar)
        default: false
        }
    }

    @Test("Nothing that a reader would not see comes from a catalogue or a case onto a page raw, in a table or in an export as XML")
    func unseenScalars() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        #expect(Self.unseen.count > 200 && Self.unseen.contains("\u{1B}") && Self.unseen.contains("\u{202E}"))
        var files = SmallOffice.files()
        for (number, scalar) in Self.unseen.enumerated() {
            let quoted =
                "\"a\\U\(String(repeating: "0", count: 8 - String(scalar.value, radix: 16).count))\(String(scalar.value, radix: 16))b\""
            files["matters.toml"]! += """
                [matter.m\(number)]
                name = \(quoted)
                office = "permits"
                leader = "leader"
                commissioner = "commissioner"
                sla = "licensing"
                basis = \(quoted)

                """
        }
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try client.call("case.submit", SmallOffice.submission("x" + Self.unseen.map { "\($0)y" }.joined(), matter: "m0")).get()
        let all = Set(Self.unseen)
        for command in [
            "catalog duty-list --format html", "catalog guide m26 --format html", "sla report --by matter -o html", "catalog duty-list",
            "export -o xes",
        ] {
            let program = try bash("casectl \(command)", at: daemon)
            #expect(program.status == 0, "\(program.errors)")
            let raw = program.output.unicodeScalars.filter(all.contains)
            #expect(raw.isEmpty, "\(command): \(raw.map { String($0.value, radix: 16) })")
        }
        let page = try bash("casectl catalog duty-list --format html", at: daemon).output
        for scalar in Self.unseen { #expect(page.contains("a\\u{\(String(scalar.value, radix: 16))}b"), "\(scalar.value)") }
        // A program gets from XML what XML can say.
        let title =
            try XMLDocument(xmlString: try bash("casectl export -o xes", at: daemon).output)
            .nodes(forXPath: "//*[@key='title']/@value").first?.stringValue ?? ""
        for scalar in Self.unseen where scalar.value >= 0x20 { #expect(title.unicodeScalars.contains(scalar), "\(scalar.value)") }
    }
}
