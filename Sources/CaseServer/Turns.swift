import Dispatch
import NIOCore

/// The time of the event loop, shared fairly among users: a connection that has something to do waits for its turn, and whoever took the least
/// time is next. Between turns the loop hears its sockets, so that nobody waits for what others have sent.
///
/// Only touched on the event loop.
final class Turns {
    private var queue = FairQueue<UInt32, Connection>(width: 1)
    private var isScheduled = false
    private let eventLoop: any EventLoop

    /// After so long the loop hears its sockets, in nanoseconds, and after so many turns.
    private static let stretch: UInt64 = 250_000
    private static let turnCount = 32
    /// Tasks that are due at once run before the loop hears its sockets again.
    private static let pause = TimeAmount.microseconds(5)

    /// Whether somebody has a turn at once, since when that is counted, and how much time it took, in nanoseconds.
    private var isTakingAtOnce = false
    private var countedFrom: UInt64 = 0
    private var takenAtOnce: UInt64 = 0
    /// As long as nobody waits, whoever has something to do has a turn at once: so long in so long.
    private static let atOnce: (share: UInt64, of: UInt64) = (1_000_000, 2_000_000)

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Gives a connection a turn, once the others had theirs. It asks for one at a time.
    func add(_ connection: Connection) {
        queue.add(connection, for: connection.peer.uid)
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.assumeIsolated().execute { self.run() }
    }

    /// Gives a connection a turn: at once where nobody waits and there was not much of that lately, else once the others had theirs.
    func take(_ connection: Connection) {
        guard connection.beginTurn() else { return }
        let start = DispatchTime.now().uptimeNanoseconds
        if start - countedFrom > Turns.atOnce.of { (countedFrom, takenAtOnce) = (start, 0) }
        guard !isScheduled, !isTakingAtOnce, takenAtOnce < Turns.atOnce.share else { return add(connection) }
        isTakingAtOnce = true
        connection.takeTurn()
        isTakingAtOnce = false
        takenAtOnce += DispatchTime.now().uptimeNanoseconds - start
    }

    private func run() {
        let start = DispatchTime.now().uptimeNanoseconds
        var now = start
        for _ in 0..<Turns.turnCount where now - start < Turns.stretch {
            guard let (user, connection) = queue.next() else {
                isScheduled = false
                return
            }
            connection.takeTurn()
            let end = DispatchTime.now().uptimeNanoseconds
            queue.end(of: user, after: end - now)
            now = end
        }
        eventLoop.assumeIsolated().scheduleTask(in: Turns.pause) { self.run() }
    }
}
