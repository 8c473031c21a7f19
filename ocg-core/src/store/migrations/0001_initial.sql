-- The first schema. Times are milliseconds since 1970.

-- One row per message that was taken over. Once settled, only what recognises it is kept.
CREATE TABLE turns (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint BLOB UNIQUE,
    channel     TEXT NOT NULL,
    account     TEXT NOT NULL,
    session     TEXT NOT NULL,
    message     TEXT,
    state       TEXT NOT NULL CHECK (state IN ('admitted', 'forwarded', 'settled')),
    outcome     TEXT,
    admitted_at INTEGER NOT NULL,
    settled_at  INTEGER
) STRICT;
CREATE INDEX turns_unfinished ON turns (id) WHERE state <> 'settled';
CREATE INDEX turns_settled ON turns (admitted_at) WHERE state = 'settled';

-- Replies that agents posted and that are not delivered yet.
CREATE TABLE replies (
    turn      INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    body      TEXT NOT NULL,
    delivered INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (turn, number)
) STRICT, WITHOUT ROWID;

-- Parts of replies that were sent or may have been.
CREATE TABLE parts (
    turn     INTEGER NOT NULL,
    reply    INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('attempted', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (turn, reply, part)
) STRICT, WITHOUT ROWID;

-- Callback tokens, hashed.
CREATE TABLE tokens (
    hash       BLOB PRIMARY KEY,
    turn       INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_turn ON tokens (turn);
CREATE INDEX tokens_expiry ON tokens (expires_at);

-- What was said in a session, for agents without a memory of their own.
CREATE TABLE exchanges (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    session   TEXT NOT NULL,
    user      TEXT NOT NULL,
    assistant TEXT NOT NULL,
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX exchanges_session ON exchanges (session, id);
CREATE INDEX exchanges_age ON exchanges (at);
