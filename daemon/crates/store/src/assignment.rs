//! Assignments of a meeting.

use base::clock::Timestamp;
use base::id::{AssignmentId, MeetingId, PersonId};
use base::limits::ASSIGNMENTS_PER_MEETING;
use base::{Code, Error, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::{Outcome, is_dangling};
use crate::file;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::{self, Submission};
use crate::words::{LatePolicy, Visibility};

/// Something that a meeting asks its students to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The number.
    pub id: AssignmentId,
    /// Where it stands.
    pub meeting: MeetingId,
    /// What a teacher says about it.
    pub draft: AssignmentDraft,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on students see it; `None` for a draft.
    pub published_at: Option<Timestamp>,
}

/// What a teacher says about an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentDraft {
    /// As `base::text::title` returned it.
    pub title: String,
    /// Markdown, as `base::text::instructions` returned it.
    pub text: Option<String>,
    /// Until when it is to be handed in.
    pub due_at: Option<Timestamp>,
    /// What happens to work that comes later.
    pub late: LatePolicy,
    /// The highest score, as `base::score::points` returned it.
    pub points: i64,
}

/// An assignment in a list: what is of interest about it to a student, and to a teacher.
#[derive(Clone, Debug)]
pub struct AssignmentSummary {
    /// The assignment.
    pub assignment: Assignment,
    /// What the person who asks has handed in.
    pub own: Option<Submission>,
    /// How many have handed in something.
    pub handed_in: i64,
    /// How many of those were not graded yet.
    pub ungraded: i64,
}

statements! {
    INSERT_ASSIGNMENT = "
        INSERT INTO assignment (meeting, title, text, due_at, late, points, created_at)
        VALUES (:meeting, :title, :text, :due_at, :late, :points, :now)";
    ASSIGNMENT_COUNT = "SELECT count(*) FROM assignment WHERE meeting = :meeting";
    ASSIGNMENT = "
        SELECT id, meeting, title, text, due_at, late, points, created_at, published_at
        FROM assignment WHERE id = :assignment";
    // Columns of both tables by their own names; `submission` gives those of the person who asks.
    ASSIGNMENTS_OF = "
        SELECT assignment.id, meeting, title, assignment.text, due_at, late, points, assignment.created_at,
               published_at, submission.person, submission.text AS own_text, received_at, score, comment,
               graded_at, returned_at, reopened_at,
               (SELECT count(*) FROM submission AS all_of
                WHERE all_of.assignment = assignment.id AND all_of.received_at IS NOT NULL) AS handed_in,
               (SELECT count(*) FROM submission AS all_of
                WHERE all_of.assignment = assignment.id AND all_of.received_at IS NOT NULL
                    AND all_of.graded_at IS NULL) AS ungraded
        FROM assignment LEFT JOIN submission
            ON submission.assignment = assignment.id AND submission.person = :person
        WHERE meeting = :meeting ORDER BY assignment.id";
    CHANGE_ASSIGNMENT = "
        UPDATE assignment SET title = :title, text = :text, due_at = :due_at, late = :late, points = :points
        WHERE id = :assignment";
    PUBLISH_ASSIGNMENT = "
        UPDATE assignment SET published_at = coalesce(published_at, :now) WHERE id = :assignment";
    HIDE_ASSIGNMENT = "UPDATE assignment SET published_at = NULL WHERE id = :assignment";
    HIGHEST_SCORE = "SELECT max(score) FROM submission WHERE assignment = :assignment";
    DELETE_ASSIGNMENT = "DELETE FROM assignment WHERE id = :assignment";
}

impl Store {
    /// Adds an assignment that only teachers see. `assignments_too_many`; `not_found` if there is no
    /// such meeting.
    pub async fn create_assignment(&self, meeting: MeetingId, draft: AssignmentDraft) -> Result<Assignment> {
        let now = self.now();
        self.write(move |connection| {
            let id = insert(connection, meeting, &draft, now)?;
            Ok(find(connection, id)?.ok_or(Code::NotFound)?)
        })
        .await
    }

