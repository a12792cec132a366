import Synchronization

/// Requests that wait for the engine. Whatever waits when it looks goes into one transaction.
final class Mailbox: Sendable {
    private struct State {
        var waiting: [WriteRequest] = []
        var isScheduled = false
        var isClosed = false
    }

    private let state = Mutex(State())

    enum Posting {
        case first, queued, refused
    }

    /// - Returns: `.first` where the engine has to be woken.
    func post(_ request: WriteRequest) -> Posting {
        state.withLock { state in
            guard !state.isClosed else { return .refused }
            state.waiting.append(request)
            defer { state.isScheduled = true }
            return state.isScheduled ? .queued : .first
        }
    }

    /// Takes what waits, up to a limit. The second value says whether the engine has to come again.
    func take(limit: Int) -> (requests: [WriteRequest], isMoreWaiting: Bool) {
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

    /// From now on requests are refused; those that wait are still carried out.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}
