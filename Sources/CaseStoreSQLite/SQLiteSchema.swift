import CaseCore
import Evidence
import Foundation
import GRDB

/// The tables of the store, one numbered file after the other (`Migrations`). What is stored stays readable: files are only added, none is
/// ever changed, and none asks what the code says today.
enum SQLiteSchema {
    /// In their order. The first line of a file is the name under which a store remembers that it was applied.
    private static let files = [
        PackageResources.schema1_sql,
        PackageResources.schema2_sql,
        PackageResources.schema3_sql,
        PackageResources.schema4_sql,
        PackageResources.schema5_sql,
        PackageResources.schema6_sql,
        PackageResources.schema7_sql,
        PackageResources.schema8_sql,
        PackageResources.schema9_sql,
        PackageResources.schema10_sql,
        PackageResources.schema11_sql,
        PackageResources.schema12_sql,
    ]

    /// Name and text of each migration.
    static let migrations: [(name: String, text: String)] = files.map { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        return (String(text.prefix { $0 != "\n" }.dropFirst(3)), text)
    }

    static let migrator: DatabaseMigrator = migrations.reduce(into: DatabaseMigrator()) { migrator, migration in
        migrator.registerMigration(migration.name) { db in
            db.add(function: leafOf)
            db.add(function: sumOf)
            try db.execute(sql: migration.text)
        }
    }

    /// From this one on pages have sums.
    private static let sums = migrations.firstIndex { $0.name == "12: page sums" }!

    /// Whether a store says that its pages have sums.
    static func hasSums(_ db: Database) throws -> Bool {
        try migrator.appliedMigrations(db).contains(migrations[sums].name)
    }

    /// Brings a store whose pages have no sums up to where they have.
    static func makeReadyForSums(_ database: any DatabaseWriter) throws {
        try migrator.migrate(database, upTo: migrations[sums - 1].name)
    }

    /// The leaf of an event that stands in the journal as a whole. Its form does not change.
    private static let leafOf = DatabaseFunction("leaf_of", argumentCount: 1, pure: true) { values in
        Data.fromDatabaseValue(values[0]).map { Data(RecordedEvent(text: Array($0)).leaf.bytes) }
    }

    /// What a snapshot is summed up as, by the leaf of the last event in it. Its form does not change.
    private static let sumOf = DatabaseFunction("sum_of", argumentCount: 2, pure: true) { values in
        guard let file = Data.fromDatabaseValue(values[0]) else { return nil }
        let leaf = Data.fromDatabaseValue(values[1]).flatMap { MerkleHash(Array($0)) } ?? .empty
        return Data(FileSum.of(Array(file), after: leaf))
    }
}

extension SQLiteSchema {
    /// Makes the tables, or brings those of an older version up: first by the migrations, then with the columns of cases that have been
    /// described since. Such a column is true of all older rows as it is: what has to be looked up for them takes a migration.
    static func make(_ database: any DatabaseWriter) throws {
        try migrator.migrate(database)
        try database.write { db in
            let names = Set(try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info('cases')"))
            for column in CaseColumn.all where !names.contains(column.name) {
                try db.execute(sql: "ALTER TABLE cases ADD COLUMN \(column.name) \(definition(column))")
            }
        }
    }

    /// The texts of cases that have none yet. The first event says them, and neither changes afterwards: JSON text in a blob. Of one that cannot be read, none is known.
    static let fillTexts = """
        INSERT INTO texts SELECT case_id,
            CAST(coalesce(folded(json_extract(text, '$.data.title')), '') AS BLOB),
            CAST(coalesce(folded(json_extract(text, '$.data.applicant.name')), '') AS BLOB)
        FROM (SELECT case_id, CASE WHEN json_valid(CAST(event AS TEXT)) THEN CAST(event AS TEXT) END AS text FROM journal
            WHERE revision = 1 AND case_id > (SELECT coalesce(max(case_id), 0) FROM texts))
        """

    private static func definition(_ column: CaseColumn) -> String {
        let type =
            switch column.type {
            case .text: "TEXT"
            case .integer: "INTEGER"
            }
        return switch column.absence {
        case .null: type
        case .text(let text): "\(type) NOT NULL DEFAULT '\(text.replacing("'", with: "''"))'"
        case .integer(let number): "\(type) NOT NULL DEFAULT \(number)"
        }
    }

    /// Where a store has other tables, columns or indexes than the migrations make, or has triggers and views, which they never make: a
    /// sentence for each, in the order of their names.
    static func differences(_ db: Database) throws -> [String] {
        let own = try DatabaseQueue()
        try make(own)
        let expected = try own.read(objects)
        let found = try objects(db)
        return Set(expected.keys).union(found.keys).sorted().compactMap { name in
            switch (expected[name], found[name]) {
            case (nil, _): "\(name) is not cased's"
            case (_, nil): "\(name) is missing"
            case (let own, let other): own == other ? nil : "\(name) is not as cased makes it"
            }
        }
    }

    /// What a database consists of, and what each of its objects looks like; the text of a table depends on how it came to be.
    private static func objects(_ db: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT type, name, tbl_name, coalesce(sql, '') AS sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_stat*'")
        return try rows.reduce(into: [:]) { objects, row in
            let (type, name) = (row["type"] as String, row["name"] as String)
            var form = "\(row["tbl_name"] as String): "
            switch type {
            case "table":
                form += try Row.fetchAll(db, sql: "SELECT * FROM pragma_table_xinfo(?)", arguments: [name]).map(\.description).joined()
                form += try Row.fetchAll(db, sql: "SELECT wr, strict FROM pragma_table_list(?)", arguments: [name]).map(\.description)
                    .joined()
            case "index":
                form += try Row.fetchAll(db, sql: "SELECT * FROM pragma_index_xinfo(?)", arguments: [name]).map(\.description).joined()
                form += row["sql"] as String
            default: form += row["sql"] as String
            }
            objects["\(type) \(name)"] = form
        }
    }
}
