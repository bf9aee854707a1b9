//! What students hand in: their text and files, as they stand.
//!
//! Whether a student may still change something is said by [`closed`] alone, which the pages ask and
//! the writer asks again.

use base::clock::Timestamp;
use base::id::{AssignmentId, FileId, PersonId, UploadId};
use base::limits::SUBMISSION_FILES;
use base::score::Score;
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::assignment::{self, Assignment, too_many};
use crate::failure::Outcome;
use crate::file::{self, NewFile, StoredFile};
use crate::statement::statements;
use crate::store::Store;
use crate::upload;
use crate::words::LatePolicy;

/// What one student has handed in, and what a teacher says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Who.
    pub person: PersonId,
    /// What the student wrote.
    pub text: Option<String>,
    /// When the student last changed it; `None` if nothing is handed in.
    pub received_at: Option<Timestamp>,
    /// The score.
    pub score: Option<Score>,
    /// The teacher's word on it.
    pub comment: Option<String>,
    /// When a teacher gave score or comment.
    pub graded_at: Option<Timestamp>,
    /// Since when the student sees both.
    pub returned_at: Option<Timestamp>,
    /// When a teacher let the student go on with it, whatever the time.
    pub reopened_at: Option<Timestamp>,
}

/// A file that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedFile {
    /// The file.
    pub file: StoredFile,
    /// When it was received.
    pub received_at: Timestamp,
}

/// How a student stands with an assignment.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What is handed in.
    pub submission: Option<Submission>,
    /// Its files, in the order in which they came.
    pub files: Vec<ReceivedFile>,
    /// The time by the box's clock.
    pub now: Timestamp,
}

impl Submission {
    /// Whether it came after its time.
    pub fn is_late(&self, assignment: &Assignment) -> bool {
        let Some(received_at) = self.received_at else { return false };
        assignment.draft.due_at.is_some_and(|due_at| received_at > due_at)
    }
}

/// Why a student may change nothing who begins to do so at `begun`: `submission_graded` or
/// `submission_closed`.
pub fn closed(assignment: &Assignment, submission: Option<&Submission>, begun: Timestamp) -> Option<Code> {
    if submission.is_some_and(|submission| submission.graded_at.is_some()) {
        return Some(Code::SubmissionGraded);
    }
    let is_over = assignment.draft.due_at.is_some_and(|due_at| begun > due_at);
    let was_reopened = submission.is_some_and(|submission| submission.reopened_at.is_some());
    let refused = is_over && assignment.draft.late == LatePolicy::Refuse && !was_reopened;
    refused.then_some(Code::SubmissionClosed)
}

statements! {
    SUBMISSION = "
        SELECT person, text, received_at, score, comment, graded_at, returned_at, reopened_at
        FROM submission WHERE assignment = :assignment AND person = :person";
    ANY_SUBMISSION = "
        SELECT 1 FROM submission
        WHERE assignment = :assignment AND (received_at IS NOT NULL OR graded_at IS NOT NULL) LIMIT 1";
    ENSURE_SUBMISSION = "
        INSERT INTO submission (assignment, person, created_at) VALUES (:assignment, :person, :now)
        ON CONFLICT (assignment, person) DO NOTHING";
    SUBMISSION_NUMBER = "SELECT id FROM submission WHERE assignment = :assignment AND person = :person";
    SET_SUBMISSION_TEXT = "UPDATE submission SET text = :text WHERE id = :submission";
    RECEIVED = "UPDATE submission SET received_at = :at WHERE id = :submission";
    INSERT_SUBMISSION_FILE = "INSERT INTO submission_file (file, submission) VALUES (:file, :submission)";
    FILES_OF_SUBMISSION = "
        SELECT file.id AS file_id, sha256, size_bytes, file.name AS file_name, media_type,
               file.created_at AS file_received_at
        FROM submission_file JOIN file ON file.id = submission_file.file
            JOIN content ON content.id = file.content
        WHERE submission = :submission ORDER BY submission_file.file";
    DELETE_SUBMISSION_FILE = "DELETE FROM submission_file WHERE file = :file AND submission = :submission";
}

impl Store {
    /// How a student stands with an assignment.
    pub async fn standing(&self, assignment: AssignmentId, person: PersonId) -> Result<Standing> {
        self.follow_clock().await;
        let now = self.now();
        self.read(move |connection| {
            let submission = find(connection, assignment, person)?;
            let files = match number(connection, assignment, person)? {
                Some(number) => files_of(connection, number)?,
                None => Vec::new(),
            };
            Ok(Standing { submission, files, now })
        })
        .await
    }

