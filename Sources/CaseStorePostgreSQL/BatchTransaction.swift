import CaseStore

/// The transaction of a commit: two round trips for one batch, one for what its writing depends on, and one that writes and commits.
final class BatchTransaction {
    /// By which it is found afterwards, whatever becomes of the session.
    let id = (0..<16).map { _ in UInt8.random(in: 0...255) }
    /// Whether the database may have been told to commit.
    private(set) var isCommitting = false

    private let session: Session
    private let limit: Duration
    private var head: BatchWriter.Head?
    /// What the last part writes: it goes with what comes next.
    private var pending: [Statement] = []
    private var isEmpty = true

    static let begin = Statement("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    /// Ids of so many commits are kept.
    private static let idLimit: Int64 = 10_000

    /// - Parameter limit: how long each round trip may take.
    init(_ session: Session, limit: Duration) {
        (self.session, self.limit) = (session, limit)
    }

    private func run(_ statements: [Statement]) throws -> [Rows] {
        try session.run(statements, until: .now + limit)
    }

    /// Waits for the head.
    func open() throws {
        head = try BatchWriter.Head(try run([BatchTransaction.begin, BatchWriter.Head.lock])[1])
    }

    /// Takes in a part of what is written; the first one opens the transaction, where nobody has.
    func write(_ batch: Batch) throws {
        let reads = BatchWriter.reads(for: batch)
        let found: [Rows]
        let standing: BatchWriter.Head
        if let head {
            found = try run(pending + reads)
            standing = head
        } else {
            found = try run([BatchTransaction.begin, BatchWriter.Head.lock] + reads)
            standing = try BatchWriter.Head(found[1])
        }
        let writer = try BatchWriter(batch, standing, found[...])
        (pending, head, isEmpty) = (writer.statements, writer.head, false)
    }

    /// Nothing is said of a transaction that has written nothing.
    ///
    /// - Throws: `SessionFault.lost` also where the database says that it has committed, and has a warning: a wait for a replica that was
    ///   cut short ends so.
    func commit() throws {
        guard !isEmpty else { return rollBack() }
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
