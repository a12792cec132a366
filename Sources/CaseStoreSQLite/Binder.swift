import GRDB
import GRDBSQLite

/// Runs one of GRDB's cached statements many times, binding each value as it is: to box a dozen of them for each row takes
/// as long as to write the row.
struct Binder {
    private let statement: SQLiteStatement
    private let connection: SQLiteConnection
    private var next: Int32 = 1

    init(_ sql: String, on db: Database) throws {
        statement = try db.cachedStatement(sql: sql).sqliteStatement
        connection = db.sqliteConnection!
    }

    mutating func put(_ number: Int64?) {
        if let number { sqlite3_bind_int64(statement, next, number) } else { sqlite3_bind_null(statement, next) }
        next += 1
    }

    mutating func put(_ text: String?) {
        guard var text else { return put(nil as Int64?) }
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                _ = sqlite3_bind_text(statement, next, $0.baseAddress, Int32($0.count), Binder.copied)
            }
        }
        next += 1
    }

    mutating func put(_ bytes: [UInt8]) {
        // The address of nothing is null, and so would the value be.
        guard !bytes.isEmpty else {
            sqlite3_bind_zeroblob(statement, next, 0)
            next += 1
            return
        }
        _ = bytes.withUnsafeBytes { sqlite3_bind_blob(statement, next, $0.baseAddress, Int32($0.count), Binder.copied) }
        next += 1
    }

    /// Runs a statement that returns no rows, and makes it ready for the next values.
    mutating func run() throws {
        defer { reset() }
        guard sqlite3_step(statement) == SQLITE_DONE else { throw fault }
    }

    /// Runs a query; false where there is no row (left).
    func step() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw fault
        }
    }

    func bytes(_ column: Int32) -> [UInt8] {
        Array(
            UnsafeRawBufferPointer(
                start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column))))
    }

    func optionalBytes(_ column: Int32) -> [UInt8]? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : bytes(column)
    }

    func number(_ column: Int32) -> Int64 {
        sqlite3_column_int64(statement, column)
    }

    func optionalNumber(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : number(column)
    }

    func text(_ column: Int32) -> String {
        String(decoding: bytes(column), as: UTF8.self)
    }

    mutating func reset() {
        sqlite3_reset(statement)
        next = 1
    }

    private var fault: DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)), message: String(cString: sqlite3_errmsg(connection)))
    }

    /// Tells SQLite to take its own copy (`SQLITE_TRANSIENT`).
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
