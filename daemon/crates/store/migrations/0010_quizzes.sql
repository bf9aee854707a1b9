-- Meetings have quizzes; students take them, against the clock if the teacher says so.
CREATE TABLE quiz (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (title <> ''),
    text TEXT CHECK (text <> ''),
    opens_at INTEGER,
    due_at INTEGER,
    limit_ms INTEGER CHECK (limit_ms > 0),
    sequence TEXT NOT NULL CHECK (sequence IN ('fixed', 'shuffled')),
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    scoring TEXT NOT NULL CHECK (scoring IN ('at_once', 'released')),
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    released_at INTEGER
) STRICT;

CREATE INDEX quiz_by_meeting ON quiz (meeting);

CREATE TABLE question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    quiz INTEGER NOT NULL REFERENCES quiz (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'number', 'text')),
    text TEXT NOT NULL CHECK (text <> ''),
    points INTEGER NOT NULL CHECK (points > 0),
    choices TEXT CHECK (choices <> ''),
    solution TEXT NOT NULL CHECK (solution <> ''),
    tolerance INTEGER CHECK (tolerance >= 0),
    created_at INTEGER NOT NULL,
    CHECK ((kind IN ('single', 'multiple')) = (choices IS NOT NULL)),
    CHECK ((kind = 'number') = (tolerance IS NOT NULL))
) STRICT;

CREATE INDEX question_by_quiz ON question (quiz, position);

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    quiz INTEGER NOT NULL REFERENCES quiz (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id),
    seed INTEGER,
    used_ms INTEGER NOT NULL DEFAULT 0 CHECK (used_ms >= 0),
    started_at INTEGER NOT NULL,
    handed_in_at INTEGER,
    ending TEXT CHECK (ending IN ('student', 'time')),
    spared_at INTEGER,
    CHECK ((handed_in_at IS NULL) = (ending IS NULL))
) STRICT;

CREATE INDEX attempt_by_quiz ON attempt (quiz, person, id);
CREATE UNIQUE INDEX attempt_under_way ON attempt (quiz, person) WHERE handed_in_at IS NULL;
CREATE INDEX attempt_by_person ON attempt (person);
CREATE INDEX attempt_by_start ON attempt (started_at);
CREATE INDEX attempt_by_end ON attempt (handed_in_at) WHERE handed_in_at IS NOT NULL;

CREATE TABLE answer (
    attempt INTEGER NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    question INTEGER NOT NULL REFERENCES question (id) ON DELETE CASCADE,
    text TEXT NOT NULL CHECK (text <> ''),
    PRIMARY KEY (attempt, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX answer_by_question ON answer (question);
