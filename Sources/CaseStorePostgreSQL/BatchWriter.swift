import CaseCore
import CaseStore
import Evidence

/// What a batch writes, as statements: rows of a table go in arrays, so that each table takes one. The parts of a batch are written by the
/// extensions.
struct BatchWriter {
    /// The last places that were given out. Whoever has its lock is the one writer until the transaction ends.
    struct Head {
        var journalSeq: Int64
        var noticeSeq: Int64
        /// How often somebody has committed so far.
        let commitCount: Int64

        static let lock = Statement("SELECT journal_seq, notice_seq, moved, commits FROM head FOR UPDATE")
        /// Goes before it. Whoever waits for a row that is written again and again is overtaken by whoever comes as it is let go; this lock is
        /// given in the order in which it was asked for.
        static let turn = Statement("SELECT pg_advisory_xact_lock('head'::regclass::oid::bigint)")

        /// - Parameter rows: what `lock` has returned.
        /// - Throws: `DamagedRecord`; `StoreFault.gone` where the store was moved away.
        init(_ rows: Rows) throws {
            guard let row = rows.first else { throw DamagedRecord(.server, "the row of head is lost") }
            guard row.integer(2) == 0 else { throw StoreFault.gone("it was moved to another place") }
            (journalSeq, noticeSeq, commitCount) = (row.integer(0), row.integer(1), row.integer(3))
        }
    }

    let batch: Batch
    var head: Head
    private(set) var statements: [Statement] = []

    // MARK: Before

    /// What has to be known of the rows that are there, under the lock of the head.
    struct Standing {
        /// Kinds of the open cases that the batch writes, as they stand.
        var kinds: [OpenSumChanges.Kind] = []
        /// The last leaves of cases whose files it writes, and of which it has no event.
        var leaves: [CaseID: MerkleHash] = [:]
        /// Cases of which neither is known yet.
        private var (unknownKinds, unknownLeaves): ([CaseID], [CaseID]) = ([], [])
        private let forgetsDerived: Bool

        /// - Parameter foresight: of a state from behind the lock, to which nothing was written since.
        init(_ batch: Batch, _ foresight: Foresight?) throws(DamagedRecord) {
            forgetsDerived = batch.forgetsDerived
            // What is derived goes first, and then they stand otherwise.
            let foresight = forgetsDerived ? nil : foresight
            let opened = Set(batch.journal.lazy.filter { $0.revision == 1 }.map(\.id))
            let written = Set(batch.journal.lazy.filter { $0.revision > 0 }.map(\.id))
            for row in batch.cases where !opened.contains(row.id) {
                if let kind = foresight?.kind(row.id) { kinds += kind.map { [$0] } ?? [] } else { unknownKinds.append(row.id) }
            }
            guard !batch.onlyColumns else { return }
            for row in batch.cases where row.file != nil && !written.contains(row.id) {
                if let leaf = try foresight?.leaf(row.id) { leaves[row.id] = leaf } else { unknownLeaves.append(row.id) }
            }
        }

        /// What is to be asked before it is known; nothing where it is.
        var reads: [Statement] {
            guard forgetsDerived || !unknownKinds.isEmpty || !unknownLeaves.isEmpty else { return [] }
            return (forgetsDerived ? BatchWriter.forgettings : []) + [
                BatchWriter.kinds(.integers(unknownKinds.map(\.number))),
                Statement(
                    "SELECT DISTINCT ON (case_id) case_id, leaf FROM journal WHERE case_id = ANY ($1) ORDER BY case_id, revision DESC",
                    .integers(unknownLeaves.map(\.number))),
            ]
        }

        /// - Parameter found: what the reads have returned.
        mutating func take(_ found: ArraySlice<Rows>) throws(DamagedRecord) {
            guard !found.isEmpty else { return }
            kinds += found[found.endIndex - 2].compactMap(BatchWriter.kind)
            for row in found[found.endIndex - 1] {
                let id = CaseID(row.integer(0))
                leaves[id] = try MerkleHash(kept: row.optionalBytes(1), of: id)
            }
        }
    }

    /// The kinds of cases that are there, as `kind` reads them.
    static func kinds(_ ids: Parameter) -> Statement {
        Statement(
            """
            SELECT c.id, c.matter, c.office, c.leader, c.commissioner, coalesce(c.submitted_via, c.submitted_by, ''), c.state,
                c.warned, c.provisional, d.due_at, (c.running <> 0 AND c.closed_at IS NULL)::int::bigint
            FROM cases c LEFT JOIN deadlines d ON d.case_id = c.id WHERE c.id = ANY ($1)
            """, ids)
    }

    /// Nil for a case that counts as open in no sum.
    static func kind(_ row: Rows.Row) -> OpenSumChanges.Kind? {
        guard row.integer(10) != 0 else { return nil }
        return OpenSumChanges.Kind(
            matter: row.text(1), office: row.text(2), leader: row.text(3), commissioner: row.text(4), submitter: row.text(5),
            state: row.text(6), warned: row.integer(7), provisional: row.integer(8), due: row.optionalInteger(9))
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

    init(_ batch: Batch, _ head: Head, _ standing: Standing) {
        (self.batch, self.head) = (batch, head)
        writeJournal()
        writeCheckpoint()
        writeSums(standing.kinds)
        writeCases()
        writeFiles(standing.leaves)
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
