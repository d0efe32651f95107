-- Pictures that accounts show of themselves: the medium that media knows, 0 for none, and the name of its blob, which is all that is needed to show it.
ALTER TABLE accounts ADD COLUMN avatar_medium INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN avatar TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN header_medium INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN header TEXT NOT NULL DEFAULT '';

-- A medium is shown once. The row stays when another takes its place: it was used.
CREATE TABLE account_pictures (
    medium  INTEGER NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL
) STRICT;
