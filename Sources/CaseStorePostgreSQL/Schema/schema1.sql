-- 1: cases, journal, tree, deadlines, keys, notices, figures, catalogs
-- Numbers are bigint, instants milliseconds from 1970, flags 0 or 1. Texts are their bytes in UTF-8: a text of PostgreSQL holds no U+0000.
-- The one row that whoever writes holds. Places are given out here and in no sequence, which would leave some out. That it is written proves
-- that all before it is where it has to be. Once the store has moved away (1), whoever waits for the row writes nothing more.
CREATE TABLE head (
    only_row bigint PRIMARY KEY DEFAULT 1 CHECK (only_row = 1), journal_seq bigint NOT NULL, notice_seq bigint NOT NULL,
    commits bigint NOT NULL, settled bigint NOT NULL, moved bigint NOT NULL DEFAULT 0);
INSERT INTO head (journal_seq, notice_seq, commits, settled) VALUES (0, 0, 0, 0);
-- Each commit by an id that the client made: whoever has lost a session finds out what became of it.
CREATE TABLE batches (id bytea PRIMARY KEY, place bigint GENERATED ALWAYS AS IDENTITY);
CREATE INDEX batches_by_place ON batches (place);
CREATE TABLE journal (
    seq bigint PRIMARY KEY,
    case_id bigint NOT NULL, revision bigint NOT NULL, at bigint NOT NULL, event bytea NOT NULL, leaf bytea NOT NULL,
    UNIQUE (case_id, revision));
CREATE TABLE journal_heads (day bigint PRIMARY KEY, seq bigint NOT NULL);
CREATE TABLE journal_gaps (seq bigint PRIMARY KEY, count bigint NOT NULL);
CREATE TABLE openings (seq bigint PRIMARY KEY, opening bytea NOT NULL);
CREATE TABLE tiles (level bigint, place bigint, hashes bytea NOT NULL, root bytea NOT NULL, PRIMARY KEY (level, place));
CREATE TABLE checkpoints (size bigint PRIMARY KEY, at bigint NOT NULL, note bytea NOT NULL);
-- Columns that are described in the sources come when tables are made.
CREATE TABLE cases (id bigint PRIMARY KEY);
CREATE TABLE files (case_id bigint PRIMARY KEY, file bytea NOT NULL, sum bytea);
CREATE TABLE texts (case_id bigint PRIMARY KEY, title bytea NOT NULL, applicant bytea NOT NULL);
CREATE TABLE deadlines (case_id bigint PRIMARY KEY, next_at bigint, due_at bigint);
CREATE INDEX deadlines_by_next ON deadlines (next_at, case_id) WHERE next_at IS NOT NULL;
CREATE INDEX deadlines_by_due ON deadlines (due_at, case_id) WHERE due_at IS NOT NULL;
CREATE TABLE open_sums (
    matter bytea, office bytea, leader bytea, commissioner bytea, submitter bytea, state bytea, warned bigint, provisional bigint,
    due_hour bigint, count bigint NOT NULL, first_id bigint NOT NULL,
    PRIMARY KEY (matter, office, leader, commissioner, submitter, state, warned, provisional, due_hour));
CREATE TABLE keys (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    principal bytea NOT NULL, key bytea NOT NULL, at bigint NOT NULL, digest bytea NOT NULL, case_id bigint NOT NULL,
    revision bigint NOT NULL, UNIQUE (principal, key));
-- Those of unix users, which a store that was moved here had from an older version.
CREATE TABLE answers (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid bigint NOT NULL, key bytea NOT NULL, at bigint NOT NULL, digest bytea NOT NULL, case_id bigint NOT NULL,
    revision bigint NOT NULL, UNIQUE (uid, key));
CREATE TABLE notices (
    seq bigint PRIMARY KEY,
    case_id bigint NOT NULL, revision bigint NOT NULL, at bigint NOT NULL, event bytea NOT NULL, addressee bytea NOT NULL,
    recipient bytea NOT NULL, taken_at bigint, taken_by bytea);
CREATE INDEX untaken_notices ON notices (recipient, seq) WHERE taken_at IS NULL;
CREATE INDEX taken_notices ON notices (taken_at, seq) WHERE taken_at IS NOT NULL;
CREATE TABLE handling (
    day bigint, matter bytea, office bytea, leader bytea, commissioner bytea, working_days bigint, count bigint NOT NULL,
    PRIMARY KEY (day, matter, office, leader, commissioner, working_days));
CREATE TABLE net_handling (
    day bigint, matter bytea, office bytea, leader bytea, commissioner bytea, working_days bigint, count bigint NOT NULL,
    PRIMARY KEY (day, matter, office, leader, commissioner, working_days));
CREATE TABLE rollups (
    day bigint, matter bytea, office bytea, leader bytea, commissioner bytea, PRIMARY KEY (day, matter, office, leader, commissioner));
CREATE TABLE catalogs (version bigint PRIMARY KEY, at bigint NOT NULL, by bytea NOT NULL, zones bytea NOT NULL);
-- A name can be longer than what an index takes: files stand in the order of their names.
CREATE TABLE catalog_files (
    version bigint, place bigint GENERATED ALWAYS AS IDENTITY, name bytea NOT NULL, text bytea NOT NULL, PRIMARY KEY (version, place));
CREATE TABLE settings (name bytea PRIMARY KEY, value bytea NOT NULL);
