import CaseStore
import Glibc

/// Finds out what became of a commit whose session was lost.
struct Settlement {
    let id: [UInt8]
    /// The sessions that may still be at work on it, or on finding out: a session that waits for a replica does not notice that its client
    /// has gone, and they would use up what the database has.
    private var names: [String]

    /// So long is it tried.
    static let limit: Duration = .seconds(60)
    private static let pause: UInt32 = 300_000

    init(of id: [UInt8], lostWith name: String) {
        (self.id, names) = (id, [name])
    }

    /// Ends sessions by their names.
    static func ending(of names: [String]) -> Statement {
        Statement(
            """
            SELECT pg_terminate_backend(pid)::int::bigint FROM pg_stat_activity
            WHERE application_name = ANY ($1) AND usename = current_user AND pid <> pg_backend_pid()
            """, .names(names))
    }

    /// Whether the batch is durable; nil where that cannot be found out in time.
    mutating func outcome(by pool: SessionPool) -> Bool? {
        let end = ContinuousClock.now + Settlement.limit
        repeat {
            if let outcome = try? pool.with({ try look($0, until: end) }) { return outcome }
            usleep(Settlement.pause)
        } while ContinuousClock.now < end
        return nil
    }

    /// Under the lock of the head no older try can still be open. The look itself writes: once that is acknowledged without a word beside
    /// it, so is all that was written before.
    private mutating func look(_ session: Session, until end: ContinuousClock.Instant) throws -> Bool {
        let ended = names
        names.append(session.name)
        do {
            _ = try session.run([Settlement.ending(of: ended)], until: end)
            let found = try session.run(
                [
                    BatchTransaction.begin, BatchWriter.Head.lock, Statement("SELECT count(*) FROM batches WHERE id = $1", .bytes(id)),
                    Statement("UPDATE head SET settled = settled + 1"), Statement("COMMIT"),
                ], until: end)
            guard found[4].command == "COMMIT", session.warnings.isEmpty else {
                session.giveUp()
                throw SessionFault.lost(session.warnings.first ?? "the transaction was not committed")
            }
            names.removeLast()
            return found[2][0].integer(0) > 0
        } catch {
            session.rollBack(until: end)
            throw error
        }
    }
}
