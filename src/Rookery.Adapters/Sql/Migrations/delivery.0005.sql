-- Parts of the timeline store that fan-out did not wait for, with the events of this outbox that some of their timelines lack.
CREATE TABLE postponed_parts (
    part        TEXT    NOT NULL PRIMARY KEY,
    first_event INTEGER NOT NULL,
    last_event  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
