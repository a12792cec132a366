import CaseTesting
import Foundation

/// A PostgreSQL on one of several machines, kept by Patroni: it is the primary, or follows the one that is.
struct PatroniNode {
    static let program = "/usr/bin/patroni"

    let machine: String
    let machines: [String]
    let namespaces: Namespaces
    let clock: OffsetClock?

    private var folder: String { "\(namespaces.folder)/\(machine)" }
    var log: String { namespaces.log("patroni.log", of: machine) }

    /// Starts Patroni, which makes a database or finds the one that is there.
    func start() throws {
        try Data(try settings.utf8).write(to: URL(fileURLWithPath: "\(folder)/patroni.yml"))
        try namespaces.start(
            [PatroniNode.program, "\(folder)/patroni.yml"], on: machine, as: "postgres",
            environment: clock?.environment(on: machine) ?? [:], log: "patroni.log")
    }

    /// What a query finds, asked of this database by its socket: a line a row.
    func ask(_ sql: String, of database: String = "postgres") throws -> String {
        // Whoever asks a database that stands still is not to do so, too.
        let words = ["psql", "-X", "-A", "-t", "-q", "-h", folder, "-U", "postgres", "-d", database, "-c", sql]
        return try namespaces.run("timeout 5 \"$@\"", words, on: machine).trimmingCharacters(in: .newlines)
    }

    /// What the page about clusters says, with this machine's place, and small enough for a disk that is filled.
    private var settings: String {
        get throws {
            let page = try String(contentsOfFile: "\(SharedData.project)/docs/cluster.md", encoding: .utf8)
            guard let block = page.firstMatch(of: /```yaml\n((?s:.*?))```/) else {
                throw Namespaces.Failed(description: "the page has no file")
            }
            var text = String(block.1).replacing("name: db1\n", with: "name: \(machine)\n")
            let own = namespaces.addresses[machine]!
            for (number, other) in machines.enumerated() {
                text = text.replacing("\"10.0.0.\(number + 1):2379\"", with: "\"\(namespaces.addresses[other]!):2379\"")
            }
            let changes = [
                "10.0.0.1:": "\(own):", "10.0.0.0/24": "10.77.0.0/24", "local all all peer": "local all all trust",
                "/var/lib/postgresql/15/cased": "\(folder)/disk/data", "/var/lib/postgresql/pgpass": "\(folder)/pgpass",
                "/run/postgresql": folder,
                "        max_connections: 100\n": "        max_connections: 100\n        max_wal_size: 96MB\n        min_wal_size: 32MB\n",
                "postgresql:\n  listen": "  users: {cased: {password: cased}}\npostgresql:\n  listen",
            ]
            for (said, here) in changes {
                guard text.contains(said) else { throw Namespaces.Failed(description: "the page's file has no \(said)") }
                text = text.replacing(said, with: here)
            }
            return text
        }
    }
}
