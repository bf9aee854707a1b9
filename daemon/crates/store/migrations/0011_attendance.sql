-- Who was at a meeting: as teachers marked it, and as the rows of presence told before they went.
CREATE TABLE lesson (
    meeting INTEGER PRIMARY KEY REFERENCES meeting (id) ON DELETE CASCADE,
    began_at INTEGER,
    ended_at INTEGER NOT NULL,
    presence INTEGER NOT NULL
) STRICT;

CREATE TABLE stay (
    meeting INTEGER NOT NULL REFERENCES lesson (meeting) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    present_ms INTEGER NOT NULL CHECK (present_ms >= 0),
    PRIMARY KEY (meeting, person),
    CHECK (last_at >= first_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX stay_by_person ON stay (person);

CREATE TABLE attendance (
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id),
    mark TEXT NOT NULL CHECK (mark IN ('present', 'late', 'excused', 'sick', 'absent')),
    marked_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    marked_at INTEGER NOT NULL,
    PRIMARY KEY (meeting, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX attendance_by_person ON attendance (person);
CREATE INDEX attendance_by_marker ON attendance (marked_by) WHERE marked_by IS NOT NULL;
CREATE INDEX attendance_by_time ON attendance (marked_at);
