//! Files that a teacher gives with an assignment.

use base::clock::Timestamp;
use base::id::{AssignmentId, FileId, UploadId};
use base::limits::ASSIGNMENT_FILES;
use base::{Code, Result};
use rusqlite::{Connection, named_params};

use crate::assignment::{find, too_many};
use crate::failure::Outcome;
use crate::file::{self, NewFile, StoredFile};
use crate::statement::statements;
use crate::store::Store;
use crate::upload;

statements! {
    INSERT_ASSIGNMENT_FILE = "INSERT INTO assignment_file (file, assignment) VALUES (:file, :assignment)";
    ASSIGNMENT_FILE_COUNT = "SELECT count(*) FROM assignment_file WHERE assignment = :assignment";
    FILES_OF_ASSIGNMENT = "
        SELECT file.id AS file_id, sha256, size_bytes, file.name AS file_name, media_type
        FROM assignment_file JOIN file ON file.id = assignment_file.file
            JOIN content ON content.id = file.content
        WHERE assignment = :assignment ORDER BY assignment_file.file";
    DELETE_ASSIGNMENT_FILE = "DELETE FROM assignment_file WHERE file = :file AND assignment = :assignment";
}

impl Store {
    /// The files that a teacher gave with it, in the order in which they came.
    pub async fn assignment_files(&self, assignment: AssignmentId) -> Result<Vec<StoredFile>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(FILES_OF_ASSIGNMENT)?;
            let rows = statement.query_map(named_params! {":assignment": assignment.0}, file::from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Gives files with an assignment; of an upload, which is then complete, in the same step.
    /// `files_too_many`; `upload_gone` if the upload is no longer open; `not_found`.
    pub async fn add_assignment_files(
        &self,
        assignment: AssignmentId,
        files: Vec<NewFile>,
        of: Option<UploadId>,
    ) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            find(connection, assignment)?.ok_or(Code::NotFound)?;
            let given = give(connection, assignment, &files, now)?;
            if let Some(of) = of {
                given.into_iter().try_for_each(|file| upload::complete_file(connection, of, file, now))?;
            }
            Ok(())
        })
        .await
    }

    /// Takes a file from an assignment. Again is harmless.
    pub async fn remove_assignment_file(&self, assignment: AssignmentId, file: FileId) -> Result<()> {
        self.write(move |connection| {
            let values = named_params! {":assignment": assignment.0, ":file": file.0};
            connection.prepare_cached(DELETE_ASSIGNMENT_FILE)?.execute(values)?;
            Ok(())
        })
        .await
    }
}

/// Gives files with an assignment that there is. `files_too_many`.
pub(crate) fn give(
    connection: &Connection,
    assignment: AssignmentId,
    files: &[NewFile],
    now: Timestamp,
) -> Outcome<Vec<FileId>> {
    let mut given = Vec::new();
    for new in files {
        let file = file::insert(connection, new, now)?;
        insert_file(connection, assignment, file)?;
        given.push(file);
    }
    let count: i64 = connection
        .prepare_cached(ASSIGNMENT_FILE_COUNT)?
        .query_row(named_params! {":assignment": assignment.0}, |row| row.get(0))?;
    if file::size(count) > ASSIGNMENT_FILES as u64 {
        return Err(too_many(Code::FilesTooMany, ASSIGNMENT_FILES).into());
    }
    Ok(given)
}

fn insert_file(connection: &Connection, assignment: AssignmentId, file: FileId) -> Outcome<()> {
    let values = named_params! {":file": file.0, ":assignment": assignment.0};
    connection.prepare_cached(INSERT_ASSIGNMENT_FILE)?.execute(values)?;
    Ok(())
}
