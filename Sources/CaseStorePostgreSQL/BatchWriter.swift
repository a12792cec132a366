import CaseCore
import CaseStore

/// What a batch writes, as statements: rows of a table go in arrays, so that each table takes one. The parts of a batch are written by the
/// extensions.
struct BatchWriter {
    /// The last places that were given out. Whoever has its lock is the one writer until the transaction ends.
    struct Head {
        var journalSeq: Int64
        var noticeSeq: Int64

        static let lock = Statement("SELECT journal_seq, notice_seq, moved FROM head FOR UPDATE")

        /// - Parameter rows: what `lock` has returned.
        /// - Throws: `DamagedRecord`; `StoreFault.gone` where the store was moved away.
        init(_ rows: Rows) throws {
            guard let row = rows.first else { throw DamagedRecord(.server, "the row of head is lost") }
            guard row.integer(2) == 0 else { throw StoreFault.gone("it was moved to another place") }
            (journalSeq, noticeSeq) = (row.integer(0), row.integer(1))
        }
    }

    let batch: Batch
    var head: Head
    private(set) var statements: [Statement] = []

    // MARK: Before

    /// What has to be known of the rows that are there, under the lock of the head; what `init` takes comes from the last two of them.
    static func reads(for batch: Batch) -> [Statement] {
        let opened = Set(batch.journal.lazy.filter { $0.revision == 1 }.map(\.id))
        let written = Set(batch.journal.lazy.filter { $0.revision > 0 }.map(\.id))
        return (batch.forgetsDerived ? forgettings : []) + [
            Statement(
                """
                SELECT c.matter, c.office, c.leader, c.commissioner, coalesce(c.submitted_via, c.submitted_by, ''), c.state,
                    c.warned, c.provisional, d.due_at
                FROM cases c LEFT JOIN deadlines d ON d.case_id = c.id
                WHERE c.id = ANY ($1) AND c.running <> 0 AND c.closed_at IS NULL
                """, .integers(batch.cases.map(\.id).filter { !opened.contains($0) }.map(\.number))),
            Statement(
                "SELECT DISTINCT ON (case_id) case_id, leaf FROM journal WHERE case_id = ANY ($1) ORDER BY case_id, revision DESC",
                .integers(
                    batch.onlyColumns ? [] : batch.cases.filter { $0.file != nil && !written.contains($0.id) }.map(\.id.number))),
        ]
    }

    /// Deadlines go first: of an open case without one nothing is overdue.
    private static let forgettings =
        ["deadlines", "rollups", "handling", "net_handling", "texts", "open_sums"].map { Statement("DELETE FROM \($0)") } + [
            Statement(
                """
                INSERT INTO open_sums
                    SELECT coalesce(matter, ''), coalesce(office, ''), coalesce(leader, ''), coalesce(commissioner, ''),
                        coalesce(submitted_via, submitted_by, ''), coalesce(state, ''), warned, provisional, \(OpenSumChanges.never),
                        count(*), min(id)
                    FROM cases WHERE running <> 0 AND closed_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
                """)
        ]

    // MARK: What is written

    /// - Parameter found: what the reads have returned.
    init(_ batch: Batch, _ head: Head, _ found: ArraySlice<Rows>) throws {
        (self.batch, self.head) = (batch, head)
        writeJournal()
        writeCheckpoint()
        writeSums(found[found.endIndex - 2])
        writeCases()
        try writeFiles(found[found.endIndex - 1])
        writeAnswers()
        writeNotices()
        writeRollups()
        if let catalog = batch.catalog { write(catalog) }
        if !batch.settings.isEmpty {
            add(
                "INSERT INTO settings (name, value) SELECT * FROM unnest($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                .texts(Array(batch.settings.keys)), .texts(Array(batch.settings.values)))
        }
        forget()
        for erasure in batch.erasures { write(erasure) }
        add("UPDATE head SET journal_seq = $1, notice_seq = $2", .integer(self.head.journalSeq), .integer(self.head.noticeSeq))
    }

    mutating func add(_ sql: String, _ values: Parameter...) {
        statements.append(Statement(sql, values: values))
    }

    mutating func add(_ sql: String, values: [Parameter]) {
        statements.append(Statement(sql, values: values))
    }
}
