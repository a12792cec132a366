import CaseCore
import CaseStore
import Evidence

// Cases as they stand, and the sums in which they are counted.

extension BatchWriter {
    private static let sumNames = "matter, office, leader, commissioner, submitter, state, warned, provisional, due_hour"

    /// - Parameter kinds: those of the open cases as they stand in the store.
    mutating func writeSums(_ kinds: [OpenSumChanges.Kind]) {
        var changes = OpenSumChanges()
        for kind in kinds { changes.remove(kind) }
        for row in batch.cases { changes.add(row) }
        let made = changes.made
        guard !made.isEmpty else { return }
        let kinds =
            (0..<6).map { place in Parameter.texts(made.map { $0.kind.texts[place] }) } + [
                .integers(made.map(\.kind.warned)), .integers(made.map(\.kind.provisional)), .integers(made.map(\.kind.dueHour)),
            ]
        add(
            """
            INSERT INTO open_sums (\(BatchWriter.sumNames), count, first_id)
                SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (\(BatchWriter.sumNames)) DO UPDATE
                SET count = open_sums.count + excluded.count, first_id = least(open_sums.first_id, excluded.first_id)
            """, values: kinds + [.integers(made.map(\.count)), .integers(made.map(\.firstID))])
        add(
            """
            DELETE FROM open_sums
            WHERE (\(BatchWriter.sumNames)) IN (SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)) AND count = 0
            """, values: kinds)
    }

    private static let upsertCases = {
        let names = CaseColumn.all.map(\.name)
        return """
            INSERT INTO cases (id, \(names.joined(separator: ", ")))
                SELECT * FROM unnest(\((1...names.count + 1).map { "$\($0)" }.joined(separator: ", ")))
            ON CONFLICT (id) DO UPDATE SET \(names.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """
    }()

    mutating func writeCases() {
        let rows = batch.cases
        guard !rows.isEmpty else { return }
        let columns = CaseColumn.all.map { column in
            switch column.type {
            case .text: Parameter.texts(rows.map { if case .text(let text) = $0[column] { text } else { nil } })
            case .integer: Parameter.integers(rows.map { if case .integer(let number) = $0[column] { number } else { nil } })
            }
        }
        add(BatchWriter.upsertCases, values: [.integers(rows.map(\.id.number))] + columns)
        guard !batch.onlyColumns else { return }
        let texts = rows.compactMap { row in row.texts.map { (id: row.id.number, texts: $0) } }
        if !texts.isEmpty {
            add(
                """
                INSERT INTO texts (case_id, title, applicant) SELECT * FROM unnest($1, $2, $3)
                ON CONFLICT (case_id) DO UPDATE SET title = excluded.title, applicant = excluded.applicant
                """, .integers(texts.map(\.id)), .bytes(texts.map(\.texts.title)), .bytes(texts.map(\.texts.applicant)))
        }
        let waiting = rows.filter { $0.nextDeadline != nil || $0.due != nil }
        if !waiting.isEmpty {
            add(
                """
                INSERT INTO deadlines (case_id, next_at, due_at) SELECT * FROM unnest($1, $2, $3)
                ON CONFLICT (case_id) DO UPDATE SET next_at = excluded.next_at, due_at = excluded.due_at
                """, .integers(waiting.map(\.id.number)), .integers(waiting.map { $0.nextDeadline?.milliseconds }),
                .integers(waiting.map { $0.due?.milliseconds }))
        }
        let resting = rows.filter { $0.nextDeadline == nil && $0.due == nil }
        if !resting.isEmpty { add("DELETE FROM deadlines WHERE case_id = ANY ($1)", .integers(resting.map(\.id.number))) }
    }

    /// - Parameter found: the last leaves of cases of which the batch has no event.
    mutating func writeFiles(_ found: [CaseID: MerkleHash]) {
        guard !batch.onlyColumns else { return }
        let files = batch.cases.compactMap { row in row.file.map { (id: row.id, bytes: $0) } }
        guard !files.isEmpty else { return }
        let leaves = Dictionary(batch.journal.lazy.filter { $0.revision > 0 }.map { ($0.id, $0.leaf) }) { $1 }.merging(found) { own, _ in
            own
        }
        add(
            """
            INSERT INTO files (case_id, file, sum) SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (case_id) DO UPDATE SET file = excluded.file, sum = excluded.sum
            """, .integers(files.map(\.id.number)), .bytes(files.map(\.bytes)),
            .bytes(files.map { FileSum.of($0.bytes, after: leaves[$0.id] ?? .empty) }))
    }
}
