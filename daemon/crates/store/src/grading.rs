//! What teachers do with what was handed in: who is missing, scores, comments, giving back.

use base::Result;
use base::clock::Timestamp;
use base::id::{AssignmentId, CourseId, PersonId};
use base::score::Score;
use rusqlite::named_params;

use crate::statement::statements;
use crate::store::Store;
use crate::submission::{self, Submission};
use crate::words::MemberState;

/// One student of a course, as a teacher sees them at an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pupil {
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
    /// What they have handed in, or have a score for.
    pub submission: Option<Submission>,
    /// How many files that has.
    pub files: i64,
}

statements! {
    // A removed student is shown as long as there is work of theirs.
    PUPILS = "
        SELECT member.person AS pupil, person.name, number, group_name, member.state,
               submission.person, submission.text, received_at, score, comment, graded_at, returned_at,
               reopened_at,
               (SELECT count(*) FROM submission_file WHERE submission = submission.id) AS files
        FROM member JOIN person ON person.id = member.person
            LEFT JOIN submission ON submission.assignment = :assignment AND submission.person = member.person
        WHERE member.course = :course
            AND ((member.role = 'student' AND member.state = 'active') OR submission.id IS NOT NULL)";
    GRADE = "
        UPDATE submission SET score = :score, comment = :comment, graded_at = :at,
               reopened_at = CASE WHEN :at IS NULL THEN reopened_at END,
               returned_at = CASE WHEN :at IS NULL THEN NULL ELSE returned_at END
        WHERE id = :submission";
    RETURN_GRADED = "
        UPDATE submission SET returned_at = :now
        WHERE assignment = :assignment AND graded_at IS NOT NULL AND returned_at IS NULL";
    REOPEN = "
        UPDATE submission SET reopened_at = :now, graded_at = NULL, returned_at = NULL
        WHERE id = :submission";
}

impl Store {
    /// The students of a course at one of its assignments, by name.
    pub async fn pupils(&self, course: CourseId, assignment: AssignmentId) -> Result<Vec<Pupil>> {
        self.follow_clock().await;
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(PUPILS)?;
            let values = named_params! {":course": course.0, ":assignment": assignment.0};
            let rows = statement.query_map(values, |row| {
                Ok(Pupil {
                    person: PersonId(row.get("pupil")?),
                    name: row.get("name")?,
                    number: row.get("number")?,
                    group: row.get("group_name")?,
                    state: row.get("state")?,
                    submission: submission::perhaps_from_row(row, "text")?,
                    files: row.get("files")?,
                })
            })?;
            let mut pupils = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            pupils.sort_by_cached_key(|pupil| (pupil.name.to_lowercase(), pupil.person));
            Ok(pupils)
        })
        .await
    }

    /// Gives a student a score and a comment; with neither, it counts as not graded. Who has it back
    /// sees the change at once.
    pub async fn grade(
        &self,
        assignment: AssignmentId,
        person: PersonId,
        score: Option<Score>,
        comment: Option<String>,
    ) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let submission = submission::ensure(connection, assignment, person, now)?;
            let at: Option<Timestamp> = (score.is_some() || comment.is_some()).then_some(now);
            connection.prepare_cached(GRADE)?.execute(named_params! {
                ":submission": submission, ":score": score.map(|score| score.0), ":comment": comment,
                ":at": at.map(|at| at.0),
            })?;
            Ok(())
        })
        .await
    }

    /// Lets every student whose work was graded see score and comment; how many more do now.
    pub async fn return_graded(&self, assignment: AssignmentId) -> Result<usize> {
        let now = self.now();
        self.write(move |connection| {
            let values = named_params! {":assignment": assignment.0, ":now": now.0};
            Ok(connection.prepare_cached(RETURN_GRADED)?.execute(values)?)
        })
        .await
    }

    /// Lets a student go on with it, whatever the time, and see the comment. Score and comment stay
    /// for the teacher to go on with.
    pub async fn reopen_submission(&self, assignment: AssignmentId, person: PersonId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let submission = submission::ensure(connection, assignment, person, now)?;
            let values = named_params! {":submission": submission, ":now": now.0};
            connection.prepare_cached(REOPEN)?.execute(values)?;
            Ok(())
        })
        .await
    }
}
