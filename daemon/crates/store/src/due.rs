//! What a course asks of somebody now: work to hand in, or to grade. For the start page.

use base::Result;
use base::clock::Timestamp;
use base::id::{AssignmentId, CourseId, PersonId};
use rusqlite::{Connection, named_params};

use crate::assignment::{self, Assignment};
use crate::statement::statements;
use crate::store::Store;
use crate::submission::{self, Submission, closed};

/// What a student can still hand in.
#[derive(Clone, Debug)]
pub struct Due {
    /// The time it was asked for.
    pub now: Timestamp,
    /// The most urgent first.
    pub assignments: Vec<Assignment>,
}

/// An assignment whose work waits for a teacher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToGrade {
    /// The assignment.
    pub assignment: AssignmentId,
    /// As shown to people.
    pub title: String,
    /// Of how many students.
    pub count: usize,
}

statements! {
    // `submission` gives the columns of the person who asks, `own_text` among them.
    SHOWN_ASSIGNMENTS = "
        SELECT assignment.id, meeting, assignment.title, assignment.text, due_at, late, points,
               assignment.created_at, assignment.published_at, submission.person,
               submission.text AS own_text, received_at, score, comment, graded_at, returned_at, reopened_at
        FROM meeting JOIN assignment ON assignment.meeting = meeting.id
            LEFT JOIN submission ON submission.assignment = assignment.id AND submission.person = :person
        WHERE meeting.course = :course AND meeting.published_at IS NOT NULL
            AND assignment.published_at IS NOT NULL";
    TO_GRADE = "
        SELECT assignment.id, assignment.title,
               (SELECT count(*) FROM submission
                WHERE submission.assignment = assignment.id AND received_at IS NOT NULL
                    AND graded_at IS NULL) AS waiting
        FROM meeting JOIN assignment ON assignment.meeting = meeting.id
        WHERE meeting.course = :course";
}

impl Store {
    /// What a student of the course can still hand in and has not, or was asked for again.
    pub async fn due_of(&self, course: CourseId, person: PersonId) -> Result<Due> {
        let now = self.now();
        self.read(move |connection| {
            let mut assignments: Vec<Assignment> = shown(connection, course, person)?
                .into_iter()
                .filter(|(assignment, own)| {
                    is_asked_for(own.as_ref()) && closed(assignment, own.as_ref(), now).is_none()
                })
                .map(|(assignment, _)| assignment)
                .collect();
            assignments.sort_by_key(|assignment| urgency(assignment.draft.due_at, now));
            Ok(Due { now, assignments })
        })
        .await
    }

    /// What students of the course have handed in and nobody has graded, by age.
    pub async fn to_grade_in(&self, course: CourseId) -> Result<Vec<ToGrade>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(TO_GRADE)?;
            let rows = statement.query_map(named_params! {":course": course.0}, |row| {
                Ok(ToGrade {
                    assignment: AssignmentId(row.get("id")?),
                    title: row.get("title")?,
                    count: usize::try_from(row.get::<_, i64>("waiting")?).unwrap_or(0),
                })
            })?;
            let mut waiting: Vec<ToGrade> = rows.collect::<rusqlite::Result<_>>()?;
            waiting.retain(|waiting| waiting.count > 0);
            waiting.sort_by_key(|waiting| waiting.assignment);
            Ok(waiting)
        })
        .await
    }
}

fn shown(
    connection: &Connection,
    course: CourseId,
    person: PersonId,
) -> rusqlite::Result<Vec<(Assignment, Option<Submission>)>> {
    let mut statement = connection.prepare_cached(SHOWN_ASSIGNMENTS)?;
    let values = named_params! {":course": course.0, ":person": person.0};
    let rows = statement.query_map(values, |row| {
        Ok((assignment::from_row(row)?, submission::perhaps_from_row(row, "own_text")?))
    })?;
    rows.collect()
}

/// Whether the student has yet to hand in something.
fn is_asked_for(own: Option<&Submission>) -> bool {
    let Some(own) = own else { return true };
    own.received_at.is_none() || own.reopened_at > own.received_at
}

/// Sorts what a student has to do until `due_at`: what is due, the next first, then what has no time,
/// then what is late, the latest first.
pub fn urgency(due_at: Option<Timestamp>, now: Timestamp) -> (u8, i64) {
    match due_at {
        Some(at) if at >= now => (0, at.0),
        None => (1, 0),
        Some(at) => (2, -at.0),
    }
}
