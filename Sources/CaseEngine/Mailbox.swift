import Synchronization

/// Requests that wait for the engine. Whatever waits when it looks goes into one transaction, as far as there is room; users take turns.
final class Mailbox: Sendable {
    private struct State {
        var waiting = Turns()
        var isScheduled = false
        var isClosed = false
    }

    /// What each user has waiting, in its order, and whose turn it is.
    private struct Turns {
        private var lines: [UInt32: ArraySlice<WriteRequest>] = [:]
        private var users: [UInt32] = []
        private(set) var count = 0

        mutating func add(_ request: WriteRequest) {
            if lines[request.peer.uid] == nil { users.append(request.peer.uid) }
            lines[request.peer.uid, default: []].append(request)
            count += 1
        }

        /// Puts in front what was taken and could not be carried out yet.
        mutating func putBack(_ requests: [WriteRequest]) {
            for (user, own) in Dictionary(grouping: requests, by: \.peer.uid) {
                if lines[user] == nil { users.append(user) }
                lines[user] = own + (lines[user] ?? [])
            }
            count += requests.count
        }

        /// One of each user after the other, until there are so many.
        mutating func take(_ limit: Int) -> [WriteRequest] {
            var taken: [WriteRequest] = []
            taken.reserveCapacity(min(limit, count))
            var turn = 0
            while taken.count < limit, !users.isEmpty {
                let user = users[turn]
                // Alone, somebody has all the turns.
                let share = users.count == 1 ? limit - taken.count : 1
                taken += lines[user]!.prefix(share)
                lines[user]!.removeFirst(min(share, lines[user]!.count))
                if lines[user]!.isEmpty {
                    lines[user] = nil
                    users.remove(at: turn)
                } else {
                    turn += 1
                }
                if turn >= users.count { turn = 0 }
            }
            // The next turn begins with whoever would have been next.
            users = Array(users[turn...] + users[..<turn])
            count -= taken.count
            return taken
        }
    }

    private let state = Mutex(State())

    enum Posting {
        case first, queued, refused
    }

    /// - Returns: `.first` where the engine has to be woken.
    func post(_ request: WriteRequest) -> Posting {
        state.withLock { state in
            guard !state.isClosed else { return .refused }
            state.waiting.add(request)
            defer { state.isScheduled = true }
            return state.isScheduled ? .queued : .first
        }
    }

    /// Takes what waits, up to a limit. The second value says whether the engine has to come again.
    func take(limit: Int) -> (requests: [WriteRequest], isMoreWaiting: Bool) {
        state.withLock { state in
            let requests = state.waiting.take(limit)
            state.isScheduled = state.waiting.count > 0
            return (requests, state.isScheduled)
        }
    }

    /// Takes back what was taken and there was no room for. The engine has to come again.
    func putBack(_ requests: [WriteRequest]) {
        state.withLock { state in
            state.waiting.putBack(requests)
            state.isScheduled = true
        }
    }

    var isWaiting: Bool {
        state.withLock { $0.waiting.count > 0 }
    }

    /// From now on requests are refused; those that wait are still carried out.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}
