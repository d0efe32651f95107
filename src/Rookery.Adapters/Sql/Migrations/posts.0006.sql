-- Of each author the posts with media, which few have among many: a page of them is one range, whatever else was posted.
CREATE INDEX posts_with_media ON posts (author, id, visibility) WHERE state = 0 AND media <> '';
