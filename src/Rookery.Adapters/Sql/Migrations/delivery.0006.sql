-- Parts of the timeline store that fan-out did not wait for, with the events that some of their timelines lack: of which outbox, '' where there is one.
CREATE TABLE postponed_parts (
    outbox      TEXT    NOT NULL,
    part        TEXT    NOT NULL,
    first_event INTEGER NOT NULL,
    last_event  INTEGER NOT NULL,
    PRIMARY KEY (outbox, part)
) STRICT, WITHOUT ROWID;
