-- Requests are remembered when they are answered, and no more when they are made.
DROP TABLE requests;
CREATE TABLE used_requests (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;

-- The fingerprints of the keys that have signed somebody in.
CREATE TABLE signers (place INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE);
