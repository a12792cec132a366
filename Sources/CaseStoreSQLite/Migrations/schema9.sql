-- 9: returns, and handling without pauses
ALTER TABLE rollups ADD COLUMN returns INTEGER NOT NULL DEFAULT 0;
CREATE TABLE net_handling (
    day INTEGER NOT NULL, matter TEXT NOT NULL, office TEXT NOT NULL, leader TEXT NOT NULL, commissioner TEXT NOT NULL,
    working_days INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (day, matter, office, leader, commissioner, working_days)) STRICT, WITHOUT ROWID;
-- Figures are counted anew from the journal when the store is opened: what was not counted is not taken for nothing.
DELETE FROM rollups;
DELETE FROM handling;
DELETE FROM settings WHERE name = 'figures';
