-- Mail: what is to be sent, to whom and about what; what it says is written when it is sent. It stands where accounts do, so that what happens to an
-- account and its mail are one transaction.
CREATE TABLE mails (
    key        TEXT    NOT NULL PRIMARY KEY, -- whoever orders it again orders nothing
    kind       TEXT    NOT NULL,
    account    INTEGER NOT NULL, -- 0: found out when it is written
    parameters TEXT    NOT NULL, -- a JSON object of texts; erased when it is over
    state      INTEGER NOT NULL, -- 0 waiting, 1 sent, 2 given up, 3 dropped
    attempts   INTEGER NOT NULL,
    error      TEXT    NOT NULL, -- why it was not sent
    queued_at  INTEGER NOT NULL, -- milliseconds since 1970, as all times here
    due_at     INTEGER NOT NULL, -- later while somebody is sending it
    expires_at INTEGER NOT NULL, -- when it is no longer worth sending
    ended_at   INTEGER NOT NULL  -- 0: it is not over
) STRICT, WITHOUT ROWID;

CREATE INDEX mails_due ON mails (due_at, key) WHERE state = 0;
CREATE INDEX mails_over ON mails (ended_at) WHERE state <> 0;
CREATE INDEX mails_by_account ON mails (account, kind, queued_at);

-- Which mails an account does not want.
CREATE TABLE mail_choices (
    account  INTEGER NOT NULL PRIMARY KEY,
    unwanted TEXT    NOT NULL, -- kinds, with commas
    secret   BLOB    NOT NULL  -- signs the links that say so
) STRICT;
