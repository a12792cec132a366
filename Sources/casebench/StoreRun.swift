import CaseTesting
import Foundation
import Synchronization

/// A store on a database: one node beside what libpq does by itself, and three nodes beside one. All of it goes in turns, so that what the
/// machine does meanwhile falls on everything.
struct StoreRun {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// As libpq names it, without tables.
    let database: String
    /// Submissions of one measurement.
    let count: Int

    private static let rounds = 5
    private static let (connections, window) = (64, 16)
    private static let nodeCount = 3

    /// What was measured in one round, in submissions per second.
    private struct Round {
        var (node, bare, single, alone, nodes): (Double, Double, Double, Double, Double) = (0, 0, 0, 0, 0)
        var batch = 0
        /// Of any node, between two of its commits.
        var longestWait = 0
    }

    func run() throws {
        let made = try Program("cased", ["--make-tables", try role(), "--store", database])
        guard made.status == 0 else { throw Failed(description: made.errors) }
        let bare = try BareLibPQ(database)
        try withNode(0) { try prepare($0) }
        var rounds: [Round] = []
        for number in 1...StoreRun.rounds {
            var round = Round()
            try withNode(0) { try measure(&round, $0, bare, number) }
            try measure(&round, bare, number)
            rounds.append(round)
        }
        show(rounds)
    }

    /// The user of the database, for whom the tables are made.
    private func role() throws -> String {
        try BareLibPQ.user(of: database)
    }

    private func withNode<Value>(_ number: Int, _ body: (DaemonProcess) throws -> Value) throws -> Value {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), database: database, arguments: ["--node", StoreRun.name(number)])
        defer { daemon.terminate() }
        return try body(daemon)
    }

    private static func name(_ number: Int) -> String {
        "n\(number + 1)"
    }

    private func measure(_ round: inout Round, _ daemon: DaemonProcess, _ bare: BareLibPQ, _ number: Int) throws {
        let before = try work(daemon)
        let load = try LoadRun(socket: daemon.socket, connections: StoreRun.connections, window: StoreRun.window)
        round.node = try load.submit(count, tag: "one-\(number)").perSecond
        let after = try work(daemon)
        round.batch = max(1, (after.commands - before.commands) / max(1, after.batches - before.batches))
        round.bare = try bare.insert(casesAfter: before.cases, count: count, batch: round.batch)
        round.single = try bare.insert(casesAfter: before.cases, count: count / 20, batch: 1)
        round.alone = try LoadRun(socket: daemon.socket, connections: 1, window: 1).submit(count / 20, tag: "alone-\(number)").perSecond
    }

    /// The load is divided among several nodes.
    private func measure(_ round: inout Round, _ bare: BareLibPQ, _ number: Int) throws {
        let daemons = try (0..<StoreRun.nodeCount).map { node in
            try DaemonProcess(in: TemporaryDirectory(), database: database, arguments: ["--node", StoreRun.name(node)])
        }
        defer { for daemon in daemons { daemon.terminate() } }
        let loads = try daemons.enumerated().map { node, daemon in
            let connections = StoreRun.connections / StoreRun.nodeCount + (node < StoreRun.connections % StoreRun.nodeCount ? 1 : 0)
            return try LoadRun(socket: daemon.socket, connections: connections, window: StoreRun.window)
        }
        let share = count / StoreRun.nodeCount
        let failures = Mutex<[any Error]>([])
        let start = microseconds()
        DispatchQueue.concurrentPerform(iterations: loads.count) { node in
            do { _ = try loads[node].submit(share, tag: "\(StoreRun.name(node))-\(number)") } catch {
                failures.withLock { $0.append(error) }
            }
        }
        round.nodes = Double(share * loads.count) / ((microseconds() - start) / 1_000_000)
        if let failure = failures.withLock({ $0.first }) { throw failure }
        round.longestWait = try longestWait(bare, number)
    }

    /// How many batches of others were committed at most between two of one node. Rows of one transaction have its number, and stand in the
    /// order of commits.
    private func longestWait(_ bare: BareLibPQ, _ number: Int) throws -> Int {
        let nodes = try bare.texts(
            """
            SELECT node FROM (SELECT min(place) AS place, min(split_part(convert_from(key, 'UTF8'), '-', 1)) AS node
                FROM keys WHERE convert_from(key, 'UTF8') ~ '^n[0-9]+-\(number)-' GROUP BY xmin::text) b ORDER BY place
            """)
        var (last, longest): ([String: Int], Int) = ([:], 0)
        for (place, node) in nodes.enumerated() {
            if let before = last[node] { longest = max(longest, place - before - 1) }
            last[node] = place
        }
        return longest
    }

    private func work(_ daemon: DaemonProcess) throws -> (batches: Int, commands: Int, cases: Int) {
        let info = try daemon.client().call("server.info").get()
        func count(_ value: Int64?) -> Int { Int(value ?? 0) }
        return (count(info["work"]?["batches"]?.integer), count(info["work"]?["commands"]?.integer), count(info["open"]?.integer))
    }

    private func show(_ rounds: [Round]) {
        print(
            "\ndurable submissions a second on a database, each with an idempotency key: the middle of \(rounds.count) rounds, least and most"
        )
        func line(_ what: String, _ value: (Round) -> Double) {
            let values = rounds.map(value).sorted()
            let (least, most) = (String(format: "%.0f", values.first!), String(format: "%.0f", values.last!))
            print("  \(pad(what, 62)) \(String(format: "%8.0f", values[values.count / 2]))   \(least) to \(most)")
        }
        func ratio(_ what: String, _ value: (Round) -> Double) {
            let values = rounds.map(value).sorted()
            let (least, most) = (String(format: "%.2f", values.first!), String(format: "%.2f", values.last!))
            print("  \(pad(what, 62)) \(String(format: "%8.2f", values[values.count / 2]))   \(least) to \(most)")
        }
        let batch = rounds.map(\.batch).sorted()[rounds.count / 2]
        line("one node, \(StoreRun.connections) connections, \(StoreRun.window) at a time, \(batch) a commit", \.node)
        line("bare libpq, the same rows, as many a commit", \.bare)
        line("bare libpq, the same rows, one a commit", \.single)
        line("one node, one connection, one at a time", \.alone)
        line("\(StoreRun.nodeCount) nodes, the same load divided", \.nodes)
        ratio("one node to bare libpq") { $0.node / $0.bare }
        ratio("one node to bare libpq with one a commit") { $0.node / $0.single }
        ratio("one node to itself with one at a time") { $0.node / $0.alone }
        ratio("\(StoreRun.nodeCount) nodes to one") { $0.nodes / $0.node }
        line("batches of others between two of one node, at most", { Double($0.longestWait) })
    }
}
