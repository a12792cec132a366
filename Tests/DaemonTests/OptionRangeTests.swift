import CaseTesting
import CaseWire
import Foundation
import Testing

/// What an option says is honoured or refused, and never ignored.
@Suite("Options that mean nothing")
struct OptionRangeTests {
    private let directory = TemporaryDirectory()

    private func casectl(_ words: [String], socket: String = "/nonexistent/s", environment: [String: String] = [:]) throws -> Program {
        try Program("casectl", words, environment: environment.merging(["CASED_SOCKET": socket]) { $1 })
    }

    /// The command in front of a number of each option, and what it takes.
    private static let numbers: [(option: String, command: String, range: ClosedRange<Int>)] = [
        ("--version", "catalog plan", 1...Int.max), ("--version", "catalog apply", 1...Int.max), ("--version", "catalog get", 1...Int.max),
        ("--version", "catalog duty-list", 1...Int.max), ("--version", "catalog confirm", 1...Int.max),
        ("--if-version", "catalog apply --version 1", 0...Int.max), ("--limit", "catalog versions", 1...Int.max),
        ("--after", "catalog versions", 1...Int.max), ("--limit", "list", 1...Int.max), ("--expect", "bulk note --set text=x", 0...Int.max),
        ("--count", "watch", 1...Int.max), ("--year", "calendar import f --catalog d --list l", 1...9999), ("--every", "top", 1...86_400),
        ("--if-revision", "note C-1 x", 1...Int.max), ("--last", "history C-1", 1...Int.max), ("--months", "calendar show cn", 1...24),
        ("--overdue-limit", "sla report", 0...1000),
        ("--warning", "sla check", 0...Int.max), ("--critical", "sla check", 0...Int.max), ("--rate-warning", "sla check", 0...100),
        ("--rate-critical", "sla check", 0...100),
        ("--size", "evidence checkpoint", 0...Int.max), ("--revision", "evidence proof C-1", 1...Int.max),
        ("--patience", "notices deliver --exec true --cursor-file /nonexistent/p", 1...3600),
        ("--patience", "evidence witness --exec true --witnessed /nonexistent/w", 1...3600), ("", "notices take", 1...Int.max),
    ]

    @Test("Every number that an option takes has a range, and one outside it is refused before anybody is asked")
    func ranges() throws {
        for (option, command, range) in Self.numbers {
            let outside = [range.lowerBound - 1, .min] + (range.upperBound < .max ? [range.upperBound + 1, .max] : [])
            for number in outside {
                // What begins with a dash is an option's value only behind a sign of equality, and no argument at all.
                guard !option.isEmpty || number >= 0 else { continue }
                let words = command.split(separator: " ").map(String.init) + [option.isEmpty ? "\(number)" : "\(option)=\(number)"]
                let program = try casectl(words)
                let (status, said) = command == "sla check" ? (Int32(3), program.output) : (64, program.errors)
                #expect(program.status == status && said.contains("\(number): "), "\(words): \(program.status) \(said)")
            }
            // What lies within it is no wrong usage.
            for number in Set([range.lowerBound, range.upperBound]).sorted() {
                let words = command.split(separator: " ").map(String.init) + [option.isEmpty ? "\(number)" : "\(option)=\(number)"]
                guard option != "--count", option != "--every" else { continue }
                let program = try casectl(words)
                #expect(program.status != 64 && program.status < 128, "\(words): \(program.status) \(program.errors)")
                #expect(!program.output.contains("--rate-warning \(number): "), "\(program.output)")
            }
        }
    }

