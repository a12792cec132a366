import CaseTesting
import CaseWire
import Foundation
import Testing

@Suite("A decision that is signed at a desk")
struct DeskSignatureTests {
    private static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen")

    @Test(
        "Where the matter asks for it, the statement is shown and saved, ssh-keygen signs it, and what is pasted is the leader's signature",
        .enabled(if: isThere, "no ssh-keygen is installed: apt-get install openssh-client"))
    func sign() throws {
        let folder = TemporaryDirectory().path
        func keygen(_ arguments: [String]) throws { #expect(try Program("/usr/bin/ssh-keygen", arguments).status == 0) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["lena", "otto"] { try keygen(["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name)"]) }
        var files = TestDesk.files
        let key = try String(contentsOfFile: "\(folder)/lena.pub", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        files["keys.toml"] = "[signer.lena]\nperson = \"lena\"\nkey = \"\(key)\"\nfrom = 2026-01-01\n"
        files["matters.toml"]!.replace("name = \"Permit\"\n", with: "name = \"Permit\"\nsignature = \"leader\"\n")
        let desk = try TestDesk(files: files)
        let id = try desk.submit()
        for step in ActionPageTests.atLeader { try desk.give(step.method, step.person, [("case", .string(id))] + step.members) }
        let (lena, path) = (desk.browser("lena"), "/desk/cases/\(id)/grant")
        let reasons = "§ 7\r\n\"no <objection>\""

        // Without one it is refused, and what is to be signed is there.
        let asked = try lena.act(path, [("reasons", reasons)])
        #expect(asked.status == 422 && asked.text.contains("command: grant") && asked.text.contains("id=\"signature-error\""))
        #expect(asked.text.contains("ssh-keygen -Y sign -n grant@cased") && asked.text.contains("no &lt;objection&gt;"))
        let shown = try lena.act(path, [("reasons", reasons), ("sign", "1")])
        #expect(shown.status == 200 && shown.text.contains("command: grant"))
        let saved = try lena.send(shown, [("reasons", reasons), ("save-statement", "1")], to: path)
        #expect(saved.status == 200 && saved["content-disposition"]?.contains("statement-\(id).txt") == true)
        #expect(saved["content-type"] == "text/plain; charset=utf-8" && saved.text.contains("\ncommand: grant\n"))

        func signature(of statement: HTTPReply, by name: String) throws -> String {
            let file = "\(folder)/statement"
            try? FileManager.default.removeItem(atPath: "\(file).sig")
            try Data(statement.body).write(to: URL(fileURLWithPath: file))
            try keygen(["-q", "-Y", "sign", "-n", "grant@cased", "-f", "\(folder)/\(name)", file])
            return try String(contentsOfFile: "\(file).sig", encoding: .utf8)
        }
        // A key that does not count is refused, as are other words than those that were signed.
        let foreign = try lena.send(shown, [("reasons", reasons), ("signature", signature(of: saved, by: "otto"))], to: path)
        #expect(foreign.status == 422 && foreign.text.contains("id=\"signature-error\""))
        let own = try signature(of: saved, by: "lena")
        #expect(try lena.send(shown, [("reasons", "other"), ("signature", own)], to: path).status == 422)
        #expect(try desk.file(id)["state"]?.string == "with-leader")
        #expect(try lena.send(shown, [("reasons", reasons), ("signature", own.replacing("\n", with: "\r\n"))], to: path).status == 303)
        #expect(try desk.file(id)["state"]?.string == "granted")
        let decision = try desk.client.call("case.decision", .of(["case": .string(id), "acting": .string("lena")])).get()
        #expect(decision["signatures"]?.array?.contains { $0["by"]?.string == "lena" } == true)
    }
}
