CREATE TABLE load_epoch (
    id INTEGER PRIMARY KEY,
    zero_at INTEGER NOT NULL,
    kept_until INTEGER NOT NULL,
    rolled_until INTEGER NOT NULL
) STRICT;

CREATE INDEX load_epoch_by_time ON load_epoch (zero_at);

CREATE TABLE load_block (
    id INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL REFERENCES load_epoch (id),
    step_ms INTEGER NOT NULL CHECK (step_ms IN (60000, 3600000)),
    first INTEGER NOT NULL,
    steps INTEGER NOT NULL CHECK (steps > 0),
    total INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (epoch, step_ms, first)
) STRICT;

CREATE INDEX load_block_by_total ON load_block (step_ms, total);
