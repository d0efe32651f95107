-- What an account may do beside what all may: 0 member, 1 moderator, 2 admin.
ALTER TABLE accounts ADD COLUMN role INTEGER NOT NULL DEFAULT 0;

CREATE INDEX accounts_with_role ON accounts (id) WHERE role <> 0;

-- What moderators and operators did. Rows are only ever added.
CREATE TABLE moderation_acts (
    id     INTEGER NOT NULL PRIMARY KEY,
    kind   INTEGER NOT NULL, -- 0 suspended, 1 restored, 2 role given, 3 report resolved
    actor  INTEGER NOT NULL, -- 0: an operator, on the command line
    about  INTEGER NOT NULL, -- an account; 0: none
    report INTEGER NOT NULL, -- 0: none
    detail TEXT    NOT NULL,
    reason TEXT    NOT NULL,
    at     INTEGER NOT NULL  -- milliseconds since 1970
) STRICT;

CREATE INDEX moderation_acts_by_account ON moderation_acts (about, id);

-- What members told moderators.
CREATE TABLE reports (
    id          INTEGER NOT NULL PRIMARY KEY,
    reporter    INTEGER NOT NULL,
    account     INTEGER NOT NULL, -- who is reported
    category    INTEGER NOT NULL, -- 0 other, 1 spam, 2 legal, 3 violation
    comment     TEXT    NOT NULL,
    posts       TEXT    NOT NULL, -- their ids, with commas
    created_at  INTEGER NOT NULL, -- milliseconds since 1970
    resolved_at INTEGER NOT NULL, -- 0: open
    resolver    INTEGER NOT NULL,
    note        TEXT    NOT NULL
) STRICT;

CREATE INDEX reports_open ON reports (id) WHERE resolved_at = 0;
CREATE INDEX reports_resolved ON reports (id) WHERE resolved_at <> 0;
CREATE INDEX reports_by_account ON reports (account, id);
CREATE INDEX reports_by_reporter ON reports (reporter, account, id);
