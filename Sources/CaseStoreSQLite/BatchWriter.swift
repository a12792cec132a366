import CaseCore
import CaseStore
import Evidence
import GRDB
import WorkingTime

/// Writes the rows of a batch within the transaction of its caller.
struct BatchWriter {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    func write(_ batch: Batch) throws {
        try writeJournal(batch)
        try writeCheckpoint(batch)
        try run(
            batch.journal.last.map { [$0] } ?? [], "INSERT OR REPLACE INTO journal_heads (day, seq) VALUES (?, last_insert_rowid())"
        ) { row, values in values.put(JournalHead.day(of: row.at)) }
        if batch.forgetsDerived {
            try db.execute(
                sql: "DELETE FROM deadlines; DELETE FROM rollups; DELETE FROM handling; DELETE FROM net_handling; DELETE FROM texts")
            try OpenSums.recount(db)
        }
        try writeCases(
            batch.cases, opened: Set(batch.journal.lazy.filter { $0.revision == 1 }.map(\.id)), onlyColumns: batch.onlyColumns,
            leaves: { Dictionary(batch.journal.lazy.filter { $0.revision > 0 }.map { ($0.id, $0.leaf) }) { $1 } })
        try run(batch.answers, "INSERT INTO keys (principal, key, at, digest, case_id, revision) VALUES (?, ?, ?, ?, ?, ?)") {
            row, values in
            values.put(row.key.principal)
            values.put(row.key.key)
            values.put(row.at.milliseconds)
            values.put(row.answer.digest)
            values.put(row.answer.id.number)
            values.put(Int64(row.answer.revision))
        }
        try run(
            batch.notices,
            batch.noticeFloor == 0
                ? "INSERT INTO notices (case_id, revision, at, event, addressee, recipient) VALUES (?, ?, ?, ?, ?, ?)"
                : """
                INSERT INTO notices (case_id, revision, at, event, addressee, recipient, seq)
                    VALUES (?, ?, ?, ?, ?, ?, 1 + max(?, (SELECT coalesce(max(seq), 0) FROM notices)))
                """
        ) { row, values in
            values.put(row.id.number)
            values.put(Int64(row.revision))
            values.put(row.at.milliseconds)
            values.put(row.event)
            values.put(row.notice.addressee.rawValue)
            values.put(row.notice.recipient)
            if batch.noticeFloor > 0 { values.put(batch.noticeFloor) }
        }
        try write(batch.rollups)
        if let catalog = batch.catalog { try write(catalog) }
        try run(Array(batch.settings), "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)") { row, values in
            values.put(row.key)
            values.put(row.value)
        }
        // Answers are in the order of their time, so that the oldest come first.
        for table in ["keys", "answers"] {
            try run(
                batch.forgottenAnswers.map { [$0] } ?? [],
                "DELETE FROM \(table) WHERE rowid IN (SELECT rowid FROM \(table) ORDER BY rowid LIMIT ?) AND at < ?"
            ) { row, values in
                values.put(Int64(row.limit))
                values.put(row.before.milliseconds)
            }
        }
        try run(Array(batch.takenNotices), "UPDATE notices SET taken_at = ?, taken_by = ? WHERE seq = ? AND taken_at IS NULL") {
            row, values in
            values.put(row.value.at.milliseconds)
            values.put(row.value.by)
            values.put(row.key)
        }
        // The last one stays: the next has a higher place, so that nobody who follows them misses one.
        try run(
            batch.forgottenNotices.map { [$0] } ?? [],
            """
            DELETE FROM notices WHERE seq IN (SELECT seq FROM notices WHERE taken_at IS NULL ORDER BY seq LIMIT ?) AND at < ?
                AND seq < (SELECT max(seq) FROM notices)
            """
        ) { row, values in
            values.put(Int64(row.limit))
            values.put(row.before.milliseconds)
        }
        try run(
            batch.forgottenTakenNotices.map { [$0] } ?? [],
            """
            DELETE FROM notices WHERE seq IN (SELECT seq FROM notices WHERE taken_at < ? ORDER BY taken_at, seq LIMIT ?)
                AND seq < (SELECT max(seq) FROM notices)
            """
        ) { row, values in
            values.put(row.before.milliseconds)
            values.put(Int64(row.limit))
        }
        for erasure in batch.erasures { try write(erasure) }
    }

