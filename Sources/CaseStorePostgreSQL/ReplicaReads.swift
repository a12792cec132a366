import CaseStore
import Synchronization

/// Reads from the servers that follow the primary of a store: whichever of them answers, at whatever state it has come to.
///
/// Where none could be reached, none is asked for a while: whoever reads goes to the primary meanwhile, and does not wait each time.
final class ReplicaReads: ReadableStore {
    private let sessions: SessionPool
    private let readLimit: Duration
    /// Before this none is asked.
    private let from = Mutex(ContinuousClock.now)

    /// Servers of which none has opened a session by then cannot be reached: there is another one to ask.
    private static let openLimit: Duration = .seconds(3)
    private static let pause: Duration = .seconds(10)

    /// - Parameters:
    ///   - target: servers that follow.
    ///   - readLimit: a read that takes longer is cut.
    init(_ target: DatabaseTarget, readLimit: Duration) {
        self.readLimit = readLimit
        sessions = SessionPool(limit: PostgreSQLStore.readerLimit) {
            try PostgreSQLStore.open(
                target, PostgreSQLStore.limits(ofReads: readLimit), isReplica: true, for: ReplicaReads.openLimit)
        }
    }

    /// Reads for clients, whoever asks.
    ///
    /// - Throws: `StoreFault.interrupted` where no server can be reached, and where the one that was read has refused to go on, as it does when
    ///   what it reads is gone from the primary.
    func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        guard from.withLock({ $0 <= .now }) else { throw StoreFault.interrupted("no replica could be reached a moment ago") }
        do {
            return try sessions.with { session in
                try PostgreSQLStore.read(
                    PostgreSQLSnapshot(session, until: .now + readLimit, isWanted: { ReadTurn.isWanted }), body)
            }
        } catch let unusable as PostgreSQLStore.Unusable {
            from.withLock { $0 = .now + ReplicaReads.pause }
            throw StoreFault.interrupted(unusable.description)
        } catch let fault as SessionFault {
            guard case .refused = fault else { throw fault }
            throw StoreFault.interrupted("\(fault)")
        }
    }

    /// A database looks at its own pages.
    func scrub(from page: Int64, limit: Int) -> Int64? {
        nil
    }

    func close() {
        sessions.close()
    }
}
