-- What teachers have to say to a whole course, and how far each member has read.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (title <> ''),
    text TEXT CHECK (text <> ''),
    author INTEGER REFERENCES person (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER
) STRICT;

CREATE INDEX notice_by_course ON notice (course, id);
CREATE INDEX notice_by_author ON notice (author) WHERE author IS NOT NULL;

CREATE TABLE notice_read (
    course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    notice INTEGER NOT NULL,
    PRIMARY KEY (course, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_read_by_person ON notice_read (person);
