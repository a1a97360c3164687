-- What is kept of what was done depends on what it was, who did it and when.
ALTER TABLE audit ADD COLUMN at INTEGER AS (json_extract(entry, '$.at'));
ALTER TABLE audit ADD COLUMN actor TEXT AS (json_extract(entry, '$.actor'));
ALTER TABLE audit ADD COLUMN list TEXT AS (
    CASE
        WHEN json_extract(entry, '$.action') = 'metadata.staged' THEN 'staging'
        WHEN json_extract(entry, '$.action') LIKE 'certificate.%' THEN 'expiry'
        ELSE 'changes'
    END
);
CREATE INDEX audit_of_list ON audit (list, place);
CREATE INDEX audit_of_actor ON audit (actor, place);
-- What the account's own people may do only so often.
CREATE TABLE turns (place INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX turns_of_kind ON turns (kind, at);
