import CaseClient
import CaseTesting
import CaseWire
import Foundation

/// `cased` on machines of its own, on one database among several: started again whenever it ends, as systemd does it.
final class NodeCluster {
    let machines: [String]
    let databases: DatabaseCluster
    let clock: OffsetClock

    var namespaces: Namespaces { databases.namespaces }

    /// Makes the store in the database, and starts a daemon on each machine.
    ///
    /// - Parameter clock: by which all machines go, those of the databases, too.
    init(_ machines: [String], on databases: DatabaseCluster, clock: OffsetClock) throws {
        (self.machines, self.databases, self.clock) = (machines, databases, clock)
        try makeStore()
        // One user plays everybody in it, which is so from its beginning.
        try clock.set(machines[0], aheadBy: 0)
        try namespaces.start(words(machines[0]) + ["--training"], on: machines[0], environment: environment(machines[0]), log: "cased.log")
        try waitForAnswer(machines[0])
        try namespaces.kill(machines[0])
        for machine in machines {
            try clock.set(machine, aheadBy: 0)
            let loop = "while :; do \"$@\"; echo \"cased has ended with $?\"; sleep 1; done"
            try namespaces.start(
                ["/bin/sh", "-c", loop, "sh"] + words(machine), on: machine, environment: environment(machine), log: "cased.log")
        }
        for machine in machines { try waitForAnswer(machine) }
    }

    private func waitForAnswer(_ machine: String) throws {
        do {
            try wait(seconds: 60, for: "an answer of \(machine)") { (try? isAnswered(machine)) ?? false }
        } catch {
            throw Namespaces.Failed(description: "\(error): \(log(machine))")
        }
    }

    private var credentials: String { "\(namespaces.folder)/credentials" }

    func socket(_ machine: String) -> String {
        "\(namespaces.folder)/\(machine)/cased.sock"
    }

    /// The last that a node has logged, without what it says of cases and of its journal.
    func log(_ machine: String) -> String {
        namespaces.log("cased.log", of: machine, lines: 5000).split(separator: "\n")
            .filter { !$0.contains("rung-passed") && !$0.contains("the tree over the journal") && !$0.contains("deemed-accepted") }
            .suffix(20).joined(separator: "\n")
    }

    private func isAnswered(_ machine: String) throws -> Bool {
        let client = try Client(path: socket(machine))
        client.setTimeout(milliseconds: 5000)
        if case .success = try client.call("case.count") { return true }
        return false
    }

    private func makeStore() throws {
        guard let primary = databases.primary else { throw Namespaces.Failed(description: "there is no primary") }
        _ = try databases.database(primary).ask("CREATE DATABASE cased OWNER postgres")
        let target = "host=\(namespaces.folder)/\(primary) user=postgres dbname=cased"
        try namespaces.run("exec \"$@\"", ["\(DaemonProcess.programs)/cased", "--make-tables", "cased", "--store", target], on: primary)
        try FileManager.default.createDirectory(atPath: credentials, withIntermediateDirectories: true)
        try Data("*:5432:cased:cased:cased\n".utf8).write(to: URL(fileURLWithPath: "\(credentials)/cased.pgpass"))
        let made = try Program(
            "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "cased", "-f", "\(credentials)/cased.log-key"])
        guard made.status == 0 else { throw Namespaces.Failed(description: made.errors) }
    }

    private func words(_ machine: String) -> [String] {
        let hosts = DatabaseCluster.machines.map { namespaces.addresses[$0]! }.joined(separator: ",")
        return [
            "\(DaemonProcess.programs)/cased", "--store", "postgresql://cased@\(hosts)/cased", "--node", machine,
            "--socket", socket(machine),
        ]
    }

    private func environment(_ machine: String) -> [String: String] {
        clock.environment(on: machine).merging(["CREDENTIALS_DIRECTORY": credentials]) { $1 }
    }
}
