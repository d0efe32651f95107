-- Mails that tell of notifications: of each form at most one for a reader, until it is sent.
CREATE TABLE notification_mails (
    account INTEGER NOT NULL,
    form    INTEGER NOT NULL, -- 0 at once, 1 digest
    first   INTEGER NOT NULL, -- the first notification that it tells of
    through INTEGER NOT NULL, -- the last one, while it is being sent; 0: whatever there is
    period  TEXT    NOT NULL, -- of a digest that is planned
    stage   INTEGER NOT NULL, -- 0 raised, 1 planned, 2 ordered
    due_at  INTEGER NOT NULL, -- when something is to be done about it; milliseconds since 1970
    PRIMARY KEY (account, form)
) STRICT, WITHOUT ROWID;

CREATE INDEX notification_mails_due ON notification_mails (due_at);

-- The digests that were ordered: one for a reader and a period.
CREATE TABLE digests (
    account INTEGER NOT NULL,
    period  TEXT    NOT NULL, -- a day, or a week
    at      INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (account, period)
) STRICT, WITHOUT ROWID;

-- When readers want to hear of something; who is not here has said nothing.
CREATE TABLE reader_hours (
    account     INTEGER NOT NULL PRIMARY KEY,
    zone        TEXT    NOT NULL, -- as IANA calls it; empty: none was chosen
    quiet_from  INTEGER NOT NULL, -- minutes of the day
    quiet_to    INTEGER NOT NULL, -- the same: there are no quiet hours
    digest_day  INTEGER NOT NULL, -- 0 Sunday to 6 Saturday; -1: every day
    digest_hour INTEGER NOT NULL
) STRICT;
