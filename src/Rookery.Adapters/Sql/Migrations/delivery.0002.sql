-- How far each consumer of the in-process bus is: it goes on from here, whatever the others do.
CREATE TABLE consumer_positions (
    consumer        TEXT    NOT NULL PRIMARY KEY,
    applied_through INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
