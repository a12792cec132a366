import CaseClient
import CaseTesting
import CaseWire
import Foundation

/// What following cases costs those who work on them: notes on one busy case with a long history, alone and followed by many.
struct WatchRun {
    private static let history = 3000
    private static let watchCount = 200
    private static let noteCount = 8000

    func run() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: directory)
        try prepare(daemon)
        let client = try daemon.client()
        let (busy, other) = (try submit(client), try submit(client))
        try note(busy, WatchRun.history, daemon)
        print("\nnotes on one case that has \(WatchRun.history), 256 at a time")
        for (name, filter) in [
            ("\(WatchRun.watchCount) watches of another case      ", JSONValue.of(["case": .string(other)])),
            ("\(WatchRun.watchCount) watches of a state it is not in", JSONValue.of(["state": "granted"])),
            ("\(WatchRun.watchCount) watches of this very case     ", JSONValue.of(["case": .string(busy)])),
        ] {
            // Each beside what it is alone just before, as the case grows meanwhile.
            let alone = try note(busy, WatchRun.noteCount, daemon)
            let watchers = try follow(filter, daemon)
            let felt = try note(busy, WatchRun.noteCount, daemon)
            watchers.stop()
            print("  \(pad("followed by nobody", 47)) \(alone)")
            print("  \(pad(name, 47)) \(felt)  ratio \(String(format: "%.2f", felt.perSecond / alone.perSecond))")
        }
        daemon.terminate()
    }

    private func submit(_ client: Client) throws -> String {
        try client.call("case.submit", SmallOffice.submission()).get()["case"]!.string!
    }

    @discardableResult
    private func note(_ id: String, _ count: Int, _ daemon: DaemonProcess) throws -> LoadRun.Result {
        try LoadRun(socket: daemon.socket, connections: 1, window: 256).notes(count, on: id)
    }

    /// Watches over as many connections as they take, read by a thread.
    private func follow(_ filter: JSONValue, _ daemon: DaemonProcess) throws -> Followers {
        let clients = try (0..<WatchRun.watchCount / 10).map { _ in
            let client = try Client(path: daemon.socket)
            for _ in 0..<10 {
                try client.send(Request(id: .number(literal: "1"), method: "case.watch", params: .of(["filter": filter])).line)
            }
            for _ in 0..<10 { _ = try client.receive() }
            return client
        }
        return Followers(clients)
    }
}

/// Clients whose lines are read and thrown away.
private final class Followers: @unchecked Sendable {
    private let lock = NSLock()
    private var isRunning = true
    private let group = DispatchGroup()

    init(_ clients: [Client]) {
        for client in clients { client.setTimeout(milliseconds: 200) }
        let clients = Box(clients)
        for place in 0..<4 {
            group.enter()
            Thread.detachNewThread { [self] in
                while lock.withLock({ isRunning }) {
                    for (number, client) in clients.value.enumerated() where number % 4 == place { _ = try? client.receive() }
                }
                group.leave()
            }
        }
    }

    func stop() {
        lock.withLock { isRunning = false }
        group.wait()
    }

    private final class Box: @unchecked Sendable {
        let value: [Client]

        init(_ value: [Client]) {
            self.value = value
        }
    }
}
