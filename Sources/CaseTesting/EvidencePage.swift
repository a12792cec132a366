import Foundation

/// `docs/evidence.md`, whose commands people type: on the server, and as an auditor on a machine of their own.
package enum EvidencePage {
    private static let auditor = "## On the auditor's machine"

    /// The text of the page, but for what auditors type on a machine of their own; and that.
    private static let parts: (server: String, auditor: String) = {
        let text = try! String(contentsOfFile: "\(SharedData.project)/docs/evidence.md", encoding: .utf8)
        let start = text.firstRange(of: auditor)!.lowerBound
        let end = text[start...].dropFirst().firstRange(of: "\n## ")!.lowerBound
        return (String(text[..<start] + text[end...]), String(text[start..<end]))
    }()

    private static func blocks(_ text: String) -> [String] {
        text.components(separatedBy: "```sh\n").dropFirst().compactMap { $0.components(separatedBy: "\n```").first }
    }

    /// What auditors type who have the exported folder `log`, `log.key`, `allowed_signers` and `checkpoint`.
    package static let auditorsCommands = blocks(parts.auditor).joined(separator: "\n")

    /// What checks a `statement` with its `statement.sig` by `allowed_signers`.
    package static let fiveMinutes = blocks(parts.server).first { $0.hasPrefix("cat statement\n") }!

    /// Types all that is for the server, in a folder in which its files are then: in a store for training, of the permits example.
    ///
    /// - Returns: how the last commands ended.
    /// - Throws: where the daemon does not start.
    package static func run(in directory: TemporaryDirectory) throws -> Program {
        let blocks = blocks(parts.server)
        let first = try bash(
            nil, in: directory.path,
            "\(blocks[0])\nmkdir -m 700 credentials\ncp permit-office credentials/cased.seal.permit-office\nmkdir examples\n"
                + "cp -r '\(SharedData.project)/examples/permits' examples")
        guard first.status == 0 else { return first }
        let daemon = try DaemonProcess(
            in: directory, manualClock: "2026-02-06T01:00:00Z", environment: ["CREDENTIALS_DIRECTORY": "\(directory.path)/credentials"])
        defer { daemon.terminate() }
        return try bash(
            daemon, in: directory.path,
            """
            printf '[user.%s]\\nservice = "online-hall"\\n' "$(id -u)" > user.toml
            casectl catalog apply examples/permits/catalog --with user.toml > /dev/null
            \(blocks.dropFirst().joined(separator: "\n"))
            """)
    }

    private static func bash(_ daemon: DaemonProcess?, in folder: String, _ script: String) throws -> Program {
        try Program(
            "/bin/bash", ["-euo", "pipefail", "-c", "cd '\(folder)'\nPATH='\(DaemonProcess.programs)':$PATH\n" + script],
            environment: daemon.map { ["CASED_SOCKET": $0.socket] } ?? [:])
    }
}
