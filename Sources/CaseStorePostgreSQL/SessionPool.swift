import Foundation

/// Sessions that threads borrow, a bounded number of them. One that was given up, or that the other side has ended, is replaced.
final class SessionPool: Sendable {
    private let open: @Sendable () throws -> Session
    private let condition = NSCondition()
    private let limit: Int
    // Both under the condition's lock.
    private nonisolated(unsafe) var free: [Session] = []
    private nonisolated(unsafe) var count = 0

    /// - Parameter limit: whoever wants one more waits.
    init(limit: Int, open: @escaping @Sendable () throws -> Session) {
        (self.limit, self.open) = (limit, open)
    }

    /// Runs `body` with a session that nobody else has meanwhile.
    ///
    /// - Throws: what `body` throws, and what the opening of a session does.
    func with<Value>(_ body: (Session) throws -> Value) throws -> Value {
        let session = try take()
        defer { giveBack(session) }
        return try body(session)
    }

    /// How often an answer was waited for in the sessions that nobody has.
    var tripCount: Int {
        condition.withLock { free.reduce(0) { $0 + $1.tripCount } }
    }

    private func take() throws -> Session {
        condition.lock()
        while free.isEmpty, count >= limit { condition.wait() }
        while let session = free.popLast() {
            if session.isQuiet {
                condition.unlock()
                return session
            }
            count -= 1
        }
        count += 1
        condition.unlock()
        do {
            return try open()
        } catch {
            leave()
            throw error
        }
    }

    private func giveBack(_ session: Session) {
        guard !session.isGivenUp else { return leave() }
        condition.lock()
        free.append(session)
        condition.signal()
        condition.unlock()
    }

    private func leave() {
        condition.lock()
        count -= 1
        condition.signal()
        condition.unlock()
    }

    /// Ends those that nobody has.
    func close() {
        condition.lock()
        count -= free.count
        free = []
        condition.broadcast()
        condition.unlock()
    }
}
