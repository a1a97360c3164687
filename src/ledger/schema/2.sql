-- An event that the queue will never take keeps no other from going.
ALTER TABLE outbox ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN is_aside INTEGER NOT NULL DEFAULT 0;
