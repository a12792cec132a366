-- 10: notices that were taken
-- When somebody said that they had taken it, and who; both null before that.
ALTER TABLE notices ADD COLUMN taken_at INTEGER;
ALTER TABLE notices ADD COLUMN taken_by TEXT;
CREATE INDEX untaken_notices ON notices (recipient, seq) WHERE taken_at IS NULL;
CREATE INDEX taken_notices ON notices (taken_at, seq) WHERE taken_at IS NOT NULL;
