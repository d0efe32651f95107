-- Who has asked to follow whom and was not answered yet: what locked accounts decide on.
CREATE TABLE follow_requests (
    followee   INTEGER NOT NULL,
    follower   INTEGER NOT NULL,
    created_at INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (followee, follower)
) STRICT, WITHOUT ROWID;

CREATE INDEX follow_requests_by_follower ON follow_requests (follower);
