import Foundation
import Glibc
import Synchronization

/// Hears of commits by a session of its own: at once by `NOTIFY`, which is a hint, and by looking once in a while, which is the truth. Looks at
/// the database's clock on the way.
final class CommitListener: Sendable {
    private struct Content {
        var body: @Sendable () -> Void = {}
    }

    /// Goes with each commit. Notices of one transaction that say the same are one.
    static let notice = Statement("SELECT pg_notify('\(channel)', '')")
    private static let channel = "cased"
    /// How often it looks without a hint, and tries anew where the database cannot be reached.
    private static let pause: Duration = .seconds(1)
    private static let answerLimit: Duration = .seconds(10)
    /// A look at the clock that took longer says too little of when it was.
    private static let lookLimit: Int64 = 100

    private let open: @Sendable () throws -> Session
    private let content = Mutex(Content())
    private let offset = Atomic<Int64>(0)
    private let isStopped = Atomic(false)
    private let wasMoved = Atomic(false)

    init(open: @escaping @Sendable () throws -> Session) {
        self.open = open
    }

    /// How far the database's clock is ahead of `CLOCK_BOOTTIME`, in milliseconds.
    var clockOffset: Int64 {
        offset.load(ordering: .relaxed)
    }

    /// Whether the store has gone to another place, as it was when it was looked at last.
    var isMoved: Bool {
        wasMoved.load(ordering: .relaxed)
    }

    /// From now on `body` is called, on the listener's thread.
    func call(_ body: @escaping @Sendable () -> Void) {
        content.withLock { $0.body = body }
    }

    /// Looks for the first time, and begins to listen.
    ///
    /// - Throws: where the database cannot be reached.
    func start() throws {
        let count = try look(open(), isFirst: true)
        let thread = Thread { [self] in listen(after: count) }
        thread.name = "cased.listener"
        thread.start()
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
    }

    private func listen(after first: Int64) {
        var (session, count): (Session?, Int64) = (nil, first)
        while !isStopped.load(ordering: .relaxed) {
            do {
                let own = try session ?? listening()
                session = own
                let now = try look(own)
                if now != count {
                    count = now
                    content.withLock { $0.body }()
                }
                try own.waitForNotice(until: .now + CommitListener.pause)
            } catch {
                session = nil
                usleep(1_000_000)
            }
        }
    }

    private func listening() throws -> Session {
        let session = try open()
        _ = try session.run([Statement("LISTEN \(CommitListener.channel)")], until: end)
        return session
    }

    private var end: ContinuousClock.Instant {
        .now + CommitListener.answerLimit
    }

    /// - Returns: how often somebody has committed.
    private func look(_ session: Session, isFirst: Bool = false) throws -> Int64 {
        let before = CommitListener.elapsed
        let row = try session.run(
            [Statement("SELECT commits, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, moved FROM head")], until: end)[0].first
        let after = CommitListener.elapsed
        if let row, isFirst || after - before <= CommitListener.lookLimit {
            offset.store(row.integer(1) - (before + after) / 2, ordering: .relaxed)
        }
        wasMoved.store(row?.integer(2) ?? 0 != 0, ordering: .relaxed)
        return row?.integer(0) ?? 0
    }

    private static var elapsed: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
