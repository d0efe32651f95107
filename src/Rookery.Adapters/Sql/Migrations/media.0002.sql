-- Accounts that were deleted: what of theirs is still arriving is not kept.
CREATE TABLE closed_media_owners (
    owner INTEGER NOT NULL PRIMARY KEY
) STRICT;
