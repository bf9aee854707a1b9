//! The questions of a quiz, and what makes an answer to each right.

use std::collections::BTreeMap;

use base::clock::Timestamp;
use base::decimal::Decimal;
use base::id::{QuestionId, QuizId};
use base::limits::{QUESTIONS, SPELLINGS};
use base::marking::{self, Solution};
use base::score::Score;
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::assignment::too_many;
use crate::failure::Outcome;
use crate::file;
use crate::material::Shift;
use crate::quiz;
use crate::statement::statements;
use crate::store::Store;
use crate::words::QuestionKind;

/// A question of a quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The number.
    pub id: QuestionId,
    /// Of which quiz.
    pub quiz: QuizId,
    /// What a teacher says about it.
    pub draft: QuestionDraft,
}

/// What a teacher says about a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionDraft {
    /// Markdown, as `base::text::question` returned it.
    pub text: String,
    /// What the right answer earns.
    pub points: i64,
    /// What can be chosen, each as `base::text::choice` returned it.
    pub choices: Vec<String>,
    /// What is right. Its kind is the question's.
    pub solution: Solution,
}

/// What somebody answered, by question.
pub type Answers = BTreeMap<QuestionId, String>;

impl Question {
    /// What an attempt with these answers earns by it.
    pub fn earned(&self, answers: &Answers) -> Score {
        answers.get(&self.id).map_or(Score(0), |answer| self.draft.solution.earned(answer, self.draft.points))
    }
}

impl QuestionDraft {
    /// How it is answered.
    pub fn kind(&self) -> QuestionKind {
        match self.solution {
            Solution::Single(_) => QuestionKind::Single,
            Solution::Multiple(_) => QuestionKind::Multiple,
            Solution::Number(..) => QuestionKind::Number,
            Solution::Text(_) => QuestionKind::Text,
        }
    }

    fn written_solution(&self) -> String {
        match &self.solution {
            Solution::Single(choice) => choice.to_string(),
            Solution::Multiple(choices) => marking::choosing(choices),
            Solution::Number(number, _) => number.written('.'),
            Solution::Text(spellings) => spellings.join("\n"),
        }
    }

    fn tolerance(&self) -> Option<i64> {
        match self.solution {
            Solution::Number(_, tolerance) => Some(tolerance.0),
            _ => None,
        }
    }

    fn written_choices(&self) -> Option<String> {
        self.kind().has_choices().then(|| self.choices.join("\n"))
    }
}

/// What all of these questions can earn.
pub fn points_of(questions: &[Question]) -> i64 {
    questions.iter().map(|question| question.draft.points).sum()
}

/// What an attempt with these answers earns by all of these questions.
pub fn score_of(questions: &[Question], answers: &Answers) -> Score {
    Score(questions.iter().map(|question| question.earned(answers).0).sum())
}

statements! {
    QUESTIONS_OF = "
        SELECT id, quiz, kind, text, points, choices, solution, tolerance
        FROM question WHERE quiz = :quiz ORDER BY position";
    QUESTION = "
        SELECT id, quiz, kind, text, points, choices, solution, tolerance
        FROM question WHERE id = :question";
    LAST_QUESTION = "SELECT count(*), coalesce(max(position), 0) FROM question WHERE quiz = :quiz";
    INSERT_QUESTION = "
        INSERT INTO question (quiz, position, kind, text, points, choices, solution, tolerance, created_at)
        VALUES (:quiz, :position, :kind, :text, :points, :choices, :solution, :tolerance, :now)";
    CHANGE_QUESTION = "
        UPDATE question SET kind = :kind, text = :text, points = :points, choices = :choices,
               solution = :solution, tolerance = :tolerance
        WHERE id = :question";
    PLACE_QUESTION = "UPDATE question SET position = :position WHERE id = :question";
    DELETE_QUESTION = "DELETE FROM question WHERE id = :question";
}

impl Store {
    /// The questions of a quiz in their order.
    pub async fn questions_of(&self, quiz: QuizId) -> Result<Vec<Question>> {
        self.read(move |connection| all_of(connection, quiz)).await
    }

    /// Whether somebody has begun a quiz, so that its questions stay what they are.
    pub async fn is_quiz_begun(&self, quiz: QuizId) -> Result<bool> {
        self.read(move |connection| quiz::is_begun(connection, quiz)).await
    }

    /// Adds a question behind the others. `quiz_begun`, `questions_too_many`, `not_found`.
    pub async fn create_question(&self, quiz: QuizId, draft: QuestionDraft) -> Result<QuestionId> {
        let now = self.now();
        self.write(move |connection| {
            quiz::find(connection, quiz)?.ok_or(Code::NotFound)?;
            untouched(connection, quiz)?;
            insert(connection, quiz, &draft, now)
        })
        .await
    }

    /// Changes a question. Since somebody has begun, it keeps its kind and the number of its choices:
    /// `quiz_begun` otherwise. `not_found`.
    pub async fn change_question(&self, question: QuestionId, draft: QuestionDraft) -> Result<()> {
        self.write(move |connection| {
            let held = find(connection, question)?.ok_or(Code::NotFound)?;
            let is_alike =
                held.draft.kind() == draft.kind() && held.draft.choices.len() == draft.choices.len();
            if !is_alike {
                untouched(connection, held.quiz)?;
            }
            change(connection, question, &draft)
        })
        .await
    }

