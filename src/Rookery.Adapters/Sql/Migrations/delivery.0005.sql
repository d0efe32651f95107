-- Beside which outbox each capability's tables stand in this installation: a setting that names another database, or none, is found out by it.
CREATE TABLE capability_homes (
    capability TEXT NOT NULL PRIMARY KEY,
    outbox     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
