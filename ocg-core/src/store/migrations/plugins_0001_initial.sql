-- The first schema of plugins.sqlite. Times are milliseconds since 1970; values are JSON.

CREATE TABLE entries (
    revision   INTEGER PRIMARY KEY AUTOINCREMENT,
    plugin     TEXT NOT NULL,
    namespace  TEXT NOT NULL,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    UNIQUE (plugin, namespace, key)
) STRICT;
CREATE INDEX entries_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE ingress (
    sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
    channel         TEXT NOT NULL,
    account         TEXT NOT NULL,
    id              TEXT NOT NULL,
    state           TEXT NOT NULL
                    CHECK (state IN ('pending', 'claimed', 'completed', 'failed')),
    payload         TEXT NOT NULL,
    metadata        TEXT,
    lane            TEXT,
    received_at     INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    last_error      TEXT,
    claim_token     TEXT,
    claim_owner     TEXT,
    claimed_at      INTEGER,
    reason          TEXT,
    message         TEXT,
    UNIQUE (channel, account, id)
) STRICT;
CREATE INDEX ingress_state ON ingress (channel, account, state, received_at, sequence);
