-- Accounts: who there is, how they log in. An id carries its partition (bits 12-21), so id alone says where a row lives.
CREATE TABLE accounts (
    id            INTEGER NOT NULL PRIMARY KEY,
    username      TEXT    NOT NULL, -- as its owner writes it
    display_name  TEXT    NOT NULL,
    email         TEXT    NOT NULL, -- '' where none was given
    bio           TEXT    NOT NULL,
    password_hash TEXT    NOT NULL, -- '' until one is set
    state         INTEGER NOT NULL, -- 0 active, 1 suspended, 2 deleted
    version       INTEGER NOT NULL, -- grows with every change of what others see
    created_at    INTEGER NOT NULL  -- milliseconds since 1970
) STRICT;

-- A name stays taken for ever, also after its account is deleted: nobody inherits another's mentions.
CREATE TABLE usernames (
    folded   TEXT    NOT NULL PRIMARY KEY,
    skeleton TEXT    NOT NULL, -- 0 as o; 1, l and i alike: names that look the same are the same
    account  INTEGER NOT NULL REFERENCES accounts (id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX usernames_by_skeleton ON usernames (skeleton);

CREATE TABLE tokens (
    hash       BLOB    NOT NULL PRIMARY KEY, -- SHA-256 of the token; the token itself is nowhere
    account    INTEGER NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_account ON tokens (account);

-- Derived from events; recounted and repaired by `rookery verify --repair`.
CREATE TABLE account_counts (
    account   INTEGER NOT NULL PRIMARY KEY,
    posts     INTEGER NOT NULL,
    followers INTEGER NOT NULL,
    following INTEGER NOT NULL
) STRICT;
