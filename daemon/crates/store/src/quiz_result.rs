//! What the students of a course have answered in a quiz, for its teachers.

use std::collections::HashMap;

use base::Result;
use base::clock::Timestamp;
use base::id::{AttemptId, CourseId, PersonId, QuestionId};
use rusqlite::{Connection, named_params};

use crate::attempt::{self, Attempt};
use crate::failure::Outcome;
use crate::question::Answers;
use crate::quiz::Quiz;
use crate::statement::statements;
use crate::store::Store;
use crate::words::MemberState;

/// One student of a course, as a teacher sees them at a quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizPupil {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The school's own number.
    pub number: Option<String>,
    /// The group at school.
    pub group: Option<String>,
    /// Whether they still belong to the course.
    pub state: MemberState,
    /// Their attempts, the first first, with what they answered.
    pub attempts: Vec<(Attempt, Answers)>,
}

/// What a class has answered.
#[derive(Clone, Debug)]
pub struct QuizResults {
    /// The students, by name.
    pub pupils: Vec<QuizPupil>,
    /// The time by the box's clock.
    pub now: Timestamp,
}

statements! {
    // A removed student is shown as long as there is work of theirs.
    QUIZ_PUPILS = "
        SELECT member.person, person.name, number, group_name, member.state
        FROM member JOIN person ON person.id = member.person
        WHERE member.course = :course
            AND ((member.role = 'student' AND member.state = 'active')
                OR EXISTS (SELECT 1 FROM attempt
                    WHERE attempt.quiz = :quiz AND attempt.person = member.person))";
    ATTEMPTS_AT = "
        SELECT id, quiz, person, seed, used_ms, started_at, handed_in_at, ending, spared_at
        FROM attempt WHERE quiz = :quiz ORDER BY person, id";
    ANSWERS_AT = "
        SELECT answer.attempt, question, text
        FROM attempt JOIN answer ON answer.attempt = attempt.id WHERE quiz = :quiz";
}

impl Store {
    /// The students of a course at one of its quizzes.
    pub async fn quiz_results(&self, course: CourseId, quiz: &Quiz) -> Result<QuizResults> {
        self.follow_clock().await;
        let (now, moment, running) = (self.now(), self.monotonic(), self.running());
        let quiz = quiz.id;
        self.read(move |connection| {
            let values = named_params! {":quiz": quiz.0};
            let mut answers = answers(connection, quiz.0)?;
            let mut statement = connection.prepare_cached(ATTEMPTS_AT)?;
            let mut by_person: HashMap<PersonId, Vec<(Attempt, Answers)>> = HashMap::new();
            for attempt in statement.query_map(values, attempt::from_row)? {
                let mut attempt = attempt?;
                attempt.used_ms = running.used(attempt.id, attempt.used_ms, moment);
                let given = answers.remove(&attempt.id).unwrap_or_default();
                by_person.entry(attempt.person).or_default().push((attempt, given));
            }
            let mut pupils = pupils(connection, course, quiz.0)?;
            for pupil in &mut pupils {
                pupil.attempts = by_person.remove(&pupil.person).unwrap_or_default();
            }
            pupils.sort_by_cached_key(|pupil| (pupil.name.to_lowercase(), pupil.person));
            Ok(QuizResults { pupils, now })
        })
        .await
    }
}

fn answers(connection: &Connection, quiz: i64) -> Outcome<HashMap<AttemptId, Answers>> {
    let mut all: HashMap<AttemptId, Answers> = HashMap::new();
    let mut statement = connection.prepare_cached(ANSWERS_AT)?;
    let mut rows = statement.query(named_params! {":quiz": quiz})?;
    while let Some(row) = rows.next()? {
        let of = all.entry(AttemptId(row.get("attempt")?)).or_default();
        of.insert(QuestionId(row.get("question")?), row.get("text")?);
    }
    Ok(all)
}

fn pupils(connection: &Connection, course: CourseId, quiz: i64) -> Outcome<Vec<QuizPupil>> {
    let mut statement = connection.prepare_cached(QUIZ_PUPILS)?;
    let rows = statement.query_map(named_params! {":course": course.0, ":quiz": quiz}, |row| {
        Ok(QuizPupil {
            person: PersonId(row.get("person")?),
            name: row.get("name")?,
            number: row.get("number")?,
            group: row.get("group_name")?,
            state: row.get("state")?,
            attempts: Vec::new(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
