-- Where an account is reached. What stood there before was never asked whether mail arrives.
ALTER TABLE accounts ADD COLUMN email_folded TEXT NOT NULL DEFAULT ''; -- lower case: what an address is found by
ALTER TABLE accounts ADD COLUMN email_confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN pending_email TEXT NOT NULL DEFAULT ''; -- takes its place when it is confirmed
ALTER TABLE accounts ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- of its mails

UPDATE accounts SET email_folded = lower(email) WHERE email <> '';

CREATE INDEX accounts_by_email ON accounts (email_folded) WHERE email_folded <> '';

-- Links in mails that do something without a log-in.
CREATE TABLE account_links (
    hash       BLOB    NOT NULL PRIMARY KEY, -- SHA-256 of what stands in the link, which is nowhere else
    kind       INTEGER NOT NULL, -- 0 confirms the address, 1 sets a password
    account    INTEGER NOT NULL,
    email      TEXT    NOT NULL, -- where it was sent to
    made_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL  -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

CREATE INDEX account_links_by_account ON account_links (account, kind);
CREATE INDEX account_links_by_end ON account_links (expires_at);