    /// Texts and columns of the case come with its row. What is written over here is gone from the file once the log is: see `SQLiteStore`.
    private func write(_ erasure: PersonalErasure) throws {
        try run(Array(erasure.openings), "UPDATE openings SET opening = ? WHERE seq = ?") { row, values in
            values.put(row.value.bytes)
            values.put(row.key)
        }
        for table in ["keys", "answers"] {
            try run([erasure], "DELETE FROM \(table) WHERE case_id = ? AND revision < ?") { row, values in
                values.put(row.id.number)
                values.put(Int64(row.revision))
            }
        }
        try run([erasure], "UPDATE notices SET recipient = ? WHERE case_id = ? AND addressee = ?") { row, values in
            values.put(Erased.text)
            values.put(row.id.number)
            values.put(Addressee.applicant.rawValue)
        }
        try db.execute(
            sql: "INSERT OR REPLACE INTO settings (name, value) VALUES (?, 'yes')", arguments: [SQLiteStore.logHoldsErasedSetting])
    }

    private func writeJournal(_ batch: Batch) throws {
        guard !batch.journal.isEmpty else { return }
        let last = batch.journalFloor == 0 ? 0 : try Int64.fetchOne(db, sql: "SELECT max(seq) FROM journal") ?? 0
        var rows = try Binder(
            batch.journalFloor == 0
                ? "INSERT INTO journal (case_id, revision, at, event, leaf) VALUES (?, ?, ?, ?, ?)"
                : """
                INSERT INTO journal (case_id, revision, at, event, leaf, seq)
                    VALUES (?, ?, ?, ?, ?, 1 + max(?, (SELECT coalesce(max(seq), 0) FROM journal)))
                """, on: db)
        // It has the place of the row before it, so that this stays the last one that was given out.
        var openings = try Binder("INSERT INTO openings (seq, opening) VALUES (last_insert_rowid(), ?)", on: db)
        for (number, row) in batch.journal.enumerated() {
            rows.put(row.id.number)
            rows.put(Int64(row.revision))
            rows.put(row.at.milliseconds)
            rows.put(row.event.text)
            rows.put(row.leaf.bytes)
            if batch.journalFloor > 0 { rows.put(batch.journalFloor) }
            try rows.run()
            if let opening = row.event.opening {
                openings.put(opening.bytes)
                try openings.run()
            }
            let empty = batch.journalFloor == 0 || number > 0 ? 0 : db.lastInsertedRowID - last - 1
            if empty > 0 {
                try db.execute(sql: "INSERT INTO journal_gaps (seq, count) VALUES (?, ?)", arguments: [db.lastInsertedRowID, empty])
            }
        }
        try run(batch.tiles, "INSERT OR REPLACE INTO tiles (level, place, hashes, root) VALUES (?, ?, ?, ?)") { tile, values in
            values.put(Int64(tile.level))
            values.put(tile.index)
            values.put(Tile.bytes(tile.hashes))
            values.put(tile.root.bytes)
        }
    }

    private func writeCheckpoint(_ batch: Batch) throws {
        try run(batch.checkpoint.map { [$0] } ?? [], "INSERT OR REPLACE INTO checkpoints (size, at, note) VALUES (?, ?, ?)") {
            row, values in
            values.put(row.size)
            values.put(row.at.milliseconds)
            values.put(row.note)
        }
        try run(
            batch.thinnedCheckpoints.map { [$0] } ?? [],
            "DELETE FROM checkpoints WHERE at < ?1 AND size NOT IN (SELECT max(size) FROM checkpoints WHERE at < ?1 GROUP BY at / 3600000)"
        ) { row, values in values.put(row.milliseconds) }
    }

    private static let caseColumns = CaseColumn.all.map(\.name)
    private static let upsertCase = """
        INSERT INTO cases (id, \(caseColumns.joined(separator: ", ")))
            VALUES (?\(String(repeating: ", ?", count: caseColumns.count)))
        ON CONFLICT (id) DO UPDATE SET \(caseColumns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        """

