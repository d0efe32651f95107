-- How long a video lasts, in milliseconds; 0 for a picture. Beside it on a post's row a video has one value more than a picture: this one.
ALTER TABLE media ADD COLUMN duration INTEGER NOT NULL DEFAULT 0;
