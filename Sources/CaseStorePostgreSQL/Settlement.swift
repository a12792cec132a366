import CaseStore
import Glibc

/// Finds out what became of a commit whose session was lost.
struct Settlement {
    let id: [UInt8]
    /// How often somebody had committed before it.
    private let commitCount: Int64
    /// The sessions that may still be at work on it, or on finding out: a session that waits for a replica does not notice that its client
    /// has gone, and they would use up what the database has.
    private var names: [String]

    /// So long is it tried.
    static let limit: Duration = .seconds(60)
    private static let pause: UInt32 = 300_000

    init(of id: [UInt8], behind commitCount: Int64, lostWith name: String) {
        (self.id, self.commitCount, names) = (id, commitCount, [name])
    }

    /// Ends sessions by their names.
    static func ending(of names: [String]) -> Statement {
        Statement(
            """
            SELECT pg_terminate_backend(pid)::int::bigint FROM pg_stat_activity
            WHERE application_name = ANY ($1) AND usename = current_user AND pid <> pg_backend_pid()
            """, .names(names))
    }

    /// Whether the batch is durable; nil where that cannot be found out in time, or too many have committed since.
    mutating func outcome(by pool: SessionPool) -> Bool? {
        let end = ContinuousClock.now + Settlement.limit
        repeat {
            if let outcome = try? pool.with({ try look($0, until: end) }) {
                return switch outcome {
                case .isThere: true
                case .isNotThere: false
                case .isForgotten: nil
                }
            }
            usleep(Settlement.pause)
        } while ContinuousClock.now < end
        return nil
    }

    private enum Outcome {
        case isThere, isNotThere
        /// Its id would not be kept any more.
        case isForgotten
    }

    /// Under the lock of the head no older try can still be open. The look itself writes: once that is acknowledged without a word beside
    /// it, so is all that was written before.
    private mutating func look(_ session: Session, until end: ContinuousClock.Instant) throws -> Outcome {
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
            if found[2][0].integer(0) > 0 { return .isThere }
            let head = try BatchWriter.Head(found[1])
            return head.commitCount - commitCount < BatchTransaction.idLimit ? .isNotThere : .isForgotten
        } catch {
            session.rollBack(until: end)
            throw error
        }
    }
}
