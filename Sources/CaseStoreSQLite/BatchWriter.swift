import CaseCore
import CaseStore
import Foundation
import GRDB
import WorkingTime

/// Writes the rows of a batch within the transaction of its caller.
struct BatchWriter {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    func write(_ batch: Batch) throws {
        try insert(batch.journal, "INSERT INTO journal (case_id, revision, at, event) VALUES (?, ?, ?, ?)") {
            [$0.id.number, $0.revision, $0.at.milliseconds, Blob($0.event)]
        }
        try insert(
            batch.cases,
            """
            INSERT INTO cases (id, state, matter, office, leader, commissioner, handler, applicant, submitted_at, closed_at,
                suspended, warned, timeliness) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, matter = excluded.matter, office = excluded.office,
                leader = excluded.leader, commissioner = excluded.commissioner, handler = excluded.handler,
                closed_at = excluded.closed_at, suspended = excluded.suspended, warned = excluded.warned,
                timeliness = excluded.timeliness
            """
        ) {
            [
                $0.id.number, $0.state.rawValue, $0.matter.raw, $0.office.raw, $0.leader.raw, $0.commissioner.raw,
                $0.handler?.raw, $0.applicant, $0.submittedAt.milliseconds, $0.closedAt?.milliseconds, $0.isSuspended,
                $0.hasWarning, $0.timeliness?.rawValue,
            ]
        }
        try insert(batch.cases, "INSERT OR REPLACE INTO files (case_id, file) VALUES (?, ?)") { [$0.id.number, Blob($0.file)] }
        try insert(
            batch.cases.filter { $0.nextDeadline != nil || $0.due != nil },
            "INSERT OR REPLACE INTO deadlines (case_id, next_at, due_at) VALUES (?, ?, ?)"
        ) { [$0.id.number, $0.nextDeadline?.milliseconds, $0.due?.milliseconds] }
        try insert(batch.cases.filter { $0.nextDeadline == nil && $0.due == nil }, "DELETE FROM deadlines WHERE case_id = ?") {
            [$0.id.number]
        }
        try insert(batch.answers, "INSERT INTO answers (uid, key, at, digest, result) VALUES (?, ?, ?, ?, ?)") {
            [$0.key.uid, $0.key.key, $0.at.milliseconds, Blob($0.answer.digest), Blob($0.answer.result)]
        }
        try insert(
            batch.notices,
            "INSERT INTO notices (case_id, revision, at, event, addressee, recipient) VALUES (?, ?, ?, ?, ?, ?)"
        ) {
            [
                $0.id.number, $0.revision, $0.at.milliseconds, $0.event, $0.notice.addressee.rawValue, $0.notice.recipient,
            ]
        }
        if let catalog = batch.catalog { try write(catalog) }
        try insert(batch.settings.sorted { $0.key < $1.key }, "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)") {
            [$0.key, $0.value]
        }
        if let instant = batch.forgetAnswersBefore {
            // Answers are in the order of their time, so that the oldest come first.
            try db.cachedStatement(
                sql: "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers ORDER BY rowid LIMIT 1000) AND at < ?"
            ).execute(arguments: [instant.milliseconds])
        }
    }

    private func write(_ catalog: StoredCatalog) throws {
        try db.execute(
            sql: "INSERT INTO catalogs (version, at, by) VALUES (?, ?, ?)",
            arguments: [catalog.version, catalog.at.milliseconds, catalog.by])
        try insert(catalog.files.sorted { $0.key < $1.key }, "INSERT INTO catalog_files (version, name, text) VALUES (?, ?, ?)") {
            [catalog.version, $0.key, $0.value]
        }
    }

    private func insert<Row>(_ rows: [Row], _ sql: String, _ values: (Row) -> [(any DatabaseValueConvertible)?]) throws {
        guard !rows.isEmpty else { return }
        let statement = try db.cachedStatement(sql: sql)
        for row in rows {
            try statement.execute(arguments: StatementArguments(values(row)))
        }
    }
}

/// Bytes as a BLOB.
private struct Blob: DatabaseValueConvertible {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var databaseValue: DatabaseValue {
        Data(bytes).databaseValue
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
        Data.fromDatabaseValue(value).map { Blob(Array($0)) }
    }
}
