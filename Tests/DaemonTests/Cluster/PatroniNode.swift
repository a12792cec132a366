import Foundation

/// A PostgreSQL on one of several machines, kept by Patroni: it is the primary, or follows the one that is.
struct PatroniNode {
    static let program = "/usr/bin/patroni"

    let machine: String
    let machines: [String]
    let namespaces: Namespaces

    private var folder: String { "\(namespaces.folder)/\(machine)" }
    var log: String { namespaces.log("patroni.log", of: machine) }

    /// Starts Patroni, which makes a database or finds the one that is there.
    func start() throws {
        try Data(settings.utf8).write(to: URL(fileURLWithPath: "\(folder)/patroni.yml"))
        try namespaces.start([PatroniNode.program, "\(folder)/patroni.yml"], on: machine, as: "postgres", log: "patroni.log")
    }

    /// What a query finds, asked of this database by its socket: a line a row.
    func ask(_ sql: String, of database: String = "postgres") throws -> String {
        // Whoever asks a database that stands still is not to do so, too.
        let words = ["psql", "-X", "-A", "-t", "-q", "-h", folder, "-U", "postgres", "-d", database, "-c", sql]
        return try namespaces.run("timeout 5 \"$@\"", words, on: machine).trimmingCharacters(in: .newlines)
    }

    private var settings: String {
        let address = namespaces.addresses[machine]!
        return """
            scope: cased
            name: \(machine)
            restapi: {listen: "\(address):8008", connect_address: "\(address):8008"}
            etcd: {hosts: [\(machines.map { "\"\(namespaces.addresses[$0]!):2379\"" }.joined(separator: ", "))]}
            bootstrap:
              dcs:
                ttl: 10
                loop_wait: 2
                retry_timeout: 4
                synchronous_mode: true
                synchronous_mode_strict: true
                postgresql:
                  use_pg_rewind: true
                  use_slots: true
                  parameters:
                    wal_log_hints: "on"
                    max_connections: 100
                    max_wal_size: 96MB
                    min_wal_size: 32MB
                    tcp_user_timeout: 5000
                    wal_sender_timeout: 5000
                    wal_receiver_timeout: 5000
                    wal_retrieve_retry_interval: 500
              initdb: [{encoding: UTF8}, {locale: C.UTF-8}, data-checksums]
              pg_hba:
                - local all all trust
                - host replication rep 10.77.0.0/24 scram-sha-256
                - host all all 10.77.0.0/24 scram-sha-256
              users: {cased: {password: cased}}
            postgresql:
              listen: \(address):5432
              connect_address: \(address):5432
              data_dir: \(folder)/disk/data
              bin_dir: /usr/lib/postgresql/15/bin
              pgpass: \(folder)/pgpass
              authentication:
                superuser: {username: postgres, password: pg}
                replication: {username: rep, password: rep}
                rewind: {username: rewind, password: rw}
              parameters: {unix_socket_directories: \(folder)}

            """
    }
}
