-- Whether the account wants to be asked before it is followed.
ALTER TABLE accounts ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
