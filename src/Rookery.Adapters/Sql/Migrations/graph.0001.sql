-- Graph: who follows, blocks and mutes whom. Follows stand twice, by follower and by followee, so both ways are one range.
CREATE TABLE follows (
    follower   INTEGER NOT NULL,
    followee   INTEGER NOT NULL,
    created_at INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (follower, followee)
) STRICT, WITHOUT ROWID;

CREATE TABLE followers (
    followee INTEGER NOT NULL,
    follower INTEGER NOT NULL,
    PRIMARY KEY (followee, follower)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocks (
    blocker    INTEGER NOT NULL,
    blocked    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (blocker, blocked)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocked_by (
    blocked INTEGER NOT NULL,
    blocker INTEGER NOT NULL,
    PRIMARY KEY (blocked, blocker)
) STRICT, WITHOUT ROWID;

CREATE TABLE mutes (
    muter      INTEGER NOT NULL,
    muted      INTEGER NOT NULL,
    until      INTEGER NOT NULL, -- milliseconds since 1970; 0: for good
    created_at INTEGER NOT NULL,
    PRIMARY KEY (muter, muted)
) STRICT, WITHOUT ROWID;

CREATE INDEX mutes_by_muted ON mutes (muted);

-- Accounts that may no longer follow or be followed: the local no to the accounts service's older yes.
CREATE TABLE closed_members (
    account INTEGER NOT NULL PRIMARY KEY
) STRICT;
