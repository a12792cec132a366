-- 7: texts that cases are found by
-- Folded, as a filter's text is. They are filled in when the store is opened: SQL cannot fold.
CREATE TABLE texts (case_id INTEGER PRIMARY KEY, title BLOB NOT NULL, applicant BLOB NOT NULL) STRICT;
