//! Files: which contents are kept, and who holds them. The bytes themselves are not here.

use base::clock::Timestamp;
use base::id::{AssignmentId, FileId, MeetingId, PersonId};
use base::{Code, Error, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::Outcome;
use crate::statement::statements;
use crate::store::Store;

/// The SHA-256 of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

/// A file to be kept, whose bytes are on the card.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// What is in it.
    pub sha256: Sha256,
    /// How much that is; not 0.
    pub size_bytes: u64,
    /// As `base::text::file_name` returned it.
    pub name: String,
    /// What it is, as far as its content tells.
    pub media_type: &'static str,
    /// Who puts it there.
    pub person: PersonId,
}

/// A file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// The number.
    pub id: FileId,
    /// What is in it.
    pub sha256: Sha256,
    /// How much that is.
    pub size_bytes: u64,
    /// As it is offered for download.
    pub name: String,
    /// What it is, as far as its content tells.
    pub media_type: String,
}

statements! {
    KEEP_CONTENT = "
        INSERT INTO content (sha256, size_bytes, created_at) VALUES (:sha256, :size_bytes, :now)
        ON CONFLICT (sha256) DO NOTHING";
    CONTENT = "SELECT id, size_bytes FROM content WHERE sha256 = :sha256";
    INSERT_FILE = "
        INSERT INTO file (content, name, media_type, person, created_at)
        VALUES (:content, :name, :media_type, :person, :now)";
    #[allow(dead_code, reason = "for the copy of a course")]
    COPY_FILE = "
        INSERT INTO file (content, name, media_type, person, created_at)
        SELECT content, name, media_type, person, :now FROM file WHERE id = :file";
    // Where it is: exactly one of the three names it.
    PLACED_FILE = "
        SELECT file.id AS file_id, sha256, size_bytes, file.name AS file_name, media_type,
               material.meeting, coalesce(assignment_file.assignment, submission.assignment) AS assignment,
               submission.person AS owner
        FROM file JOIN content ON content.id = file.content
            LEFT JOIN material ON material.file = file.id
            LEFT JOIN assignment_file ON assignment_file.file = file.id
            LEFT JOIN submission_file ON submission_file.file = file.id
            LEFT JOIN submission ON submission.id = submission_file.submission
        WHERE file.id = :file";
    UNUSED_CONTENTS = "SELECT sha256, size_bytes FROM content WHERE uses = 0";
    FORGET_CONTENTS = "DELETE FROM content WHERE uses = 0";
}

impl Store {
    /// Whether a content is known, though nobody may hold it at the moment.
    pub async fn keeps_content(&self, sha256: Sha256) -> Result<bool> {
        self.read(move |connection| {
            Ok(connection.prepare_cached(CONTENT)?.exists(named_params! {":sha256": sha256.0})?)
        })
        .await
    }

    /// Forgets every content that no file holds, and returns them with their sizes: their bytes may
    /// go now, unless they are kept anew meanwhile.
    pub async fn forget_unused_contents(&self) -> Result<Vec<(Sha256, u64)>> {
        let any = self.read(|connection| Ok(connection.prepare_cached(UNUSED_CONTENTS)?.exists([])?)).await?;
        if !any {
            return Ok(Vec::new());
        }
        self.write(|connection| {
            let mut statement = connection.prepare_cached(UNUSED_CONTENTS)?;
            let rows = statement
                .query_map([], |row| Ok((Sha256(row.get("sha256")?), size(row.get("size_bytes")?))))?;
            let unused = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            connection.prepare_cached(FORGET_CONTENTS)?.execute([])?;
            Ok(unused)
        })
        .await
    }
}

/// Where a file is, by which it is decided who may have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Among the materials of a meeting.
    Material(MeetingId),
    /// Given with an assignment.
    Assignment(AssignmentId),
    /// Handed in by a student.
    Submission(AssignmentId, PersonId),
}

/// A file, and where it is.
pub(crate) fn placed(connection: &Connection, file: FileId) -> Outcome<Option<(StoredFile, Place)>> {
    let mut statement = connection.prepare_cached(PLACED_FILE)?;
    let number = |row: &Row<'_>, column| row.get::<_, Option<i64>>(column);
    let found = statement.query_row(named_params! {":file": file.0}, |row| {
        let assignment = number(row, "assignment")?.map(AssignmentId);
        let owner = number(row, "owner")?.map(PersonId);
        let place = match (number(row, "meeting")?, assignment, owner) {
            (Some(meeting), _, _) => Some(Place::Material(MeetingId(meeting))),
            (None, Some(assignment), None) => Some(Place::Assignment(assignment)),
            (None, Some(assignment), Some(owner)) => Some(Place::Submission(assignment, owner)),
            (None, None, _) => None,
        };
        place.map(|place| from_row(row).map(|file| (file, place))).transpose()
    });
    Ok(found.optional()?.flatten())
}

/// Adds a file, and its content if nobody holds it yet.
pub(crate) fn insert(connection: &Connection, new: &NewFile, now: Timestamp) -> Outcome<FileId> {
    connection.prepare_cached(KEEP_CONTENT)?.execute(named_params! {
        ":sha256": new.sha256.0, ":size_bytes": whole(new.size_bytes), ":now": now.0,
    })?;
    let mut statement = connection.prepare_cached(CONTENT)?;
    let (content, size_bytes): (i64, i64) = statement
        .query_row(named_params! {":sha256": new.sha256.0}, |row| {
            Ok((row.get("id")?, row.get("size_bytes")?))
        })?;
    if size_bytes != whole(new.size_bytes) {
        let error = Error::new(Code::Internal).because("a content with another size than was kept of it");
        return Err(crate::failure::Failure::Known(error));
    }
    connection.prepare_cached(INSERT_FILE)?.execute(named_params! {
        ":content": content, ":name": new.name, ":media_type": new.media_type,
        ":person": new.person.0, ":now": now.0,
    })?;
    Ok(FileId(connection.last_insert_rowid()))
}

/// Adds a file with the same content as another.
#[allow(dead_code, reason = "for the copy of a course")]
pub(crate) fn copy(connection: &Connection, file: FileId, now: Timestamp) -> Outcome<FileId> {
    connection.prepare_cached(COPY_FILE)?.execute(named_params! {":file": file.0, ":now": now.0})?;
    Ok(FileId(connection.last_insert_rowid()))
}

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    Ok(StoredFile {
        id: FileId(row.get("file_id")?),
        sha256: Sha256(row.get("sha256")?),
        size_bytes: size(row.get("size_bytes")?),
        name: row.get("file_name")?,
        media_type: row.get("media_type")?,
    })
}

/// A size as the database has it; no file is larger.
pub(crate) fn whole(size_bytes: u64) -> i64 {
    i64::try_from(size_bytes).unwrap_or(i64::MAX)
}

/// A size from the database, where none is negative.
pub(crate) fn size(size_bytes: i64) -> u64 {
    u64::try_from(size_bytes).unwrap_or(0)
}
