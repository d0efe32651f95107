-- Who wrote the post that mentions stands beside whom it mentions: what may be shown to a reader is found without looking at the posts of
-- strangers. It is there for posts that are not for everybody, which alone are looked up by it.
ALTER TABLE mentions ADD COLUMN author INTEGER NOT NULL DEFAULT 0;

UPDATE mentions SET author = coalesce((SELECT p.author FROM posts p WHERE p.id = mentions.post), 0) WHERE visibility >= 2;

CREATE INDEX guarded_mentions ON mentions (account, author, post, visibility) WHERE visibility >= 2;
