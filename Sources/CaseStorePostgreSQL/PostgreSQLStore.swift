import CaseCore
import CaseStore
import Foundation
import WorkingTime

/// The store on a PostgreSQL database: whoever has the lock on the one row of `head` is the writer.
///
/// The daemon cannot use it yet: no option names a database, and nodes do not tell each other what they have committed.
package final class PostgreSQLStore: CaseStore {
    /// Why a database cannot be used, in one sentence.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
        /// Whether the same can succeed later by itself.
        package let mayPass: Bool
    }

    private let writing: SessionPool
    /// The engine's own session for reading: clients cannot use it up, and nothing cuts it.
    private let engineReads: SessionPool
    private let clientReads: SessionPool
    /// For what is no read of a state.
    private let measuring: SessionPool
    private let readLimit: Duration

    package static let readerLimit = 8
    /// A client's read that takes longer is cut.
    package static let readLimit: Duration = .seconds(20)
    /// A database that has not opened a session by then cannot be reached.
    private static let openLimit: Duration = .seconds(10)
    /// A session whose answer takes longer is given up, whoever waits for it.
    static let answerLimit: Duration = .seconds(60)
    /// A database that is told to make its tables may take so long.
    private static let makeLimit: Duration = .seconds(600)

    /// Opens the store of a database whose tables are made.
    ///
    /// - Parameters:
    ///   - target: a URI or `name=value` pairs, as libpq reads them.
    ///   - readLimit: a client's read that takes longer is cut.
    /// - Throws: `Unusable`.
    package init(_ target: String, readLimit: Duration = PostgreSQLStore.readLimit) throws {
        self.readLimit = readLimit
        // Whoever stands still with the head is put out: nobody waits for them longer than that.
        writing = SessionPool(limit: 1) {
            try PostgreSQLStore.open(
                target, ["lock_timeout": 30_000, "statement_timeout": 60_000, "idle_in_transaction_session_timeout": 15_000])
        }
        engineReads = SessionPool(limit: 1) { try PostgreSQLStore.open(target) }
        clientReads = SessionPool(limit: PostgreSQLStore.readerLimit) {
            // The database itself ends it a while later, where nobody is left to do so.
            let limit = Int((readLimit + .seconds(10)) / .milliseconds(1))
            return try PostgreSQLStore.open(target, ["statement_timeout": limit, "idle_in_transaction_session_timeout": limit])
        }
        measuring = SessionPool(limit: 1) { try PostgreSQLStore.open(target) }
        do {
            try writing.with { session in
                guard let lack = try PostgreSQLSchema.lack(session, until: .now + PostgreSQLStore.answerLimit) else { return }
                throw Unusable(description: "the database cannot be used: \(lack)", mayPass: false)
            }
        } catch let fault as SessionFault {
            throw Unusable(description: "the database cannot be used now: \(fault)", mayPass: true)
        }
    }

    /// Makes what is missing of the tables of a database.
    ///
    /// - Parameters:
    ///   - target: with a role that may make tables.
    ///   - role: that of the daemon, which gets the rights that it needs; nil for nobody.
    /// - Throws: `Unusable`; then nothing was changed.
    package static func makeTables(_ target: String, for role: String? = nil) throws {
        do {
            try PostgreSQLSchema.make(try open(target), for: role, until: .now + makeLimit)
        } catch let fault as SessionFault {
            throw Unusable(description: "the tables cannot be made: \(fault)", mayPass: false)
        }
    }

    /// - Parameter limits: settings of time, in milliseconds.
    static func open(_ target: String, _ limits: [String: Int] = [:]) throws -> Session {
        let fault: Unusable?
        do throws(SessionFault) {
            let end = ContinuousClock.now + openLimit
            let session = try Session(target, until: end)
            let older = DatabaseCheck.fault(ofVersion: session.serverVersion)
            fault = older == nil ? try set(limits, session, until: end) : older
            if fault == nil { return session }
        } catch {
            throw Unusable(description: "the database cannot be reached: \(error)", mayPass: true)
        }
        throw fault!
    }

    /// - Returns: why the database is of no use.
    private static func set(_ limits: [String: Int], _ session: Session, until end: ContinuousClock.Instant) throws(SessionFault)
        -> Unusable?
    {
        // It looks itself whether somebody still waits for it: who gives a session up tells nobody.
        let settings = limits.mapValues { "\($0)" }.merging([
            "synchronous_commit": "on", "client_connection_check_interval": "1000", "jit": "off",
        ]) { $1 }
        _ = try session.run(settings.map { Statement("SELECT set_config($1, $2, false)", .name($0.key), .name($0.value)) }, until: end)
        return try DatabaseCheck.fault(session, until: end)
    }

    // MARK: Writing

    package func commit(_ batch: Batch) throws(StoreFault) {
        do {
            try transact { try $0.write(batch) }
        } catch let fault as StoreFault {
            throw fault
        } catch let damage as DamagedRecord {
            throw .damaged(damage)
        } catch {
            throw .unknown("\(error)")
        }
    }

    package func commit(inParts build: (@escaping (Batch) throws -> Void) throws -> Void) throws {
        try transact { transaction in
            try transaction.open()
            try build { try transaction.write($0) }
        }
    }

    private func transact(_ body: (BatchTransaction) throws -> Void) throws {
        var (transaction, name): (BatchTransaction?, String) = (nil, "")
        do {
            try writing.with { session in
                let own = BatchTransaction(session, limit: PostgreSQLStore.answerLimit)
                (transaction, name) = (own, session.name)
                do {
                    try body(own)
                    try own.commit()
                } catch {
                    own.rollBack()
                    throw error
                }
            }
        } catch let fault as SessionFault {
            if case .refused = fault { throw PostgreSQLStore.told(fault) }
            guard let transaction, transaction.isCommitting else { throw StoreFault.interrupted("\(fault)") }
            var settlement = Settlement(of: transaction.id, lostWith: name)
            guard let isThere = settlement.outcome(by: writing) else { throw StoreFault.unknown("\(fault)") }
            if !isThere { throw StoreFault.interrupted("\(fault)") }
        } catch let unusable as Unusable {
            throw StoreFault.interrupted(unusable.description)
        }
    }

    /// What a refusal of the database is to whoever commits. Nothing was changed, whatever it was.
    static func told(_ fault: SessionFault) -> StoreFault {
        guard !fault.isDamage else { return .damaged(damage(fault)) }
        guard case .refused(let code, let message) = fault else { return .interrupted("\(fault)") }
        return switch code {
        // A constraint, or a row that somebody has changed meanwhile.
        case _ where code.hasPrefix("23"), "40001": .conflict(message)
        case "53100": .full
        // A deadlock, a wait for a lock that was too long, a statement that somebody cut.
        case "40P01", "55P03", "57014": .interrupted("\(fault)")
        default: .unknown("\(fault)")
        }
    }

    static func damage(_ fault: SessionFault) -> DamagedRecord {
        DamagedRecord(.server, "a part of the database is not what was written (\(fault))")
    }

    // MARK: Reading

    package func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        switch reader {
        case .engine: try engineReads.with { try read(PostgreSQLSnapshot(session: $0), body) }
        case .client:
            try clientReads.with {
                try read(PostgreSQLSnapshot(session: $0, end: .now + readLimit, isWanted: { ReadTurn.isWanted }), body)
            }
        }
    }

    private func read<Value>(_ snapshot: PostgreSQLSnapshot, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        defer { snapshot.session.rollBack(until: .now + PostgreSQLStore.answerLimit) }
        do {
            _ = try snapshot.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return try body(snapshot)
        } catch let fault as SessionFault where fault.isDamage {
            throw PostgreSQLStore.damage(fault)
        }
    }

    // MARK: Upkeep

    /// A database is copied by its own tools.
    package func backup() throws -> StoreBackup {
        throw StoreFault.unknown("a database is copied by its own tools")
    }

    /// A database looks at its own pages (`data_checksums`).
    package func scrub(from page: Int64, limit: Int) -> Int64? {
        nil
    }

    package var byteCount: Int64 {
        let size = Statement("SELECT pg_database_size(current_database())")
        return (try? measuring.with { try $0.run([size], until: .now + PostgreSQLStore.answerLimit)[0][0].integer(0) }) ?? 0
    }

    /// The database keeps itself.
    package func rest() {}

    package var upkeepFault: String? {
        nil
    }

    package var isInPlace: Bool {
        true
    }

    package func close() {
        for pool in [writing, engineReads, clientReads, measuring] { pool.close() }
    }
}
