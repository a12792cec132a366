import CaseStore

/// The transaction of a commit: two round trips for one batch, one that waits for the head and reads what its planning and its writing depend on,
/// as far as that was foreseen, and one that writes and commits.
final class BatchTransaction {
    /// By which it is found afterwards, whatever becomes of the session.
    let id = (0..<16).map { _ in UInt8.random(in: 0...255) }
    /// Whether the database may have been told to commit.
    private(set) var isCommitting = false

    private let session: Session
    private let limit: Duration
    private var head: BatchWriter.Head?
    /// How often somebody had committed when the head was taken; 0 before that.
    private(set) var commitCount: Int64 = 0
    /// What the last part writes: it goes with what comes next.
    private var pending: [Statement] = []
    private var isEmpty = true
    /// What was read before anything was written.
    let foresight = Foresight()

    static let begin = Statement("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    /// Ids of so many commits are kept.
    static let idLimit: Int64 = 10_000

    /// - Parameter limit: how long each round trip may take.
    init(_ session: Session, limit: Duration) {
        (self.session, self.limit) = (session, limit)
    }

    private func run(_ statements: [Statement]) throws -> [Rows] {
        try session.run(statements, until: .now + limit)
    }

    /// Waits for the head, and reads ahead behind it.
    ///
    /// - Returns: how often somebody has committed so far.
    func open(foreseeing foreseen: Foreseen = Foreseen()) throws -> Int64 {
        let opening = [BatchTransaction.begin, BatchWriter.Head.turn, BatchWriter.Head.lock]
        var found: [Rows]
        do {
            found = try run(opening + Foresight.statements(foreseen))
            foresight.take(found[opening.count...], of: foreseen)
        } catch let fault as SessionFault where fault.isDamage {
            // Whoever asks for what is damaged hears of it, and nobody else.
            rollBack()
            found = try run(opening)
        }
        let head = try BatchWriter.Head(found[2])
        (self.head, commitCount) = (head, head.commitCount)
        return head.commitCount
    }

    /// Takes in a part of what is written; the first one opens the transaction, where nobody has.
    func write(_ batch: Batch) throws {
        if head == nil { _ = try open() }
        var standing = try BatchWriter.Standing(batch, isEmpty ? foresight : nil)
        let reads = standing.reads
        if !isEmpty || !reads.isEmpty { try standing.take(try run(pending + reads)[pending.count...]) }
        let writer = BatchWriter(batch, head!, standing)
        (pending, head, isEmpty) = (writer.statements, writer.head, false)
    }

    /// Nothing is said of a transaction that has written nothing.
    ///
    /// - Throws: `SessionFault.lost` also where the database says that it has committed, and has a warning: a wait for a replica that was
    ///   cut short ends so.
    func commit() throws {
        guard !isEmpty else { return session.leave() }
        isCommitting = true
        let end = try run(
            pending + [
                Statement("INSERT INTO batches (id) VALUES ($1)", .bytes(id)),
                Statement("DELETE FROM batches WHERE place <= (SELECT max(place) FROM batches) - $1", .integer(BatchTransaction.idLimit)),
                Statement("UPDATE head SET commits = commits + 1"), CommitListener.notice, Statement("COMMIT"),
            ])
        guard end.last?.command == "COMMIT", session.warnings.isEmpty else {
            session.giveUp()
            throw SessionFault.lost(session.warnings.first ?? "the transaction was not committed")
        }
    }

    func rollBack() {
        session.rollBack(until: .now + limit)
    }
}
