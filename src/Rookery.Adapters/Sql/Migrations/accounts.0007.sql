-- What the account's posts have where nobody says anything else: for whom they are, as posts count it, and whether their media are shown to who wants to see them alone.
ALTER TABLE accounts ADD COLUMN default_visibility INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN default_sensitive INTEGER NOT NULL DEFAULT 0;
