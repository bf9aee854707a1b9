//! One time that a student takes a quiz, and whether answers are still taken in it, which is said by
//! [`Attempt::refuses`] alone.

use base::Code;
use base::clock::Timestamp;
use base::id::{AttemptId, PersonId, QuizId};
use base::limits::ATTEMPT_GRACE_MS;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::Outcome;
use crate::quiz::Quiz;
use crate::statement::statements;
use crate::words::AttemptEnding;

/// One time that a student takes a quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The number.
    pub id: AttemptId,
    /// Which quiz.
    pub quiz: QuizId,
    /// By whom.
    pub person: PersonId,
    /// What its order is drawn from; `None` if it has the quiz's own.
    pub seed: Option<u64>,
    /// What it has used of its time, in milliseconds.
    pub used_ms: u64,
    /// When it was begun.
    pub started_at: Timestamp,
    /// When it ended; `None` while it is under way.
    pub handed_in_at: Option<Timestamp>,
    /// Who ended it.
    pub ending: Option<AttemptEnding>,
    /// When a teacher let the student take the quiz once more in its place.
    pub spared_at: Option<Timestamp>,
}

impl Attempt {
    /// Whether it has ended, by whatever.
    pub fn is_over(&self, quiz: &Quiz, now: Timestamp) -> bool {
        self.refuses(quiz, now).is_some()
    }

    /// Why no answers are taken: `attempt_over`, `time_over` or, without a time limit, `quiz_closed`.
    /// Those on their way are waited for.
    pub fn refuses(&self, quiz: &Quiz, now: Timestamp) -> Option<Code> {
        match (self.ending, quiz.draft.limit_ms) {
            (Some(AttemptEnding::Time), _) => Some(Code::TimeOver),
            (Some(AttemptEnding::Student), _) => Some(Code::AttemptOver),
            (None, Some(limit_ms)) => {
                (self.used_ms >= limit(limit_ms).saturating_add(ATTEMPT_GRACE_MS)).then_some(Code::TimeOver)
            }
            (None, None) => {
                let grace = i64::try_from(ATTEMPT_GRACE_MS).unwrap_or(0);
                quiz.draft.due_at.filter(|due_at| now > due_at.plus(grace)).map(|_| Code::QuizClosed)
            }
        }
    }

    /// What is left of its time; `None` without a time limit.
    pub(crate) fn left_ms(&self, quiz: &Quiz) -> Option<u64> {
        quiz.draft.limit_ms.map(|limit_ms| limit(limit_ms).saturating_sub(self.used_ms))
    }
}

statements! {
    ATTEMPT = "
        SELECT id, quiz, person, seed, used_ms, started_at, handed_in_at, ending, spared_at
        FROM attempt WHERE id = :attempt";
}

pub(crate) fn find(connection: &Connection, attempt: AttemptId) -> Outcome<Option<Attempt>> {
    let mut statement = connection.prepare_cached(ATTEMPT)?;
    Ok(statement.query_row(named_params! {":attempt": attempt.0}, from_row).optional()?)
}

fn limit(limit_ms: i64) -> u64 {
    u64::try_from(limit_ms).unwrap_or(0)
}

/// The attempt in a row that has its columns by their names.
pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|at| at.map(Timestamp));
    Ok(Attempt {
        id: AttemptId(row.get("id")?),
        quiz: QuizId(row.get("quiz")?),
        person: PersonId(row.get("person")?),
        seed: row.get::<_, Option<i64>>("seed")?.map(i64::cast_unsigned),
        used_ms: limit(row.get("used_ms")?),
        started_at: Timestamp(row.get("started_at")?),
        handed_in_at: time("handed_in_at")?,
        ending: row.get("ending")?,
        spared_at: time("spared_at")?,
    })
}
