-- 5: figures for reports
-- A row for each day (from 1970, in the zone of the matter's calendar) on which something was counted.
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
