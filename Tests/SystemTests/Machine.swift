import CaseTesting
import ChildProcesses
import Foundation

/// A Debian 12 with a real systemd as PID 1, in namespaces of its own on the disk of this machine.
final class Machine {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private static let script = "\(SharedData.project)/Tests/SystemTests/boot"
    /// Where commands are run inside.
    private static let folder = "/srv"

    private let directory = TemporaryDirectory()
    private let lower: String
    private var process: ChildProcess?
    private var processID = ""

    private var name: String {
        URL(fileURLWithPath: directory.path).lastPathComponent
    }

    /// Whether this machine lets a test make namespaces and mounts.
    static let isAllowed =
        (try? Program(
            "/usr/bin/unshare", ["--pid", "--fork", "--mount", "--uts", "--ipc", "--cgroup", "mount", "-t", "tmpfs", "x", "/mnt"]))
        .map { $0.status == 0 } ?? false

    /// - Parameter lower: the folders of the disk that stay as they are, the first on top.
    private init(lower: String) throws {
        self.lower = lower
        try boot()
    }

    /// A machine on which the package was installed; nobody has used it yet.
    static func installed() throws -> Machine {
        try Machine(lower: "\(installation.get()):\(base.get())")
    }

    /// A machine as Debian's installer leaves it, with the packages in its `/srv`.
    static func clean() throws -> Machine {
        let machine = try Machine(lower: base.get())
        for name in ["cased", "casehall"] {
            let package = try Data(contentsOf: URL(fileURLWithPath: package(name)))
            try package.write(to: URL(fileURLWithPath: machine.path("\(Machine.folder)/\(name).deb")))
        }
        try FileManager.default.copyItem(
            atPath: "\(SharedData.project)/examples/permits/catalog", toPath: machine.path("\(Machine.folder)/catalog"))
        return machine
    }

    private static func package(_ name: String) throws -> String {
        let folder = "\(SharedData.project)/.build-release"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        guard let file = files.first(where: { $0.hasPrefix("\(name)_") && $0.hasSuffix(".deb") }) else {
            throw Failed(description: "there is no package of \(name) in .build-release: make deb")
        }
        return "\(folder)/\(file)"
    }

    private static let base = Result<String, any Error> {
        try BareDebian.disk("debian-12", "minbase", with: ["systemd", "systemd-sysv", "dbus", "debconf"])
    }

    /// What installing the package adds to the disk, made once by this process.
    private static let installation = Result<String, any Error> {
        let machine = try clean()
        try machine.run(Machine.install)
        machine.stop()
        kept = machine
        // Nothing is left of it when the tests are over.
        atexit { Machine.kept = nil }
        return "\(machine.directory.path)/disk/files"
    }

    private nonisolated(unsafe) static var kept: Machine?

    static let install = """
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ./cased.deb
        useradd --groups cased hall
        useradd --groups cased chen
        useradd --groups cased zhang
        useradd stranger
        printf '[user.hall]\\nservice = "online-hall"\\n[user.chen]\\nperson = "chen.jing"\\n[user.zhang]\\nperson = "zhang.min"\\n' > users.toml
        """

    // MARK: Power

    func boot() throws {
        let log = "\(directory.path)/boot.log"
        let process = try ChildProcess(
            "/usr/bin/unshare",
            [
                "--pid", "--fork", "--mount", "--uts", "--ipc", "--kill-child", Machine.script, "\(directory.path)/root", lower,
                "\(directory.path)/disk", name,
            ], output: .file(log), errors: .file(log))
        self.process = process
        while true {
            guard process.isRunning else {
                throw Failed(description: "the machine did not boot: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
            }
            let children = "/proc/\(process.processID)/task/\(process.processID)/children"
            processID = (try? String(contentsOfFile: children, encoding: .utf8))?.trimmingCharacters(in: .whitespaces) ?? ""
            let name = try? String(contentsOfFile: "/proc/\(processID)/comm", encoding: .utf8)
            if name == "systemd\n", let state = try? attempt("systemctl is-system-running --wait"),
                ["running\n", "degraded\n"].contains(state.output)
            {
                // Degraded: kernel variables are not this machine's to set.
                return
            }
        }
    }

    /// Shuts down as a machine does, with a stop of every unit.
    func stop() {
        _ = try? attempt("systemctl poweroff --no-block")
        process?.waitOrKill()
        process = nil
    }

    func reboot() throws {
        stop()
        try boot()
    }

    // MARK: Inside

    /// A path of the machine, as this process reaches it while it runs.
    func path(_ inside: String) -> String {
        "/proc/\(processID)/root\(inside)"
    }

    /// Runs commands inside as root and returns what they print.
    ///
    /// - Throws: `Failed` with all of it where one of them fails.
    @discardableResult
    func run(_ script: String) throws -> String {
        let program = try attempt(script)
        guard program.status == 0 else {
            throw Failed(description: "\(script)\nended with \(program.status):\n\(program.output)\n\(program.errors)\n\(recentJournal)")
        }
        return program.output
    }

    /// Runs commands inside as root, whatever becomes of them.
    func attempt(_ script: String) throws -> Program {
        try Program(
            "/usr/bin/timeout",
            [
                // Nothing here takes so long; what hangs becomes a failure that says so.
                "120", "/usr/bin/nsenter", "-t", processID, "-a", "-r", "-w", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/root", "LC_ALL=C.UTF-8",
                "/bin/bash", "-euo", "pipefail", "-c", "cd \(Machine.folder)\n\(script)",
            ])
    }

    /// Asks again and again until something holds; the test ends by itself where it never does.
    func wait(until script: String) throws {
        let end = Date(timeIntervalSinceNow: 60)
        while Date.now < end {
            if try attempt(script).status == 0 { return }
        }
        throw Failed(description: "it never came true: \(script)\n\(recentJournal)")
    }

    /// What happened lately, for whoever reads why a test failed.
    private var recentJournal: String {
        (try? attempt("journalctl -n 40 --no-pager").output) ?? ""
    }

    deinit {
        process?.send(SIGKILL)
        process?.waitOrKill()
        _ = try? Program("/usr/bin/unshare", ["--mount", Machine.script, "--forget", name])
        // Mounts end with their namespace; folders of the overlay have no permissions for anybody.
        _ = try? Program("/bin/chmod", ["-R", "u+rwX", directory.path])
    }
}
