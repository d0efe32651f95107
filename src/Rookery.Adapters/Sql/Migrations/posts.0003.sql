-- What stands on a post is in its row, so that no reader asks for it: '' for nothing, or a JSON array with an array for each medium: its id, its
-- blob's name, width, height, description, focus (x, y in thousandths) and blurhash, as they were when it was posted.
ALTER TABLE posts ADD COLUMN media TEXT NOT NULL DEFAULT '';

ALTER TABLE idempotency_keys ADD COLUMN media TEXT NOT NULL DEFAULT '';

-- A medium stands on one post. The row stays when that is deleted, as the post's own does: it was used.
CREATE TABLE attached (
    medium INTEGER NOT NULL PRIMARY KEY,
    post   INTEGER NOT NULL
) STRICT;
