/// etcd on one of several machines: where databases agree which of them is the primary.
struct EtcdServer {
    static let program = "/usr/bin/etcd"

    let machine: String
    let machines: [String]
    let namespaces: Namespaces

    /// Starts it; one that has run before goes on with what it knew.
    func start() throws {
        func url(_ name: String, _ port: Int) -> String { "http://\(namespaces.addresses[name]!):\(port)" }
        let words = [
            EtcdServer.program, "--name", machine, "--data-dir", "\(namespaces.folder)/\(machine)/etcd",
            // Patroni 3.0.2 takes the lock of a primary with a comparison by this interface only.
            "--enable-v2",
            "--listen-client-urls", "\(url(machine, 2379)),http://127.0.0.1:2379", "--advertise-client-urls", url(machine, 2379),
            "--listen-peer-urls", url(machine, 2380), "--initial-advertise-peer-urls", url(machine, 2380),
            "--initial-cluster", machines.map { "\($0)=\(url($0, 2380))" }.joined(separator: ","), "--initial-cluster-state", "new",
            "--heartbeat-interval", "100", "--election-timeout", "1000",
        ]
        try namespaces.start(words, on: machine, as: "postgres", log: "etcd.log")
    }
}
