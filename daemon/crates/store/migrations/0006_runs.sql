CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name <> ''),
    meeting INTEGER REFERENCES meeting (id) ON DELETE SET NULL,
    meeting_title TEXT NOT NULL,
    started_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    machine TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    length_ms INTEGER NOT NULL CHECK (length_ms >= 0),
    ending TEXT CHECK (ending IN ('stopped', 'full', 'interrupted'))
) STRICT;

CREATE INDEX run_by_meeting ON run (meeting) WHERE meeting IS NOT NULL;
CREATE INDEX run_by_starter ON run (started_by) WHERE started_by IS NOT NULL;
CREATE INDEX run_open ON run (ending) WHERE ending IS NULL;

CREATE TABLE run_second (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
    users INTEGER NOT NULL CHECK (users >= 0),
    daemon_cpu_permille REAL,
    daemon_pss_bytes INTEGER,
    machine_cpu_permille REAL,
    machine_used_bytes INTEGER,
    PRIMARY KEY (run, at_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_mark (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    name TEXT NOT NULL,
    person INTEGER NOT NULL,
    users INTEGER NOT NULL CHECK (users >= 0),
    PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
