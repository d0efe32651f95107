-- What it was uploaded for: 0 to be posted, 1 to be shown of its owner. Neither takes the other's.
ALTER TABLE media ADD COLUMN purpose INTEGER NOT NULL DEFAULT 0;
