-- A consumer whose events come through a broker reads the queue of this number; a queue that was lost is followed by the next one.
ALTER TABLE consumer_positions ADD COLUMN queue INTEGER NOT NULL DEFAULT 0;

-- What a consumer has applied beyond its position: events after and up to, as they came, which may be in any order. None touches another.
CREATE TABLE applied_stretches (
    consumer     TEXT    NOT NULL,
    starts_after INTEGER NOT NULL,
    through      INTEGER NOT NULL,
    PRIMARY KEY (consumer, starts_after)
) STRICT, WITHOUT ROWID;
