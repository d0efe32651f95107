-- What a post warns of, which is shown in place of its text, and whether its media are shown to who wants to see them alone.
ALTER TABLE posts ADD COLUMN warning TEXT NOT NULL DEFAULT '';

ALTER TABLE posts ADD COLUMN sensitive INTEGER NOT NULL DEFAULT 0;

ALTER TABLE idempotency_keys ADD COLUMN warning TEXT NOT NULL DEFAULT '';

ALTER TABLE idempotency_keys ADD COLUMN sensitive INTEGER NOT NULL DEFAULT 0;
