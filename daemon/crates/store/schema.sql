-- What the database holds: the reference for every table and column.
--
-- This file is never run by the daemon. A test holds it against the result of all files in
-- `migrations/`, which are what is run; a change of the schema is a new migration and a
-- change here, in one commit.
--
-- Everywhere: `..._at` is wall time in milliseconds since 1970-01-01 UTC, from a clock that
-- may jump. `id` is never used twice (AUTOINCREMENT), because browsers remember them.
-- `created_at` is when the row was made. All other columns are explained where they stand.
--
-- PRAGMA user_version counts the migrations applied. PRAGMA application_id is 0x4b656c61
-- ("Kela"), by which a foreign database is told from ours.

-- Somebody known to this box.
CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What the person may do on the box as a whole; in a course, member.role decides.
    kind TEXT NOT NULL CHECK (kind IN ('technician', 'teacher', 'student', 'guest')),
    -- As shown to others; cleaned and bounded by base::text::name.
    name TEXT NOT NULL CHECK (name <> ''),
    -- Sign-in name, trimmed and in lower case, so that case does not matter when signing in.
    -- NULL: signs in with links or join codes only.
    login TEXT UNIQUE CHECK (login <> ''),
    -- PHC string of the password (argon2id). NULL: no password was set.
    password TEXT CHECK (password <> ''),
    created_at INTEGER NOT NULL,
    -- The school's own number for a student (NIS or NISN). NULL: none is known.
    number TEXT COLLATE NOCASE CHECK (number <> ''),
    -- The student's group at school (rombel, such as "7A"). NULL: none is known.
    group_name TEXT COLLATE NOCASE CHECK (group_name <> ''),
    -- PHC string of the PIN (argon2id). NULL: no PIN was made.
    pin TEXT CHECK (pin <> ''),
    -- Wrong PINs since the last right one; from base::limits::PIN_FAILURES on, it is locked.
    pin_failures INTEGER NOT NULL DEFAULT 0,
    -- Which of the student's cards signs in. Made anew, it is one more, and those before are void.
    card INTEGER NOT NULL DEFAULT 1,
    -- When somebody last signed in as this person. NULL: never; then the row may be deleted.
    signed_in_at INTEGER,
    -- Since when the person may not sign in any more. NULL: may.
    deactivated_at INTEGER
) STRICT;

CREATE UNIQUE INDEX person_by_number ON person (number);
CREATE INDEX person_by_name ON person (kind, name COLLATE NOCASE);
CREATE INDEX person_by_group ON person (kind, group_name, name COLLATE NOCASE);

