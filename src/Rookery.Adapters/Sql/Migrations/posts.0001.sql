-- Posts: the truth of every timeline. A post's id carries its author's partition.
CREATE TABLE authors (
    account INTEGER NOT NULL PRIMARY KEY,
    state   INTEGER NOT NULL, -- 0 open, 1 suspended, 2 deleted: the local no to the accounts service's older yes
    class   INTEGER NOT NULL  -- 0 pushed by fan-out, 1 merged at read; once merged, always merged
) STRICT;

CREATE TABLE posts (
    id              INTEGER NOT NULL PRIMARY KEY,
    author          INTEGER NOT NULL REFERENCES authors (account),
    kind            INTEGER NOT NULL, -- 0 post, 1 reply, 2 repost
    visibility      INTEGER NOT NULL, -- 0 public, 1 unlisted, 2 followers, 3 direct
    class           INTEGER NOT NULL, -- the author's, when the post was accepted
    state           INTEGER NOT NULL, -- 0 standing, 1 deleted: the row stays as a tombstone without its text
    text            TEXT    NOT NULL,
    parent          INTEGER NOT NULL, -- the post replied to; 0: none
    parent_author   INTEGER NOT NULL,
    original        INTEGER NOT NULL, -- the post reposted; 0: none
    original_author INTEGER NOT NULL
) STRICT;

-- Visibility stands in the index so that a timeline's ids are read without touching the rows.
CREATE INDEX posts_by_author ON posts (author, id, visibility) WHERE state = 0;
CREATE INDEX posts_by_parent ON posts (parent, id) WHERE parent <> 0 AND state = 0;
-- One standing repost of a post by an account.
CREATE UNIQUE INDEX posts_by_original ON posts (original, author) WHERE original <> 0 AND state = 0;

CREATE INDEX reposts_by_author ON posts (author, original) WHERE original <> 0 AND state = 0;

CREATE TABLE mentions (
    account    INTEGER NOT NULL,
    post       INTEGER NOT NULL,
    visibility INTEGER NOT NULL,
    PRIMARY KEY (account, post)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_post ON mentions (post);

CREATE TABLE hashtag_posts (
    hashtag TEXT    NOT NULL,
    post    INTEGER NOT NULL,
    PRIMARY KEY (hashtag, post)
) STRICT, WITHOUT ROWID;

CREATE INDEX hashtag_posts_by_post ON hashtag_posts (post);

CREATE TABLE likes (
    account INTEGER NOT NULL,
    post    INTEGER NOT NULL,
    PRIMARY KEY (account, post)
) STRICT, WITHOUT ROWID;

CREATE TABLE likers (
    post    INTEGER NOT NULL,
    account INTEGER NOT NULL,
    PRIMARY KEY (post, account)
) STRICT, WITHOUT ROWID;

-- Derived from events; recounted and repaired by `rookery verify --repair`.
CREATE TABLE post_counts (
    post    INTEGER NOT NULL PRIMARY KEY,
    likes   INTEGER NOT NULL,
    reposts INTEGER NOT NULL,
    replies INTEGER NOT NULL
) STRICT;

-- A key belongs to its account for 24 hours, with the request it stood for and the answer it got.
CREATE TABLE idempotency_keys (
    account      INTEGER NOT NULL,
    key          TEXT    NOT NULL,
    request_hash BLOB    NOT NULL,
    post         INTEGER NOT NULL,
    text         TEXT    NOT NULL, -- the accepted text: a repeat is answered alike even when the post is deleted meanwhile
    created_at   INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- What an import brought in, by the source's own id: importing again changes nothing.
CREATE TABLE imported_posts (
    source TEXT    NOT NULL,
    post   INTEGER NOT NULL,
    PRIMARY KEY (source)
) STRICT, WITHOUT ROWID;
