import CaseStore

/// A database in one transaction that holds the head: no node writes there meanwhile. When it goes, what the transaction did goes with it,
/// unless it was committed.
package class HeldDatabase: StoreTables, @unchecked Sendable {
    // One thread has it.
    package let name: String
    fileprivate let session: Session

    /// Each statement may take so long: the first rows of a large table are sorted before they come.
    private static let answerLimit: Duration = .seconds(600)
    /// Nobody is put out who reads, or waits for the other store; whoever waits for the head does so for a while.
    private static let limits = ["lock_timeout": 30_000, "statement_timeout": 0, "idle_in_transaction_session_timeout": 0]
    private static let rowLimit = 1024
    /// In bytes. So much is asked for at once, as far as the rows before tell.
    private static let pageSize = 1 << 20

    /// - Throws: `PostgreSQLStore.Unusable`.
    fileprivate init(_ target: String, passfile: String?) throws {
        name = target
        session = try PostgreSQLStore.open(DatabaseTarget(target, passfile: passfile), HeldDatabase.limits)
        do {
            if let lack = try PostgreSQLSchema.lack(session, until: .now + HeldDatabase.answerLimit) {
                throw PostgreSQLStore.Unusable(description: "the database \(target) cannot be used: \(lack)", mayPass: false)
            }
        } catch let fault as SessionFault {
            throw HeldDatabase.unusable(target, fault)
        }
    }

    fileprivate static func unusable(_ target: String, _ fault: SessionFault) -> PostgreSQLStore.Unusable {
        PostgreSQLStore.Unusable(description: "the database \(target) cannot be used now: \(fault)", mayPass: true)
    }

    fileprivate func run(_ statements: Statement...) throws(StoreFault) -> [Rows] {
        do {
            return try session.run(statements, until: .now + HeldDatabase.answerLimit)
        } catch {
            throw PostgreSQLStore.told(error)
        }
    }

    /// - Throws: where it may not have been done, which is so too where the database has a warning beside it.
    fileprivate func commit() throws {
        let end = try run(Statement("COMMIT"))
        guard end[0].command == "COMMIT", session.warnings.isEmpty else {
            session.giveUp()
            throw StoreFault.unknown(session.warnings.first ?? "the transaction was not committed")
        }
    }

    // MARK: What is read

    package func read<Value>(for reader: StoreReader, _ body: (any StoreSnapshot) throws -> Value) throws -> Value {
        do {
            return try body(PostgreSQLSnapshot(openOn: session))
        } catch let fault as SessionFault {
            throw PostgreSQLStore.told(fault)
        }
    }

    /// A database looks at its own pages (`data_checksums`).
    package func scrub(from page: Int64, limit: Int) -> Int64? {
        nil
    }

    package func tables() throws -> [StoreTable] {
        let found = try run(
            Statement(
                """
                SELECT c.relname::text, a.attname::text, (a.atttypid = 'bigint'::regtype)::int::bigint
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname::text = ANY ($1) AND a.attidentity = ''
                """, .names(PostgreSQLSchema.storeTables)))[0]
        let columns = Dictionary(grouping: found) { $0.text(0) }
        return columns.keys.sorted().map { name in
            StoreTable(name: name, columns: columns[name]!.map { .init(name: $0.text(1), isInteger: $0.integer(2) != 0) })
        }
    }

    package func eachPage(of table: StoreTable, _ body: ([StoredRow]) throws -> Void) throws {
        let columns = table.columns
        let order = try run(
            Statement(
                """
                SELECT a.attname::text FROM pg_index i CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                WHERE i.indrelid = $1::regclass AND i.indisprimary ORDER BY k.place
                """, .name(table.name)))[0].map { "\"\($0.text(0))\"" }.joined(separator: ", ")
        let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        _ = try run(
            Statement(
                "DECLARE all_rows NO SCROLL CURSOR FOR SELECT \(names) FROM \"\(table.name)\" ORDER BY \(order)", values: [], isKept: false)
        )
        var count = 1
        while true {
            let found = try run(Statement("FETCH \(count) FROM all_rows", values: [], isKept: false))[0]
            let rows: [StoredRow] = found.map { row in
                columns.indices.map { place in
                    columns[place].isInteger
                        ? row.optionalInteger(place).map { .integer($0) } ?? .null : row.optionalBytes(place).map { .bytes($0) } ?? .null
                }
            }
            if !rows.isEmpty { try body(rows) }
            guard rows.count == count else { break }
            let size = rows.reduce(0) { $1.reduce($0) { $0 + $1.byteCount } }
            count = max(1, min(HeldDatabase.rowLimit, 4 * count, count * HeldDatabase.pageSize / max(1, size)))
        }
        _ = try run(Statement("CLOSE all_rows"))
    }
}