    /// - Parameter leaves: those of the last events that are written with the cases.
    private func writeCases(_ rows: [CaseRow], opened: Set<CaseID>, onlyColumns: Bool, leaves: () -> [CaseID: MerkleHash]) throws {
        var sums = OpenSums()
        for row in rows {
            // What is opened was in no sum.
            if !opened.contains(row.id) { try sums.remove(row.id, db) }
            sums.add(row)
        }
        try sums.write(db)
        try run(rows, BatchWriter.upsertCase) { row, values in
            values.put(row.id.number)
            for value in row.values {
                switch value {
                case .null: values.put(nil as String?)
                case .text(let text): values.put(text)
                case .integer(let number): values.put(number)
                }
            }
        }
        guard !onlyColumns else { return }
        let changed = rows.filter { $0.file != nil }
        let leaves = changed.isEmpty ? [:] : leaves()
        try run(
            try changed.compactMap { row in
                try row.file.map { (row.id, $0, FileSum.of($0, after: try leaves[row.id] ?? SQLiteSnapshot(db: db).lastLeaf(of: row.id))) }
            }, "INSERT OR REPLACE INTO files (case_id, file, sum) VALUES (?, ?, ?)"
        ) { row, values in
            values.put(row.0.number)
            values.put(row.1)
            values.put(row.2)
        }
        try run(
            rows.compactMap { row in row.texts.map { (row.id, $0) } },
            "INSERT OR REPLACE INTO texts (case_id, title, applicant) VALUES (?, ?, ?)"
        ) { row, values in
            values.put(row.0.number)
            values.put(row.1.title)
            values.put(row.1.applicant)
        }
        try run(
            rows.filter { $0.nextDeadline != nil || $0.due != nil },
            "INSERT OR REPLACE INTO deadlines (case_id, next_at, due_at) VALUES (?, ?, ?)"
        ) { row, values in
            values.put(row.id.number)
            values.put(row.nextDeadline?.milliseconds)
            values.put(row.due?.milliseconds)
        }
        try run(
            rows.filter { $0.nextDeadline == nil && $0.due == nil }, "DELETE FROM deadlines WHERE case_id = ?"
        ) { row, values in values.put(row.id.number) }
    }

    private static let measures = Measure.allCases.map(\.rawValue)

    private func write(_ rollups: [RollupKey: Rollup]) throws {
        func put(_ key: RollupKey, _ values: inout Binder) {
            values.put(Int64(key.day.number))
            values.put(key.matter.raw)
            values.put(key.assignment.office.raw)
            values.put(key.assignment.leader.raw)
            values.put(key.assignment.commissioner.raw)
        }
        let names = BatchWriter.measures
        try run(
            Array(rollups),
            """
            INSERT INTO rollups (day, matter, office, leader, commissioner, \(names.joined(separator: ", ")))
                VALUES (?, ?, ?, ?, ?\(String(repeating: ", ?", count: names.count)))
            ON CONFLICT DO UPDATE SET \(names.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "))
            """
        ) { row, values in
            put(row.key, &values)
            for count in row.value.counts { values.put(Int64(count)) }
        }
        for (table, part) in [("handling", \Rollup.handling), ("net_handling", \.netHandling)] {
            try run(
                rollups.flatMap { key, rollup in rollup[keyPath: part].map { (key, $0.key, $0.value) } },
                """
                INSERT INTO \(table) (day, matter, office, leader, commissioner, working_days, count) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET count = count + excluded.count
                """
            ) { row, values in
                put(row.0, &values)
                values.put(Int64(row.1))
                values.put(Int64(row.2))
            }
        }
    }

    private func write(_ catalog: StoredCatalog) throws {
        try run([catalog], "INSERT INTO catalogs (version, at, by, zones) VALUES (?, ?, ?, ?)") { row, values in
            values.put(Int64(row.version))
            values.put(row.at.milliseconds)
            values.put(row.by)
            values.put(row.zones)
        }
        try run(Array(catalog.files), "INSERT INTO catalog_files (version, name, text) VALUES (?, ?, ?)") { file, values in
            values.put(Int64(catalog.version))
            values.put(file.key)
            values.put(file.value)
        }
    }

    /// Runs a statement for each row.
    private func run<Row>(_ rows: [Row], _ sql: String, _ bind: (Row, inout Binder) -> Void) throws {
        guard !rows.isEmpty else { return }
        var values = try Binder(sql, on: db)
        for row in rows {
            bind(row, &values)
            try values.run()
        }
    }
}
