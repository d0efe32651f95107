-- As of which version of the account's row the state was told: what comes later and is older counts no more.
ALTER TABLE authors ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
