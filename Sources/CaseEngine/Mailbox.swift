import CaseCore
import CaseWire
import Crypto
import Synchronization

/// A request that goes through the writer. What can be made ready without the store is, by whoever posts it.
package struct Command: Sendable {
    package let peer: Peer
    package let method: Method
    package let parameters: Parameters
    /// What an auditor has read, to go on record before they see it.
    let reading: Reading?
    /// What `case.submit` hands in.
    let submission: Submission?
    /// What a request under a key asks for, for comparison with the first request under it.
    package let digest: [UInt8]
    /// Called once: after the commit where something was changed.
    package let reply: @Sendable (Outcome) -> Void

    package init(peer: Peer, method: Method, parameters: Parameters, reply: @escaping @Sendable (Outcome) -> Void) {
        self.init(peer, method, parameters, reading: nil, reply)
    }

    init(_ reading: Reading, peer: Peer, method: Method, parameters: Parameters, reply: @escaping @Sendable (Outcome) -> Void) {
        self.init(peer, method, parameters, reading: reading, reply)
    }

    private init(
        _ peer: Peer, _ method: Method, _ parameters: Parameters, reading: Reading?, _ reply: @escaping @Sendable (Outcome) -> Void
    ) {
        self.peer = peer
        self.reading = reading
        self.method = method
        self.parameters = parameters
        self.reply = reply
        submission = method == .submit ? parameters.submission : nil
        digest = parameters.text("idempotency_key") == nil ? [] : Command.digest(method, parameters)
    }

    private static func digest(_ method: Method, _ parameters: Parameters) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array(method.rawValue.utf8))
        hash.update(data: parameters.contentBytes(without: ["idempotency_key"]))
        return Array(hash.finalize())
    }
}

/// Requests that wait for the engine. Whatever waits when it looks goes into one transaction.
final class Mailbox: Sendable {
    private struct State {
        var waiting: [Command] = []
        var isScheduled = false
        var isClosed = false
    }

    private let state = Mutex(State())

    enum Posting {
        case first, queued, refused
    }

    /// - Returns: `.first` where the engine has to be woken.
    func post(_ command: Command) -> Posting {
        state.withLock { state in
            guard !state.isClosed else { return .refused }
            state.waiting.append(command)
            defer { state.isScheduled = true }
            return state.isScheduled ? .queued : .first
        }
    }

    /// Takes what waits, up to a limit. The second value says whether the engine has to come again.
    func take(limit: Int) -> (commands: [Command], isMoreWaiting: Bool) {
        state.withLock { state in
            guard state.waiting.count > limit else {
                defer { (state.waiting, state.isScheduled) = ([], false) }
                return (state.waiting, false)
            }
            defer { state.waiting.removeFirst(limit) }
            return (Array(state.waiting.prefix(limit)), true)
        }
    }

    var isWaiting: Bool {
        state.withLock { !$0.waiting.isEmpty }
    }

    /// From now on commands are refused; those that wait are still carried out.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}
