import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

@Suite("casectl")
struct CasectlTests {
    @Test("Each outcome has its exit code, and each error its mend")
    func exitCodes() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        let submitted = try daemon.casectl(
            "submit", "permit", "--title", "Warehouse 7", "--applicant-id", "91", "--applicant-name", "Park", "--material", "form")
        #expect(submitted.status == 0 && submitted.output.hasPrefix("C-1  submitted"))
        for (arguments, status, text) in [
            (["accept", "C-1", "--as", "lena"], Int32(77), "could be done by office permits"),
            (["grant", "C-1", "--as", "lena"], 1, "does not take grant"),
            (["accept", "C-1", "--as", "otto", "--if-revision", "9"], 73, "is at revision 1"),
            (["show", "C-2"], 66, "there is no case C-2"),
            (["show", "C-x"], 64, "is no case id"),
            (["frobnicate"], 64, "frobnicate"),
            (
                ["suspend", "C-1", "--kind", "hearing", "--basis", "x", "--expected", "15 days", "--as", "otto"], 64,
                "working-days or calendar-days"
            ),
            (["clock", "advance", "2020-01-01T00:00:00Z"], 64, "time does not go backward"),
            (["rpc", "case.get", "{"], 64, "not JSON"),
            (["rpc", "no.such"], 64, "rpc.discover lists"),
        ] {
            let program = try daemon.casectl(arguments)
            #expect(program.status == status, "\(arguments): \(program.errors)")
            #expect(program.errors.contains(text), "\(arguments): \(program.errors)")
        }
        #expect(try Program("casectl", ["status", "--socket", "\(directory.path)/none"]).status == 69)
        daemon.terminate()
    }

    @Test("Everybody sees their own work in the order of urgency, and one screen has what a decision needs and what may be done")
    func desk() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        func run(_ arguments: String...) throws -> String {
            let program = try daemon.casectl(arguments)
            #expect(program.status == 0, "\(arguments): \(program.errors)")
            return program.output
        }
        let applicant = ["--applicant-id", "91", "--applicant-name", "Park", "--material", "form"]
        for title in ["Old", "New"] {
            let said = try Program(
                "casectl", ["submit", "permit", "--title", title] + applicant, environment: ["CASED_SOCKET": daemon.socket]
            ).output
            let receipt = try #require(said.split(separator: "  ").first { $0.hasPrefix("receipt ") }).dropFirst(8)
            #expect(try run("show", String(receipt)).contains("waits for     the office"))
            _ = try run("clock", "advance", "2026-02-09T01:00:00Z")
        }
        _ = try run("accept", "C-2", "--as", "otto")
        _ = try run("note", "C-2", "neighbours were heard", "--as", "otto")
        _ = try run("recommend", "C-2", "grant", "--opinion", "in order\u{1B}[2J", "--as", "otto")
        let queue = try run("queue", "--as", "lena")
        #expect(queue.contains("C-2") && queue.contains("leader lena") && !queue.contains("C-1"))
        #expect(try run("queue", "--as", "otto", "-o", "csv", "--columns", "case") == "case\r\nC-1\r\n")
        #expect(try run("queue", "--as", "cora").contains("Nothing waits for you."))
        #expect(try run("count", "--mine", "--as", "lena") == "1\n" && run("list", "--mine", "--as", "lena").contains("C-2"))
        let screen = try run("show", "C-2", "--as", "lena")
        for text in [
            "permit (Permit)", "leader (Leader, Lena)", "waits for", "neighbours were heard, by otto", "opinion: in order\\u{1b}[2J",
            "You may: suspend, ", "grant",
        ] {
            #expect(screen.contains(text), "\(text) in \(screen)")
        }
        #expect(!screen.contains("\u{1B}"))
        let may = screen.split(separator: "\n").first { $0.hasPrefix("You may:") }
        #expect(may?.contains("recommend") == false)
        daemon.terminate()
    }

    @Test(
        "A member of the admin group is an admin, by the groups with which the kernel saw it connect; others are unknown",
        .enabled(if: getuid() == 0, "only root can become somebody else"))
    func adminGroup() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, arguments: ["--admin-group", "adm", "--socket-mode", "0666"])
        chmod(directory.path, 0o755)
        for (groups, isAdmin) in [("4", true), ("5", false), ((1...80).map(String.init).joined(separator: ","), true)] {
            let status = try Program(
                "/usr/bin/setpriv",
                ["--reuid=65534", "--regid=65534", "--groups=\(groups)", "\(DaemonProcess.programs)/casectl", "status", "--json"],
                environment: ["CASED_SOCKET": daemon.socket])
            #expect(status.status == 0, "\(status.errors)")
            #expect(try JSONReader.read(Array(status.output.utf8))["principal"]?["admin"]?.bool == isAdmin, "groups \(groups)")
            #expect((try JSONReader.read(Array(status.output.utf8))["status"]?["lights"] == nil) != isAdmin)
        }
        daemon.terminate()
        #expect(throws: DaemonProcess.Failed.self) {
            try DaemonProcess(in: TemporaryDirectory(), arguments: ["--admin-group", "no-such-group"])
        }
    }

    @Test("Text from outside never reaches the terminal raw")
    func controlCharacters() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        let evil = "\u{1B}]0;owned\u{07}\u{9B}31m\u{202E}gnp.exe\r\n仓库"
        _ = try client.call("case.submit", SmallOffice.submission(evil)).get()
        _ = try client.call("case.note", .of(["case": "C-1", "text": .string(evil)])).get()
        for arguments in [["list"], ["show", "C-1"], ["history", "C-1"], ["show", "C-1", "--json"], ["list", "--text", evil]] {
            let output = try daemon.casectl(arguments).output
            #expect(output.contains("owned"), "\(arguments)")
            for scalar in output.unicodeScalars where scalar != "\n" {
                #expect(scalar.properties.generalCategory != .control, "\(arguments) sent U+\(String(scalar.value, radix: 16))")
            }
            if !arguments.contains("--json") { #expect(!output.unicodeScalars.contains("\u{202E}"), "\(arguments)") }
        }
        let wrong = try Program(
            "casectl", ["submit", evil, "--title", "t", "--applicant-id", "a", "--applicant-name", "b"],
            environment: ["CASED_SOCKET": daemon.socket])
        #expect(wrong.status == 66 && !wrong.errors.unicodeScalars.contains("\u{1B}"))
    }

    @Test("casectl watch delivers each event at least once: what a command failed on comes again, also over a restart")
    func watch() throws {
        let directory = TemporaryDirectory()
        var daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        for number in 1...4 { _ = try daemon.client().call("case.submit", SmallOffice.submission("$(touch owned) \(number)")).get() }
        let place = "\(directory.path)/cursor"
        func watch(_ count: Int, _ command: String) throws -> Program {
            try Program(
                "casectl", ["watch", "--from", "start", "--cursor-file", place, "--count", "\(count)", "--exec", command],
                environment: ["CASED_SOCKET": daemon.socket, "OUT": "\(directory.path)/out"])
        }
        let note = #"read -r line; printf '%s %s\n' "$CASED_CASE" "$CASED_EVENT" >> "$OUT""#
        #expect(try watch(2, note).status == 0)
        let failed = try watch(1, "exit 7")
        #expect(failed.status == 7 && failed.errors.contains("C-3"), "\(failed.errors)")
        daemon.terminate()
        daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        #expect(try watch(2, note).status == 0)
        #expect(try String(contentsOfFile: "\(directory.path)/out", encoding: .utf8) == (1...4).map { "C-\($0) submitted\n" }.joined())
        #expect(!FileManager.default.fileExists(atPath: "owned"))
        try "stale.9\n".write(toFile: place, atomically: true, encoding: .utf8)
        let expired = try watch(1, note)
        #expect(expired.status == 73 && expired.errors.contains("begin anew"), "\(expired.errors)")
        daemon.terminate()
    }

    @Test("There is a command for every method, and --json prints what the method answers")
    func everyMethod() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        for (arguments, method, params) in [
            (["show", "C-1"], "case.get", JSONValue.of(["case": "C-1"])), (["list"], "case.list", .object([])),
            (["history", "C-1"], "case.history", .of(["case": "C-1"])), (["explain", "C-1"], "case.explain", .of(["case": "C-1"])),
            (["sla", "report"], "sla.report", .object([])), (["catalog", "duty-list"], "catalog.duty_list", .object([])),
            (["notices"], "notice.list", .of(["sort": "-seq"])), (["count"], "case.count", .object([])),
            (["catalog", "get"], "catalog.get", .object([])),
            (["rpc", "rpc.discover"], "rpc.discover", .object([])),
        ] {
            let json = method == "rpc.discover" ? [] : ["--json"]
            let program = try Program("casectl", arguments + json, environment: ["CASED_SOCKET": daemon.socket])
            #expect(try JSONReader.read(Array(program.output.utf8)) == client.call(method, params).get(), "\(arguments)")
        }
        let help = try Program("casectl", ["--help"]).output
        for command in Commands.ofClients where command.method.hasPrefix("case.") {
            #expect(help.contains("  \(command.name) "), "\(command.name)")
        }
    }
}
