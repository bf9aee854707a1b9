-- Meetings have assignments, students hand in text and files, teachers give scores. An upload may
-- become a file of either.
CREATE TABLE assignment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (title <> ''),
    text TEXT CHECK (text <> ''),
    due_at INTEGER,
    late TEXT NOT NULL CHECK (late IN ('accept', 'refuse')),
    points INTEGER NOT NULL CHECK (points > 0),
    created_at INTEGER NOT NULL,
    published_at INTEGER
) STRICT;

CREATE INDEX assignment_by_meeting ON assignment (meeting);

CREATE TABLE assignment_file (
    file INTEGER PRIMARY KEY REFERENCES file (id),
    assignment INTEGER NOT NULL REFERENCES assignment (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX assignment_file_by_assignment ON assignment_file (assignment);

CREATE TRIGGER assignment_file_takes_its_file AFTER DELETE ON assignment_file BEGIN
    DELETE FROM file WHERE id = OLD.file;
END;

CREATE TABLE submission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    assignment INTEGER NOT NULL REFERENCES assignment (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id),
    text TEXT CHECK (text <> ''),
    received_at INTEGER,
    score INTEGER CHECK (score >= 0),
    comment TEXT CHECK (comment <> ''),
    graded_at INTEGER,
    returned_at INTEGER,
    reopened_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (assignment, person)
) STRICT;

CREATE INDEX submission_by_person ON submission (person, assignment);
CREATE INDEX submission_by_time ON submission (received_at) WHERE received_at IS NOT NULL;

CREATE TABLE submission_file (
    file INTEGER PRIMARY KEY REFERENCES file (id),
    submission INTEGER NOT NULL REFERENCES submission (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX submission_file_by_submission ON submission_file (submission);

CREATE TRIGGER submission_file_takes_its_file AFTER DELETE ON submission_file BEGIN
    DELETE FROM file WHERE id = OLD.file;
END;

ALTER TABLE upload ADD COLUMN assignment INTEGER REFERENCES assignment (id) ON DELETE CASCADE;
ALTER TABLE upload ADD COLUMN file INTEGER REFERENCES file (id) ON DELETE CASCADE;

CREATE INDEX upload_by_assignment ON upload (assignment) WHERE assignment IS NOT NULL;
CREATE INDEX upload_by_file ON upload (file) WHERE file IS NOT NULL;