    /// The assignments of a meeting in their order, drafts among them, with what `person` has handed
    /// in for each.
    pub async fn assignments_of(
        &self,
        meeting: MeetingId,
        person: PersonId,
    ) -> Result<Vec<AssignmentSummary>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(ASSIGNMENTS_OF)?;
            let values = named_params! {":meeting": meeting.0, ":person": person.0};
            let rows = statement.query_map(values, |row| {
                Ok(AssignmentSummary {
                    assignment: from_row(row)?,
                    own: submission::perhaps_from_row(row, "own_text")?,
                    handed_in: row.get("handed_in")?,
                    ungraded: row.get("ungraded")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Changes what a teacher says about it. `score_invalid` if somebody has a higher score than it
    /// would have points; `not_found`.
    pub async fn change_assignment(&self, assignment: AssignmentId, draft: AssignmentDraft) -> Result<()> {
        self.write(move |connection| {
            let highest: Option<i64> = connection
                .prepare_cached(HIGHEST_SCORE)?
                .query_row(named_params! {":assignment": assignment.0}, |row| row.get(0))?;
            if highest.is_some_and(|highest| highest > draft.points * 100) {
                return Err(Error::new(Code::ScoreInvalid).with("most", draft.points).into());
            }
            let changed = connection.prepare_cached(CHANGE_ASSIGNMENT)?.execute(named_params! {
                ":assignment": assignment.0, ":title": draft.title, ":text": draft.text,
                ":due_at": draft.due_at.map(|at| at.0), ":late": draft.late, ":points": draft.points,
            })?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Lets students see the assignment, or makes it a draft again. `not_found`.
    pub async fn show_assignment(&self, assignment: AssignmentId, visibility: Visibility) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let changed = match visibility {
                Visibility::Published => connection
                    .prepare_cached(PUBLISH_ASSIGNMENT)?
                    .execute(named_params! {":assignment": assignment.0, ":now": now.0})?,
                Visibility::Draft => connection
                    .prepare_cached(HIDE_ASSIGNMENT)?
                    .execute(named_params! {":assignment": assignment.0})?,
            };
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Deletes an assignment and its files. `assignment_in_use` if anybody has work or a score there.
    /// Again is harmless.
    pub async fn delete_assignment(&self, assignment: AssignmentId) -> Result<()> {
        self.write(move |connection| {
            if submission::any_of(connection, assignment)? {
                return Err(Code::AssignmentInUse.into());
            }
            let values = named_params! {":assignment": assignment.0};
            connection.prepare_cached(DELETE_ASSIGNMENT)?.execute(values)?;
            Ok(())
        })
        .await
    }
}

pub(crate) fn find(connection: &Connection, assignment: AssignmentId) -> Outcome<Option<Assignment>> {
    let mut statement = connection.prepare_cached(ASSIGNMENT)?;
    Ok(statement.query_row(named_params! {":assignment": assignment.0}, from_row).optional()?)
}

pub(crate) fn too_many(code: Code, most: usize) -> Error {
    Error::new(code).with("most", most)
}

/// Adds an assignment that only teachers see, as the last of its meeting.
pub(crate) fn insert(
    connection: &Connection,
    meeting: MeetingId,
    draft: &AssignmentDraft,
    now: Timestamp,
) -> Outcome<AssignmentId> {
    let count: i64 = connection
        .prepare_cached(ASSIGNMENT_COUNT)?
        .query_row(named_params! {":meeting": meeting.0}, |row| row.get(0))?;
    if file::size(count) >= ASSIGNMENTS_PER_MEETING as u64 {
        return Err(too_many(Code::AssignmentsTooMany, ASSIGNMENTS_PER_MEETING).into());
    }
    let inserted = connection.prepare_cached(INSERT_ASSIGNMENT)?.execute(named_params! {
        ":meeting": meeting.0, ":title": draft.title, ":text": draft.text,
        ":due_at": draft.due_at.map(|at| at.0), ":late": draft.late, ":points": draft.points,
        ":now": now.0,
    });
    match inserted {
        Ok(_) => Ok(AssignmentId(connection.last_insert_rowid())),
        Err(error) if is_dangling(&error) => Err(Code::NotFound.into()),
        Err(error) => Err(error.into()),
    }
}

/// The assignment in a row that has its columns by their names.
pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Assignment> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|at| at.map(Timestamp));
    Ok(Assignment {
        id: AssignmentId(row.get("id")?),
        meeting: MeetingId(row.get("meeting")?),
        draft: AssignmentDraft {
            title: row.get("title")?,
            text: row.get("text")?,
            due_at: time("due_at")?,
            late: row.get("late")?,
            points: row.get("points")?,
        },
        created_at: Timestamp(row.get("created_at")?),
        published_at: time("published_at")?,
    })
}