    @Test("There is a range for each option that is a number in the sources")
    func everyNumber() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/casectl")
        var found: [String] = []
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            let options =
                /@(?:Option|Argument)(?:\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?\s*var (\w+)(?:: \[?U?Int(?:64)?\]?\??| = -?[0-9_]+)/
            for match in text.matches(of: options) { found.append(String(match.output.1)) }
        }
        let known = Set(Self.numbers.map(\.option))
        for name in Set(found) where name != "seqs" {
            let option = "--" + name.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
            #expect(known.contains(option), "\(option) is a number without a range")
        }
        #expect(Set(found).count >= 15, "\(found)")
    }

    @Test("What is critical is not milder than what is a warning; of one alone the other gives way")
    func order() throws {
        for words in ["--warning 5 --critical 4", "--rate-warning 80 --rate-critical 81"] {
            let program = try casectl(["sla", "check", "--plugin"] + words.split(separator: " ").map(String.init))
            #expect(program.status == 3 && program.output.contains("is milder than"), "\(program.output)")
        }
        for words in ["--warning 50", "--critical 0", "--warning 5 --critical 5", "--rate-warning 80 --rate-critical 80"] {
            let program = try casectl(["sla", "check", "--plugin"] + words.split(separator: " ").map(String.init))
            #expect(!program.output.contains("is milder than"), "\(program.output)")
        }
    }

    @Test("A verdict that cannot be written is unknown, wherever it was to go")
    func unwritable() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        let programs = DaemonProcess.programs
        for command in ["sla check", "sla check --plugin", "status --check", "sla check --plugin --warning -1"] {
            for place in ["> /dev/full", "--output-file /nonexistent/x", "--output-file '\(directory.path)/y' < /dev/null"] {
                let isFull = place.contains("/y")
                let script = "\(isFull ? "trap '' XFSZ; ulimit -f 0; " : "")'\(programs)/casectl' \(command) \(place) 2> /dev/null"
                let program = try Program("/bin/bash", ["-c", script], environment: ["CASED_SOCKET": daemon.socket])
                #expect(program.status == 3, "\(command) \(place): \(program.status) \(program.output)")
            }
        }
        daemon.terminate()
    }

    @Test("A form, a language and a limit that would be ignored are refused, by every command that has them")
    func ignored() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        let help = try JSONReader.read(Array(try casectl(["--experimental-dump-help"]).output.utf8))
        var commands: [(words: [String], options: [String: [String]])] = []
        func collect(_ command: JSONValue, _ path: [String]) {
            let inner = command["subcommands"]?.array ?? []
            for one in inner { collect(one, path + [one["commandName"]?.string ?? ""]) }
            var (words, options): ([String], [String: [String]]) = (path, [:])
            for argument in command["arguments"]?.array ?? [] {
                for name in argument["names"]?.array ?? [] {
                    options[name["name"]?.string ?? ""] = (argument["allValues"]?.array ?? []).compactMap(\.string)
                }
                guard argument["isOptional"]?.bool == false else { continue }
                let value = ["case": "C-1", "matter": "permit"][argument["valueName"]?.string ?? ""] ?? "x"
                if argument["kind"]?.string == "positional" { words.append(value) }
                if argument["kind"]?.string == "option", let name = argument["names"]?.array?.first?["name"]?.string {
                    words += ["--\(name)", value]
                }
            }
            if inner.isEmpty { commands.append((words, options)) }
        }
        collect(try #require(help["command"]), [])
        var seen = 0
        func refused(_ words: [String]) throws {
            let program = try casectl(words, socket: daemon.socket)
            #expect(program.status == 64, "\(words): \(program.status) \(program.output.prefix(200)) \(program.errors)")
            seen += 1
        }
        for (words, options) in commands where options["json"] != nil && !["help", "top", "watch"].contains(words.first) {
            for form in ["format", "output"] {
                // The JSON of an export is lines of it.
                for value in options[form] ?? [] where value != "json" && (words, value) != (["export"], "jsonl") {
                    try refused(words + ["--json", "--\(form)", value])
                }
            }
            // Pages that are written into a folder are in the language that is asked for.
            if options["language"] != nil, words.prefix(2) != ["catalog", "guides"] {
                try refused(words + ["--json", "--language", "zh"])
            }
        }
        #expect(seen > 40, "\(seen)")
        for words in [
            "catalog duty-list --format csv --language zh", "sla report -o csv --overdue-limit 5",
            "sla report -o openmetrics --overdue-limit 5",
            "sla report --json --overdue-limit 5", "list -o html", "list -o openmetrics", "queue -o html",
        ] {
            try refused(words.split(separator: " ").map(String.init))
        }
        // What a list cannot be is not offered.
        #expect(try !casectl(["list", "--help"]).output.contains("html"))
        for form in ["html", "openmetrics"] {
            #expect(try casectl(["sla", "report", "-o", form], socket: daemon.socket).status == 0)
        }
        daemon.terminate()
    }

    // MARK: Periods

    @Test("A period has whole days: what is none is refused and not cut, and so is one that has no day or has not begun")
    func periods() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        for (words, sentence) in [
            ("--from=2026-02-06 10:00", "--from 2026-02-06 10:00 is no whole day"), ("--from=-2h", "--from -2h is no whole day"),
            ("--to=now", "--to now is no whole day"), ("--to=2026-02-06T02:00:00Z", "--to 2026-02-06T02:00:00Z is no whole day"),
            ("--from=+30m", "is no whole day"), ("--from=2026-02-07", "--from 2026-02-07 has not come yet"),
            ("--from=tomorrow", "has not come yet"), ("--from=2026-02-06 --to=2026-02-05", "--to 2026-02-05 is before --from 2026-02-06"),
            ("--from=2026-02-05 --to=2026-02-05", "for that one day give --to 2026-02-06"),
        ] {
            let options = words.components(separatedBy: " --").enumerated().map { $0.offset == 0 ? $0.element : "--" + $0.element }
            let program = try casectl(["sla", "report"] + options, socket: daemon.socket)
            #expect(program.status == 64 && program.errors.contains(sentence), "\(words): \(program.status) \(program.errors)")
            guard words.hasPrefix("--from"), options.count == 1 else { continue }
            let check = try casectl(["sla", "check", "--plugin", "--rate-warning", "1"] + options, socket: daemon.socket)
            #expect(check.status == 3 && check.output.contains(sentence), "\(words): \(check.output)")
        }
        for (words, period) in [
            (["--from=-2d"], "from 4 February 2026 until now"), (["--from=today"], "from 6 February 2026 until now"),
            (["--from=yesterday", "--to=today"], "5 February 2026"), (["--to", "2026-02-01"], "through 31 January 2026"),
        ] {
            let program = try casectl(["sla", "report"] + words, socket: daemon.socket)
            #expect(program.output.contains("Period          \(period)\n"), "\(words): \(program.output) \(program.errors)")
        }
        // The first months of all have none before them.
        let first = try casectl(["sla", "report", "--to", "0001-03-01", "-o", "html"], socket: daemon.socket)
        #expect(first.status == 0 && first.output.contains("through 28 February 1"), "\(first.errors)")
        let help = try casectl(["sla", "report", "--help"]).output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(help.contains("--to <to> The day after the last one of the period: it is not part of it."))
        daemon.terminate()
    }
}
