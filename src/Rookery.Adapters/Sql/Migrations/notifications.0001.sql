-- Notifications: what happened that an account may want to know of. Each thing stands here once, for ever or until it is among the oldest.
CREATE TABLE notifications (
    id        INTEGER NOT NULL PRIMARY KEY,
    recipient INTEGER NOT NULL,
    kind      INTEGER NOT NULL, -- 0 follow, 1 mention, 2 reply, 3 repost, 4 like, 5 status
    actor     INTEGER NOT NULL, -- who did it
    post      INTEGER NOT NULL, -- which it is about; 0: none
    state     INTEGER NOT NULL, -- 0 stands, 1 what it tells of was taken back, 2 the recipient has dismissed it, 3 taken back before it was told
    as_of     INTEGER NOT NULL  -- the event that says so: of what is told of one thing the newest counts
) STRICT;

CREATE UNIQUE INDEX notifications_once ON notifications (recipient, kind, actor, post);
CREATE INDEX notifications_by_recipient ON notifications (recipient, id);
CREATE INDEX notifications_by_actor ON notifications (actor, recipient);
CREATE INDEX notifications_by_post ON notifications (post) WHERE post <> 0;

-- How many rows a recipient has at most: it is counted up only, and set right when the oldest are removed.
CREATE TABLE notified (
    account INTEGER NOT NULL PRIMARY KEY,
    held    INTEGER NOT NULL
) STRICT;

-- Nothing is told to them or of them any more: the local no to what comes late.
CREATE TABLE closed_notified (
    account INTEGER NOT NULL PRIMARY KEY
) STRICT;

-- Posts that were deleted in the last day: the local no to what was read before, and comes to be told behind it.
CREATE TABLE gone_notified (
    post INTEGER NOT NULL PRIMARY KEY,
    at   INTEGER NOT NULL -- milliseconds since 1970
) STRICT;

CREATE INDEX gone_notified_by_age ON gone_notified (at);

-- Whose new posts a follower wants to be told of.
CREATE TABLE bells (
    author INTEGER NOT NULL,
    reader INTEGER NOT NULL,
    as_of  INTEGER NOT NULL, -- the graph's newest event when it was rung: an end of the follow behind that ends it too
    PRIMARY KEY (author, reader)
) STRICT, WITHOUT ROWID;

CREATE INDEX bells_by_reader ON bells (reader, author);

-- How far an account has read, as its clients say.
CREATE TABLE markers (
    account   INTEGER NOT NULL,
    timeline  INTEGER NOT NULL, -- 0 home, 1 notifications
    last_read INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    at        INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (account, timeline)
) STRICT, WITHOUT ROWID;

-- Where an account wants to be told of what; what is not here is as it is for all.
CREATE TABLE notification_choices (
    account INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    channel INTEGER NOT NULL, -- 0 on the site and in apps
    is_on   INTEGER NOT NULL,
    PRIMARY KEY (account, kind, channel)
) STRICT, WITHOUT ROWID;
