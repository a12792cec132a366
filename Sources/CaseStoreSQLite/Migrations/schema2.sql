-- 2: changed rules under running cases
ALTER TABLE cases ADD COLUMN running INTEGER NOT NULL DEFAULT 1;
ALTER TABLE cases ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET running = closed_at IS NULL OR state IN ('granted', 'refused', 'not-accepted');
DROP INDEX open_cases;
-- Answers how many are open as well.
CREATE INDEX running_cases ON cases (matter, id, closed_at) WHERE running;
ALTER TABLE catalogs ADD COLUMN zones TEXT NOT NULL DEFAULT 'unknown';
