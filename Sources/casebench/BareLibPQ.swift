import CLibPQ

/// libpq by itself, inserting the rows that daemons have written: into the same tables, as arrays (`unnest`), each batch in one round trip
/// and one transaction, with the same durability. The arrays are made beforehand, by the database.
final class BareLibPQ {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Tables that have rows of a submission, and how those of some cases are found.
    private static let tables: [(name: String, from: String, id: String, order: String)] = [
        ("journal", "journal", "case_id", "seq"),
        ("openings", "(SELECT o.*, j.case_id FROM openings o JOIN journal j ON j.seq = o.seq) o", "case_id", "seq"),
        ("cases", "cases", "id", "id"), ("texts", "texts", "case_id", "case_id"), ("deadlines", "deadlines", "case_id", "case_id"),
        ("notices", "notices", "case_id", "seq"), ("keys", "keys", "case_id", "place"),
    ]

    private let connection: OpaquePointer
    /// Of each table, those that are not given out by the database.
    private var columns: [String: [String]] = [:]

    /// - Parameter target: a database with the tables of cased, as libpq names it. Empty copies of them are made in the schema `bare`.
    init(_ target: String) throws {
        guard let connection = PQconnectdb(target) else { throw Failed(description: "there is no memory for it") }
        self.connection = connection
        guard PQstatus(connection) == CONNECTION_OK else { throw failed }
        try run("SET client_min_messages = warning; DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare")
        for table in BareLibPQ.tables.map(\.name) {
            try run("CREATE TABLE bare.\(table) (LIKE public.\(table) INCLUDING ALL)")
            columns[table] = try texts(
                """
                SELECT quote_ident(column_name) FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = '\(table)' AND is_identity = 'NO' ORDER BY ordinal_position
                """)
        }
    }

    deinit {
        PQfinish(connection)
    }

    /// Inserts what there is of some cases.
    ///
    /// - Parameters:
    ///   - first: the number of the case before them.
    ///   - batch: cases of one transaction.
    /// - Returns: cases per second.
    func insert(casesAfter first: Int, count: Int, batch: Int) throws -> Double {
        try run("TRUNCATE \(BareLibPQ.tables.map { "bare.\($0.name)" }.joined(separator: ", "))")
        var batches: [[Rows]] = []
        for start in stride(from: 0, to: count, by: batch) {
            let end = min(start + batch, count)
            batches.append(try BareLibPQ.tables.indices.map { try rows($0, after: first + start, through: first + end) })
        }
        let start = microseconds()
        for batch in batches { try write(batch) }
        return Double(count) / ((microseconds() - start) / 1_000_000)
    }

    /// Rows of one table: an array for each column.
    private final class Rows {
        let insert: String
        let arrays: OpaquePointer

        init(_ insert: String, _ arrays: OpaquePointer) {
            (self.insert, self.arrays) = (insert, arrays)
        }

        deinit {
            PQclear(arrays)
        }
    }

    private func rows(_ place: Int, after first: Int, through last: Int) throws -> Rows {
        let table = BareLibPQ.tables[place]
        let names = columns[table.name]!
        let arrays = names.map { "array_agg(\($0) ORDER BY \(table.order))" }.joined(separator: ", ")
        let result = PQexecParams(
            connection, "SELECT \(arrays) FROM \(table.from) WHERE \(table.id) > \(first) AND \(table.id) <= \(last)", 0, nil, nil, nil,
            nil,
            1)
        guard let result, PQresultStatus(result) == PGRES_TUPLES_OK else { throw failed }
        let places = names.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        return Rows("INSERT INTO bare.\(table.name) (\(names.joined(separator: ", "))) SELECT * FROM unnest(\(places))", result)
    }

    private func write(_ batch: [Rows]) throws {
        guard PQenterPipelineMode(connection) == 1, PQsendQueryParams(connection, "BEGIN", 0, nil, nil, nil, nil, 0) == 1 else {
            throw failed
        }
        for rows in batch {
            let columns = 0..<PQnfields(rows.arrays)
            let types = columns.map { PQftype(rows.arrays, $0) }
            let values = columns.map { column -> UnsafePointer<CChar>? in
                PQgetisnull(rows.arrays, 0, column) == 0 ? UnsafePointer(PQgetvalue(rows.arrays, 0, column)) : nil
            }
            let lengths = columns.map { PQgetlength(rows.arrays, 0, $0) }
            guard PQsendQueryParams(connection, rows.insert, Int32(columns.count), types, values, lengths, columns.map { _ in 1 }, 0) == 1
            else { throw failed }
        }
        guard PQsendQueryParams(connection, "COMMIT", 0, nil, nil, nil, nil, 0) == 1, PQpipelineSync(connection) == 1 else { throw failed }
        for _ in 0..<batch.count + 2 {
            while let result = PQgetResult(connection) {
                defer { PQclear(result) }
                guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failed }
            }
        }
        guard let end = PQgetResult(connection), PQresultStatus(end) == PGRES_PIPELINE_SYNC else { throw failed }
        PQclear(end)
        guard PQexitPipelineMode(connection) == 1 else { throw failed }
    }

    /// The user as whom a database is used.
    static func user(of target: String) throws -> String {
        let connection = PQconnectdb(target)
        defer { PQfinish(connection) }
        guard PQstatus(connection) == CONNECTION_OK else { throw Failed(description: String(cString: PQerrorMessage(connection))) }
        return String(cString: PQuser(connection))
    }

    /// The first column of what a query finds.
    func texts(_ query: String) throws -> [String] {
        guard let result = PQexec(connection, query), PQresultStatus(result) == PGRES_TUPLES_OK else { throw failed }
        defer { PQclear(result) }
        return (0..<PQntuples(result)).map { String(cString: PQgetvalue(result, $0, 0)) }
    }

    private func run(_ script: String) throws {
        guard let result = PQexec(connection, script) else { throw failed }
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else { throw failed }
    }

    private var failed: Failed {
        Failed(description: String(cString: PQerrorMessage(connection)))
    }
}
