import CaseCore
import CaseStore
import Foundation
import WorkingTime

/// The store on a PostgreSQL database: whoever has the lock on the one row of `head` is the writer.
///
/// What stands in memory is compared with the count of commits in that row; see `CaseStore.isShared`.
package final class PostgreSQLStore: DatabaseStore {
    /// Why a database cannot be used, in one sentence.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
        /// Whether the same can succeed later by itself.
        package let mayPass: Bool

        init(description: String, mayPass: Bool) {
            (self.description, self.mayPass) = (description, mayPass)
        }

        /// A session could not be opened.
        init(_ fault: SessionFault) {
            let why = if case .lost(let what) = fault { what } else { "\(fault)" }
            self.init(
                description: "the database \(fault.isUnwelcome ? "lets cased not in" : "cannot be reached"): \(why)",
                mayPass: !fault.isUnwelcome)
        }
    }

    private let writing: SessionPool
    /// The engine's own session for reading: clients cannot use it up, and nothing cuts it.
    private let engineReads: SessionPool
    private let clientReads: SessionPool
    /// For what is no read of a state.
    private let measuring: SessionPool
    private let readLimit: Duration
    private let listener: CommitListener
    package let node: String
    package let replicas: (any ReadableStore)?

    package static let readerLimit = 8
    /// A client's read that takes longer is cut.
    package static let readLimit: Duration = .seconds(20)
    /// A database that has not opened a session by then, or begun a read, cannot be reached.
    static let openLimit: Duration = .seconds(10)
    /// A session whose answer takes longer is given up, whoever waits for it.
    static let answerLimit: Duration = .seconds(60)
    /// A database that is told to make its tables may take so long.
    private static let makeLimit: Duration = .seconds(600)

    /// Opens the store of a database whose tables are made.
    ///
    /// - Parameters:
    ///   - target: with the role of the daemon.
    ///   - readLimit: a client's read that takes longer is cut.
    /// - Throws: `Unusable`.
    package init(_ target: DatabaseTarget, readLimit: Duration = PostgreSQLStore.readLimit) throws {
        (self.readLimit, node) = (readLimit, target.node)
        replicas = target.standbys.map { ReplicaReads($0, readLimit: readLimit) }
        // Whoever stands still with the head is put out: nobody waits for them longer than that.
        writing = SessionPool(limit: 1) {
            try PostgreSQLStore.open(
                target, ["lock_timeout": 30_000, "statement_timeout": 60_000, "idle_in_transaction_session_timeout": 15_000])
        }
        engineReads = SessionPool(limit: 1) { try PostgreSQLStore.open(target) }
        clientReads = SessionPool(limit: PostgreSQLStore.readerLimit) {
            try PostgreSQLStore.open(target, PostgreSQLStore.limits(ofReads: readLimit))
        }
        measuring = SessionPool(limit: 1) { try PostgreSQLStore.open(target) }
        listener = CommitListener { try PostgreSQLStore.open(target) }
        do {
            try writing.with { session in
                guard let lack = try PostgreSQLSchema.lack(session, until: .now + PostgreSQLStore.answerLimit) else { return }
                throw Unusable(description: "the database cannot be used: \(lack)", mayPass: false)
            }
            try listener.start()
        } catch let fault as SessionFault {
            throw Unusable(description: "the database cannot be used now: \(fault)", mayPass: true)
        }
    }

    deinit {
        listener.stop()
    }

    /// Makes what is missing of the tables of a database.
    ///
    /// - Parameters:
    ///   - target: with a role that may make tables.
    ///   - role: that of the daemon, which gets the rights that it needs; nil for nobody.
    /// - Returns: what was missing and is there now, such as a file of tables or a column; the rights of a role are granted anew each time.
    /// - Throws: `Unusable`; then nothing was changed.
    package static func makeTables(_ target: DatabaseTarget, for role: String? = nil) throws -> [String] {
        do {
            return try PostgreSQLSchema.make(try open(target), for: role, until: .now + makeLimit)
        } catch let fault as SessionFault {
            if let role, case .refused("42704", _) = fault {
                throw Unusable(
                    description: "there is no role \(role) in the database: make it (CREATE ROLE \(role) LOGIN), or name another one",
                    mayPass: false)
            }
            throw Unusable(description: "the tables cannot be made: \(fault)", mayPass: false)
        }
    }

    /// The settings of a session in which clients read: the database itself ends a read a while after it was to be cut, where nobody is left to
    /// do so.
    static func limits(ofReads readLimit: Duration) -> [String: Int] {
        let limit = Int((readLimit + .seconds(10)) / .milliseconds(1))
        return ["statement_timeout": limit, "idle_in_transaction_session_timeout": limit]
    }

    /// - Parameters:
    ///   - limits: settings of time, in milliseconds.
    ///   - isReplica: whether a server is meant that follows the primary, and not that one.
    ///   - openLimit: a database that has opened no session by then cannot be reached.
    static func open(
        _ target: DatabaseTarget, _ limits: [String: Int] = [:], isReplica: Bool = false, for openLimit: Duration = openLimit
    ) throws -> Session {
        let fault: Unusable?
        do throws(SessionFault) {
            let session = try target.open(for: openLimit)
            let older = DatabaseCheck.fault(ofVersion: session.serverVersion)
            fault = older == nil ? try set(limits, session, isReplica: isReplica, until: .now + openLimit) : older
            if fault == nil { return session }
        } catch {
            throw Unusable(error)
        }
        throw fault!
    }

    /// - Returns: why the database is of no use.
    private static func set(
        _ limits: [String: Int], _ session: Session, isReplica: Bool, until end: ContinuousClock.Instant
    ) throws(SessionFault) -> Unusable? {
        // It looks itself whether somebody still waits for it: who gives a session up tells nobody.
        let settings = limits.mapValues { "\($0)" }.merging([
            "synchronous_commit": "on", "client_connection_check_interval": "1000", "jit": "off",
            // A commit whose wait for a replica was cut short is told by a warning, and by nothing else.
            "client_min_messages": "warning",
        ]) { $1 }
        _ = try session.run(settings.map { Statement("SELECT set_config($1, $2, false)", .name($0.key), .name($0.value)) }, until: end)
        return try DatabaseCheck.fault(session, isReplica: isReplica, until: end)
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
            _ = try transaction.open()
            try build { try transaction.write($0) }
        }
    }

    /// The head is taken, the count of commits looked at and what is foreseen read in one round trip; what else `plan` asks for is read beside
    /// it, of the same state.
    package func commit<Value>(foreseeing foreseen: Foreseen, planning plan: (any StoreSnapshot) throws -> (Batch, Value)) throws -> Value {
        var value: Value?
        try transact { transaction in
            let count = try transaction.open(foreseeing: foreseen)
            let batch = try engineReads.with { session in
                try PostgreSQLStore.read(PostgreSQLSnapshot(session, behind: transaction.foresight, commitCount: count)) { snapshot in
                    let (batch, planned) = try plan(snapshot)
                    value = planned
                    return batch
                }
            }
            if !batch.isEmpty { try transaction.write(batch) }
        }
        return value!
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
            var settlement = Settlement(of: transaction.id, behind: transaction.commitCount, lostWith: name)
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
        // A deadlock, a wait for a lock that was too long, a primary that is none any more, a right that was taken away; what the machine of
        // the database lacks now, or somebody does to it, such as to cut a statement.
        default: .interrupted("\(fault)")
        }
    }

    static func damage(_ fault: SessionFault) -> DamagedRecord {
        DamagedRecord(.server, "a part of the database is not what was written (\(fault))")
    }

    // MARK: Reading

    package func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        do {
            return switch reader {
            case .engine: try engineReads.with { try PostgreSQLStore.read(PostgreSQLSnapshot($0), body) }
            case .client:
                try clientReads.with {
                    try PostgreSQLStore.read(
                        PostgreSQLSnapshot($0, until: .now + readLimit, isWanted: { ReadTurn.isWanted }), body)
                }
            }
        } catch let unusable as Unusable {
            throw StoreFault.interrupted(unusable.description)
        }
    }

    /// Runs reads in a transaction of a session that nobody else has.
    static func read<Value>(_ snapshot: PostgreSQLSnapshot, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        defer { snapshot.leave() }
        do {
            return try body(snapshot)
        } catch let fault as SessionFault where fault.isDamage {
            throw PostgreSQLStore.damage(fault)
        }
    }

    // MARK: Others

    package var isShared: Bool { true }

    package var clockOffset: Int64? {
        listener.clockOffset
    }

    package func whenOthersCommit(_ body: @escaping @Sendable () -> Void) {
        listener.call(body)
    }

    // MARK: The database

    /// A word of a commit's session says whose it is; whoever waits for the head has asked for it as well. All databases of a server are in
    /// its list of locks, and those made from one template number their tables alike.
    private static let holder = Statement(
        """
        SELECT split_part(a.application_name, ' ', 3), greatest(0, extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'relation' AND l.relation = 'head'::regclass AND l.database = (
                SELECT oid FROM pg_database WHERE datname = current_database()) AND l.granted AND l.mode IN ('RowShareLock', 'RowExclusiveLock')
            AND a.wait_event_type IS DISTINCT FROM 'Lock' AND a.xact_start IS NOT NULL
        ORDER BY a.xact_start LIMIT 1
        """)

    private static let standbys = Statement(
        """
        SELECT application_name, (sync_state IN ('sync', 'quorum'))::int::bigint,
            pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn)::bigint, (extract(epoch FROM flush_lag) * 1000)::bigint, state
        FROM pg_stat_replication ORDER BY application_name
        """)

    package func standing() throws -> DatabaseStanding {
        do {
            return try measuring.with { session in
                let found = try session.run(
                    [
                        Statement("SELECT current_setting('synchronous_standby_names'), current_setting('server_version')"),
                        PostgreSQLStore.standbys, PostgreSQLStore.holder,
                    ], until: .now + PostgreSQLStore.openLimit)
                let standbys = found[1].map { row in
                    // Without the right to see them there is a row and nothing in it.
                    let isShown = row.optionalBytes(4) != nil
                    return DatabaseStanding.Standby(
                        name: isShown ? row.text(0) : nil, isAwaited: row.optionalInteger(1).map { $0 != 0 },
                        bytesBehind: row.optionalInteger(2), millisecondsBehind: row.optionalInteger(3))
                }
                return DatabaseStanding(
                    node: node, host: session.host, port: session.port, version: found[0][0].text(1),
                    isSynchronous: !found[0][0].text(0).isEmpty, standbys: standbys,
                    holder: found[2].first.map { DatabaseStanding.Holder(node: $0.text(0), milliseconds: $0.integer(1)) })
            }
        } catch let fault as SessionFault {
            throw StoreFault.interrupted("\(fault)")
        } catch let unusable as Unusable {
            throw StoreFault.interrupted(unusable.description)
        }
    }

    /// How often those who are done have waited for an answer: for tests of what that depends on.
    var tripCount: Int {
        writing.tripCount + engineReads.tripCount + clientReads.tripCount
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
        return (try? measuring.with { try $0.run([size], until: .now + PostgreSQLStore.openLimit)[0][0].integer(0) }) ?? 0
    }

    /// The database keeps itself.
    package func rest() {}

    package var upkeepFault: String? {
        nil
    }

    package var isInPlace: Bool {
        !listener.isMoved
    }

    package func close() {
        listener.stop()
        for pool in [writing, engineReads, clientReads, measuring] { pool.close() }
        (replicas as? ReplicaReads)?.close()
    }
}
