-- 8: sums of open cases; keys of a principal
-- How many open cases there are of each kind: what is often asked is not counted anew. `due_hour` is the first full hour, from 1970, at which
-- the case is overdue; that of a case that waits for nothing never comes. No case of the kind has a lower number than `first_id`.
CREATE TABLE open_sums (
    matter TEXT NOT NULL, office TEXT NOT NULL, leader TEXT NOT NULL, commissioner TEXT NOT NULL, submitter TEXT NOT NULL,
    state TEXT NOT NULL, warned INTEGER NOT NULL, provisional INTEGER NOT NULL, due_hour INTEGER NOT NULL,
    count INTEGER NOT NULL, first_id INTEGER NOT NULL,
    PRIMARY KEY (matter, office, leader, commissioner, submitter, state, warned, provisional, due_hour)) STRICT, WITHOUT ROWID;
INSERT INTO open_sums
    SELECT matter, office, leader, commissioner, coalesce(submitted_via, submitted_by, ''), state, warned, provisional,
        coalesce((d.due_at + 3599999) / 3600000, 9007199254740992), count(*), min(id)
    FROM cases LEFT JOIN deadlines d ON d.case_id = id WHERE running AND closed_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
-- Those of a unix user are kept in `answers` as long as they count.
CREATE TABLE keys (
    principal TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, digest BLOB NOT NULL,
    case_id INTEGER NOT NULL, revision INTEGER NOT NULL, UNIQUE (principal, key)) STRICT;
