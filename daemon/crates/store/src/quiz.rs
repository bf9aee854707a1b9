//! Quizzes of a meeting: what a teacher says about each as a whole.

use base::clock::Timestamp;
use base::id::{MeetingId, PersonId, QuizId};
use base::limits::QUIZZES_PER_MEETING;
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::assignment::too_many;
use crate::failure::{Outcome, is_dangling};
use crate::file;
use crate::statement::statements;
use crate::store::Store;
use crate::words::{Scoring, Sequence, Visibility};

/// Questions that a meeting asks its students.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiz {
    /// The number.
    pub id: QuizId,
    /// Where it stands.
    pub meeting: MeetingId,
    /// What a teacher says about it.
    pub draft: QuizDraft,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on students see it; `None` for a draft.
    pub published_at: Option<Timestamp>,
    /// Since when students see scores and right answers, whatever they were told before.
    pub released_at: Option<Timestamp>,
}

/// What a teacher says about a quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizDraft {
    /// As `base::text::title` returned it.
    pub title: String,
    /// Markdown, as `base::text::instructions` returned it.
    pub text: Option<String>,
    /// From when on it can be begun.
    pub opens_at: Option<Timestamp>,
    /// Until when it can be begun.
    pub due_at: Option<Timestamp>,
    /// How long an attempt may take, in milliseconds.
    pub limit_ms: Option<i64>,
    /// The order of the questions.
    pub sequence: Sequence,
    /// How often a student may take it.
    pub attempts: i64,
    /// When students see their scores.
    pub scoring: Scoring,
}

/// A quiz in a list: what is of interest about it to a student, and to a teacher.
#[derive(Clone, Debug)]
pub struct QuizSummary {
    /// The quiz.
    pub quiz: Quiz,
    /// How many questions it has.
    pub questions: i64,
    /// How often the person who asks has handed it in.
    pub own_done: i64,
    /// Whether an attempt of theirs is under way.
    pub own_under_way: bool,
    /// How many students have handed it in.
    pub handed_in: i64,
}

statements! {
    INSERT_QUIZ = "
        INSERT INTO quiz (meeting, title, text, opens_at, due_at, limit_ms, sequence, attempts, scoring,
                          created_at)
        VALUES (:meeting, :title, :text, :opens_at, :due_at, :limit_ms, :sequence, :attempts, :scoring,
                :now)";
    QUIZ_COUNT = "SELECT count(*) FROM quiz WHERE meeting = :meeting";
    QUIZ = "
        SELECT id, meeting, title, text, opens_at, due_at, limit_ms, sequence, attempts, scoring, created_at,
               published_at, released_at
        FROM quiz WHERE id = :quiz";
    // Of a student's attempts only the last can be under way, so the first tells whether there is one
    // that was handed in.
    QUIZZES_OF = "
        SELECT quiz.id, meeting, title, text, opens_at, due_at, limit_ms, sequence, attempts, scoring,
               created_at, published_at, released_at,
               (SELECT count(*) FROM question WHERE question.quiz = quiz.id) AS questions,
               (SELECT count(*) FROM attempt WHERE attempt.quiz = quiz.id AND person = :person
                    AND handed_in_at IS NOT NULL) AS own_done,
               EXISTS (SELECT 1 FROM attempt WHERE attempt.quiz = quiz.id AND person = :person
                    AND handed_in_at IS NULL) AS own_under_way,
               (SELECT count(*) FROM attempt AS first
                WHERE first.quiz = quiz.id AND first.handed_in_at IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM attempt AS other WHERE other.quiz = first.quiz
                        AND other.person = first.person AND other.id < first.id)) AS handed_in
        FROM quiz WHERE meeting = :meeting ORDER BY quiz.id";
    CHANGE_QUIZ = "
        UPDATE quiz SET title = :title, text = :text, opens_at = :opens_at, due_at = :due_at,
               limit_ms = :limit_ms, sequence = :sequence, attempts = :attempts, scoring = :scoring
        WHERE id = :quiz";
    PUBLISH_QUIZ = "UPDATE quiz SET published_at = coalesce(published_at, :now) WHERE id = :quiz";
    HIDE_QUIZ = "UPDATE quiz SET published_at = NULL WHERE id = :quiz";
    RELEASE_QUIZ = "UPDATE quiz SET released_at = coalesce(released_at, :now) WHERE id = :quiz";
    HAS_QUESTIONS = "SELECT 1 FROM question WHERE quiz = :quiz LIMIT 1";
    HAS_ATTEMPTS = "SELECT 1 FROM attempt WHERE quiz = :quiz LIMIT 1";
    DELETE_QUIZ = "DELETE FROM quiz WHERE id = :quiz";
}

impl Store {
    /// Adds a quiz that only teachers see. `quizzes_too_many`; `not_found` if there is no such meeting.
    pub async fn create_quiz(&self, meeting: MeetingId, draft: QuizDraft) -> Result<QuizId> {
        let now = self.now();
        self.write(move |connection| insert(connection, meeting, &draft, now)).await
    }

