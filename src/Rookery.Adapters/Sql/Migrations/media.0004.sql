-- Whose a file is, by the name in its address.
CREATE INDEX media_by_blob ON media (blob, owner);
