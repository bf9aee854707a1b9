CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('technician', 'teacher', 'student', 'guest')),
    name TEXT NOT NULL CHECK (name <> ''),
    login TEXT UNIQUE CHECK (login <> ''),
    password TEXT CHECK (password <> ''),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sign_in_link (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_link_by_person ON sign_in_link (person);
CREATE INDEX sign_in_link_by_expiry ON sign_in_link (expires_at);

CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    transport TEXT NOT NULL CHECK (transport IN ('secure', 'plain')),
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX session_by_person ON session (person);
CREATE INDEX session_by_use ON session (used_at);

CREATE TABLE course (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (title <> ''),
    join_code TEXT NOT NULL UNIQUE CHECK (join_code <> ''),
    guest_policy TEXT NOT NULL CHECK (guest_policy IN ('welcome', 'ask', 'refuse')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('teacher', 'student', 'guest')),
    state TEXT NOT NULL CHECK (state IN ('active', 'removed')),
    joined_at INTEGER NOT NULL,
    removed_at INTEGER,
    removed_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    PRIMARY KEY (course, person),
    CHECK ((state = 'removed') = (removed_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX member_by_person ON member (person);
CREATE INDEX member_by_remover ON member (removed_by) WHERE removed_by IS NOT NULL;

CREATE TABLE meeting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (title <> ''),
    lobby TEXT NOT NULL CHECK (lobby IN ('off', 'guests', 'everyone')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX meeting_by_course ON meeting (course);

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    author INTEGER NOT NULL REFERENCES person (id),
    author_name TEXT NOT NULL,
    key TEXT NOT NULL CHECK (key <> ''),
    text TEXT,
    recipient INTEGER REFERENCES person (id),
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    deleted_by INTEGER REFERENCES person (id),
    UNIQUE (author, meeting, key),
    CHECK ((text IS NULL) = (deleted_at IS NOT NULL))
) STRICT;

CREATE INDEX message_by_meeting ON message (meeting, id);
CREATE INDEX message_by_recipient ON message (recipient) WHERE recipient IS NOT NULL;
CREATE INDEX message_by_deleter ON message (deleted_by) WHERE deleted_by IS NOT NULL;

CREATE TABLE setting (
    key TEXT PRIMARY KEY CHECK (key <> ''),
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