-- A link that signs one person in, once.
CREATE TABLE sign_in_link (
    -- SHA-256 of the token in the link; the token itself is stored nowhere.
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    -- Whom it signs in.
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    -- From then on it is refused.
    expires_at INTEGER NOT NULL,
    -- When it was used. NULL: not yet.
    used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_link_by_person ON sign_in_link (person);
CREATE INDEX sign_in_link_by_expiry ON sign_in_link (expires_at);

-- A signed-in browser. The row goes when the browser signs out.
CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Who is signed in.
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- SHA-256 of the cookie's token; the token itself is stored nowhere.
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    -- How the browser signed in: a token that crossed the air in the clear never counts on
    -- the encrypted address, and the other way round.
    transport TEXT NOT NULL CHECK (transport IN ('secure', 'plain')),
    -- User-Agent header, to tell one's devices apart; cut to 200 characters.
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- Last use, brought up to date at most once an hour to spare the card.
    used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX session_by_person ON session (person);
CREATE INDEX session_by_use ON session (used_at);

-- A course. Its teachers are among its members.
CREATE TABLE course (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- As shown to people; cleaned and bounded by base::text::title.
    title TEXT NOT NULL CHECK (title <> ''),
    -- What students type to join: base::limits::JOIN_CODE_CHARACTERS of
    -- base::random::READABLE. Renewing it shuts the old one.
    join_code TEXT NOT NULL UNIQUE CHECK (join_code <> ''),
    -- What happens to people who come with the join code: 'welcome' makes them students,
    -- 'ask' makes them guests until a teacher admits them, 'refuse' sends them away.
    guest_policy TEXT NOT NULL CHECK (guest_policy IN ('welcome', 'ask', 'refuse')),
    created_at INTEGER NOT NULL,
    -- When it is taught, in the school's own words, such as "2026/2027 Ganjil"; cleaned and
    -- bounded by base::text::title. NULL: not said.
    term TEXT CHECK (term <> ''),
    -- When a teacher put it away: it can be read, and nothing in it changes. NULL: in use.
    archived_at INTEGER
) STRICT;

-- Who belongs to a course. A removed member keeps the row, so that they stay out.
CREATE TABLE member (
    -- To what.
    course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    -- Who.
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- What the person may do in this course.
    role TEXT NOT NULL CHECK (role IN ('teacher', 'student', 'guest')),
    -- Whether the person still belongs to it.
    state TEXT NOT NULL CHECK (state IN ('active', 'removed')),
    -- When the person came.
    joined_at INTEGER NOT NULL,
    -- When a teacher removed the member. NULL while active.
    removed_at INTEGER,
    -- Which teacher that was. NULL while active.
    removed_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    PRIMARY KEY (course, person),
    CHECK ((state = 'removed') = (removed_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX member_by_person ON member (person);
CREATE INDEX member_by_remover ON member (removed_by) WHERE removed_by IS NOT NULL;

-- One gathering of a course. Its live room has the same number.
CREATE TABLE meeting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Whose gathering it is.
    course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    -- As shown to people; cleaned and bounded by base::text::title.
    title TEXT NOT NULL CHECK (title <> ''),
    -- Who waits until a teacher admits them.
    lobby TEXT NOT NULL CHECK (lobby IN ('off', 'guests', 'everyone')),
    created_at INTEGER NOT NULL,
    -- Its number in the course: 1, 2, … without a gap.
    position INTEGER NOT NULL DEFAULT 0,
    -- When it is planned to begin. NULL: not said.
    starts_at INTEGER,
    -- From when on students see it and its room. NULL: a draft, which only teachers see.
    published_at INTEGER
) STRICT;

CREATE INDEX meeting_by_course ON meeting (course, position);

-- A chat message of a meeting. Ids grow in the order of commits.
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Where it was written.
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    -- Who wrote it.
    author INTEGER NOT NULL REFERENCES person (id),
    -- The author's name when it was written: history keeps it when the person is renamed.
    author_name TEXT NOT NULL,
    -- Made by the author's page (1 to 36 URL-safe characters); sent again, the message is
    -- stored once.
    key TEXT NOT NULL CHECK (key <> ''),
    -- What it says, cleaned and bounded by base::text::chat. NULL: deleted by a teacher.
    text TEXT,
    -- The person it was written to alone. NULL: everybody.
    recipient INTEGER REFERENCES person (id),
    created_at INTEGER NOT NULL,
    -- When the text was deleted. NULL while it stands.
    deleted_at INTEGER,
    -- Which teacher deleted it. NULL while it stands.
    deleted_by INTEGER REFERENCES person (id),
    -- In this order it also finds an author's messages: one index less to write per message.
    UNIQUE (author, meeting, key),
    CHECK ((text IS NULL) = (deleted_at IS NOT NULL))
) STRICT;

CREATE INDEX message_by_meeting ON message (meeting, id);
CREATE INDEX message_by_recipient ON message (recipient) WHERE recipient IS NOT NULL;
CREATE INDEX message_by_deleter ON message (deleted_by) WHERE deleted_by IS NOT NULL;

-- What is in a file. The bytes lie on the data partition, in files/objects, under their SHA-256;
-- the row is made after they are on the card. Once, however many files hold the same.
CREATE TABLE content (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- SHA-256 of the bytes.
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    -- How many they are.
    size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
    -- Rows of file that hold it; kept by triggers. At 0 it may be swept away.
    uses INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX content_unused ON content (uses) WHERE uses = 0;

-- A file as somebody put it somewhere. Exactly one row elsewhere names it, and takes it along when
-- it goes.
CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What is in it.
    content INTEGER NOT NULL REFERENCES content (id),
    -- As it is offered for download; cleaned and bounded by base::text::file_name.
    name TEXT NOT NULL CHECK (name <> ''),
    -- What it is, by its content and its name's ending; never as a browser declared it.
    media_type TEXT NOT NULL CHECK (media_type <> ''),
    -- Who put it there. NULL: somebody who is no longer known.
    person INTEGER REFERENCES person (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX file_by_content ON file (content);
CREATE INDEX file_by_person ON file (person) WHERE person IS NOT NULL;

CREATE TRIGGER file_uses_content AFTER INSERT ON file BEGIN
    UPDATE content SET uses = uses + 1 WHERE id = NEW.content;
END;

CREATE TRIGGER file_leaves_content AFTER DELETE ON file BEGIN
    UPDATE content SET uses = uses - 1 WHERE id = OLD.content;
END;

-- What a meeting gives to read, see or hear. Students see it when they see the meeting.
CREATE TABLE material (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Where it stands.
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    -- Its place among the meeting's, from 1 and without gaps but those of deleted ones.
    position INTEGER NOT NULL,
    -- Which of the following columns it has.
    kind TEXT NOT NULL CHECK (kind IN ('text', 'link', 'file')),
    -- As shown above it; cleaned and bounded by base::text::title. NULL: none; a link shows its
    -- address, a file its name.
    title TEXT CHECK (title <> ''),
    -- Of a text: Markdown, bounded by base::text::material. Of a link: its address, checked by
    -- base::text::link. Of a file: NULL.
    text TEXT CHECK (text <> ''),
    -- Of a file: which. NULL otherwise.
    file INTEGER REFERENCES file (id),
    created_at INTEGER NOT NULL,
    CHECK ((kind = 'file') = (file IS NOT NULL)),
    CHECK ((kind = 'file') = (text IS NULL))
) STRICT;

CREATE INDEX material_by_meeting ON material (meeting, position);
CREATE UNIQUE INDEX material_by_file ON material (file) WHERE file IS NOT NULL;

CREATE TRIGGER material_takes_its_file AFTER DELETE ON material WHEN OLD.file IS NOT NULL BEGIN
    DELETE FROM file WHERE id = OLD.file;
END;

-- Something that a meeting asks its students to do.
CREATE TABLE assignment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Where it stands; a meeting's stand in the order of their numbers.
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    -- As shown to people; cleaned and bounded by base::text::title.
    title TEXT NOT NULL CHECK (title <> ''),
    -- What is to be done: Markdown, bounded by base::text::instructions. NULL: the title says all.
    text TEXT CHECK (text <> ''),
    -- Until when it is to be handed in. NULL: there is no end.
    due_at INTEGER,
    -- What happens to work that comes later: 'accept' takes it and shows that it is late, 'refuse'
    -- takes nothing.
    late TEXT NOT NULL CHECK (late IN ('accept', 'refuse')),
    -- The highest score.
    points INTEGER NOT NULL CHECK (points > 0),
    created_at INTEGER NOT NULL,
    -- From when on students see it. NULL: a draft, which only teachers see.
    published_at INTEGER
) STRICT;

CREATE INDEX assignment_by_meeting ON assignment (meeting);

-- A file that a teacher gives with an assignment.
CREATE TABLE assignment_file (
    -- Which.
    file INTEGER PRIMARY KEY REFERENCES file (id),
    -- With which.
    assignment INTEGER NOT NULL REFERENCES assignment (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX assignment_file_by_assignment ON assignment_file (assignment);

CREATE TRIGGER assignment_file_takes_its_file AFTER DELETE ON assignment_file BEGIN
    DELETE FROM file WHERE id = OLD.file;
END;

-- What one student has handed in for one assignment, as it stands: what comes later takes the place
-- of what was there. Also made for who has handed in nothing, when a teacher gives a score.
CREATE TABLE submission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- For what.
    assignment INTEGER NOT NULL REFERENCES assignment (id) ON DELETE CASCADE,
    -- By whom. A person with work is not deleted.
    person INTEGER NOT NULL REFERENCES person (id),
    -- What the student wrote; bounded by base::text::submission. NULL: nothing.
    text TEXT CHECK (text <> ''),
    -- When the student last changed it; later than assignment.due_at it is late. NULL: nothing is
    -- handed in.
    received_at INTEGER,
    -- In hundredths of a point, at most assignment.points. NULL: none was given.
    score INTEGER CHECK (score >= 0),
    -- The teacher's word on it; bounded by base::text::comment. NULL: none.
    comment TEXT CHECK (comment <> ''),
    -- When a teacher gave score or comment; since then the student changes nothing. NULL: not yet.
    graded_at INTEGER,
    -- Since when the student sees both. NULL: the student does not.
    returned_at INTEGER,
    -- When a teacher let the student go on with it, whatever the time; the student sees the comment.
    -- NULL: no teacher did, or it was graded since.
    reopened_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (assignment, person)
) STRICT;

CREATE INDEX submission_by_person ON submission (person, assignment);
CREATE INDEX submission_by_time ON submission (received_at) WHERE received_at IS NOT NULL;

-- A file that a student has handed in. file.created_at is when it was received.
CREATE TABLE submission_file (
    -- Which.
    file INTEGER PRIMARY KEY REFERENCES file (id),
    -- In what.
    submission INTEGER NOT NULL REFERENCES submission (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX submission_file_by_submission ON submission_file (submission);

CREATE TRIGGER submission_file_takes_its_file AFTER DELETE ON submission_file BEGIN
    DELETE FROM file WHERE id = OLD.file;
END;

-- Questions that a meeting asks its students, and that the box marks.
CREATE TABLE quiz (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Where it stands; a meeting's stand in the order of their numbers.
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    -- As shown to people; cleaned and bounded by base::text::title.
    title TEXT NOT NULL CHECK (title <> ''),
    -- What is to be known before: Markdown, bounded by base::text::instructions. NULL: nothing.
    text TEXT CHECK (text <> ''),
    -- From when on it can be begun. NULL: as soon as it is published.
    opens_at INTEGER,
    -- Until when it can be begun; without a time limit also until when answers are taken. NULL:
    -- there is no end.
    due_at INTEGER,
    -- How long an attempt may take, in monotonic time that the daemon has run. NULL: as long as it
    -- likes.
    limit_ms INTEGER CHECK (limit_ms > 0),
    -- Whether everybody meets questions and choices in the same order; 'shuffled' gives each attempt
    -- one of its own.
    sequence TEXT NOT NULL CHECK (sequence IN ('fixed', 'shuffled')),
    -- How often a student may take it; the best counts.
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    -- When a student sees the score: 'at_once' after handing in, or when it is 'released'.
    scoring TEXT NOT NULL CHECK (scoring IN ('at_once', 'released')),
    created_at INTEGER NOT NULL,
    -- From when on students see it. NULL: a draft, which only teachers see.
    published_at INTEGER,
    -- Since when students see scores and right answers. NULL: no teacher has released them.
    released_at INTEGER
) STRICT;

CREATE INDEX quiz_by_meeting ON quiz (meeting);

-- A question of a quiz. Since somebody has begun, words and solution may be put right, but none
-- comes, goes, moves, or has more or fewer choices.
CREATE TABLE question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Of which.
    quiz INTEGER NOT NULL REFERENCES quiz (id) ON DELETE CASCADE,
    -- Its place among the quiz's, from 1 and without gaps but those of deleted ones.
    position INTEGER NOT NULL,
    -- How it is answered: by one choice, by several, by a number, by a short text.
    kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'number', 'text')),
    -- What it asks: Markdown, bounded by base::text::question.
    text TEXT NOT NULL CHECK (text <> ''),
    -- What the right answer earns.
    points INTEGER NOT NULL CHECK (points > 0),
    -- What can be chosen, one a line; bounded by base::text::choice. NULL: nothing, it is no choice.
    choices TEXT CHECK (choices <> ''),
    -- The right choices, counted from 1 and separated by spaces; the right number; the spellings that
    -- are right, one a line.
    solution TEXT NOT NULL CHECK (solution <> ''),
    -- Of a number: how far from it an answer may be, in millionths. NULL otherwise.
    tolerance INTEGER CHECK (tolerance >= 0),
    created_at INTEGER NOT NULL,
    CHECK ((kind IN ('single', 'multiple')) = (choices IS NOT NULL)),
    CHECK ((kind = 'number') = (tolerance IS NOT NULL))
) STRICT;

CREATE INDEX question_by_quiz ON question (quiz, position);

-- One time that a student takes a quiz. What it has earned is counted from its answers whenever
-- somebody asks.
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Which quiz.
    quiz INTEGER NOT NULL REFERENCES quiz (id) ON DELETE CASCADE,
    -- By whom. A person with work is not deleted.
    person INTEGER NOT NULL REFERENCES person (id),
    -- What its order is drawn from. NULL: it has the quiz's own.
    seed INTEGER,
    -- Of its time limit, in milliseconds of the daemon's monotonic time; written down from time to
    -- time, so that after a power cut a little less was used (docs/decisions/0018).
    used_ms INTEGER NOT NULL DEFAULT 0 CHECK (used_ms >= 0),
    -- When the student began, for people to read.
    started_at INTEGER NOT NULL,
    -- When it ended; since then nothing in it changes. NULL: it is under way.
    handed_in_at INTEGER,
    -- Who ended it: the student, or its time. NULL: nobody yet.
    ending TEXT CHECK (ending IN ('student', 'time')),
    -- When a teacher let the student take the quiz once more: this attempt is not counted among those
    -- that are allowed. NULL: it is.
    spared_at INTEGER,
    CHECK ((handed_in_at IS NULL) = (ending IS NULL))
) STRICT;

CREATE INDEX attempt_by_quiz ON attempt (quiz, person, id);
CREATE UNIQUE INDEX attempt_under_way ON attempt (quiz, person) WHERE handed_in_at IS NULL;
CREATE INDEX attempt_by_person ON attempt (person);
CREATE INDEX attempt_by_start ON attempt (started_at);
CREATE INDEX attempt_by_end ON attempt (handed_in_at) WHERE handed_in_at IS NOT NULL;

-- What a student answers to a question, as it stands.
CREATE TABLE answer (
    -- In which attempt.
    attempt INTEGER NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    -- To which question.
    question INTEGER NOT NULL REFERENCES question (id) ON DELETE CASCADE,
    -- The chosen choices, counted from 1 and separated by spaces; or as it was typed, bounded by
    -- base::text::answer.
    text TEXT NOT NULL CHECK (text <> ''),
    PRIMARY KEY (attempt, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX answer_by_question ON answer (question);

-- A file that arrives in pieces, over hours if need be. Those that are here already lie in
-- files/incoming under the row's number.
CREATE TABLE upload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Who sends it; nobody else may go on with it.
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- Where it becomes a material, or whose assignment it belongs to.
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    -- The file's name; cleaned and bounded by base::text::file_name.
    name TEXT NOT NULL CHECK (name <> ''),
    -- How many bytes it will have.
    size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
    created_at INTEGER NOT NULL,
    -- When somebody last went on with it; base::limits::UPLOAD_IDLE_MS later it is swept away.
    used_at INTEGER NOT NULL,
    -- What it became, for a sender that did not hear of it. NULL: it is not complete, or no
    -- material.
    material INTEGER REFERENCES material (id) ON DELETE CASCADE,
    -- Of which assignment it becomes a file: of the assignment itself where a teacher sends it, of
    -- the submission where a student does. NULL: it becomes a material.
    assignment INTEGER REFERENCES assignment (id) ON DELETE CASCADE,
    -- Which file of the assignment or the submission it became. NULL: it is not complete, or became
    -- a material.
    file INTEGER REFERENCES file (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX upload_by_person ON upload (person, size_bytes) WHERE material IS NULL;
CREATE INDEX upload_of_person ON upload (person);
CREATE INDEX upload_by_meeting ON upload (meeting);
CREATE INDEX upload_by_use ON upload (used_at);
CREATE INDEX upload_by_material ON upload (material) WHERE material IS NOT NULL;
CREATE INDEX upload_by_assignment ON upload (assignment) WHERE assignment IS NOT NULL;
CREATE INDEX upload_by_file ON upload (file) WHERE file IS NOT NULL;

-- Who was in the live room of a meeting, and when: a row for each time that a browser page came
-- in. It is the one record of it, for attendance and for the events in the load log. Two pages of
-- a person at once are two rows; a page that lost its connection and came back within the grace is
-- one. Rows go after base::limits::PRESENCE_KEPT_MS; what is to be known for longer is made from
-- them before.
CREATE TABLE presence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- In which meeting's room.
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    -- Who.
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- The browser page, as base::id::ParticipantId; the same page may come again.
    participant TEXT NOT NULL CHECK (participant <> ''),
    -- When it came in.
    joined_at INTEGER NOT NULL,
    -- Until when it is known to have been there: once a minute while inside, and at the end. Of one
    -- that did not come back it is when its connection broke.
    seen_at INTEGER NOT NULL,
    -- How it ended: 'left' by its own will, 'lost' because it did not come back, 'removed' by a
    -- teacher, 'ended' with the room, 'stopped' with the daemon in order, 'cut' with the daemon out
    -- of order, such as when the power was cut. NULL: it is inside.
    ending TEXT CHECK (ending IN ('left', 'lost', 'removed', 'ended', 'stopped', 'cut')),
    CHECK (seen_at >= joined_at)
) STRICT;

CREATE INDEX presence_by_meeting ON presence (meeting, joined_at);
CREATE INDEX presence_by_person ON presence (person);
CREATE INDEX presence_by_time ON presence (joined_at);
CREATE INDEX presence_inside ON presence (ending, meeting, participant) WHERE ending IS NULL;

-- A lesson that took place in a meeting's room, kept for longer than the rows of presence that tell of
-- it: made from them before the first of them goes.
CREATE TABLE lesson (
    -- Whose room it was.
    meeting INTEGER PRIMARY KEY REFERENCES meeting (id) ON DELETE CASCADE,
    -- When it began: when it was planned to, or when the first teacher came in, if that was later.
    -- NULL: no teacher was there.
    began_at INTEGER,
    -- When the last teacher was seen in it; without a teacher, anybody.
    ended_at INTEGER NOT NULL,
    -- The last row of presence that is part of it; later ones are added when it is read.
    presence INTEGER NOT NULL
) STRICT;

-- How long somebody other than a teacher was at such a lesson, all their times together.
CREATE TABLE stay (
    -- At which lesson.
    meeting INTEGER NOT NULL REFERENCES lesson (meeting) ON DELETE CASCADE,
    -- Who.
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- When they first came in.
    first_at INTEGER NOT NULL,
    -- When they were last seen.
    last_at INTEGER NOT NULL,
    -- How long they were there while the lesson was on, in milliseconds; two pages at once count once.
    present_ms INTEGER NOT NULL CHECK (present_ms >= 0),
    PRIMARY KEY (meeting, person),
    CHECK (last_at >= first_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX stay_by_person ON stay (person);

-- What a teacher said of a student's attendance at a meeting. Who has no row here has the mark that
-- presence, lesson and stay propose, if any.
CREATE TABLE attendance (
    -- At which meeting.
    meeting INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    -- Of whom. A person with a mark is not deleted.
    person INTEGER NOT NULL REFERENCES person (id),
    -- 'present', 'late', away with leave ('excused'), ill ('sick'), or away without ('absent').
    mark TEXT NOT NULL CHECK (mark IN ('present', 'late', 'excused', 'sick', 'absent')),
    -- By whom. NULL: a teacher who is no longer known.
    marked_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    -- When.
    marked_at INTEGER NOT NULL,
    PRIMARY KEY (meeting, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX attendance_by_person ON attendance (person);
CREATE INDEX attendance_by_marker ON attendance (marked_by) WHERE marked_by IS NOT NULL;
CREATE INDEX attendance_by_time ON attendance (marked_at);

-- What a teacher says to a whole course: an announcement on its page.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- To which course.
    course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    -- As shown to people; cleaned and bounded by base::text::title.
    title TEXT NOT NULL CHECK (title <> ''),
    -- What there is to say: Markdown, bounded by base::text::notice. NULL: the title says all.
    text TEXT CHECK (text <> ''),
    -- Who wrote it. NULL: a teacher who is no longer known.
    author INTEGER REFERENCES person (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    -- When it was last changed. NULL: never.
    changed_at INTEGER
) STRICT;

CREATE INDEX notice_by_course ON notice (course, id);
CREATE INDEX notice_by_author ON notice (author) WHERE author IS NOT NULL;

-- How far somebody has read a course's notices. Who has no row has read none.
CREATE TABLE notice_read (
    -- Of which course.
    course INTEGER NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    -- Who.
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- The last notice that they were shown; it may be deleted since.
    notice INTEGER NOT NULL,
    PRIMARY KEY (course, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_read_by_person ON notice_read (person);

-- A measurement run: what the box cost while people came into one meeting's room, one by one.
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- As its starter called it; cleaned and bounded by base::text::title.
    name TEXT NOT NULL CHECK (name <> ''),
    -- Whose room is watched. NULL: the meeting was deleted since.
    meeting INTEGER REFERENCES meeting (id) ON DELETE SET NULL,
    -- The meeting's title at the start.
    meeting_title TEXT NOT NULL,
    -- Who started it. NULL: the person was deleted since.
    started_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    -- On what it ran, such as "Raspberry Pi 4 Model B Rev 1.4, 4 cores, kelasd 0.1.0": what a
    -- reader must know to compare.
    machine TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- How long it was, or has been as far as is written down, by the monotonic clock.
    length_ms INTEGER NOT NULL CHECK (length_ms >= 0),
    -- How it ended: 'stopped' by somebody, 'full' after base::limits::RUN_SECONDS, 'interrupted'
    -- because the daemon was stopped or cut off. NULL: it goes on.
    ending TEXT CHECK (ending IN ('stopped', 'full', 'interrupted'))
) STRICT;

CREATE INDEX run_by_meeting ON run (meeting) WHERE meeting IS NOT NULL;
CREATE INDEX run_by_starter ON run (started_by) WHERE started_by IS NOT NULL;
CREATE INDEX run_open ON run (ending) WHERE ending IS NULL;

-- What was measured in a run, a row for each sample of the load log. What the machine did not tell
-- is NULL.
CREATE TABLE run_second (
    -- In which run.
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    -- Monotonic milliseconds since the start of the run.
    at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
    -- Participants in the room then.
    users INTEGER NOT NULL CHECK (users >= 0),
    -- CPU of the daemon since the sample before, in thousandths of one core.
    daemon_cpu_permille REAL,
    -- Memory of the daemon, shared pages by share (PSS).
    daemon_pss_bytes INTEGER,
    -- CPU of the whole machine since the sample before, in thousandths of all cores.
    machine_cpu_permille REAL,
    -- Memory of the whole machine that could not be had: total less available.
    machine_used_bytes INTEGER,
    -- Those of the participants that were bots.
    bots INTEGER NOT NULL DEFAULT 0 CHECK (bots BETWEEN 0 AND users),
    PRIMARY KEY (run, at_ms)
) STRICT, WITHOUT ROWID;

-- Somebody came into the room of a run, or went.
CREATE TABLE run_mark (
    -- In which run.
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    -- From 1 on, in order.
    number INTEGER NOT NULL,
    -- Monotonic milliseconds since the start of the run.
    at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
    -- Whether in or out.
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    -- The person's name then; exports leave it out.
    name TEXT NOT NULL,
    -- The person's number, to tell people of one name apart; of bots it is below zero, so it names
    -- no row.
    person INTEGER NOT NULL,
    -- Participants in the room after it.
    users INTEGER NOT NULL CHECK (users >= 0),
    -- Those of them that are bots.
    bots INTEGER NOT NULL DEFAULT 0 CHECK (bots BETWEEN 0 AND users),
    PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;

-- What the daemon itself remembers between starts, such as the language of the box.
CREATE TABLE setting (
    -- Its name in the code.
    key TEXT PRIMARY KEY CHECK (key <> ''),
    -- What it is set to.
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One start of the daemon, for the load log. Rows of the log count monotonic time from its
-- beginning, so that a clock that is set moves all of them together and none twice.
CREATE TABLE load_epoch (
    id INTEGER PRIMARY KEY,
    -- Wall time of its monotonic zero, by the clock as it was last seen.
    zero_at INTEGER NOT NULL,
    -- Monotonic milliseconds up to which minutes are kept.
    kept_until INTEGER NOT NULL,
    -- Monotonic milliseconds up to which minutes are part of a kept hour: after a power cut the
    -- next start makes the last hour of what there is.
    rolled_until INTEGER NOT NULL
) STRICT;

CREATE INDEX load_epoch_by_time ON load_epoch (zero_at);

-- Minutes or hours of the load log, some in a row, packed: docs/decisions/0015.
CREATE TABLE load_block (
    id INTEGER PRIMARY KEY,
    -- The start that they belong to.
    epoch INTEGER NOT NULL REFERENCES load_epoch (id),
    -- Milliseconds of one: minutes or hours.
    step_ms INTEGER NOT NULL CHECK (step_ms IN (60000, 3600000)),
    -- The number of the first, counted from the start.
    first INTEGER NOT NULL,
    -- How many.
    steps INTEGER NOT NULL CHECK (steps > 0),
    -- How many of this length had been kept when this was written, itself included: what is too
    -- old is told by it, which no clock can spoil.
    total INTEGER NOT NULL,
    -- Least, mean and most of every series.
    data BLOB NOT NULL,
    UNIQUE (epoch, step_ms, first)
) STRICT;

CREATE INDEX load_block_by_total ON load_block (step_ms, total);

-- What can be found by its words, in courses that are in use: 1 courses, 2 meetings, 3 materials,
-- 4 assignments, 5 notices, 6 chat messages, 7 people. Who may find what is decided when it is found.
CREATE VIEW searchable AS
SELECT 1 AS kind, id, id AS course, title, term AS text FROM course WHERE archived_at IS NULL
UNION ALL
SELECT 2, meeting.id, meeting.course, meeting.title, NULL
FROM meeting JOIN course ON course.id = meeting.course WHERE archived_at IS NULL
UNION ALL
SELECT 3, material.id, meeting.course, coalesce(material.title, '') || ' ' || coalesce(file.name, ''), text
FROM material JOIN meeting ON meeting.id = material.meeting JOIN course ON course.id = meeting.course
    LEFT JOIN file ON file.id = material.file WHERE archived_at IS NULL
UNION ALL
SELECT 4, assignment.id, meeting.course, assignment.title, text
FROM assignment JOIN meeting ON meeting.id = assignment.meeting JOIN course ON course.id = meeting.course
WHERE archived_at IS NULL
UNION ALL
SELECT 5, notice.id, notice.course, notice.title, text
FROM notice JOIN course ON course.id = notice.course WHERE archived_at IS NULL
UNION ALL
SELECT 6, message.id, meeting.course, NULL, text
FROM message JOIN meeting ON meeting.id = message.meeting JOIN course ON course.id = meeting.course
WHERE archived_at IS NULL AND text IS NOT NULL
UNION ALL
SELECT 7, id, NULL, name, coalesce(number, '') || ' ' || coalesce(group_name, '') FROM person;

-- Where which words stand: an index alone, without the words' texts. A row's number is the kind's
-- number times 2^40, and the thing's. `place` holds "c" and the course's number. Kept by the triggers
-- below.
CREATE VIRTUAL TABLE search USING fts5 (place, title, text, content = '', contentless_delete = 1,
        tokenize = "unicode61 remove_diacritics 2");

CREATE TRIGGER search_learns_course AFTER INSERT ON course BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 1 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_course AFTER UPDATE OF title, term ON course BEGIN
    DELETE FROM search WHERE rowid = (1 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 1 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_course AFTER DELETE ON course BEGIN
    DELETE FROM search WHERE rowid = (1 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_meeting AFTER INSERT ON meeting BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 2 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_meeting AFTER UPDATE OF title ON meeting BEGIN
    DELETE FROM search WHERE rowid = (2 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 2 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_meeting AFTER DELETE ON meeting BEGIN
    DELETE FROM search WHERE rowid = (2 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_material AFTER INSERT ON material BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 3 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_material AFTER UPDATE OF title, text ON material BEGIN
    DELETE FROM search WHERE rowid = (3 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 3 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_material AFTER DELETE ON material BEGIN
    DELETE FROM search WHERE rowid = (3 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_assignment AFTER INSERT ON assignment BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 4 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_assignment AFTER UPDATE OF title, text ON assignment BEGIN
    DELETE FROM search WHERE rowid = (4 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 4 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_assignment AFTER DELETE ON assignment BEGIN
    DELETE FROM search WHERE rowid = (4 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_notice AFTER INSERT ON notice BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 5 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_notice AFTER UPDATE OF title, text ON notice BEGIN
    DELETE FROM search WHERE rowid = (5 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 5 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_notice AFTER DELETE ON notice BEGIN
    DELETE FROM search WHERE rowid = (5 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_message AFTER INSERT ON message BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 6 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_message AFTER UPDATE OF text ON message BEGIN
    DELETE FROM search WHERE rowid = (6 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 6 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_message AFTER DELETE ON message BEGIN
    DELETE FROM search WHERE rowid = (6 << 40) + OLD.id;
END;

CREATE TRIGGER search_learns_person AFTER INSERT ON person BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 7 AND id = NEW.id;
END;

CREATE TRIGGER search_corrects_person AFTER UPDATE OF name, number, group_name ON person BEGIN
    DELETE FROM search WHERE rowid = (7 << 40) + OLD.id;
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE kind = 7 AND id = NEW.id;
END;

CREATE TRIGGER search_forgets_person AFTER DELETE ON person BEGIN
    DELETE FROM search WHERE rowid = (7 << 40) + OLD.id;
END;

CREATE TRIGGER search_puts_away BEFORE UPDATE OF archived_at ON course
WHEN OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL BEGIN
    DELETE FROM search WHERE rowid IN (SELECT (kind << 40) + id FROM searchable WHERE course = OLD.id);
END;

CREATE TRIGGER search_takes_up AFTER UPDATE OF archived_at ON course
WHEN OLD.archived_at IS NOT NULL AND NEW.archived_at IS NULL BEGIN
    INSERT INTO search (rowid, place, title, text)
    SELECT (kind << 40) + id, 'c' || course, title, text FROM searchable WHERE course = NEW.id;
END;
