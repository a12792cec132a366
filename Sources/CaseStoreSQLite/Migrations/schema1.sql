-- 1: cases, journal, deadlines, answers, notices, catalogs
-- Text from outside is only ever bound. `file` and `event` are JSON bytes of one form.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, event BLOB NOT NULL,
    UNIQUE (case_id, revision)) STRICT;
CREATE TABLE cases (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL, matter TEXT NOT NULL, office TEXT NOT NULL, leader TEXT NOT NULL,
    commissioner TEXT NOT NULL, handler TEXT, applicant TEXT NOT NULL,
    submitted_at INTEGER NOT NULL, closed_at INTEGER, suspended INTEGER NOT NULL, warned INTEGER NOT NULL,
    timeliness TEXT) STRICT;
CREATE INDEX open_cases ON cases (matter, id) WHERE closed_at IS NULL;
-- Apart from the columns, so that lists and sums read little.
CREATE TABLE files (case_id INTEGER PRIMARY KEY, file BLOB NOT NULL) STRICT;
-- A case without a row here waits for nothing. Both columns are ends of days for most clocks, so that
-- their indexes grow at the end.
CREATE TABLE deadlines (case_id INTEGER PRIMARY KEY, next_at INTEGER, due_at INTEGER) STRICT;
CREATE INDEX deadlines_by_next ON deadlines (next_at, case_id) WHERE next_at IS NOT NULL;
CREATE INDEX deadlines_by_due ON deadlines (due_at, case_id) WHERE due_at IS NOT NULL;
CREATE TABLE answers (
    uid INTEGER NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, digest BLOB NOT NULL, result BLOB NOT NULL,
    UNIQUE (uid, key)) STRICT;
CREATE TABLE notices (
    seq INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL,
    addressee TEXT NOT NULL, recipient TEXT NOT NULL) STRICT;
CREATE TABLE catalogs (version INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL) STRICT;
CREATE TABLE catalog_files (
    version INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (version, name)) STRICT;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
