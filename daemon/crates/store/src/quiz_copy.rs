//! The quizzes of a meeting when it is copied, and whether students have taken them.

use base::clock::Timestamp;
use base::id::MeetingId;
use rusqlite::{Connection, named_params};

use crate::failure::Outcome;
use crate::question;
use crate::quiz::{self, QuizDraft};
use crate::statement::statements;

statements! {
    QUIZZES_TO_COPY = "
        SELECT id, meeting, title, text, opens_at, due_at, limit_ms, sequence, attempts, scoring, created_at,
               published_at, released_at
        FROM quiz WHERE meeting = :meeting ORDER BY id";
    MEETING_HAS_ATTEMPTS = "
        SELECT 1 FROM quiz JOIN attempt ON attempt.quiz = quiz.id WHERE quiz.meeting = :meeting LIMIT 1";
}

/// Gives another meeting the same quizzes, as drafts without times; what students answered stays
/// where it is.
pub(crate) fn copy(connection: &Connection, from: MeetingId, to: MeetingId, now: Timestamp) -> Outcome<()> {
    let mut statement = connection.prepare_cached(QUIZZES_TO_COPY)?;
    let rows = statement.query_map(named_params! {":meeting": from.0}, quiz::from_row)?;
    for original in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let draft = QuizDraft { opens_at: None, due_at: None, ..original.draft };
        let made = quiz::insert(connection, to, &draft, now)?;
        for held in question::all_of(connection, original.id)? {
            question::insert(connection, made, &held.draft, now)?;
        }
    }
    Ok(())
}

/// Whether a student has begun a quiz of the meeting.
pub(crate) fn any_work_in(connection: &Connection, meeting: MeetingId) -> Outcome<bool> {
    Ok(connection.prepare_cached(MEETING_HAS_ATTEMPTS)?.exists(named_params! {":meeting": meeting.0})?)
}