    /// Takes a student's text in place of the one before, and files besides those that are here; a
    /// file of the same name with the same content is taken once. Begun at `begun`, as
    /// [`Self::standing`] told the time. Besides the codes of [`closed`]: `submission_empty`,
    /// `files_too_many`, `not_found`.
    pub async fn hand_in(
        &self,
        assignment: AssignmentId,
        person: PersonId,
        text: Option<String>,
        files: Vec<NewFile>,
        begun: Timestamp,
    ) -> Result<()> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| {
            let submission = open(connection, assignment, person, begun, now)?;
            let values = named_params! {":submission": submission, ":text": text};
            connection.prepare_cached(SET_SUBMISSION_TEXT)?.execute(values)?;
            for new in &files {
                take_file(connection, submission, new, now)?;
            }
            if text.is_none() && files_of(connection, submission)?.is_empty() {
                return Err(Code::SubmissionEmpty.into());
            }
            received(connection, submission, Some(now))
        })
        .await
    }

    /// Takes a file that came in pieces; what was begun in time is taken. Besides the codes of
    /// [`closed`]: `files_too_many`, `upload_gone` if the upload is no longer open, `not_found`.
    pub async fn hand_in_upload(
        &self,
        assignment: AssignmentId,
        person: PersonId,
        new: NewFile,
        of: UploadId,
    ) -> Result<()> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| {
            let begun = upload::find(connection, of)?.ok_or(Code::UploadGone)?.created_at;
            let submission = open(connection, assignment, person, begun, now)?;
            let file = take_file(connection, submission, &new, now)?;
            upload::complete_file(connection, of, file, now)?;
            received(connection, submission, Some(now))
        })
        .await
    }

    /// Takes a file out of what a student has handed in. Again is harmless. The codes of [`closed`].
    pub async fn take_back_file(
        &self,
        assignment: AssignmentId,
        person: PersonId,
        file: FileId,
    ) -> Result<()> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| {
            let submission = open(connection, assignment, person, now, now)?;
            let values = named_params! {":file": file.0, ":submission": submission};
            if connection.prepare_cached(DELETE_SUBMISSION_FILE)?.execute(values)? == 0 {
                return Ok(());
            }
            let text = find(connection, assignment, person)?.and_then(|submission| submission.text);
            let is_empty = text.is_none() && files_of(connection, submission)?.is_empty();
            received(connection, submission, (!is_empty).then_some(now))
        })
        .await
    }
}

/// The row of what a student may change now, made if there is none.
fn open(
    connection: &Connection,
    assignment: AssignmentId,
    person: PersonId,
    begun: Timestamp,
    now: Timestamp,
) -> Outcome<i64> {
    let found = assignment::find(connection, assignment)?.ok_or(Code::NotFound)?;
    let submission = find(connection, assignment, person)?;
    if let Some(code) = closed(&found, submission.as_ref(), begun) {
        return Err(code.into());
    }
    ensure(connection, assignment, person, now)
}

/// The row's number; made if there is none.
pub(crate) fn ensure(
    connection: &Connection,
    assignment: AssignmentId,
    person: PersonId,
    now: Timestamp,
) -> Outcome<i64> {
    connection.prepare_cached(ENSURE_SUBMISSION)?.execute(named_params! {
        ":assignment": assignment.0, ":person": person.0, ":now": now.0,
    })?;
    Ok(number(connection, assignment, person)?.ok_or(Code::NotFound)?)
}

fn take_file(connection: &Connection, submission: i64, new: &NewFile, now: Timestamp) -> Outcome<FileId> {
    let here = files_of(connection, submission)?;
    let same = |held: &&ReceivedFile| held.file.sha256 == new.sha256 && held.file.name == new.name;
    if let Some(held) = here.iter().find(same) {
        return Ok(held.file.id);
    }
    if here.len() >= SUBMISSION_FILES {
        return Err(too_many(Code::FilesTooMany, SUBMISSION_FILES).into());
    }
    let file = file::insert(connection, new, now)?;
    let values = named_params! {":file": file.0, ":submission": submission};
    connection.prepare_cached(INSERT_SUBMISSION_FILE)?.execute(values)?;
    Ok(file)
}

fn received(connection: &Connection, submission: i64, at: Option<Timestamp>) -> Outcome<()> {
    let values = named_params! {":submission": submission, ":at": at.map(|at| at.0)};
    connection.prepare_cached(RECEIVED)?.execute(values)?;
    Ok(())
}

pub(crate) fn find(
    connection: &Connection,
    assignment: AssignmentId,
    person: PersonId,
) -> Outcome<Option<Submission>> {
    let mut statement = connection.prepare_cached(SUBMISSION)?;
    let values = named_params! {":assignment": assignment.0, ":person": person.0};
    Ok(statement.query_row(values, |row| from_row(row, "text")).optional()?)
}

/// Whether anybody has work or a score there.
pub(crate) fn any_of(connection: &Connection, assignment: AssignmentId) -> Outcome<bool> {
    let values = named_params! {":assignment": assignment.0};
    Ok(connection.prepare_cached(ANY_SUBMISSION)?.exists(values)?)
}

fn number(connection: &Connection, assignment: AssignmentId, person: PersonId) -> Outcome<Option<i64>> {
    let mut statement = connection.prepare_cached(SUBMISSION_NUMBER)?;
    let values = named_params! {":assignment": assignment.0, ":person": person.0};
    Ok(statement.query_row(values, |row| row.get(0)).optional()?)
}

fn files_of(connection: &Connection, submission: i64) -> Outcome<Vec<ReceivedFile>> {
    let mut statement = connection.prepare_cached(FILES_OF_SUBMISSION)?;
    let rows = statement.query_map(named_params! {":submission": submission}, |row| {
        let received_at = Timestamp(row.get("file_received_at")?);
        Ok(ReceivedFile { file: file::from_row(row)?, received_at })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A submission of a row that calls its text `text`.
pub(crate) fn from_row(row: &Row<'_>, text: &str) -> rusqlite::Result<Submission> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|at| at.map(Timestamp));
    Ok(Submission {
        person: PersonId(row.get("person")?),
        text: row.get(text)?,
        received_at: time("received_at")?,
        score: row.get::<_, Option<i64>>("score")?.map(Score),
        comment: row.get("comment")?,
        graded_at: time("graded_at")?,
        returned_at: time("returned_at")?,
        reopened_at: time("reopened_at")?,
    })
}

/// The same of a row that has none where its columns are empty.
pub(crate) fn perhaps_from_row(row: &Row<'_>, text: &str) -> rusqlite::Result<Option<Submission>> {
    row.get::<_, Option<i64>>("person")?.map(|_| from_row(row, text)).transpose()
}
