//! Students take quizzes: an attempt is begun, goes on on any of their devices, and is handed in.

use std::collections::BTreeSet;

use base::clock::Monotonic;
use base::id::{AttemptId, PersonId, QuestionId, QuizId};
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::attempt::{self, Attempt};
use crate::attempt_end::{end, note};
use crate::failure::{Failure, Outcome};
use crate::question::{self, Answers};
use crate::quiz::{self, Quiz};
use crate::running::Running;
use crate::statement::statements;
use crate::store::Store;
use crate::words::{AttemptEnding, Sequence};

/// An attempt that is under way, as its student sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// The attempt.
    pub attempt: Attempt,
    /// What is saved.
    pub answers: Answers,
    /// What is left of its time, in milliseconds; `None` without a time limit.
    pub left_ms: Option<u64>,
}

/// What happens with an attempt when answers are saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It goes on.
    Continue,
    /// It is handed in.
    HandIn,
}

statements! {
    UNDER_WAY = "
        SELECT id, quiz, person, seed, used_ms, started_at, handed_in_at, ending, spared_at
        FROM attempt WHERE quiz = :quiz AND person = :person AND handed_in_at IS NULL";
    ATTEMPTS_BY = "
        SELECT id, quiz, person, seed, used_ms, started_at, handed_in_at, ending, spared_at
        FROM attempt WHERE quiz = :quiz AND person = :person ORDER BY id";
    INSERT_ATTEMPT = "
        INSERT INTO attempt (quiz, person, seed, started_at) VALUES (:quiz, :person, :seed, :now)";
    ANSWERS_IN = "SELECT question, text FROM answer WHERE attempt = :attempt";
    SAVE_ANSWER = "
        INSERT INTO answer (attempt, question, text) VALUES (:attempt, :question, :text)
        ON CONFLICT (attempt, question) DO UPDATE SET text = excluded.text";
    CLEAR_ANSWER = "DELETE FROM answer WHERE attempt = :attempt AND question = :question";
}

impl Store {
    /// Begins an attempt, or goes on with the one that is under way. `seed` decides its order if the
    /// quiz is shuffled. The codes of [`Quiz::refuses_start`]; `not_found`.
    pub async fn start_attempt(&self, quiz: QuizId, person: PersonId, seed: u64) -> Result<Attempt> {
        self.follow_clock().await;
        let (now, moment, running) = (self.now(), self.monotonic(), self.running());
        let started = self.write(move |connection| {
            let quiz = quiz::find(connection, quiz)?.ok_or(Code::NotFound)?;
            let is_timed = quiz.draft.limit_ms.is_some();
            if let Some(going) = under_way(connection, &quiz, person, &running, moment)? {
                match going.refuses(&quiz, now) {
                    None => return Ok((going, is_timed)),
                    Some(Code::TimeOver) => end(connection, &going, AttemptEnding::Time, now)?,
                    Some(code) => return Err(code.into()),
                }
            }
            let used = attempts_by(connection, quiz.id, person)?;
            let used = used.iter().filter(|attempt| attempt.spared_at.is_none()).count();
            if let Some(code) = quiz.refuses_start(i64::try_from(used).unwrap_or(i64::MAX), now) {
                return Err(code.into());
            }
            let seed = (quiz.draft.sequence == Sequence::Shuffled).then(|| seed.cast_signed());
            connection.prepare_cached(INSERT_ATTEMPT)?.execute(named_params! {
                ":quiz": quiz.id.0, ":person": person.0, ":seed": seed, ":now": now.0,
            })?;
            let made = AttemptId(connection.last_insert_rowid());
            Ok((attempt::find(connection, made)?.ok_or(Code::NotFound)?, is_timed))
        });
        let (attempt, is_timed) = started.await?;
        if is_timed {
            // Only now: what was not committed must not be counted.
            self.running().run(attempt.id, attempt.used_ms, moment);
        }
        Ok(attempt)
    }

    /// The attempt that a student goes on with: its time runs from now on. Nothing if none is under
    /// way, or its time is over, which ends it.
    pub async fn sitting(&self, quiz: &Quiz, person: PersonId) -> Result<Option<Sitting>> {
        let (now, moment, running, asked) = (self.now(), self.monotonic(), self.running(), quiz.clone());
        let found = self.read(move |connection| {
            let Some(attempt) = under_way(connection, &asked, person, &running, moment)? else {
                return Ok(None);
            };
            let answers = answers_in(connection, attempt.id)?;
            let left_ms = attempt.left_ms(&asked);
            Ok(Some(Sitting { attempt, answers, left_ms }))
        });
        let Some(sitting) = found.await? else { return Ok(None) };
        match sitting.attempt.refuses(quiz, now) {
            None => Ok(Some(sitting)),
            Some(Code::TimeOver) => {
                let attempt = sitting.attempt;
                let ended = attempt.id;
                self.write(move |connection| end(connection, &attempt, AttemptEnding::Time, now)).await?;
                self.running().stop(&[ended]);
                Ok(None)
            }
            Some(_) => Ok(None),
        }
    }