    /// Takes one more spelling for right, in every attempt. `spellings_too_many`; `not_found` if it is
    /// no question with spellings. Again is harmless.
    pub async fn accept_spelling(&self, question: QuestionId, spelling: String) -> Result<()> {
        self.write(move |connection| {
            let mut held = find(connection, question)?.ok_or(Code::NotFound)?;
            let Solution::Text(spellings) = &mut held.draft.solution else {
                return Err(Code::NotFound.into());
            };
            let plain = marking::plain(&spelling);
            if spellings.iter().any(|known| marking::plain(known) == plain) {
                return Ok(());
            }
            if spellings.len() >= SPELLINGS {
                return Err(too_many(Code::SpellingsTooMany, SPELLINGS).into());
            }
            spellings.push(spelling);
            change(connection, question, &held.draft)
        })
        .await
    }

    /// Moves a question past its neighbour; at the end it stays where it is. `quiz_begun`, `not_found`.
    pub async fn shift_question(&self, question: QuestionId, shift: Shift) -> Result<()> {
        self.write(move |connection| {
            let held = find(connection, question)?.ok_or(Code::NotFound)?;
            untouched(connection, held.quiz)?;
            let mut ids: Vec<i64> = all_of(connection, held.quiz)?.iter().map(|one| one.id.0).collect();
            shift.apply(&mut ids, question.0);
            let mut place = connection.prepare_cached(PLACE_QUESTION)?;
            for (position, id) in (1_i64..).zip(ids) {
                place.execute(named_params! {":question": id, ":position": position})?;
            }
            Ok(())
        })
        .await
    }

    /// Deletes a question. `quiz_begun`. Again is harmless.
    pub async fn delete_question(&self, question: QuestionId) -> Result<()> {
        self.write(move |connection| {
            let Some(held) = find(connection, question)? else { return Ok(()) };
            untouched(connection, held.quiz)?;
            connection.prepare_cached(DELETE_QUESTION)?.execute(named_params! {":question": question.0})?;
            Ok(())
        })
        .await
    }
}

/// Only while nobody has begun: `quiz_begun` otherwise.
fn untouched(connection: &Connection, quiz: QuizId) -> Outcome<()> {
    if quiz::is_begun(connection, quiz)? { Err(Code::QuizBegun.into()) } else { Ok(()) }
}

pub(crate) fn insert(
    connection: &Connection,
    quiz: QuizId,
    draft: &QuestionDraft,
    now: Timestamp,
) -> Outcome<QuestionId> {
    let (count, last): (i64, i64) = connection
        .prepare_cached(LAST_QUESTION)?
        .query_row(named_params! {":quiz": quiz.0}, |row| Ok((row.get(0)?, row.get(1)?)))?;
    if file::size(count) >= QUESTIONS as u64 {
        return Err(too_many(Code::QuestionsTooMany, QUESTIONS).into());
    }
    connection.prepare_cached(INSERT_QUESTION)?.execute(named_params! {
        ":quiz": quiz.0, ":position": last + 1, ":kind": draft.kind(), ":text": draft.text,
        ":points": draft.points, ":choices": draft.written_choices(),
        ":solution": draft.written_solution(), ":tolerance": draft.tolerance(), ":now": now.0,
    })?;
    Ok(QuestionId(connection.last_insert_rowid()))
}

fn change(connection: &Connection, question: QuestionId, draft: &QuestionDraft) -> Outcome<()> {
    connection.prepare_cached(CHANGE_QUESTION)?.execute(named_params! {
        ":question": question.0, ":kind": draft.kind(), ":text": draft.text, ":points": draft.points,
        ":choices": draft.written_choices(), ":solution": draft.written_solution(),
        ":tolerance": draft.tolerance(),
    })?;
    Ok(())
}

pub(crate) fn all_of(connection: &Connection, quiz: QuizId) -> Outcome<Vec<Question>> {
    let mut statement = connection.prepare_cached(QUESTIONS_OF)?;
    let rows = statement.query_map(named_params! {":quiz": quiz.0}, from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn find(connection: &Connection, question: QuestionId) -> Outcome<Option<Question>> {
    let mut statement = connection.prepare_cached(QUESTION)?;
    Ok(statement.query_row(named_params! {":question": question.0}, from_row).optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Question> {
    let text: String = row.get("solution")?;
    let solution = match row.get("kind")? {
        // No choice has this number; what was written as one is one.
        QuestionKind::Single => Solution::Single(text.parse().unwrap_or(0)),
        QuestionKind::Multiple => Solution::Multiple(marking::chosen(&text)),
        QuestionKind::Number => {
            let number = Decimal::read(&text).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
            })?;
            Solution::Number(number, Decimal(row.get("tolerance")?))
        }
        QuestionKind::Text => Solution::Text(text.lines().map(str::to_owned).collect()),
    };
    let choices: Option<String> = row.get("choices")?;
    Ok(Question {
        id: QuestionId(row.get("id")?),
        quiz: QuizId(row.get("quiz")?),
        draft: QuestionDraft {
            text: row.get("text")?,
            points: row.get("points")?,
            choices: choices.map(|all| all.lines().map(str::to_owned).collect()).unwrap_or_default(),
            solution,
        },
    })
}
