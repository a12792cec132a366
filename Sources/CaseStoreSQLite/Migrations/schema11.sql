-- 11: orders end with their cases
-- Cases that ended with an open order are looked at once more.
INSERT INTO deadlines (case_id, next_at, due_at) SELECT id, closed_at, NULL FROM cases WHERE ordered AND closed_at IS NOT NULL
    ON CONFLICT (case_id) DO UPDATE SET next_at = excluded.next_at;