    /// Takes answers, in place of those before; blank ones are cleared. The codes of
    /// [`Attempt::refuses`]; `not_found` if it is no attempt of this person at this quiz.
    pub async fn save_answers(
        &self,
        quiz: QuizId,
        attempt: AttemptId,
        person: PersonId,
        given: Vec<(QuestionId, Option<String>)>,
        then: Then,
    ) -> Result<Option<u64>> {
        self.follow_clock().await;
        let (now, moment, running) = (self.now(), self.monotonic(), self.running());
        let saved = self.write(move |connection| {
            let quiz = quiz::find(connection, quiz)?.ok_or(Code::NotFound)?;
            let mut attempt = attempt::find(connection, attempt)?
                .filter(|attempt| attempt.quiz == quiz.id && attempt.person == person)
                .ok_or(Code::NotFound)?;
            count(&mut attempt, &quiz, &running, moment);
            if let Some(code) = attempt.refuses(&quiz, now) {
                return Err(code.into());
            }
            write_answers(connection, &attempt, given)?;
            note(connection, attempt.id, attempt.used_ms)?;
            if then == Then::HandIn {
                end(connection, &attempt, AttemptEnding::Student, now)?;
            }
            Ok(attempt.left_ms(&quiz))
        });
        let left_ms = saved.await?;
        if then == Then::HandIn {
            self.running().stop(&[attempt]);
        }
        Ok(left_ms)
    }

    /// A student's attempts at a quiz, the first first, and what they answered in each.
    pub async fn attempts_by(&self, quiz: &Quiz, person: PersonId) -> Result<Vec<(Attempt, Answers)>> {
        self.follow_clock().await;
        let (moment, running, quiz) = (self.monotonic(), self.running(), quiz.clone());
        self.read(move |connection| {
            let attempts = attempts_by(connection, quiz.id, person)?.into_iter();
            attempts
                .map(|mut attempt| {
                    attempt.used_ms = running.used(attempt.id, attempt.used_ms, moment);
                    let answers = answers_in(connection, attempt.id)?;
                    Ok((attempt, answers))
                })
                .collect()
        })
        .await
    }
}

/// The attempt of a student that nobody ended; from now on its time runs.
fn under_way(
    connection: &Connection,
    quiz: &Quiz,
    person: PersonId,
    running: &Running,
    moment: Monotonic,
) -> Outcome<Option<Attempt>> {
    let mut statement = connection.prepare_cached(UNDER_WAY)?;
    let values = named_params! {":quiz": quiz.id.0, ":person": person.0};
    let mut found = statement.query_row(values, attempt::from_row).optional()?;
    if let Some(attempt) = &mut found {
        count(attempt, quiz, running, moment);
    }
    Ok(found)
}

/// Only what has a limit is counted: it ends, and so the list of what runs does.
fn count(attempt: &mut Attempt, quiz: &Quiz, running: &Running, moment: Monotonic) {
    if attempt.ending.is_none() && quiz.draft.limit_ms.is_some() {
        attempt.used_ms = running.run(attempt.id, attempt.used_ms, moment);
    }
}

fn write_answers(
    connection: &Connection,
    attempt: &Attempt,
    given: Vec<(QuestionId, Option<String>)>,
) -> Outcome<()> {
    let known: BTreeSet<QuestionId> =
        question::all_of(connection, attempt.quiz)?.iter().map(|question| question.id).collect();
    for (question, text) in given.into_iter().filter(|(question, _)| known.contains(question)) {
        match text {
            Some(text) => connection.prepare_cached(SAVE_ANSWER)?.execute(named_params! {
                ":attempt": attempt.id.0, ":question": question.0, ":text": text,
            })?,
            None => connection
                .prepare_cached(CLEAR_ANSWER)?
                .execute(named_params! {":attempt": attempt.id.0, ":question": question.0})?,
        };
    }
    Ok(())
}

fn attempts_by(connection: &Connection, quiz: QuizId, person: PersonId) -> Outcome<Vec<Attempt>> {
    let mut statement = connection.prepare_cached(ATTEMPTS_BY)?;
    let rows =
        statement.query_map(named_params! {":quiz": quiz.0, ":person": person.0}, attempt::from_row)?;
    rows.map(|row| row.map_err(Failure::from)).collect()
}

fn answers_in(connection: &Connection, attempt: AttemptId) -> Outcome<Answers> {
    let mut statement = connection.prepare_cached(ANSWERS_IN)?;
    let rows = statement.query_map(named_params! {":attempt": attempt.0}, |row| {
        Ok((QuestionId(row.get("question")?), row.get("text")?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
