import CaseCore
import CaseWire
import Evidence

/// The rows that version 0.1 wrote for a submission, in its tables: the case three times over, as event, file and answer.
enum FirstVersion {
    /// - Parameters:
    ///   - rows: what today's version wrote.
    ///   - objects: the cases as clients see them, in the same order.
    static func rows(_ rows: RawSQLite.Rows, objects: [[UInt8]]) throws -> RawSQLite.Rows {
        try zip(rows, objects).map { rows, object in
            let openings = rows.filter { $0.table == "openings" }.compactMap { row in
                if case .blob(let bytes) = row.values[1] { Opening(bytes: bytes) } else { nil }
            }
            return try rows.flatMap { table, values -> [(table: String, values: [RawSQLite.Value])] in
                switch table {
                case "journal":
                    guard case .blob(let text) = values[4] else { throw RawSQLite.Failed(description: "an event is no blob") }
                    // It stood there as a whole, and had no leaf.
                    let event = try RecordedEvent(text: text, opening: openings.first).whole()
                    let file = try CaseFile.stored(event).file.storedBytes
                    return [(table, Array(values.prefix(4)) + [.blob(event)]), ("files", [values[1], .blob(file)])]
                case "openings": return []
                case "cases":
                    // Who submitted came later, and so did what changed rules and lists look for.
                    return [(table, Array(values.prefix(13)))]
                case "keys": return [("answers", [.integer(0)] + Array(values[1...3]) + [.blob(object)])]
                default: return [(table, values)]
                }
            }
        }
    }

    static let schema = """
        CREATE TABLE journal (
            seq INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, event BLOB NOT NULL,
            UNIQUE (case_id, revision)) STRICT;
        CREATE TABLE cases (
            id INTEGER PRIMARY KEY, state TEXT NOT NULL, matter TEXT NOT NULL, office TEXT NOT NULL, leader TEXT NOT NULL,
            commissioner TEXT NOT NULL, handler TEXT, applicant TEXT NOT NULL, submitted_at INTEGER NOT NULL, closed_at INTEGER,
            suspended INTEGER NOT NULL, warned INTEGER NOT NULL, timeliness TEXT) STRICT;
        CREATE INDEX open_cases ON cases (matter, id) WHERE closed_at IS NULL;
        CREATE TABLE files (case_id INTEGER PRIMARY KEY, file BLOB NOT NULL) STRICT;
        CREATE TABLE deadlines (case_id INTEGER PRIMARY KEY, next_at INTEGER, due_at INTEGER) STRICT;
        CREATE INDEX deadlines_by_next ON deadlines (next_at, case_id) WHERE next_at IS NOT NULL;
        CREATE INDEX deadlines_by_due ON deadlines (due_at, case_id) WHERE due_at IS NOT NULL;
        CREATE TABLE answers (
            uid INTEGER NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, digest BLOB NOT NULL, result BLOB NOT NULL,
            UNIQUE (uid, key)) STRICT;
        CREATE TABLE notices (
            seq INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL,
            addressee TEXT NOT NULL, recipient TEXT NOT NULL) STRICT;
        """
}
