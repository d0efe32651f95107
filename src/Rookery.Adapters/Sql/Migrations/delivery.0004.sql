-- Which outbox this is, among all that may ever use one broker: sequences of different ones mean different events. Written at its first use.
ALTER TABLE relay_position ADD COLUMN outbox TEXT NOT NULL DEFAULT '';
