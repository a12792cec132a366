import CaseWire
import Foundation
import Testing

/// Three databases under Patroni, which agree by etcd: one is the primary, another has what it commits before it answers.
final class DatabaseCluster {
    static let machines = ["d1", "d2", "d3"]
    private static let programs = [EtcdServer.program, PatroniNode.program, "/usr/lib/postgresql/15/bin/postgres", "/usr/bin/python3"]
    static let isThere = Namespaces.isThere && programs.allSatisfy(FileManager.default.isExecutableFile(atPath:))
    /// Why there is none, and what mends that.
    static let whereFrom = "as root, with: apt-get install postgresql-15 patroni etcd-server python3-etcd iptables"

    let namespaces: Namespaces
    private let clock: OffsetClock?

    /// Starts them and waits until all three work.
    ///
    /// - Parameter clock: by which their machines go; nil for the kernel's.
    init(_ namespaces: Namespaces, clock: OffsetClock? = nil) throws {
        (self.namespaces, self.clock) = (namespaces, clock)
        for machine in DatabaseCluster.machines { try clock?.set(machine, aheadBy: 0) }
        for machine in DatabaseCluster.machines { try etcd(machine).start() }
        for machine in DatabaseCluster.machines { try database(machine).start() }
        try waitUntilWhole()
    }

    func database(_ machine: String) -> PatroniNode {
        PatroniNode(machine: machine, machines: DatabaseCluster.machines, namespaces: namespaces, clock: clock)
    }

    private func etcd(_ machine: String) -> EtcdServer {
        EtcdServer(machine: machine, machines: DatabaseCluster.machines, namespaces: namespaces)
    }

    /// Starts what a power cut has ended.
    func restart(_ machine: String) throws {
        try etcd(machine).start()
        try database(machine).start()
    }

    // MARK: What Patroni says

    struct Member {
        let machine: String
        let role: String
        let state: String
        let timeline: Int64?
    }

    /// As the first machine says that says anything; empty where none does.
    func members() -> [Member] {
        let script = "exec timeout 3 /usr/bin/python3 -c \"$1\" \"$2\""
        let reading = "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=2).read().decode())"
        for machine in DatabaseCluster.machines {
            let url = "http://\(namespaces.addresses[machine]!):8008/cluster"
            guard let text = try? namespaces.run(script, [reading, url], on: machine),
                let found = try? JSONReader.read(Array(text.utf8))["members"]?.array
            else { continue }
            return found.map {
                Member(
                    machine: $0["name"]?.string ?? "", role: $0["role"]?.string ?? "", state: $0["state"]?.string ?? "",
                    timeline: $0["timeline"]?.integer)
            }
        }
        return []
    }

    /// The machine of the primary; nil where there is none now.
    var primary: String? {
        members().first { $0.role == "leader" && $0.state == "running" }?.machine
    }

    /// Waits until all three work on one timeline, and what the primary commits is with another before it answers.
    func waitUntilWhole(seconds: Int = 120) throws {
        var found: [Member] = []
        do {
            try wait(seconds: seconds, for: "three databases, one of them the primary, one with all that it commits") {
                found = members()
                return found.count == 3 && found.allSatisfy { ["running", "streaming"].contains($0.state) }
                    && Set(found.map(\.timeline)).count == 1 && found.contains { $0.role == "leader" }
                    && found.contains { $0.role == "sync_standby" }
            }
        } catch {
            let logs = DatabaseCluster.machines.map { "\($0):\n\(database($0).log)" }.joined(separator: "\n")
            throw Namespaces.Failed(description: "\(error); \(found)\n\(logs)")
        }
    }

    /// Waits until there is a primary that commits.
    func waitForWrites(seconds: Int = 120) throws {
        try wait(seconds: seconds, for: "a primary that commits") {
            guard let primary else { return false }
            let sql = "CREATE TABLE IF NOT EXISTS probe (n bigint); INSERT INTO probe VALUES (1)"
            return (try? database(primary).ask(sql)) != nil
        }
    }
}
