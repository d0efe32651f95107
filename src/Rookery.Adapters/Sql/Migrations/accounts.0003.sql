-- Whether strangers may find the account's public posts by searching: 1 unless its owner says 0.
ALTER TABLE accounts ADD COLUMN indexable INTEGER NOT NULL DEFAULT 1;
