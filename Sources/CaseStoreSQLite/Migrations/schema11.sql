-- 11: evidence
-- Rows of older versions have no leaf and no sum until the tree over the journal has been made.
ALTER TABLE journal ADD COLUMN leaf BLOB;
ALTER TABLE files ADD COLUMN sum BLOB;
-- What events say of persons, apart from the texts that the tree covers, so that it can be erased.
CREATE TABLE openings (seq INTEGER PRIMARY KEY, opening BLOB NOT NULL) STRICT;
-- Full tiles of the tree, and what stands for each on the level above.
CREATE TABLE tiles (
    level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL, root BLOB NOT NULL,
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
-- Where the journal goes on with a higher place than the one behind the last: how many are empty before it.
CREATE TABLE journal_gaps (seq INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, at INTEGER NOT NULL, note BLOB NOT NULL) STRICT;
