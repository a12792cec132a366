import CaseClient
import CaseWire
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Asks cased, on threads of its own: no event loop waits for an answer. So many connections are used at once, as many requests again wait
/// for one, and more are turned away.
final class DaemonPool: Sendable {
    private let path: String
    private let patience: Int
    private let limit: Int
    private let threads: NIOThreadPool
    private let state = Mutex(State())

    private struct State {
        /// Connections that nobody uses, and so many requests that run or wait.
        var idle: [Connection] = []
        var asked = 0
    }

    /// A connection is used by one thread at a time: whoever takes it out of `idle`.
    private final class Connection: @unchecked Sendable {
        let client: Client

        init(_ client: Client) { self.client = client }
    }

    /// Requests that may wait for each connection.
    private static let waitingPerConnection = 16

    /// - Parameters:
    ///   - connections: at most so many at once.
    ///   - patience: for how many seconds an answer is waited for.
    init(path: String, connections: Int, patience: Int) {
        (self.path, self.patience) = (path, patience)
        limit = connections * (1 + DaemonPool.waitingPerConnection)
        threads = NIOThreadPool(numberOfThreads: connections)
        threads.start()
    }

    /// Asks for something that changes nothing.
    func read(_ method: Query, _ params: [JSONValue.Member] = []) async throws(DaemonTrouble) -> JSONValue {
        try await ask(method.rawValue, params)
    }

    /// A command. It carries a key, so that it is done once however often it is sent.
    ///
    /// - Parameter key: the same for the same command, such as of the form by which it was given.
    func command(_ method: String, _ params: [JSONValue.Member], key: String) async throws(DaemonTrouble) -> JSONValue {
        try await ask(method, params + [.init("idempotency_key", .string(key))])
    }

    /// Something that takes no key, since saying it twice says it once.
    func administer(_ method: Method.Administration, _ params: [JSONValue.Member]) async throws(DaemonTrouble) -> JSONValue {
        try await ask(method.rawValue, params)
    }

    /// The end of the journal for a watch that would begin now: what is read behind it is at least as new.
    ///
    /// - Parameter params: what `case.watch` takes, without a place to begin.
    func cursor(_ params: [JSONValue.Member]) async throws(DaemonTrouble) -> String {
        try await ask(Method.Stream.watch.rawValue, params).cell("cursor") ?? ""
    }

    private func ask(_ method: String, _ params: [JSONValue.Member]) async throws(DaemonTrouble) -> JSONValue {
        let isTaken = state.withLock { state in
            guard state.asked < limit else { return false }
            state.asked += 1
            return true
        }
        guard isTaken else { throw .busy(seconds: 1) }
        defer { state.withLock { $0.asked -= 1 } }
        let answer: Result<JSONValue, DaemonTrouble>
        do {
            answer = try await threads.runIfActive { self.asked(method, .object(params)) }
        } catch {
            throw .away
        }
        return try answer.get()
    }

    private func asked(_ method: String, _ params: JSONValue) -> Result<JSONValue, DaemonTrouble> {
        // One that waited here may have been cut since, such as by a restart: then a new one is asked once more. A command has its key.
        if let waiting = state.withLock({ $0.idle.popLast() }) {
            do throws(Client.Unreachable) {
                return try asked(waiting, method, params)
            } catch {
                if error.isTimeout { return .failure(.slow) }
            }
        }
        do throws(Client.Unreachable) {
            let client = try Client(path: path)
            client.setTimeout(milliseconds: 1000 * patience)
            client.setSendTimeout(milliseconds: 1000 * patience)
            return try asked(Connection(client), method, params)
        } catch {
            return .failure(error.isTimeout ? .slow : .away)
        }
    }

    private func asked(_ connection: Connection, _ method: String, _ params: JSONValue) throws(Client.Unreachable) -> Result<
        JSONValue, DaemonTrouble
    > {
        let result = try connection.client.call(method, params)
        // Nobody listens here: a watch has said where it begins, and ends.
        if method == Method.Stream.watch.rawValue, case .success(let opened) = result {
            _ = try connection.client.call(Method.Stream.watchStop.rawValue, .object([.init("watch", opened["watch"] ?? .null)]))
        }
        state.withLock { $0.idle.append(connection) }
        return result.mapError(DaemonTrouble.init)
    }
}

/// Why cased gave no answer that could be shown.
enum DaemonTrouble: Error, Equatable {
    /// It does not answer on its socket, or is about to stop.
    case away
    /// It took too long; of a command it is not known whether it was done.
    case slow
    /// It, or the hall, has too much to do; how long to wait.
    case busy(seconds: Int)
    /// It answers, and its store takes nothing now.
    case readOnly
    /// It said no.
    case refused(RemoteError)

    init(_ error: RemoteError) {
        switch error.kind {
        case "rate.limited", "intake.exceeded":
            self = .busy(seconds: Int(((error.details["retry_after_ms"]?.integer ?? 1000) + 999) / 1000))
        case "server.draining": self = .away
        case "store.full", "store.unreachable": self = .readOnly
        case "server.fault": self = .slow
        default: self = .refused(error)
        }
    }
}
