import CaseClient
import CaseTesting
import CaseWire
import ChildProcesses
import Foundation
import Testing

/// What the documents tell people to type works, as they type it.
@Suite("Documents and examples")
struct DocumentTests {
    /// The fenced blocks of a document that are marked `sh`.
    private func commands(in document: String) throws -> String {
        let text = try String(contentsOfFile: "\(SharedData.project)/\(document)", encoding: .utf8)
        return text.split(separator: "```sh\n", omittingEmptySubsequences: false).dropFirst()
            .map { String($0[..<($0.firstRange(of: "\n```")?.lowerBound ?? $0.endIndex)]) }.joined(separator: "\n")
    }

    private func bash(_ script: String) throws -> Program {
        try Program(
            "/bin/bash", ["-euo", "pipefail", "-c", "cd '\(SharedData.project)'\nPATH='\(DaemonProcess.programs)':$PATH\n" + script])
    }

    @Test("The permits example takes some twenty cases through every ending")
    func permits() throws {
        let program = try bash("examples/permits/run '\(DaemonProcess.programs)'")
        #expect(program.status == 0, "\(program.errors)")
        for ending in ["granted", "refused", "deemed-granted", "not-accepted", "withdrawn", "lapsed", "in-review", "submitted"] {
            #expect(program.output.contains(" \(ending) "), "no case is \(ending) in the end")
        }
        #expect(program.errors.contains("zhao.lei may not grant this case"))
    }

    @Test("The reform example merges three offices with running cases, on its day, and an overdue case is asked about")
    func reform() throws {
        let program = try bash("examples/reform/run '\(DaemonProcess.programs)'")
        #expect(program.status == 0, "\(program.errors)")
        for sign in [
            "before  3        1.0", "after   1        3.0", "2026-02-28T16:00:00Z  rerouted", "O-2-1  open   handler  clock",
            "O-2-1  closed  handler", "weekly/2026-03-09: 1 of 1: C-2", "in-order  han.mei", "Nobody can both approve and supervise",
        ] {
            #expect(program.output.contains(sign), "\(sign): \(program.output)")
        }
    }

    @Test(
        "The reform where it counts: an admin who makes herself a leader is refused or waits, and the reform counts once another unix user agrees"
    )
    func twoWords() throws {
        let program = try bash("examples/reform/two-words '\(DaemonProcess.programs)'")
        guard geteuid() == 0 else {
            #expect(program.status == 77 && program.errors.contains("run it as root"))
            return
        }
        #expect(program.status == 0, "\(program.errors)")
        for sign in [
            "unix user 0 administers the server", "user.65532 person: to zheng.yi", "uid 65532 waits for a second word",
            "the second word is somebody else's", "the catalogue was changed  -      look at it, and agree or not  han.mei",
            #"[{"case":"C-1","office":"planning-office"}]"#,
            #"[{"case":"C-1","office":"approval-office"}]"#, "Nobody can both approve and supervise",
        ] {
            #expect(program.output.contains(sign), "\(sign): \(program.output)")
        }
    }

