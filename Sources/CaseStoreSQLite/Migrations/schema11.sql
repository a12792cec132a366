-- 11: evidence
-- What the tree over the journal has of each row, and what tells a changed snapshot from the one that was written.
ALTER TABLE journal ADD COLUMN leaf BLOB;
UPDATE journal SET leaf = leaf_of(event);
ALTER TABLE files ADD COLUMN sum BLOB;
UPDATE files SET sum = sum_of(file, (SELECT leaf FROM journal WHERE case_id = files.case_id ORDER BY revision DESC LIMIT 1));
-- What events say of persons, apart from the texts that the tree covers, so that it can be erased.
CREATE TABLE openings (seq INTEGER PRIMARY KEY, opening BLOB NOT NULL) STRICT;
-- Full tiles of the tree, and what stands for each on the level above.
CREATE TABLE tiles (
    level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL, root BLOB NOT NULL,
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
-- Where the journal goes on with a higher place than the one behind the last: how many are empty before it.
CREATE TABLE journal_gaps (seq INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
INSERT INTO journal_gaps SELECT seq, seq - before - 1 FROM (SELECT seq, coalesce(lag(seq) OVER (ORDER BY seq), 0) AS before FROM journal)
    WHERE seq > before + 1;
-- What was signed of the tree: notes, by the size of the tree. The instants are in milliseconds.
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, at INTEGER NOT NULL, note BLOB NOT NULL) STRICT;
