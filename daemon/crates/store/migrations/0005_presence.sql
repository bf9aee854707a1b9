CREATE TABLE presence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    participant TEXT NOT NULL CHECK (participant <> ''),
    joined_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    ending TEXT CHECK (ending IN ('left', 'lost', 'removed', 'ended', 'stopped', 'cut')),
    CHECK (seen_at >= joined_at)
) STRICT;

CREATE INDEX presence_by_meeting ON presence (meeting, joined_at);
CREATE INDEX presence_by_person ON presence (person);
CREATE INDEX presence_by_time ON presence (joined_at);
CREATE INDEX presence_inside ON presence (ending, meeting, participant) WHERE ending IS NULL;
