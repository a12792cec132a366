-- 4: who may read; draws and inspections
-- A case's first event says who submitted it.
ALTER TABLE cases ADD COLUMN submitted_by TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN submitted_via TEXT;
ALTER TABLE cases ADD COLUMN inspected INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET (submitted_by, submitted_via) =
    (SELECT json_extract(CAST(f.file AS TEXT), '$.submitted_by'), json_extract(CAST(f.file AS TEXT), '$.submitted_via')
        FROM files f WHERE f.case_id = cases.id);
CREATE INDEX inspected_cases ON cases (id) WHERE inspected;
-- Days in UTC, counted from 1970.
CREATE TABLE journal_heads (day INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
INSERT INTO journal_heads SELECT at / 86400000, max(seq) FROM journal GROUP BY 1;
