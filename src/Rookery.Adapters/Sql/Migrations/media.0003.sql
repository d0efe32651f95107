-- State 3: on a post, for good. What was held for one is changed or removed only when the hold has ended and no post has it.
ALTER TABLE media ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0; -- milliseconds since 1970; 0: no post ever named it

ALTER TABLE media ADD COLUMN blurhash TEXT NOT NULL DEFAULT ''; -- '' where nothing was said

CREATE INDEX media_untaken ON media (id) WHERE state < 2;
