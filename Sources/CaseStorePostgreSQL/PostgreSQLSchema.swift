import CaseCore

/// The tables of the store, one numbered file after the other (`Schema`). Files are only added, none is ever changed. Columns of cases and
/// measures of figures that have been described since come behind them: such a column is true of all older rows as it is.
///
/// The daemon's own role needs no right to make tables: whoever installs makes them.
enum PostgreSQLSchema {
    /// In their order. The first line of a file is the name under which a database remembers that it was applied.
    private static let files: [(name: String, text: String)] = [PackageResources.schema1_sql].map { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        return (String(text.prefix { $0 != "\n" }.dropFirst(3)), text)
    }

    private static let mend = "let its owner run cased --make-tables ROLE"
    private static let tables = files.flatMap { file in file.text.matches(of: /CREATE TABLE (\w+)/).map { String($0.1) } }
    /// Those that hold something of a store: not what only says who writes, and what became of it.
    static let storeTables = tables.filter { !["head", "batches"].contains($0) }
    /// What is written there stays: nobody needs the right to change it.
    private static let lastingTables: Set = ["journal", "journal_gaps", "catalogs", "catalog_files"]

    private static func rights(on table: String) -> [String] {
        lastingTables.contains(table) ? ["SELECT", "INSERT"] : ["SELECT", "INSERT", "UPDATE", "DELETE"]
    }

    /// Makes what is missing, in one transaction.
    ///
    /// - Parameter role: gets the rights that a store needs; nil for nobody.
    /// - Returns: what was missing.
    static func make(_ session: Session, for role: String?, until end: ContinuousClock.Instant) throws(SessionFault) -> [String] {
        var made: [String] = []
        do throws(SessionFault) {
            // Whoever else makes them waits here, and finds them made.
            try session.run(
                script: "BEGIN; SELECT pg_advisory_xact_lock(1); CREATE TABLE IF NOT EXISTS schema_files (name text PRIMARY KEY)",
                until: end)
            let applied = try names(session, until: end)
            for file in files where !applied.contains(file.name) {
                try session.run(script: file.text, until: end)
                _ = try session.run([Statement("INSERT INTO schema_files (name) VALUES ($1)", .name(file.name))], until: end)
                made.append(file.name)
            }
            let present = try presentColumns(session, until: end)
            let missing = columns.filter { !present.contains("\($0.table).\($0.name)") }
            if !missing.isEmpty {
                let additions = missing.map { "ALTER TABLE \($0.table) ADD COLUMN \($0.name) \($0.type)" }
                try session.run(script: additions.joined(separator: ";"), until: end)
            }
            // Those of tables that were made here belong to them.
            if made.isEmpty { made = missing.map { "\($0.table).\($0.name)" } }
            try session.run(script: indexes, until: end)
            if let role {
                let name = "\"\(role.replacing("\"", with: "\"\""))\""
                let grants = tables.map { "GRANT \(rights(on: $0).joined(separator: ", ")) ON \($0) TO \(name)" }
                try session.run(script: (grants + ["GRANT SELECT ON schema_files TO \(name)"]).joined(separator: ";"), until: end)
                try letIn(role, name, session, until: end)
            }
            try session.run(script: "COMMIT", until: end)
            return made
        } catch {
            session.rollBack(until: end)
            throw error
        }
    }

    /// Lets a role see the schema in which the tables are, where it does not: everybody sees the one called `public`.
    private static func letIn(_ role: String, _ name: String, _ session: Session, until end: ContinuousClock.Instant) throws(SessionFault) {
        let closed = try session.run(
            [
                Statement(
                    "SELECT quote_ident(current_schema()) WHERE NOT has_schema_privilege($1, current_schema(), 'USAGE')", .name(role))
            ], until: end)[0]
        guard let schema = closed.first?.text(0) else { return }
        try session.run(script: "GRANT USAGE ON SCHEMA \(schema) TO \(name)", until: end)
    }

    /// Such as `cases.area`.
    private static func presentColumns(_ session: Session, until end: ContinuousClock.Instant) throws(SessionFault) -> Set<String> {
        let found = try session.run(
            [
                Statement(
                    """
                    SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    WHERE n.nspname = current_schema() AND c.relkind = 'r'
                    """)
            ], until: end)
        return Set(found[0].map { $0.text(0) })
    }

    private static func names(_ session: Session, until end: ContinuousClock.Instant) throws(SessionFault) -> Set<String> {
        Set(try session.run([Statement("SELECT name FROM schema_files")], until: end)[0].map { $0.text(0) })
    }

    /// What a database lacks that a store needs, and what mends it, in one sentence; nil where it has all.
    static func lack(_ session: Session, until end: ContinuousClock.Instant) throws(SessionFault) -> String? {
        let present = try presentColumns(session, until: end)
        guard present.contains("schema_files.name") else { return "it has no tables of cased: \(mend)" }
        let wanted = tables.map { ($0, rights(on: $0)) } + [("schema_files", ["SELECT"])]
        for (table, rights) in wanted where present.contains(where: { $0.hasPrefix("\(table).") }) {
            let missing = try session.run(
                [
                    Statement(
                        "SELECT name FROM unnest($1) AS r (name) WHERE NOT has_table_privilege($2, name)", .names(rights), .name(table))
                ], until: end)
            guard missing[0].isEmpty else {
                let names = missing[0].map { $0.text(0) }.joined(separator: ", ")
                let role = try session.run([Statement("SELECT current_user::text")], until: end)[0][0].text(0)
                return "its role \(role) lacks a right (GRANT \(names) ON \(table)): \(mend)"
            }
        }
        let applied = try names(session, until: end)
        if let missing = files.first(where: { !applied.contains($0.name) }) {
            return "its tables are those of an older cased (\(missing.name)): \(mend)"
        }
        guard applied.isSubset(of: files.map(\.name)) else {
            return "its tables are those of a newer cased: install that version or a later one"
        }
        if let table = wanted.map(\.0).first(where: { table in !present.contains { $0.hasPrefix("\(table).") } }) {
            return "it has no table \(table): restore it from a backup"
        }
        return columns.first { !present.contains("\($0.table).\($0.name)") }.map {
            "\($0.table) has no column \($0.name): \(mend)"
        }
    }

    private static let columns: [(table: String, name: String, type: String)] =
        CaseColumn.all.map { ("cases", $0.name, definition($0)) }
        + Measure.allCases.map { ("rollups", $0.rawValue, "bigint NOT NULL DEFAULT 0") }

    private static let indexes = """
        CREATE INDEX IF NOT EXISTS running_cases ON cases (matter, id, closed_at) WHERE running <> 0;
        CREATE INDEX IF NOT EXISTS ordered_cases ON cases (id) WHERE ordered <> 0;
        CREATE INDEX IF NOT EXISTS inspected_cases ON cases (id) WHERE inspected <> 0;
        CREATE INDEX IF NOT EXISTS cases_by_end ON cases (closed_at) WHERE closed_at IS NOT NULL
        """

    private static func definition(_ column: CaseColumn) -> String {
        let type =
            switch column.type {
            case .text: "bytea"
            case .integer: "bigint"
            }
        return switch column.absence {
        case .null: type
        case .text(let text): "\(type) NOT NULL DEFAULT convert_to('\(text.replacing("'", with: "''"))', 'UTF8')"
        case .integer(let number): "\(type) NOT NULL DEFAULT \(number)"
        }
    }
}
