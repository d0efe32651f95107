-- Where accounts want pushes: a browser or an app, for each session of theirs at most one.
CREATE TABLE push_subscriptions (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account     INTEGER NOT NULL,
    session     TEXT    NOT NULL, -- the hash of the token that it ends with
    endpoint    TEXT    NOT NULL,
    p256dh      BLOB    NOT NULL, -- a point of P-256
    auth        BLOB    NOT NULL,
    is_standard INTEGER NOT NULL, -- 1 RFC 8291, 0 its draft
    alerts      TEXT    NOT NULL, -- names, each between commas
    policy      INTEGER NOT NULL, -- 0 of everybody, 1 of whom the account follows, 2 of its followers, 3 of nobody
    token       BLOB    NOT NULL, -- sealed with a key that is not in the database; empty for the site's own
    language    TEXT    NOT NULL,
    device      TEXT    NOT NULL,
    made_at     INTEGER NOT NULL, -- milliseconds since 1970, as all times here
    due_at      INTEGER NOT NULL, -- when something is sent; later while somebody is sending; 0: nothing waits
    claims      INTEGER NOT NULL, -- how often somebody began to send: the last one settles
    failures    INTEGER NOT NULL, -- since the last that arrived
    sent_at     INTEGER NOT NULL, -- 0: never
    failed_at   INTEGER NOT NULL, -- 0: never
    failure     TEXT    NOT NULL  -- why
) STRICT;

CREATE UNIQUE INDEX push_subscriptions_session ON push_subscriptions (session);
CREATE INDEX push_subscriptions_account ON push_subscriptions (account);
CREATE INDEX push_subscriptions_due ON push_subscriptions (due_at, id) WHERE due_at <> 0;

-- What waits to be sent there. It is written when it is sent.
CREATE TABLE pushes (
    subscription INTEGER NOT NULL,
    notification INTEGER NOT NULL, -- 0: a test that its owner asked for
    queued_at    INTEGER NOT NULL,
    PRIMARY KEY (subscription, notification)
) STRICT, WITHOUT ROWID;

-- What this server proves with that it is the one that was subscribed to.
CREATE TABLE push_keys (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- there is one
    pair    BLOB    NOT NULL, -- PKCS#8
    made_at INTEGER NOT NULL
) STRICT;
