-- What the ledger has seen of what is stored for its account.
CREATE TABLE sightings (only INTEGER PRIMARY KEY CHECK (only = 1), seen TEXT NOT NULL);
