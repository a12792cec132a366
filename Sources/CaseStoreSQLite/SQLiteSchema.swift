import GRDB

/// The tables of the store, one migration after the other. What is stored stays readable: migrations are only added, and none of them asks
/// what the code says today.
enum SQLiteSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: cases, journal, deadlines, answers, notices, catalogs") { db in
            // Text from outside is only ever bound. `file` and `event` are JSON bytes of one form.
            try db.execute(
                sql: """
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
                    """)
        }
        migrator.registerMigration("2: changed rules under running cases") { db in
            try db.execute(
                sql: """
                    ALTER TABLE cases ADD COLUMN running INTEGER NOT NULL DEFAULT 1;
                    ALTER TABLE cases ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;
                    UPDATE cases SET running = closed_at IS NULL OR state IN ('granted', 'refused', 'not-accepted');
                    DROP INDEX open_cases;
                    -- Answers how many are open as well.
                    CREATE INDEX running_cases ON cases (matter, id, closed_at) WHERE running;
                    ALTER TABLE catalogs ADD COLUMN zones TEXT NOT NULL DEFAULT 'unknown';
                    """)
        }
        migrator.registerMigration("3: supervision orders") { db in
            try db.execute(
                sql: """
                    ALTER TABLE cases ADD COLUMN ordered INTEGER NOT NULL DEFAULT 0;
                    CREATE INDEX ordered_cases ON cases (id) WHERE ordered;
                    """)
        }
        migrator.registerMigration("4: who may read; draws and inspections") { db in
            // A case's first event says who submitted it.
            try db.execute(
                sql: """
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
                    """)
        }
        migrator.registerMigration("5: figures for reports") { db in
            // A row for each day (from 1970, in the zone of the matter's calendar) on which something was counted.
            try db.execute(
                sql: """
                    CREATE TABLE rollups (
                        day INTEGER NOT NULL, matter TEXT NOT NULL, office TEXT NOT NULL, leader TEXT NOT NULL, commissioner TEXT NOT NULL,
                        received INTEGER NOT NULL, granted INTEGER NOT NULL, refused INTEGER NOT NULL, deemed_granted INTEGER NOT NULL,
                        closed_otherwise INTEGER NOT NULL, in_time INTEGER NOT NULL, promise_missed INTEGER NOT NULL, late INTEGER NOT NULL,
                        pauses INTEGER NOT NULL, extensions INTEGER NOT NULL, corrections INTEGER NOT NULL,
                        pauses_near_breach INTEGER NOT NULL, same_day_pauses INTEGER NOT NULL, repeated_corrections INTEGER NOT NULL,
                        last_moment_decisions INTEGER NOT NULL, PRIMARY KEY (day, matter, office, leader, commissioner)) STRICT, WITHOUT ROWID;
                    CREATE TABLE handling (
                        day INTEGER NOT NULL, matter TEXT NOT NULL, office TEXT NOT NULL, leader TEXT NOT NULL, commissioner TEXT NOT NULL,
                        working_days INTEGER NOT NULL, count INTEGER NOT NULL,
                        PRIMARY KEY (day, matter, office, leader, commissioner, working_days)) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("6: answers are made again from the journal") { db in
            // Every answer was the object of a case as of a revision.
            try db.execute(
                sql: """
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
                    """)
        }
        return migrator
    }
}