    /// The quizzes of a meeting in their order, drafts among them, and how `person` stands with each.
    pub async fn quizzes_of(&self, meeting: MeetingId, person: PersonId) -> Result<Vec<QuizSummary>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(QUIZZES_OF)?;
            let values = named_params! {":meeting": meeting.0, ":person": person.0};
            let rows = statement.query_map(values, summary)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Changes what a teacher says about it; who is taking it has the new time at once. `not_found`.
    pub async fn change_quiz(&self, quiz: QuizId, draft: QuizDraft) -> Result<()> {
        self.write(move |connection| {
            let changed = connection.prepare_cached(CHANGE_QUIZ)?.execute(named_params! {
                ":quiz": quiz.0, ":title": draft.title, ":text": draft.text,
                ":opens_at": draft.opens_at.map(|at| at.0), ":due_at": draft.due_at.map(|at| at.0),
                ":limit_ms": draft.limit_ms, ":sequence": draft.sequence, ":attempts": draft.attempts,
                ":scoring": draft.scoring,
            })?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Lets students see the quiz, or makes it a draft again. `quiz_empty` if it asks nothing;
    /// `not_found`.
    pub async fn show_quiz(&self, quiz: QuizId, visibility: Visibility) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            find(connection, quiz)?.ok_or(Code::NotFound)?;
            match visibility {
                Visibility::Published => {
                    if !connection.prepare_cached(HAS_QUESTIONS)?.exists(named_params! {":quiz": quiz.0})? {
                        return Err(Code::QuizEmpty.into());
                    }
                    let values = named_params! {":quiz": quiz.0, ":now": now.0};
                    connection.prepare_cached(PUBLISH_QUIZ)?.execute(values)?;
                }
                Visibility::Draft => {
                    connection.prepare_cached(HIDE_QUIZ)?.execute(named_params! {":quiz": quiz.0})?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Lets students see scores and right answers. Again is harmless.
    pub async fn release_quiz(&self, quiz: QuizId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let values = named_params! {":quiz": quiz.0, ":now": now.0};
            connection.prepare_cached(RELEASE_QUIZ)?.execute(values)?;
            Ok(())
        })
        .await
    }

    /// Deletes a quiz and its questions. `quiz_in_use` if anybody has begun it. Again is harmless.
    pub async fn delete_quiz(&self, quiz: QuizId) -> Result<()> {
        self.write(move |connection| {
            if is_begun(connection, quiz)? {
                return Err(Code::QuizInUse.into());
            }
            connection.prepare_cached(DELETE_QUIZ)?.execute(named_params! {":quiz": quiz.0})?;
            Ok(())
        })
        .await
    }
}

impl Quiz {
    /// Whether students may see what they earned.
    pub fn shows_scores(&self) -> bool {
        self.draft.scoring == Scoring::AtOnce || self.released_at.is_some()
    }

    /// Why nobody begins it at `now` who has done so `used` times: `quiz_not_open`, `quiz_closed` or
    /// `attempts_used`.
    pub fn refuses_start(&self, used: i64, now: Timestamp) -> Option<Code> {
        if self.draft.opens_at.is_some_and(|opens_at| now < opens_at) {
            return Some(Code::QuizNotOpen);
        }
        if self.draft.due_at.is_some_and(|due_at| now > due_at) {
            return Some(Code::QuizClosed);
        }
        (used >= self.draft.attempts).then_some(Code::AttemptsUsed)
    }
}

pub(crate) fn insert(
    connection: &Connection,
    meeting: MeetingId,
    draft: &QuizDraft,
    now: Timestamp,
) -> Outcome<QuizId> {
    let count: i64 = connection
        .prepare_cached(QUIZ_COUNT)?
        .query_row(named_params! {":meeting": meeting.0}, |row| row.get(0))?;
    if file::size(count) >= QUIZZES_PER_MEETING as u64 {
        return Err(too_many(Code::QuizzesTooMany, QUIZZES_PER_MEETING).into());
    }
    let inserted = connection.prepare_cached(INSERT_QUIZ)?.execute(named_params! {
        ":meeting": meeting.0, ":title": draft.title, ":text": draft.text,
        ":opens_at": draft.opens_at.map(|at| at.0), ":due_at": draft.due_at.map(|at| at.0),
        ":limit_ms": draft.limit_ms, ":sequence": draft.sequence, ":attempts": draft.attempts,
        ":scoring": draft.scoring, ":now": now.0,
    });
    match inserted {
        Ok(_) => Ok(QuizId(connection.last_insert_rowid())),
        Err(error) if is_dangling(&error) => Err(Code::NotFound.into()),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn find(connection: &Connection, quiz: QuizId) -> Outcome<Option<Quiz>> {
    let mut statement = connection.prepare_cached(QUIZ)?;
    Ok(statement.query_row(named_params! {":quiz": quiz.0}, from_row).optional()?)
}

/// Whether somebody has begun it.
pub(crate) fn is_begun(connection: &Connection, quiz: QuizId) -> Outcome<bool> {
    Ok(connection.prepare_cached(HAS_ATTEMPTS)?.exists(named_params! {":quiz": quiz.0})?)
}

/// The quiz in a row that has its columns by their names.
pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Quiz> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|at| at.map(Timestamp));
    Ok(Quiz {
        id: QuizId(row.get("id")?),
        meeting: MeetingId(row.get("meeting")?),
        draft: QuizDraft {
            title: row.get("title")?,
            text: row.get("text")?,
            opens_at: time("opens_at")?,
            due_at: time("due_at")?,
            limit_ms: row.get("limit_ms")?,
            sequence: row.get("sequence")?,
            attempts: row.get("attempts")?,
            scoring: row.get("scoring")?,
        },
        created_at: Timestamp(row.get("created_at")?),
        published_at: time("published_at")?,
        released_at: time("released_at")?,
    })
}

/// A summary in a row as `QUIZZES_OF` gives it.
pub(crate) fn summary(row: &Row<'_>) -> rusqlite::Result<QuizSummary> {
    Ok(QuizSummary {
        quiz: from_row(row)?,
        questions: row.get("questions")?,
        own_done: row.get("own_done")?,
        own_under_way: row.get("own_under_way")?,
        handed_in: row.get("handed_in")?,
    })
}