/// A database whose store is moved to another place.
package final class DatabaseSource: HeldDatabase, MoveSource, @unchecked Sendable {
    /// Waits for the head, and keeps it.
    ///
    /// - Parameters:
    ///   - target: a URI or `name=value` pairs, as libpq reads them.
    ///   - passfile: a file of passwords, where the target names none.
    /// - Throws: `PostgreSQLStore.Unusable`.
    package override init(_ target: String, passfile: String? = nil) throws {
        try super.init(target, passfile: passfile)
        do {
            _ = try session.run(
                [BatchTransaction.begin, Statement("SELECT 1::bigint FROM head FOR UPDATE")], until: .now + PostgreSQLStore.answerLimit)
        } catch {
            throw HeldDatabase.unusable(target, error)
        }
    }

    /// Whoever waits for the head finds that there is nothing more to write to.
    package func leave(for place: String) throws {
        _ = try run(
            Statement(
                "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                .text(MovedStore.settingName), .text(place)), Statement("UPDATE head SET moved = 1"))
        try commit()
    }
}

/// A database to which a store is moved.
package final class DatabaseDestination: HeldDatabase, MoveDestination, @unchecked Sendable {
    /// - Parameters:
    ///   - target: a URI or `name=value` pairs, as libpq reads them.
    ///   - passfile: a file of passwords, where the target names none.
    /// - Throws: `PostgreSQLStore.Unusable`, also where it holds something.
    package override init(_ target: String, passfile: String? = nil) throws {
        try super.init(target, passfile: passfile)
        let isEmpty: Bool
        do {
            let end = ContinuousClock.now + PostgreSQLStore.answerLimit
            let found = try session.run(
                [
                    BatchTransaction.begin,
                    Statement("SELECT 1::bigint FROM head WHERE journal_seq = 0 AND notice_seq = 0 AND moved = 0 FOR UPDATE NOWAIT"),
                ] + PostgreSQLSchema.storeTables.map { Statement("SELECT 1::bigint FROM \"\($0)\" LIMIT 1", values: [], isKept: false) },
                until: end)
            isEmpty = found[1].count == 1 && found[2...].allSatisfy(\.isEmpty)
        } catch SessionFault.refused("55P03", _) {
            throw PostgreSQLStore.Unusable(
                description: "somebody else holds the head of the database \(target): end what uses it", mayPass: true)
        } catch {
            throw HeldDatabase.unusable(target, error)
        }
        guard isEmpty else {
            throw PostgreSQLStore.Unusable(
                description: "the database \(target) holds a store: name one whose tables are made and empty", mayPass: false)
        }
    }

    package func write(_ rows: [StoredRow], to table: StoreTable) throws {
        let names = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let places = table.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let values = table.columns.enumerated().map { place, column -> Parameter in
            column.isInteger
                ? .integers(rows.map { if case .integer(let number) = $0[place] { number } else { nil } })
                : .bytes(rows.map { if case .bytes(let bytes) = $0[place] { bytes } else { nil } })
        }
        // In their order, which some tables keep by a number of their own.
        _ = try run(
            Statement(
                """
                INSERT INTO "\(table.name)" (\(names))
                    SELECT \(names) FROM unnest(\(places)) WITH ORDINALITY AS r (\(names), number_of_row) ORDER BY number_of_row
                """, values: values))
    }

    package func settle() throws {
        _ = try run(
            Statement(
                """
                UPDATE head SET journal_seq = (SELECT coalesce(max(seq), 0) FROM journal),
                    notice_seq = (SELECT coalesce(max(seq), 0) FROM notices)
                """))
    }

    package func open() throws {
        try commit()
    }
}
