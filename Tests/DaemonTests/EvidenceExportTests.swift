import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing

/// What an auditor does with a folder that was exported: by our program, and by Go's packages and `ssh-keygen`, which know nothing of us.
@Suite("An exported journal")
struct EvidenceExportTests {
    /// A daemon that has closed, in its folder, with its journal in `log`, the key beside it, and older checkpoints.
    private struct Exported {
        let directory = TemporaryDirectory()
        let origin: String
        let key: String

        var log: String { "\(directory.path)/log" }

        private static func casectl(_ daemon: DaemonProcess, _ words: [String]) throws -> Program {
            try Program("casectl", words, environment: ["CASED_SOCKET": daemon.socket])
        }

        init() throws {
            let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
            let client = try daemon.client()
            _ = try client.call("catalog.apply", SmallOffice.parameter(SmallOffice.files())).get()
            for number in 0..<100 {
                _ = try client.call("case.submit", SmallOffice.submission("Secret title \(number)")).get()
                if number == 10 {
                    let program = try Self.casectl(daemon, ["evidence", "export", "\(directory.path)/log"])
                    #expect(program.status == 0, "\(program.errors)")
                    let kept = try Self.casectl(daemon, ["evidence", "checkpoint"])
                    try kept.output.write(toFile: "\(directory.path)/early", atomically: true, encoding: .utf8)
                }
            }
            for number in 2...60 {
                _ = try client.call("case.accept", .of(["case": .string("C-\(number)"), "acting": "otto"])).get()
                _ = try client.call(
                    "case.recommend",
                    .of(["case": .string("C-\(number)"), "recommendation": "grant", "opinion": "fine", "acting": "otto"])
                ).get()
                _ = try client.call("case.grant", .of(["case": .string("C-\(number)"), "reasons": "Secret reason", "acting": "lena"])).get()
            }
            let key = try Self.casectl(daemon, ["evidence", "checkpoint", "--key"]).output
            try key.write(toFile: "\(directory.path)/log.key", atomically: true, encoding: .utf8)
            self.key = key.trimmingCharacters(in: .whitespacesAndNewlines)
            origin = String(self.key.prefix { $0 != "+" })
            let program = try Self.casectl(daemon, ["evidence", "export", "\(directory.path)/log"])
            #expect(program.status == 0, "\(program.errors)")
            let online = try daemon.casectl(
                ["evidence", "verify", "--key", "\(directory.path)/log.key", "--since", "\(directory.path)/early"])
            #expect(online.status == 0, "\(online.output)\(online.errors)")
            let consistency = try Self.casectl(daemon, ["evidence", "consistency", "\(directory.path)/early", "\(log)/checkpoint"])
            #expect(consistency.status == 0, "\(consistency.errors)")
            let proof = try Self.casectl(daemon, ["evidence", "proof", "C-2", "--as", "lena"])
            #expect(proof.status == 0, "\(proof.errors)")
            try proof.output.write(toFile: "\(directory.path)/C-2.tlog-proof", atomically: true, encoding: .utf8)
            #expect(daemon.terminate() == 0)
        }

        func verify() throws -> Program {
            try Program(
                "casectl", ["evidence", "verify", log, "--key", "\(directory.path)/log.key", "--since", "\(directory.path)/early"])
        }

        func goVerify() throws -> Program {
            try Program(GoVerifier.program, ["log", log, origin, key, "\(directory.path)/early"])
        }

        func files() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: log).filter { name in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: "\(log)/\(name)", isDirectory: &isFolder) && !isFolder.boolValue
            }.sorted()
        }
    }

    @Test("Nobody's program needs the server to find an exported journal right, and it says nothing of persons")
    func whole() throws {
        let exported = try Exported()
        let said = try exported.verify()
        #expect(
            said.status == 0 && said.output.contains("entries are what was signed") && said.errors.isEmpty, "\(said.output)\(said.errors)")
        for name in try exported.files() {
            let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(exported.log)/\(name)")), as: UTF8.self)
            #expect(!text.contains("Secret") && !text.contains("91X"), "\(name)")
        }
        let names = try exported.files()
        #expect(names.contains { $0.hasPrefix("tile/entries/000") } && names.contains { $0.hasPrefix("tile/1/") })
        // Without a key that came another way, that is said.
        let trusting = try Program("casectl", ["evidence", "verify", exported.log])
        #expect(trusting.status == 0 && trusting.errors.contains("--key"))
    }

    @Test("Go's packages find it right as well", .enabled(if: GoVerifier.isThere, Comment(rawValue: GoVerifier.whereFrom)))
    func others() throws {
        let exported = try Exported()
        let log = try exported.goVerify()
        #expect(log.status == 0, "\(log.output)\(log.errors)")
    }

    @Test("Whatever byte of a file that is signed for is changed, cut or left out, it is found, by us and by Go's packages")
    func tampered() throws {
        let exported = try Exported()
        for name in try exported.files() where name.hasPrefix("tile/") || name == "checkpoint" || name.hasPrefix("long/") {
            let url = URL(fileURLWithPath: "\(exported.log)/\(name)")
            let whole = try Data(contentsOf: url)
            var changed = whole
            changed[whole.count / 2] ^= 1
            for other in [changed, whole.dropLast(), nil] {
                if let other { try Data(other).write(to: url) } else { try FileManager.default.removeItem(at: url) }
                let said = try exported.verify()
                #expect(said.status == 1, "\(name): \(said.output)\(said.errors)")
                #expect(said.output.contains("WRONG"), "\(name): \(said.output)\(said.errors)")
                if GoVerifier.isThere {
                    let go = try exported.goVerify()
                    #expect(go.status == 1, "\(name): \(go.output)\(go.errors)")
                }
            }
            try whole.write(to: url)
        }
        #expect(try exported.verify().status == 0)
        // Another key, and another log.
        let other = try Exported()
        let foreign = try Program("casectl", ["evidence", "verify", exported.log, "--key", "\(other.directory.path)/log.key"])
        #expect(foreign.status == 1)
        let early = try Program(
            "casectl",
            ["evidence", "verify", other.log, "--key", "\(other.directory.path)/log.key", "--since", "\(exported.directory.path)/early"])
        #expect(early.status == 1)
    }
}
