-- Idempotency keys of send requests, hashed, and what these were answered with.
CREATE TABLE sends (
    key    BLOB PRIMARY KEY,
    body   BLOB NOT NULL,
    status INTEGER,
    answer TEXT,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sends_age ON sends (at);
