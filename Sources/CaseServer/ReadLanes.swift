import CaseEngine
import CaseStore
import Dispatch
import NIOPosix
import Synchronization

/// The threads on which is read: some for everybody, shared fairly among users, and some for admins, whom nobody else keeps waiting.
final class ReadLanes: Sendable {
    private let everybody: Lane
    private let admins: Lane

    /// - Parameters:
    ///   - threads: how many there are for everybody.
    ///   - adminThreads: how many there are for admins alone.
    init(threads: Int, adminThreads: Int) {
        (everybody, admins) = (Lane(threads: threads), Lane(threads: adminThreads))
    }

    /// Reads for somebody, in their turn.
    ///
    /// - Parameters:
    ///   - isWanted: asked when the turn comes: nothing is read for whoever has gone.
    ///   - work: is told whether it may still read; not where the server ends.
    func submit(for peer: Peer, isWanted: @escaping @Sendable () -> Bool, _ work: @escaping @Sendable (Bool) -> Void) {
        (peer.isAdmin ? admins : everybody).submit(Lane.Job(isWanted: isWanted, work: work), for: peer.uid)
    }

    /// Reads for the server itself.
    func submit(_ work: @escaping @Sendable (Bool) -> Void) {
        // No user has this number.
        admins.submit(Lane.Job(isWanted: { true }, work: work), for: .max)
    }

    func end() throws {
        try everybody.end()
        try admins.end()
    }
}

/// Some threads, and who waits for one of them.
private final class Lane: Sendable {
    struct Job: Sendable {
        let isWanted: @Sendable () -> Bool
        let work: @Sendable (Bool) -> Void
    }

    private let pool: NIOThreadPool
    private let queue: Mutex<FairQueue<UInt32, Job>>
    private let hasEnded = Atomic(false)

    init(threads: Int) {
        queue = Mutex(FairQueue(width: threads))
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
    }

    /// Each turn that the pool gives goes to whoever is next by then, and goes on as long as somebody is: what had to wait for the end of
    /// something has no other turn.
    func submit(_ job: Job, for user: UInt32) {
        queue.withLock { $0.add(job, for: user) }
        pool.submit { [self] _ in
            while let (user, job) = queue.withLock({ $0.next() }) {
                let start = DispatchTime.now().uptimeNanoseconds
                if job.isWanted() {
                    ReadTurn(isWanted: job.isWanted).run { job.work(!hasEnded.load(ordering: .relaxed)) }
                }
                queue.withLock { $0.end(of: user, after: DispatchTime.now().uptimeNanoseconds - start) }
            }
        }
    }

    func end() throws {
        hasEnded.store(true, ordering: .relaxed)
        try pool.syncShutdownGracefully()
    }
}
