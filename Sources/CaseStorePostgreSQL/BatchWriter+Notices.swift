import CaseCore
import CaseStore

// First answers, and notices; and what of both is forgotten or erased.

extension BatchWriter {
    mutating func writeAnswers() {
        guard !batch.answers.isEmpty else { return }
        // In the order of their time, so that the oldest go first.
        add(
            """
            INSERT INTO keys (principal, key, at, digest, case_id, revision)
                SELECT principal, key, at, digest, case_id, revision
                FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS a (principal, key, at, digest, case_id, revision, number)
                ORDER BY number
            """, .texts(batch.answers.map(\.key.principal)), .texts(batch.answers.map(\.key.key)),
            .integers(batch.answers.map(\.at.milliseconds)), .bytes(batch.answers.map(\.answer.digest)),
            .integers(batch.answers.map(\.answer.id.number)), .integers(batch.answers.map { Int64($0.answer.revision) }))
    }

    mutating func writeNotices() {
        let rows = batch.notices
        guard !rows.isEmpty else { return }
        let first = 1 + max(batch.noticeFloor, head.noticeSeq)
        head.noticeSeq = first - 1 + Int64(rows.count)
        add(
            """
            INSERT INTO notices (seq, case_id, revision, at, event, addressee, recipient) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            """, .integers(Array(first...head.noticeSeq)), .integers(rows.map(\.id.number)), .integers(rows.map { Int64($0.revision) }),
            .integers(rows.map(\.at.milliseconds)), .texts(rows.map(\.event)), .texts(rows.map(\.notice.addressee.rawValue)),
            .texts(rows.map(\.notice.recipient)))
    }

    mutating func forget() {
        if let oldest = batch.forgottenAnswers {
            for table in ["keys", "answers"] {
                add(
                    "DELETE FROM \(table) WHERE place IN (SELECT place FROM \(table) ORDER BY place LIMIT $1) AND at < $2",
                    .integer(Int64(oldest.limit)), .integer(oldest.before.milliseconds))
            }
        }
        if !batch.takenNotices.isEmpty {
            let taken = Array(batch.takenNotices)
            add(
                """
                UPDATE notices n SET taken_at = t.at, taken_by = t.by FROM unnest($1, $2, $3) AS t (seq, at, by)
                WHERE n.seq = t.seq AND n.taken_at IS NULL
                """, .integers(taken.map(\.key)), .integers(taken.map(\.value.at.milliseconds)), .texts(taken.map(\.value.by)))
        }
        // The last one stays: the next has a higher place, so that nobody who follows them misses one.
        if let oldest = batch.forgottenNotices {
            add(
                """
                DELETE FROM notices WHERE seq IN (SELECT seq FROM notices WHERE taken_at IS NULL ORDER BY seq LIMIT $1) AND at < $2
                    AND seq < (SELECT max(seq) FROM notices)
                """, .integer(Int64(oldest.limit)), .integer(oldest.before.milliseconds))
        }
        if let oldest = batch.forgottenTakenNotices {
            add(
                """
                DELETE FROM notices WHERE seq IN (SELECT seq FROM notices WHERE taken_at < $2 ORDER BY taken_at, seq LIMIT $1)
                    AND seq < (SELECT max(seq) FROM notices)
                """, .integer(Int64(oldest.limit)), .integer(oldest.before.milliseconds))
        }
    }

    /// Texts and columns of the case come with its row.
    mutating func write(_ erasure: PersonalErasure) {
        let openings = Array(erasure.openings)
        if !openings.isEmpty {
            add(
                "UPDATE openings o SET opening = e.opening FROM unnest($1, $2) AS e (seq, opening) WHERE o.seq = e.seq",
                .integers(openings.map(\.key)), .bytes(openings.map(\.value.bytes)))
        }
        for table in ["keys", "answers"] {
            add(
                "DELETE FROM \(table) WHERE case_id = $1 AND revision < $2", .integer(erasure.id.number),
                .integer(Int64(erasure.revision)))
        }
        add(
            "UPDATE notices SET recipient = $1 WHERE case_id = $2 AND addressee = $3", .text(Erased.text), .integer(erasure.id.number),
            .text(Addressee.applicant.rawValue))
    }
}
