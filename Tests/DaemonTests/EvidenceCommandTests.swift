import CaseClient
import CaseCore
import CasePages
import CaseTesting
import CaseWire
import ChildProcesses
import Evidence
import Foundation
import FoundationXML
import Testing

@testable import casectl

/// What somebody types to decide with a seal and a signature, and to check both.
@Suite("Sealed and signed decisions on the command line")
struct EvidenceCommandTests {
    private static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen")
    private static let whereFrom: Comment = "no ssh-keygen is installed: apt-get install openssh-client"

    private func bash(_ daemon: DaemonProcess?, in folder: String, _ script: String, _ environment: [String: String] = [:]) throws
        -> Program
    {
        try Program(
            "/bin/bash", ["-euo", "pipefail", "-c", "cd '\(folder)'\nPATH='\(DaemonProcess.programs)':$PATH\n" + script],
            environment: environment.merging(daemon.map { ["CASED_SOCKET": $0.socket] } ?? [:]) { $1 })
    }

    /// A daemon that was given the seal of the office, and a catalogue in which Lena signs.
    private func daemon(in directory: TemporaryDirectory) throws -> DaemonProcess {
        let made = try bash(
            nil, in: directory.path,
            """
            mkdir -m 700 credentials
            ssh-keygen -q -t ed25519 -N "" -C seal -f seal
            ssh-keygen -q -t ed25519 -N "" -C lena -f lena
            ssh-keygen -q -t ed25519 -N "" -C otto -f otto
            cp seal credentials/cased.seal.permits
            cp otto credentials/cased.seal.permits.2027
            """)
        #expect(made.status == 0, "\(made.errors)")
        let daemon = try DaemonProcess(
            in: directory, manualClock: "2026-02-06T01:00:00Z", environment: ["CREDENTIALS_DIRECTORY": "\(directory.path)/credentials"])
        var files = SmallOffice.files()
        func key(_ name: String) throws -> String {
            try String(contentsOfFile: "\(directory.path)/\(name).pub", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        files["keys.toml"] = """
            [seal.permits]
            office = "permits"
            key = "\(try key("seal"))"
            from = 2026-01-01
            [signer.lena]
            person = "lena"
            key = "\(try key("lena"))"
            from = 2026-01-01

            """
        files["matters.toml"]!.replace("name = \"Permit\"\n", with: "name = \"Permit\"\nsignature = \"leader\"\n")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        return daemon
    }

    private static let recommended = """
        casectl submit permit --title "Warehouse <7>" --applicant-id 91X --applicant-name "Harbin & Co" --material form > /dev/null
        casectl accept C-1 --as otto > /dev/null
        casectl recommend C-1 grant --opinion fine --as otto > /dev/null

        """

    @Test(
        "A leader signs by a key file or by the agent, an auditor checks seal and signature with ssh-keygen, and the page says all of it",
        .enabled(if: isThere, whereFrom), arguments: [true, false])
    func walk(usesAgent: Bool) throws {
        let directory = TemporaryDirectory()
        let daemon = try daemon(in: directory)
        let sign =
            usesAgent
            ? """
            eval "$(ssh-agent)" > /dev/null
            trap 'kill $SSH_AGENT_PID' EXIT
            casectl grant C-1 --sign --yes --as lena && exit 1
            ssh-add -q lena
            casectl grant C-1 --reasons "§ 7" --sign --yes --as lena
            """ : "casectl grant C-1 --reasons '§ 7' --sign --signing-key lena --yes --as lena"
        let program = try bash(
            daemon, in: directory.path,
            Self.recommended + """
                casectl grant C-1 --as lena 2> refused && exit 1
                grep -q 'look at the statement and sign it: casectl grant --sign' refused
                casectl grant C-1 --sign --signing-key otto --yes --as lena 2> refused && exit 1
                grep -q 'by a key that does not count' refused
                casectl grant C-1 --sign --signing-key lena --as lena 2> asked < /dev/null && exit 1
                grep -q 'command: grant' asked
                \(sign) 2> shown
                grep -q 'reasons = § 7' shown
                casectl evidence signers > allowed_signers
                time=20260206010000Z
                for purpose in decision@cased grant@cased; do
                    casectl decision C-1 --purpose $purpose --statement --as otto > $purpose
                    casectl decision C-1 --purpose $purpose --signature --as otto > $purpose.sig
                done
                ssh-keygen -Y verify -f allowed_signers -I permits -n decision@cased -O verify-time=$time -s decision@cased.sig < decision@cased
                ssh-keygen -Y verify -f allowed_signers -I lena -n grant@cased -O verify-time=$time -s grant@cased.sig < grant@cased
                ssh-keygen -Y verify -f allowed_signers -I lena -n grant@cased -O verify-time=$time -s grant@cased.sig < decision@cased && exit 1
                casectl decision C-1 --as otto > text
                casectl decision C-1 --json --as otto > json
                casectl decision C-1 --html --language en --as otto > en.html
                casectl decision C-1 --html --language zh --as otto > zh.html
                LC_ALL=zh_CN.UTF-8 casectl decision C-1 --as otto > chinese
                # What the text says to type is what checks it.
                mkdir again && cd again
                grep -A4 '^To check it' ../text | sed -n '2,5p' | sed 's/^  //; s/^casectl decision.*[^>]* >/& /; s/ --statement/ --statement --as otto/; s/ --signature/ --signature --as otto/' > commands
                bash -euo pipefail commands
                """)
        #expect(program.status == 0, "\(program.output) \(program.errors)")
        func read(_ name: String) throws -> String { try String(contentsOfFile: "\(directory.path)/\(name)", encoding: .utf8) }
        let text = try read("text")
        for part in [
            "TRAINING", "Sealed with seal permits, SHA256:", "Signed by lena with key lena", "  decision: granted", "reasons = § 7",
            "-----BEGIN SSH SIGNATURE-----",
        ] { #expect(text.contains(part), "\(part): \(text)") }
        let json = try JSONReader.read(Array(try read("json").utf8))
        #expect(json["seal"]?["statement"]?.string == (try read("decision@cased")))
        for (name, word) in [("en.html", "Seal of the office"), ("zh.html", "机构电子印章")] {
            let page = try read(name)
            #expect(page.contains(word) && page.contains("Warehouse &lt;7&gt;") && page.contains("Harbin &amp; Co"), "\(page)")
            #expect(page.contains("class=\"training\"") && page.contains("ssh-keygen -Y verify"))
            #expect(
                try XMLDocument(xmlString: page.replacing("<!DOCTYPE html>", with: "").replacing(/<meta [^>]*>/, with: "")).rootElement()?
                    .name == "html")
        }
        #expect(try read("chinese").contains("以电子印章 permits"))
        daemon.terminate()
    }

    @Test("A credential that is no key for a seal is named at the start", .enabled(if: isThere, whereFrom))
    func badCredential() throws {
        let directory = TemporaryDirectory()
        let made = try bash(
            nil, in: directory.path, "mkdir credentials\nssh-keygen -q -t ed25519 -N secret -f credentials/cased.seal.permits")
        #expect(made.status == 0)
        do {
            _ = try DaemonProcess(in: directory, environment: ["CREDENTIALS_DIRECTORY": "\(directory.path)/credentials"])
            Issue.record("it started")
        } catch let error as DaemonProcess.Failed {
            #expect(error.description.contains("cased.seal.permits is no key that can seal"), "\(error)")
        }
    }

    @Test("docs/evidence.md: an office gets a key, a leader signs, and both are checked as the page says", .enabled(if: isThere, whereFrom))
    func document() throws {
        let directory = TemporaryDirectory()
        let program = try EvidencePage.run(in: directory)
        #expect(program.status == 0, "\(program.output)\n\(program.errors)")
        #expect(program.output.contains("Good \"decision@cased\" signature for permit-office with ED25519 key"), "\(program.output)")
        #expect(program.output.contains("Good \"grant@cased\" signature for zhang.min with ED25519 key"))
        // The folder that it has exported is compared with its own decisions as well.
        for (change, said) in [
            ("true", nil),
            ("sed -i s/granted/refused/ decisions/C-1/decision@cased", "decisions/C-1/decision@cased is not what the journal says"),
            ("truncate -s -9 decisions/C-1/decision@cased.sig", "decisions/C-1/decision@cased.sig is not what the journal says"),
            ("rm -r decisions/C-1", "decisions/C-1/decision@cased is not there"),
            ("cp -r decisions/C-1 decisions/C-99", "decisions/C-99/decision@cased is not what the journal says"),
        ] as [(String, String?)] {
            let verified = try bash(
                nil, in: directory.path, "rm -rf other; cp -r log other; (cd other; \(change)); casectl evidence verify other --key log.key"
            )
            #expect(
                verified.status == (said == nil ? 0 : 1) && verified.output.contains(said ?? "are what was signed"),
                "\(change): \(verified.output)")
        }
    }

    @Test("Nothing is signed that is not about what was typed and shown, whatever a server gives to sign")
    func foreignStatements() throws {
        let salt = String(repeating: "0f", count: 16)
        let members: [JSONValue.Member] = [.init("case", "C-1"), .init("reasons", "lawful")]
        let shown: [JSONValue.Member] = [.init("applicant-id", "91X"), .init("applicant-name", "A"), .init("title", "T")]
        let lines =
            [IntentStatement.kind, "command: grant", "log: cased/e", "case: C-1"]
            + (shown + members.suffix(1)).map { IntentStatement.line($0.name, apart: $0.value.string!, salt: salt) }
        func require(_ lines: [String], salt: String = salt) throws {
            try Signing.require(lines.map { "\($0)\n" }.joined(), of: Grant.self, members, about: shown, salt: salt)
        }
        try require(lines)
        for place in lines.indices where !lines[place].hasPrefix("log") {
            var other = lines
            other[place] = place == 0 ? "commit" : "\(lines[place])1"
            #expect(throws: Failure.self, "\(lines[place])") { try require(other) }
        }
        #expect(throws: Failure.self) { try require(lines, salt: "") }
    }
}
