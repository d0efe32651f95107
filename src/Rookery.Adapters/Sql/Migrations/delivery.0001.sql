-- Delivery: every database has one outbox; events stand here in the transaction that caused them.
CREATE TABLE outbox (
    sequence   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    payload    BLOB    NOT NULL, -- UTF-8 JSON
    created_at INTEGER NOT NULL  -- milliseconds since 1970
) STRICT;

-- One writer commits in sequence order, so how far the relay is fits in a row.
CREATE TABLE relay_position (
    id                INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    published_through INTEGER NOT NULL
) STRICT;

INSERT INTO relay_position (id, published_through) VALUES (1, 0);

-- What a consumer has applied, in the transaction of its effect; kept as long as the outbox.
CREATE TABLE inbox (
    consumer TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (consumer, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
    consumer   TEXT    NOT NULL,
    sequence   INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    payload    BLOB    NOT NULL,
    attempts   INTEGER NOT NULL,
    error      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (consumer, sequence)
) STRICT, WITHOUT ROWID;
