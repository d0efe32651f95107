-- Sessions end: when they were last used, to the day. 0: not since this is kept, so only their age ends them.
ALTER TABLE tokens ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX tokens_by_use ON tokens (used_at);
CREATE INDEX tokens_by_age ON tokens (created_at);
