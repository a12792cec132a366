import CaseCore
import CasePages
import CaseTesting
import CaseWire
import ChildProcesses
import Foundation
import Testing
import WorkingTime

@testable import casectl

/// What people at work type and read, beside lists of cases.
@Suite("People at work")
struct PeopleAtWorkTests {
    private let directory = TemporaryDirectory()

    private func office(_ files: [String: String] = SmallOffice.files()) throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        return daemon
    }

    private func casectl(_ daemon: DaemonProcess, _ arguments: [String], _ environment: [String: String] = [:]) throws -> Program {
        try Program("casectl", arguments, environment: environment.merging(["CASED_SOCKET": daemon.socket]) { $1 })
    }

    // MARK: Texts that look like a question for help

    @Test("A text that is -h, --help or --version is a text where an option takes one, and behind --; anywhere else it opens the help")
    func helpWords() throws {
        let daemon = try office()
        let client = try daemon.client()
        for word in ["-h", "--help", "--version"] {
            let submitted = try casectl(
                daemon, ["submit", "permit", "--title", word, "--applicant-id", "1", "--applicant-name", word, "--material", "form"])
            #expect(submitted.status == 0 && submitted.output.hasPrefix("C-"), "\(submitted.output)\(submitted.errors)")
            let file = String(submitted.output.prefix { $0 != " " })
            #expect(try client.call("case.get", .of(["case": .string(file)])).get().cell("title") == word)
            #expect(try casectl(daemon, ["note", file, "--as", "otto", "--", word]).status == 0)
            #expect(try casectl(daemon, ["accept", file, "--as", "otto"]).status == 0)
            #expect(try casectl(daemon, ["recommend", file, "grant", "--opinion", word, "--as", "otto"]).status == 0)
            let history = try client.call("case.history", .of(["case": .string(file)])).get()["events"]?.array ?? []
            #expect(history.compactMap { $0["data"]?.cell("text") } == [word] && history.last?["data"]?.cell("opinion") == word)
            #expect(try casectl(daemon, ["count", "--text", word]).output == "1\n")
        }
        // By what each command declares: a text of its own is taken, and its help stays where it was.
        for command in Commands.ofClients {
            let path = command.terminalPath.split(separator: " ").map(String.init)
            for word in ["-h", "--help"] {
                let help = try casectl(daemon, path + [word])
                #expect(help.status == 0 && help.output.contains("USAGE: casectl \(command.terminalPath)"), "\(path) \(word)")
            }
            let form = TerminalForm.of(command.name)
            let options = Method(command).parameters.filter { !ParameterOption.common.contains($0.name) }
                .flatMap { ParameterOption.all($0, form) }
            for option in options where !option.isPositional && !option.isNobody {
                if case .boolean = option.shape { continue }
                let program = try casectl(daemon, path + ["--\(option.name)", "-h"])
                #expect(!program.output.contains("USAGE: "), "\(path) --\(option.name) -h")
            }
        }
        #expect(try casectl(daemon, ["note", "C-1", "x", "-h"]).output.contains("USAGE: casectl note"))
        #expect(try casectl(daemon, ["note", "C-1", "--help"]).output.contains("USAGE: casectl note"))
        #expect(try casectl(daemon, ["accept", "C-1", "-h"]).output.contains("USAGE: casectl accept"))
        #expect(try casectl(daemon, ["list", "--mine", "--help"]).output.contains("USAGE: casectl list"))
        #expect(try casectl(daemon, ["--version"]).status == 0)
        daemon.terminate()
    }

    // MARK: What waits, and what does not

    @Test("A catalogue that waits for the asker's word stands below their queue, with the command that gives it; below nobody else's")
    func secondWord() throws {
        let daemon = try DaemonProcess(in: directory, isTraining: false)
        let folder = TemporaryDirectory()
        func apply(_ files: [String: String]) throws {
            for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)")) }
            #expect(try casectl(daemon, ["catalog", "apply", folder.path]).status == 0)
        }
        var files = SmallOffice.files()
        try apply(files)
        files["office.toml"]!.replace(#"holder = "lena""#, with: #"holder = "bela""#)
        try apply(files)
        // Whoever asked for it is not who agrees.
        let own = try casectl(daemon, ["queue"])
        #expect(own.status == 0 && own.output.contains("Nothing waits for you."), "\(own.output)\(own.errors)")
        guard getuid() == 0 else { return }
        chmod(directory.path, 0o755)
        chmod(daemon.socket, 0o666)
        let other = try Program(
            "/usr/bin/setpriv",
            ["--reuid=65534", "--regid=\(getgid())", "--clear-groups", "\(DaemonProcess.programs)/casectl", "queue"],
            environment: ["CASED_SOCKET": daemon.socket])
        #expect(!other.output.contains("waits for your word"), "a stranger agrees to nothing: \(other.output)\(other.errors)")
        daemon.terminate()
    }

    @Test("A case that has taken in as much as it may today says so at once")
    func fullCase() throws {
        let daemon = try office()
        let client = try daemon.client()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        let text = String(repeating: "x", count: 1 << 16)
        var isFull = false
        for _ in 0..<300 where !isFull {
            if case .failure = try client.call("case.note", .of(["case": "C-1", "text": .string(text), "acting": "otto"])) {
                isFull = true
            }
        }
        #expect(isFull)
        let refused = try casectl(daemon, ["note", "C-1", text, "--as", "otto"])
        #expect(refused.status == 75 && refused.errors.contains("as much for C-1 today as is allowed"), "\(refused.errors)")
        #expect(!refused.errors.contains("trying again"), "\(refused.errors)")
        daemon.terminate()
    }

    @Test("Whatever ends a watch ends the command that runs for it, with all that it has started", arguments: [SIGTERM, SIGINT, SIGHUP])
    func watchEnds(number: Int32) throws {
        let daemon = try office()
        _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
        let (begun, gone, place) = ("\(directory.path)/begun", "\(directory.path)/gone", "\(directory.path)/place")
        // The grandchild holds the one pipe open as long as it lives; the other says that it does.
        #expect(mkfifo(begun, 0o600) == 0 && mkfifo(gone, 0o600) == 0)
        let watch = try ChildProcess(
            "\(DaemonProcess.programs)/casectl",
            [
                "watch", "--from", "start", "--cursor-file", place, "--exec",
                "trap 'exit 0' TERM INT HUP; sleep 1000 3> '\(gone)' & echo begun > '\(begun)'; wait",
            ],
            environment: ["CASED_SOCKET": daemon.socket])
        #expect(FileHandle(forReadingAtPath: begun)?.readDataToEndOfFile().isEmpty == false)
        let living = try #require(FileHandle(forReadingAtPath: gone))
        watch.send(number)
        #expect(watch.waitOrKill() == 128 + number)
        #expect(living.readDataToEndOfFile().isEmpty, "it ends with whoever holds it open")
        #expect(!FileManager.default.fileExists(atPath: place), "the event comes again")
        daemon.terminate()
    }

    // MARK: What is taken, and what is offered

    @Test("Every form that a shell completes is taken, and no other one, by every command that has forms")
    func completedForms() throws {
        let daemon = try office()
        _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
        // What a command needs before its options, where it needs something.
        let arguments = ["history": ["C-1"], "powers": ["permit"]]
        let help = try JSONReader.read(Array(try casectl(daemon, ["--experimental-dump-help"]).output.utf8))
        var commands: [[String]] = []
        func collect(_ command: JSONValue, _ path: [String]) {
            let options = (command["arguments"]?.array ?? []).flatMap { $0["names"]?.array ?? [] }.compactMap { $0["name"]?.string }
            if options.contains("group-by") { commands.append(path) }
            for inner in command["subcommands"]?.array ?? [] { collect(inner, path + [inner["commandName"]?.string ?? ""]) }
        }
        collect(try #require(help["command"]), [])
        #expect(commands.contains(["sla", "report"]) && commands.contains(["list"]) && commands.count > 8, "\(commands)")
        for names in commands {
            let command = names.joined(separator: " ")
            let words = names + (arguments[command] ?? []) + (command == "count" ? ["--by", "state"] : [])
            let completed = try casectl(
                daemon, ["---completion"] + names + ["--", "--output", "\(words.count + 2)", "0", "casectl"] + words + ["-o", ""],
                ["SAP_SHELL": "bash"])
            let offered = Set(completed.output.split(separator: "\n").map(String.init))
            #expect(offered.contains("csv"), "\(command): \(completed.output)\(completed.errors)")
            for form in Output.Format.allCases.map(\.rawValue) {
                let program = try casectl(daemon, words + ["-o", form])
                #expect((program.status != 64) == offered.contains(form), "\(command) -o \(form): \(program.status) \(program.errors)")
            }
        }
        daemon.terminate()
    }

    @Test("A file that cannot be made is said before anything is done, with the exit code of that")
    func uncreatable() throws {
        let daemon = try office()
        for words in [
            ["sla", "report", "--since-last", "/nonexistent/last"], ["list", "--output-file", "/nonexistent/list"],
            ["watch", "--cursor-file", "/nonexistent/place", "--count", "1"], ["backup", "/nonexistent/copy"],
            ["notices", "deliver", "--exec", "true", "--cursor-file", "/nonexistent/place"], ["list", "--output-file", directory.path],
            ["catalog", "init", "/proc/nowhere"], ["catalog", "guides", "/proc/nowhere"],
        ] {
            let program = try casectl(daemon, words)
            #expect(program.status == 73 && program.output.isEmpty, "\(words): \(program.status) \(program.output)\(program.errors)")
        }
        daemon.terminate()
    }

    // MARK: What is published and counted

    @Test("The duty list as CSV says of every matter what the page says, also where a post has no holder")
    func dutyList() throws {
        var files = SmallOffice.files()
        files["office.toml"]!.replace(
            "head = \"bureau-head\"", with: "head = \"bureau-head\"\ncomplaints = \"Hotline 12345\"", maxReplacements: 1)
        let daemon = try office(files)
        let list = try daemon.client().call("catalog.duty_list").get()
        let rows = try casectl(daemon, ["catalog", "duty-list", "--format", "csv"]).output.components(separatedBy: "\r\n")
        for matter in list["matters"]?.array ?? [] {
            let name = matter.cell("name") ?? ""
            for kind in ["examines", "decides", "supervises"] {
                #expect(rows.contains { $0.hasSuffix(",\(kind),\(name)") }, "\(kind) \(name) in \(rows)")
            }
            for fact in ["statutory", "promised", "basis"] {
                let said = "\(name): \(matter.cell(fact) ?? "-")"
                #expect(rows.contains { $0.contains(",\(fact),") && $0.contains(said) }, "\(said) in \(rows)")
            }
        }
        #expect(rows.contains { $0.contains(",complaints,") && $0.contains("Hotline 12345") }, "\(rows)")
        daemon.terminate()
    }

    @Test("What calendars say is said in Chinese where the language says so, and the same to programs")
    func calendars() throws {
        let daemon = try office()
        let chinese = ["LC_ALL": "zh_CN.UTF-8"]
        let folder = TemporaryDirectory()
        var files = SmallOffice.files()
        files["calendar.toml"]!.replace("09:00-12:00", with: "08:00-12:00")
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)")) }
        let days = ["2026-02-06", "2026-02-07", "2026-02-14", "2026-02-17", "2031-05-01"]
        let commands =
            days.map { ["calendar", "why", $0] } + [["calendar", "diff", folder.path]]
            + ["20 working-days", "90 working-minutes", "1 months"].map { ["calendar", "due", "cn", "2026-02-06", $0] }
        for words in commands {
            let said = try casectl(daemon, words, chinese)
            #expect(said.status == 0 && said.output.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(words)")
            for english in ["worked", "official", "calendar ", "catalogue", "the end", "day,", "applied", "every", "version "] {
                #expect(!said.output.contains(english), "\(english): \(said.output)")
            }
            #expect(try casectl(daemon, words + ["--json"], chinese).output == casectl(daemon, words + ["--json"]).output)
        }
        daemon.terminate()
    }

    @Test("One of a unit is said as one, in every unit, and programs read what was written")
    func oneUnit() throws {
        for unit in Length.units {
            let one = String(unit.dropLast())
            #expect(Say.singular("ask for 1 \(unit) or less") == "ask for 1 \(one) or less")
            #expect(Say.singular("(1 \(unit)), 11 \(unit), 1.1 \(unit)") == "(1 \(one)), 11 \(unit), 1.1 \(unit)")
            #expect(Language.en.oneUnit("1 \(unit)") == "1 \(one)" && Language.en.oneUnit("21 \(unit)") == "21 \(unit)")
            #expect(Language.zh.oneUnit("1 \(unit)") != "1 \(unit)", "\(unit) has a word in Chinese")
        }
        var files = SmallOffice.files()
        files["sla.toml"]!.replace("budget = \"10 working-days\"", with: "budget = \"1 working-days\"")
        files["sla.toml"]!.replace("longest = \"60 calendar-days\"", with: "longest = \"1 calendar-days\"")
        let daemon = try office(files)
        let client = try daemon.client()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        _ = try client.call("case.accept", .of(["case": "C-1", "acting": "otto"])).get()
        let suspend = ["suspend", "C-1", "--kind", "hearing", "--basis", "§ 1", "--as", "otto", "--expected"]
        let refused = try casectl(daemon, suspend + ["2 calendar-days"])
        #expect(refused.status == 1 && refused.errors.contains("1 calendar-day") && !refused.errors.contains("1 calendar-days"))
        #expect(try casectl(daemon, suspend + ["1 calendar-days"]).status == 0)
        for words in [["history", "C-1"], ["explain", "C-1"], ["show", "C-1"], ["catalog", "duty-list"]] {
            let said = try casectl(daemon, words).output
            #expect(said.firstMatch(of: /\b1 (working-day|calendar-day|month)s/) == nil, "\(words): \(said)")
        }
        #expect(try casectl(daemon, ["history", "C-1"]).output.contains("announced for 1 calendar-day"))
        #expect(try casectl(daemon, ["history", "C-1", "-o", "csv"]).output.contains("announced for 1 calendar-days"))
        #expect(try casectl(daemon, ["catalog", "duty-list", "--json"]).output.contains("\"1 working-days\""))
        daemon.terminate()
    }
}
