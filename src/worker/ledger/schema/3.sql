-- Requests are remembered when they are answered, and no more when they are made.
DROP TABLE requests;
CREATE TABLE used_requests (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
