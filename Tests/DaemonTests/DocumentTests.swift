import CaseTesting
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

    @Test("The README's commands submit and decide a case")
    func readme() throws {
        let program = try bash(try commands(in: "README.md"))
        #expect(program.status == 0, "\(program.output)\n\(program.errors)")
        #expect(program.output.contains("granted"))
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
        #expect(activator.wait() == 0, "it has become cased, which stops cleanly")
    }
}
