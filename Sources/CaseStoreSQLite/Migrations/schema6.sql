-- 6: answers are made again from the journal
-- Every answer was the object of a case as of a revision.
CREATE TABLE answers_by_place (
    uid INTEGER NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, digest BLOB NOT NULL,
    case_id INTEGER NOT NULL, revision INTEGER NOT NULL, UNIQUE (uid, key)) STRICT;
INSERT INTO answers_by_place SELECT uid, key, at, digest,
    CAST(substr(json_extract(CAST(result AS TEXT), '$.case'), 3) AS INTEGER),
    json_extract(CAST(result AS TEXT), '$.revision') FROM answers
    WHERE CASE WHEN json_valid(CAST(result AS TEXT))
        THEN json_extract(CAST(result AS TEXT), '$.case') LIKE 'C-%' AND json_extract(CAST(result AS TEXT), '$.revision') > 0
        ELSE 0 END
    ORDER BY rowid;
DROP TABLE answers;
ALTER TABLE answers_by_place RENAME TO answers;
