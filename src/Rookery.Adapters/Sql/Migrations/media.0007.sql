-- A still picture of a video: the name of its blob, '' where there is none. It comes and goes with its video, and its bytes are counted in the same row. Beside it on a post's row
-- a video has one value more: this one.
ALTER TABLE media ADD COLUMN preview TEXT NOT NULL DEFAULT '';

CREATE INDEX media_by_preview ON media (preview) WHERE preview <> '';
