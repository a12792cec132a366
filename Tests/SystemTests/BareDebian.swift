import CaseTesting
import Foundation

/// A Debian 12 that has nothing but what is named, without a network: somebody else's machine.
enum BareDebian {
    /// A disk of Debian 12, made once by this checkout.
    ///
    /// - Parameters:
    ///   - name: of its folder in `.build`.
    ///   - variant: how little is in it, see mmdebstrap(1).
    /// - Throws: `Machine.Failed` where it cannot be made, such as without a network.
    static func disk(_ name: String, _ variant: String, with packages: [String]) throws -> String {
        let path = "\(SharedData.project)/.build/\(name)"
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        let making = "\(path).\(ProcessInfo.processInfo.processIdentifier)"
        let program = try Program(
            "/usr/bin/mmdebstrap", ["--variant=\(variant)", "--include=\(packages.joined(separator: ","))", "bookworm", making])
        guard program.status == 0, rename(making, path) == 0 else {
            throw Machine.Failed(description: "no Debian 12 could be made: \(program.errors.suffix(2000))")
        }
        return path
    }

    /// What an auditor has: `ssh-keygen`, and what every Debian has.
    static let auditors = Result<String, any Error> { try disk("debian-12-auditor", "essential", with: ["openssh-client"]) }

    /// Runs commands there.
    ///
    /// - Parameters:
    ///   - folder: what they find where they begin.
    ///   - program: what is there besides.
    static func run(_ commands: String, in folder: String, with program: String) throws -> Program {
        try Program(
            "/usr/bin/unshare",
            [
                "--mount", "--net", "--pid", "--fork", "--uts", "--ipc", "--kill-child", "\(SharedData.project)/Tests/SystemTests/enter",
                try auditors.get(), folder, program, commands,
            ])
    }
}
