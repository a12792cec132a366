-- 3: supervision orders
ALTER TABLE cases ADD COLUMN ordered INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ordered_cases ON cases (id) WHERE ordered;
