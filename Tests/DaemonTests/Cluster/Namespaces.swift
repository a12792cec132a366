import CaseTesting
import ChildProcesses
import Foundation

/// Machines of a test's own: a network namespace each, joined by a bridge in a further one, and nothing outside can be reached from there.
///
/// They share a namespace of processes and one of mounts. Its first process goes with the test's, however that ends; with it go all that runs
/// there, the namespaces, and what is mounted.
final class Namespaces {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Which way nothing gets through any more.
    enum Cut: String, CaseIterable {
        case both, inward, outward
    }

    private static let tools = ["/usr/bin/unshare", "/usr/bin/nsenter", "/usr/bin/setpriv", "/usr/sbin/ip", "/usr/sbin/iptables"]
    static let isThere = geteuid() == 0 && tools.allSatisfy(FileManager.default.isExecutableFile(atPath:))

    /// Where machines have their folders, seen from there and from here.
    let folder: String
    private let directory = TemporaryDirectory()
    /// Nobody else has the other end: when it closes, all of it goes.
    private let life: Int32
    private let guardian: ChildProcess
    /// The first process, by its number out here.
    private let first: String

    private static let outer = """
        trap : HUP INT TERM
        unshare --net --pid --mount --fork --kill-child sh -c "$2" sh "$@"
        cd / && rm -rf "$1"
        """

    // A folder of a machine's own has what is seen outside, and in it, on a disk of its own, what need not be.
    private static let inner = """
        trap : HUP INT TERM
        folder=$1 megabytes=$3
        shift 3
        read -r first rest < /proc/self/stat
        mount -t proc proc /proc && mount -t tmpfs -o mode=755 none /run && ip link set dev lo up &&
            ip link add name switch type bridge && ip link set dev switch up || exit 1
        number=0
        for name in "$@"; do
            number=$((number + 1))
            ip netns add "$name" && ip link add name "$name" type veth peer name eth0 netns "$name" &&
                ip link set dev "$name" master switch up && ip -n "$name" address add "10.77.0.$number/24" dev eth0 &&
                ip -n "$name" link set dev eth0 up && ip -n "$name" link set dev lo up &&
                mkdir -p "$folder/$name/disk" && mount -t tmpfs -o "size=${megabytes}m" none "$folder/$name/disk" &&
                chown postgres "$folder/$name" "$folder/$name/disk" || exit 1
        done
        echo "$first"
        exec > /dev/null
        cat
        """

    /// - Parameter megabytes: the room on the disk of each machine.
    init(_ names: [String], megabytes: Int) throws {
        folder = directory.path
        chmod(folder, 0o711)
        var (input, output): ([Int32], [Int32]) = ([0, 0], [0, 0])
        pipe(&input)
        pipe(&output)
        for descriptor in input + output { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let log = "\(folder)/namespaces.log"
        guardian = try ChildProcess(
            "/bin/sh", ["-c", Namespaces.outer, "sh", folder, Namespaces.inner, "\(megabytes)"] + names,
            environment: Namespaces.environment,
            input: .descriptor(input[0]), output: .descriptor(output[1]), errors: .file(log))
        life = input[1]
        Glibc.close(input[0])
        Glibc.close(output[1])
        let said = FileHandle(fileDescriptor: output[0], closeOnDealloc: true).availableData
        first = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !first.isEmpty else {
            throw Failed(description: "namespaces cannot be made: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        }
        addresses = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, "10.77.0.\($0 + 1)") })
    }

    deinit {
        Glibc.close(life)
        guardian.wait()
    }

    let addresses: [String: String]

    private static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]

    // MARK: Programs

    /// Runs a shell's text to its end, on a machine, or where their bridge is.
    ///
    /// - Returns: what it wrote.
    @discardableResult
    func run(_ script: String, _ arguments: [String] = [], on machine: String? = nil) throws -> String {
        let place = machine.map { ["ip", "netns", "exec", $0] } ?? []
        let words = ["--target", first, "--mount", "--pid", "--net", "--"] + place + ["/bin/sh", "-euc", script, "sh"] + arguments
        let program = try Program("/usr/bin/nsenter", words, environment: Namespaces.environment)
        guard program.status == 0 else {
            throw Failed(description: "\(machine ?? "switch"): \(script): \(program.status): \(program.output)\(program.errors)")
        }
        return program.output
    }

    /// Starts a program that stays, and writes into a log in the machine's folder.
    ///
    /// - Parameter environment: further variables.
    func start(_ words: [String], on machine: String, as user: String? = nil, environment: [String: String] = [:], log: String) throws {
        let owner = user.map { ["setpriv", "--reuid=\($0)", "--regid=\($0)", "--init-groups"] } ?? []
        let settings = ["env"] + environment.map { "\($0.key)=\($0.value)" }
        // Whoever reads its output waits for no end of it.
        try run(
            "log=$1; shift; setsid \"$@\" < /dev/null >> \"$log\" 2>&1 &", ["\(folder)/\(machine)/\(log)"] + owner + settings + words,
            on: machine)
    }

    /// The last lines of a log.
    func log(_ name: String, of machine: String, lines: Int = 20) -> String {
        let text = (try? String(contentsOfFile: "\(folder)/\(machine)/\(name)", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }

    // MARK: Faults

    /// Sends a signal to all that runs on a machine, or to one program there.
    func signal(_ signal: String, on machine: String, program: String = "") throws {
        let script = """
            for process in $(ip netns pids "$1"); do
                if [ -z "$3" ] || [ "$(cat "/proc/$process/comm" 2> /dev/null)" = "$3" ]; then kill -s "$2" "$process" 2> /dev/null || true; fi
            done
            """
        try run(script, [machine, signal, program])
    }

    /// Ends all that runs on a machine, as a power cut does.
    func kill(_ machine: String) throws {
        try run(
            "while ip netns pids \"$1\" | xargs -r kill -s KILL 2> /dev/null; [ -n \"$(ip netns pids \"$1\")\" ]; do :; done", [machine])
    }

    func cut(_ machine: String, _ cut: Cut) throws {
        switch cut {
        case .both: try run("ip link set dev \"$1\" down", [machine])
        case .inward: try run("iptables -w -A INPUT -i eth0 -j DROP", on: machine)
        case .outward: try run("iptables -w -A OUTPUT -o eth0 -j DROP", on: machine)
        }
    }

    func mend(_ machine: String) throws {
        try run("ip link set dev \"$1\" up", [machine])
        try run("iptables -w -F", on: machine)
    }

    /// Uses up the room on the disk of a machine, or gives it back.
    func fillDisk(_ machine: String) throws {
        try run("dd if=/dev/zero of=\"$1/filler\" bs=64k 2> /dev/null || true", ["\(folder)/\(machine)/disk"])
    }

    func emptyDisk(_ machine: String) throws {
        try run("rm -f \"$1/filler\"", ["\(folder)/\(machine)/disk"])
    }
}

/// Looks until something is so, or there is no more time for it.
///
/// - Throws: `Namespaces.Failed` with what was wanted.
func wait(seconds: Int, for wanted: String, _ isSo: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try !isSo() {
        guard ContinuousClock.now < end else { throw Namespaces.Failed(description: "after \(seconds) s there is still not: \(wanted)") }
        usleep(100_000)
    }
}
