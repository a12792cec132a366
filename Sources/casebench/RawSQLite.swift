import Foundation
import GRDBSQLite

/// SQLite by its C interface, writing the rows that the daemon wrote, with the same tables and the same durability.
enum RawSQLite {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// The rows of one submission, for each table in the order in which it is written.
    typealias Rows = [[(table: String, values: [Value])]]

    enum Value {
        case null
        case integer(Int64)
        case text(String)
        case blob([UInt8])
    }

    /// Submissions between two checkpoints. The daemon makes its own by pages and in moments of rest; the two are not matched.
    private static let checkpointEvery = 8000

    /// Tables whose rows belong to one case, and the column that names it.
    static let tables = [
        ("journal", "case_id"), ("cases", "id"), ("files", "case_id"), ("deadlines", "case_id"), ("notices", "case_id"),
    ]

    /// - Parameter schema: the tables; by default those of the daemon's store.
    /// - Returns: submissions per second.
    static func write(_ rows: Rows, batch: Int, in directory: String, schema: String? = nil) throws -> Double {
        let path = "\(directory)/raw-\(batch).sqlite"
        var database: OpaquePointer?
        guard sqlite3_open(path, &database) == SQLITE_OK, let database else { throw Failed(description: "cannot open \(path)") }
        defer {
            sqlite3_close_v2(database)
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        }
        try execute(
            database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192")
        try execute(database, try schema ?? self.schema(of: "\(directory)/state/cased.sqlite"))
        var statements: [String: OpaquePointer] = [:]
        defer { for statement in statements.values { sqlite3_finalize(statement) } }
        for (table, values) in Set(rows.flatMap { $0.map { "\($0.table) \($0.values.count)" } }).map({ $0.split(separator: " ") }).map({
            (String($0[0]), Int($0[1])!)
        }) {
            var statement: OpaquePointer?
            let marks = Array(repeating: "?", count: values).joined(separator: ", ")
            guard sqlite3_prepare_v2(database, "INSERT INTO \(table) VALUES (\(marks))", -1, &statement, nil) == SQLITE_OK else {
                throw Failed(description: String(cString: sqlite3_errmsg(database)))
            }
            statements[table] = statement
        }
        let start = microseconds()
        var uncheckpointed = 0
        for first in stride(from: 0, to: rows.count, by: batch) {
            try execute(database, "BEGIN IMMEDIATE")
            for submission in rows[first..<min(first + batch, rows.count)] {
                for (table, values) in submission { try insert(statements[table]!, values, database) }
            }
            try execute(database, "COMMIT")
            uncheckpointed += batch
            if uncheckpointed > checkpointEvery {
                try execute(database, "PRAGMA wal_checkpoint(PASSIVE)")
                uncheckpointed = 0
            }
        }
        return Double(rows.count) / ((microseconds() - start) / 1_000_000)
    }

    private static func insert(_ statement: OpaquePointer, _ values: [Value], _ database: OpaquePointer) throws {
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (place, value) in values.enumerated() {
            let index = Int32(place + 1)
            switch value {
            case .null: sqlite3_bind_null(statement, index)
            case .integer(let number): sqlite3_bind_int64(statement, index, number)
            case .text(let text): sqlite3_bind_text(statement, index, text, -1, transient)
            case .blob(let bytes): sqlite3_bind_blob(statement, index, bytes, Int32(bytes.count), transient)
            }
        }
        guard sqlite3_step(statement) == SQLITE_DONE else { throw Failed(description: String(cString: sqlite3_errmsg(database))) }
        sqlite3_reset(statement)
    }

    private static func schema(of path: String) throws -> String {
        try query(path, "SELECT group_concat(sql, ';') FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'grdb%' ORDER BY rowid") {
            statement in
            String(cString: sqlite3_column_text(statement, 0))
        }.joined()
    }

    static func query<Row>(_ path: String, _ sql: String, _ row: (OpaquePointer) -> Row) throws -> [Row] {
        var database: OpaquePointer?
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK, let database else {
            throw Failed(description: "cannot open \(path)")
        }
        defer { sqlite3_close_v2(database) }
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw Failed(description: String(cString: sqlite3_errmsg(database)))
        }
        defer { sqlite3_finalize(statement) }
        var rows: [Row] = []
        while sqlite3_step(statement) == SQLITE_ROW { rows.append(row(statement)) }
        return rows
    }

    static func execute(_ database: OpaquePointer, _ sql: String) throws {
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
            throw Failed(description: "\(String(cString: sqlite3_errmsg(database))): \(sql)")
        }
    }

    static func values(_ statement: OpaquePointer) -> [Value] {
        (0..<sqlite3_column_count(statement)).map { index in
            switch sqlite3_column_type(statement, index) {
            case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, index))
            case SQLITE_TEXT: .text(String(cString: sqlite3_column_text(statement, index)))
            case SQLITE_BLOB:
                .blob(
                    Array(
                        UnsafeRawBufferPointer(
                            start: sqlite3_column_blob(statement, index), count: Int(sqlite3_column_bytes(statement, index)))))
            default: .null
            }
        }
    }

    /// What a daemon that has stopped wrote for its latest submissions.
    static func rows(in directory: String, since first: Int, count: Int) throws -> Rows {
        let path = "\(directory)/state/cased.sqlite"
        var rows = Rows(repeating: [], count: count)
        for (table, column) in tables {
            let sql = "SELECT * FROM \(table) WHERE \(column) > \(first) ORDER BY \(column) LIMIT \(count)"
            let found = try query(path, sql) { statement in
                let place = (0..<sqlite3_column_count(statement)).first {
                    String(cString: sqlite3_column_name(statement, $0)) == column
                }
                return (sqlite3_column_int64(statement, place!), values(statement))
            }
            for (id, values) in found { rows[Int(id) - first - 1].append((table, values)) }
        }
        let openings = """
            SELECT j.case_id, o.* FROM openings o JOIN journal j ON j.seq = o.seq
            WHERE j.case_id > \(first) ORDER BY j.case_id LIMIT \(count)
            """
        for (id, values) in try query(path, openings, { (sqlite3_column_int64($0, 0), Array(values($0).dropFirst())) }) {
            rows[Int(id) - first - 1].append(("openings", values))
        }
        // An answer does not name its case: they are in the same order.
        let sql = "SELECT * FROM (SELECT rowid, * FROM keys ORDER BY rowid DESC LIMIT \(count)) ORDER BY rowid"
        for (place, answer) in try query(path, sql, { Array(values($0).dropFirst()) }).enumerated() {
            rows[place].append(("keys", answer))
        }
        return rows
    }
}
