import CaseStore
import GRDB

extension StoreTable {
    /// The tables of a store, without those of SQLite and of its migrations.
    static func all(_ db: Database) throws -> [StoreTable] {
        let names = try String.fetchAll(
            db,
            sql: """
                SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*'
                    AND name <> 'grdb_migrations' ORDER BY name
                """)
        return try names.map { name in
            let columns = try Row.fetchAll(db, sql: "SELECT name, type FROM pragma_table_xinfo(?)", arguments: [name])
            return StoreTable(name: name, columns: columns.map { .init(name: $0["name"], isInteger: $0["type"] == "INTEGER") })
        }
    }

    private static let rowLimit = 4096
    /// In bytes.
    private static let pageSize = 1 << 20

    private var names: String {
        columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
    }

    /// All its rows, in the order of the primary key; of a table without one as they came.
    func eachPage(_ db: Database, _ body: ([StoredRow]) throws -> Void) throws {
        let key = try String.fetchAll(
            db, sql: "SELECT '\"' || name || '\"' FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk", arguments: [name])
        let order = key.isEmpty ? "rowid" : key.joined(separator: ", ")
        var query = try Binder("SELECT \(names) FROM \"\(name)\" ORDER BY \(order)", on: db)
        defer { query.reset() }
        var (page, size): ([StoredRow], Int) = ([], 0)
        while try query.step() {
            let row = columns.enumerated().map { place, column -> StoredValue in
                column.isInteger
                    ? query.optionalNumber(Int32(place)).map { .integer($0) } ?? .null
                    : query.optionalBytes(Int32(place)).map { .bytes($0) } ?? .null
            }
            size += row.reduce(0) { $0 + $1.byteCount }
            page.append(row)
            guard page.count >= StoreTable.rowLimit || size >= StoreTable.pageSize else { continue }
            try body(page)
            (page, size) = ([], 0)
        }
        if !page.isEmpty { try body(page) }
    }

    func write(_ rows: [StoredRow], _ db: Database) throws {
        let texts = Set(
            try String.fetchAll(db, sql: "SELECT name FROM pragma_table_xinfo(?) WHERE type = 'TEXT'", arguments: [name]))
        let areTexts = columns.map { texts.contains($0.name) }
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        var values = try Binder("INSERT INTO \"\(name)\" (\(names)) VALUES (\(places))", on: db)
        for row in rows {
            for (value, isText) in zip(row, areTexts) {
                switch value {
                case .null: values.put(nil as Int64?)
                case .integer(let number): values.put(number)
                case .bytes(let bytes): if isText { values.put(String(decoding: bytes, as: UTF8.self)) } else { values.put(bytes) }
                }
            }
            try values.run()
        }
    }
}
