import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

/// `casectl --dry-run`, over a real daemon.
@Suite("casectl --dry-run")
struct DryRunCommandTests {
    private let directory = TemporaryDirectory()

    @Test("P32: It says what would be recorded and how the case would stand, or refuses as the command does, and nothing has happened")
    func says() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        let submission = ["submit", "permit", "--title", "Quay", "--applicant-id", "91", "--applicant-name", "Park", "--material", "form"]
        let tried = try daemon.casectl(submission + ["--dry-run"])
        #expect(tried.status == 0 && tried.output.hasPrefix("C-1  submitted  revision 1"), "\(tried.errors)")
        #expect(tried.output.hasSuffix("it would record: submitted; nothing was changed\n") && !tried.output.contains("receipt"))
        #expect(try client.call("case.count").get()["count"] == 0)
        #expect(try daemon.casectl(submission).output.contains("receipt"))
        let accepted = try daemon.casectl(["accept", "C-1", "--as", "otto", "--dry-run"])
        #expect(accepted.output.hasPrefix("C-1  in-review  revision 2") && accepted.output.contains("it would record: accepted;"))
        #expect(try client.call("case.get", .of(["case": "C-1"])).get()["state"] == "submitted")
        let chinese = try daemon.casectl(["accept", "C-1", "--as", "otto", "--dry-run"], environment: ["LC_ALL": "zh_CN.UTF-8"]).output
        #expect(chinese.contains("将登记：") && chinese.contains("未作任何变更"))
        let json = try JSONReader.read(Array(try daemon.casectl(["note", "C-1", "x", "--as", "otto", "--dry-run", "--json"]).output.utf8))
        #expect(json["dry_run"]?.bool == true && json["events"]?.array?.first?["event"] == "noted")
        for words in [["grant", "C-1", "--as", "lena"], ["accept", "C-1", "--as", "lena"], ["note", "C-7", "x", "--as", "otto"]] {
            let (tried, done) = (try daemon.casectl(words + ["--dry-run"]), try daemon.casectl(words))
            #expect(tried.status == done.status && tried.errors == done.errors && done.status != 0)
        }
        // The key of a command that was given says that nothing more comes.
        let note = ["note", "C-1", "once", "--as", "otto", "--key", "n-1"]
        #expect(try daemon.casectl(note).status == 0)
        #expect(try daemon.casectl(note + ["--dry-run"]).output.contains("this key has its answer"))
        let cancelled = try daemon.casectl(["catalog", "cancel", "--dry-run"])
        #expect(cancelled.status == 1 && cancelled.errors.contains("no catalogue waits"))
        daemon.terminate()
    }

    /// What changes something and is no command on a case, and what its dry run is refused for.
    private static let others: [CaseWire.Method.Administration: (words: [String], instead: String)] = [
        .catalogApply: (["catalog", "apply", "d"], "casectl catalog plan"), .clockAdvance: (["clock", "advance", "now"], "casectl list"),
        .clockConfirm: (["clock", "confirm"], "casectl clock history"), .noticeTake: (["notices", "take", "--all"], "casectl notices"),
    ]

    @Test("Every command that changes something takes --dry-run, or refuses it by name, before anybody is asked")
    func everyCommand() throws {
        func help(_ words: [String]) throws -> String { try Program("casectl", words + ["--help"]).output }
        for command in Commands.ofClients {
            let group: [String] = command.method.hasPrefix("order.") ? ["order"] : command.name == Inspect.name ? ["inspect"] : []
            let name = command.name == Inspect.name ? "record" : String(command.method.split(separator: ".")[1]).replacing("_", with: "-")
            let said = try help(group + [name])
            #expect(said.contains("--dry-run") && said.contains("--if-revision"), "\(group + [name])")
        }
        for administration in CaseWire.Method.Administration.allCases {
            guard let (words, instead) = Self.others[administration] else {
                #expect(administration.insteadOfDryRun == nil)
                #expect(try help(["catalog", administration == .catalogConfirm ? "confirm" : "cancel"]).contains("--dry-run"))
                continue
            }
            let program = try Program("casectl", words + ["--dry-run"], environment: ["CASED_SOCKET": "/nonexistent/s", "LC_ALL": "C"])
            #expect(program.status == 64 && program.errors.contains("--dry-run is not taken here: \(instead)"), "\(program.errors)")
            let chinese = try Program(
                "casectl", words + ["--dry-run"], environment: ["CASED_SOCKET": "/nonexistent/s", "LC_ALL": "zh_CN.UTF-8"])
            #expect(chinese.errors.contains("此处没有 --dry-run"), "\(chinese.errors)")
        }
    }
}