    /// The permits example's catalogue in a daemon of its own.
    private func permitsDaemon() throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        let program = try bash(
            """
            export CASED_SOCKET='\(daemon.socket)'
            printf '[user.%s]\nservice = "online-hall"\n' "$(id -u)" > '\(daemon.socket).toml'
            casectl catalog apply examples/permits/catalog --with '\(daemon.socket).toml'
            """)
        #expect(program.status == 0, "\(program.errors)")
        return daemon
    }

    @Test("A thousand cases listed through printf and nc arrive whole, and so do five hundred pipelined submissions")
    func netcat() throws {
        let daemon = try permitsDaemon()
        let program = try bash(
            """
            submit() { printf '{"jsonrpc":"2.0","id":%d,"method":"case.submit","params":{"matter":"working-hours","title":"Shift plan",' $1
                printf '"applicant":{"id":"91230100MA","name":"Harbin Graphene Park"},"materials":["application-form"]}}\\n'; }
            for half in 1 2; do
                for number in $(seq 500); do submit $number; done | nc -NU '\(daemon.socket)' | jq -es 'map(.result.case) | length == 500 and all'
            done
            printf '{"jsonrpc":"2.0","id":1,"method":"case.list","params":{"limit":1000}}\\n' | nc -NU '\(daemon.socket)' \
                | jq -e '.result.cases | length == 1000'
            """)
        #expect(program.status == 0, "\(program.output) \(program.errors)")
    }

    @Test("The client in a shell submits a case, and says why it could not")
    func shellClient() throws {
        let daemon = try permitsDaemon()
        let program = try bash("CASED_SOCKET='\(daemon.socket)' examples/clients/submit.sh working-hours 'Shift \"plan\"'")
        #expect(program.status == 0 && program.output.hasPrefix("C-1 submitted, receipt "), "\(program.errors)")
        let wrong = try bash("CASED_SOCKET='\(daemon.socket)' examples/clients/submit.sh working-hour x")
        #expect(wrong.status == 1 && wrong.errors.contains("did you mean working-hours?"))
        daemon.terminate()
    }

    @Test("The client in Python submits a case and follows it to its end")
    func pythonClient() throws {
        let daemon = try permitsDaemon()
        let output = "\(daemon.socket).out"
        let following = try ChildProcess(
            "/usr/bin/env", ["python3", "\(SharedData.project)/examples/clients/follow.py", "working-hours", "夜班"],
            environment: ["CASED_SOCKET": daemon.socket], output: .file(output))
        let program = try bash(
            """
            export CASED_SOCKET='\(daemon.socket)'
            until casectl show C-1 > /dev/null 2>&1; do :; done
            casectl accept C-1 --as chen.jing
            casectl recommend C-1 grant --opinion x --as chen.jing
            casectl grant C-1 --as zhang.min
            """)
        #expect(program.status == 0, "\(program.errors)")
        #expect(following.waitOrKill() == 0)
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 5 && lines[0].hasPrefix("C-1 submitted receipt ") && lines[4].hasSuffix("granted by zhang.min"), "\(lines)")
        daemon.terminate()
    }

    @Test("The cron job's commands report since the last time, and write metrics")
    func cron() throws {
        let daemon = try permitsDaemon()
        let folder = "\(daemon.socket).d"
        let jobs = try String(contentsOfFile: "\(SharedData.project)/examples/clients/cased.cron", encoding: .utf8)
            .split(separator: "\n").filter { $0.contains(" root  ") }.map { $0.split(separator: "root  ", maxSplits: 1)[1] }
        #expect(jobs.count == 2)
        let script = jobs.joined(separator: "\n").replacing("/var/lib/cased-report", with: folder)
            .replacing("/var/lib/prometheus/node-exporter", with: folder)
        let program = try bash("export CASED_SOCKET='\(daemon.socket)'\nmkdir -p '\(folder)'\n\(script)\ncat '\(folder)/cased.prom'")
        #expect(program.status == 0 && program.output.hasSuffix("# EOF\n"), "\(program.errors)")
        daemon.terminate()
    }

    @Test("docs/casectl.md: its commands do what it says")
    func casectlPage() throws {
        let daemon = try permitsDaemon()
        let program = try bash(
            """
            export CASED_SOCKET='\(daemon.socket)'
            mkdir -p '\(daemon.socket).d'
            casectl submit working-hours --title "Shift plan" --applicant-id 91X --applicant-name A --material application-form
            casectl accept C-1 --as chen.jing
            cd '\(daemon.socket).d'
            \(try commands(in: "docs/casectl.md"))
            """)
        #expect(program.status == 0, "\(program.output)\n\(program.errors)")
        daemon.terminate()
    }

    @Test(
        "docs/walks: what each kind of people types does what the page says",
        arguments: ["newcomer", "officer", "leader", "applicant", "administrator", "cron"])
    func walk(of people: String) throws {
        let daemon = try permitsDaemon()
        let program = try bash(
            """
            export CASED_SOCKET='\(daemon.socket)'
            mkdir -p '\(daemon.socket).d/examples'
            cp -r examples/permits '\(daemon.socket).d/examples'
            cd '\(daemon.socket).d'
            \(try commands(in: "docs/walks/\(people).md"))
            """)
        #expect(program.status == 0, "\(program.output)\n\(program.errors)")
    }

    @Test("There is a walk for each page that the list of walks names")
    func walks() throws {
        let folder = "\(SharedData.project)/docs/walks"
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "README.md" }
        let list = try String(contentsOfFile: "\(folder)/README.md", encoding: .utf8)
        #expect(pages.sorted() == ["newcomer", "officer", "leader", "applicant", "administrator", "cron"].map { $0 + ".md" }.sorted())
        for page in pages { #expect(list.contains("](\(page))"), "\(page)") }
    }

    @Test("docs/client.md: the Swift client submits under a key, once, also when it is asked while nobody answers")
    func swiftClient() throws {
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        let cased = PatientClient(path: daemon.socket, patience: 30)
        let params: JSONValue = ["matter": "notice", "title": "x", "applicant": ["id": "a", "name": "b"]]
        let first = try cased.command("case.submit", params, key: "k").get()
        // The socket stays after a power cut, and nobody listens on it.
        daemon.kill()
        var impatient = cased
        impatient.patience = 0
        #expect(throws: Client.Unreachable.self) { try impatient.command("case.submit", params, key: "k") }
        daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        #expect(try cased.command("case.submit", params, key: "k").get() == first)
        #expect(try cased.command("case.submit", ["matter": "none"], key: "k2").kind == "params.invalid")
        #expect(try cased.read("case.count").get()["count"] == 1)
        daemon.terminate()
    }

    @Test("The README's commands submit and decide a case")
    func readme() throws {
        let program = try bash(try commands(in: "README.md"))
        #expect(program.status == 0, "\(program.output)\n\(program.errors)")
        #expect(program.output.contains("granted"))
    }

    @Test("docs/clocks.md: the case that is redone by hand comes out as the page shows it")
    func byHand() throws {
        let program = try bash(try commands(in: "docs/clocks.md"))
        #expect(program.status == 0, "\(program.output)\n\(program.errors)")
        let page = try String(contentsOfFile: "\(SharedData.project)/docs/clocks.md", encoding: .utf8)
        let shown = try #require(page.components(separatedBy: "```text\n").last?.components(separatedBy: "\n```").first)
        let printed = try #require(program.output.components(separatedBy: "\nC-1, energy-review").last.map { "C-1, energy-review" + $0 })
        // Each machine has its own release of the tz database.
        func normal(_ text: String) -> String {
            text.replacing(/time zones \S+/, with: "time zones").trimmingCharacters(in: .whitespacesAndNewlines)
        }
        #expect(normal(printed) == normal(shown))
    }

    @Test("docs/laws.md: ten terms of real law end as the page shows, each asked for as its row says")
    func laws() throws {
        let page = try String(contentsOfFile: "\(SharedData.project)/docs/laws.md", encoding: .utf8)
        let program = try bash(try commands(in: "docs/laws.md"))
        #expect(program.status == 0, "\(program.output)\n\(program.errors)")
        let shown = try #require(page.components(separatedBy: "```text\n").last?.components(separatedBy: "\n```").first)
        #expect(program.output.trimmingCharacters(in: .whitespacesAndNewlines) == shown)
        let rows = page.split(separator: "\n").filter { $0.starts(with: /\| \d+ \|/) }
        let asked = page.split(separator: "\n").filter { $0.hasPrefix("casectl calendar due ") }
        #expect(rows.count == 10 && asked.count == rows.count && shown.split(separator: "\n").count == rows.count)
        for (row, command) in zip(rows, asked) {
            let term = try #require(row.split(separator: "|").last?.firstMatch(of: /"(\d+ [a-z-]+)"/)?.1)
            #expect(command.contains("\"\(term)\"") && command.contains("--rolls") == row.contains("rolls"), "\(row)")
        }
    }

    @Test("docs/clocks.md: each rule has a test that names it, and each such test names a rule of the page")
    func rulesAndTests() throws {
        try compareRules("docs/clocks.md", "R", atLeast: 30)
    }

    @Test("protocol/PROTOCOL.md: each rule has a test that names it, and each such test names a rule of the page")
    func protocolRules() throws {
        try compareRules("protocol/PROTOCOL.md", "P", atLeast: 25)
    }

    @Test("protocol/PROTOCOL.md: each kind of error that a source can say is on the page")
    func protocolKinds() throws {
        let page = try String(contentsOfFile: "\(SharedData.project)/protocol/PROTOCOL.md", encoding: .utf8)
        var kinds: Set<String> = []
        let folder = "\(SharedData.project)/Sources"
        for case let file as String in try #require(FileManager.default.enumerator(atPath: folder)) where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            kinds.formUnion(text.matches(of: /kind: "([a-z_]+\.[a-z_]+)"/).map { String($0.1) })
            kinds.formUnion(text.matches(of: /\.notFound\(\s*"([a-z_]+)"/).map { "\($0.1).not_found" })
        }
        #expect(kinds.count > 20)
        for kind in kinds.sorted() where !page.contains("`\(kind)`") { Issue.record("\(kind) is not on the page") }
    }

    /// The rules of a page, and those that titles of tests begin with.
    private func compareRules(_ path: String, _ letter: String, atLeast count: Int) throws {
        let page = try String(contentsOfFile: "\(SharedData.project)/\(path)", encoding: .utf8)
        let rules = Set(page.matches(of: /\n\| ([A-Z][0-9]+[a-z]?) \|/).map { String($0.1) }.filter { $0.hasPrefix(letter) })
        #expect(rules.count > count)
        var named: Set<String> = []
        let folder = "\(SharedData.project)/Tests"
        for case let file as String in try #require(FileManager.default.enumerator(atPath: folder)) where file.hasSuffix(".swift") {
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            for title in text.matches(of: #/"((?:[A-Z][0-9]+[a-z]?)(?:, (?:[A-Z][0-9]+[a-z]?))*):/#) {
                named.formUnion(title.1.split(separator: ", ").map(String.init).filter { $0.hasPrefix(letter) })
            }
        }
        #expect(
            rules == named, "\(path) without a test: \(rules.subtracting(named).sorted()); unknown: \(named.subtracting(rules).sorted())")
    }

    @Test("R10: whatever the host's zone, the daemon answers the same", arguments: ["UTC", "America/New_York", "Pacific/Kiritimati"])
    func hostZone(name: String) throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), environment: ["TZ": name])
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        let due = try client.call("calendar.due", .of(["calendar": "cn", "start": "2026-02-06", "budget": "20 working-days"])).get()
        #expect(due["due"]?.string == "2026-03-12T16:00:00Z")
        let hours = try client.call(
            "calendar.due", .of(["calendar": "cn", "start": "2026-02-06T01:00:00Z", "budget": "8 working-hours"])
        ).get()
        #expect(hours["due"]?.string == "2026-02-09T03:00:00Z")
        daemon.terminate()
    }

    @Test("The protocol's commands work with nc")
    func protocolPage() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory)
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        let program = try bash("export CASED_SOCKET='\(daemon.socket)'\n" + (try commands(in: "protocol/PROTOCOL.md")))
        #expect(program.status == 0, "\(program.output)\n\(program.errors)")
        #expect(program.output.contains("\"rows\""))
        daemon.terminate()
    }

    @Test(
        "A socket that systemd opened is taken over",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-socket-activate"), "systemd is not installed"))
    func systemd() throws {
        let directory = TemporaryDirectory()
        let socket = "\(directory.path)/activated.sock"
        let activator = try ChildProcess(
            "/usr/bin/systemd-socket-activate",
            ["--listen", socket, "\(DaemonProcess.programs)/cased", "--state-directory", "\(directory.path)/state"])
        while !FileManager.default.fileExists(atPath: socket) {}
        let program = try Program("casectl", ["status"], environment: ["CASED_SOCKET": socket])
        #expect(program.status == 0 && program.output.contains("cased"), "\(program.errors)")
        activator.send(SIGTERM)
        #expect(activator.waitOrKill() == 0, "it has become cased, which stops cleanly")
    }
}

extension Result where Failure == RemoteError {
    fileprivate var kind: String? {
        if case .failure(let error) = self { error.kind } else { nil }
    }
}
