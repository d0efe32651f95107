-- Media: who uploaded what. A row stands before its blob does and goes after it. An id carries its owner's partition and when it was uploaded.
CREATE TABLE media (
    id          INTEGER NOT NULL PRIMARY KEY,
    owner       INTEGER NOT NULL,
    state       INTEGER NOT NULL, -- 0 its blob is being stored, 1 stored, 2 given up: to be removed
    blob        TEXT    NOT NULL, -- its name in the blob store
    bytes       INTEGER NOT NULL,
    width       INTEGER NOT NULL, -- in pixels
    height      INTEGER NOT NULL,
    description TEXT    NOT NULL, -- '' where nothing was said
    focus_x     INTEGER NOT NULL, -- thousandths from the centre
    focus_y     INTEGER NOT NULL
) STRICT;

CREATE INDEX media_by_owner ON media (owner, state, bytes);
CREATE INDEX media_given_up ON media (id) WHERE state = 2;
