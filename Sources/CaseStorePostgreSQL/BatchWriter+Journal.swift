import CaseCore
import CaseStore
import Evidence

// The journal and its tree.

extension BatchWriter {
    mutating func writeJournal() {
        guard let last = batch.journal.last else { return }
        let first = 1 + max(batch.journalFloor, head.journalSeq)
        let empty = first - 1 - head.journalSeq
        head.journalSeq = first - 1 + Int64(batch.journal.count)
        add(
            "INSERT INTO journal (seq, case_id, revision, at, event, leaf) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
            .integers(Array(first...head.journalSeq)), .integers(batch.journal.map(\.id.number)),
            .integers(batch.journal.map { Int64($0.revision) }), .integers(batch.journal.map(\.at.milliseconds)),
            .bytes(batch.journal.map(\.event.text)), .bytes(batch.journal.map(\.leaf.bytes)))
        if empty > 0 { add("INSERT INTO journal_gaps (seq, count) VALUES ($1, $2)", .integer(first), .integer(empty)) }
        let openings = batch.journal.enumerated().compactMap { number, row in
            row.event.opening.map { (seq: first + Int64(number), bytes: $0.bytes) }
        }
        if !openings.isEmpty {
            add(
                "INSERT INTO openings (seq, opening) SELECT * FROM unnest($1, $2)", .integers(openings.map(\.seq)),
                .bytes(openings.map(\.bytes)))
        }
        add(
            "INSERT INTO journal_heads (day, seq) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET seq = excluded.seq",
            .integer(JournalHead.day(of: last.at)), .integer(head.journalSeq))
        if !batch.tiles.isEmpty {
            add(
                """
                INSERT INTO tiles (level, place, hashes, root) SELECT * FROM unnest($1, $2, $3, $4)
                ON CONFLICT (level, place) DO UPDATE SET hashes = excluded.hashes, root = excluded.root
                """, .integers(batch.tiles.map { Int64($0.level) }), .integers(batch.tiles.map(\.index)),
                .bytes(batch.tiles.map { Tile.bytes($0.hashes) }), .bytes(batch.tiles.map(\.root.bytes)))
        }
    }

    mutating func writeCheckpoint() {
        if let row = batch.checkpoint {
            add(
                """
                INSERT INTO checkpoints (size, at, note) VALUES ($1, $2, $3)
                ON CONFLICT (size) DO UPDATE SET at = excluded.at, note = excluded.note
                """, .integer(row.size), .integer(row.at.milliseconds), .bytes(row.note))
        }
        if let instant = batch.thinnedCheckpoints {
            add(
                """
                DELETE FROM checkpoints
                WHERE at < $1 AND size NOT IN (SELECT max(size) FROM checkpoints WHERE at < $1 GROUP BY at / 3600000)
                """, .integer(instant.milliseconds))
        }
    }
}
