//! Files on their way to the box.

use base::clock::Timestamp;
use base::id::{AssignmentId, FileId, MaterialId, MeetingId, PersonId, UploadId};
use base::limits::{UPLOAD_BYTES_PER_PERSON, UPLOADS_PER_PERSON};
use base::{Code, Error, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::{Outcome, is_dangling};
use crate::file::{size, whole};
use crate::statement::statements;
use crate::store::Store;

/// A file that somebody begins to send.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Who.
    pub person: PersonId,
    /// Where it is to become a material, or whose assignment it is for.
    pub meeting: MeetingId,
    /// Which assignment's, or submission's, file it is to become; a material without.
    pub assignment: Option<AssignmentId>,
    /// As `base::text::file_name` returned it.
    pub name: String,
    /// How many bytes it will have; not 0.
    pub size_bytes: u64,
}

/// A file on its way, or one that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The number.
    pub id: UploadId,
    /// Who sends it.
    pub person: PersonId,
    /// Where it becomes a material, or whose assignment it is for.
    pub meeting: MeetingId,
    /// Which assignment's, or submission's, file it becomes; a material without.
    pub assignment: Option<AssignmentId>,
    /// The file's name.
    pub name: String,
    /// How many bytes it will have.
    pub size_bytes: u64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When somebody last went on with it.
    pub used_at: Timestamp,
    /// What it became.
    pub material: Option<MaterialId>,
    /// What it became, if no material.
    pub file: Option<FileId>,
}

impl Upload {
    /// Whether all of it is here, and it has become what it was sent for.
    pub fn is_complete(&self) -> bool {
        self.material.is_some() || self.file.is_some()
    }
}

statements! {
    INSERT_UPLOAD = "
        INSERT INTO upload (person, meeting, assignment, name, size_bytes, created_at, used_at)
        VALUES (:person, :meeting, :assignment, :name, :size_bytes, :now, :now)";
    UPLOAD = "
        SELECT id, person, meeting, assignment, name, size_bytes, created_at, used_at, material, file
        FROM upload WHERE id = :upload";
    OPEN_UPLOADS_OF = "
        SELECT count(*), coalesce(sum(size_bytes), 0) FROM upload
        WHERE person = :person AND material IS NULL AND file IS NULL";
    // Of all: no moment is before the first.
    UPLOADS = "
        SELECT id, person, meeting, assignment, name, size_bytes, created_at, used_at, material, file
        FROM upload
        WHERE used_at > :after ORDER BY used_at";
    TOUCH_UPLOAD = "UPDATE upload SET used_at = :now WHERE id = :upload";
    UPLOAD_BECAME = "
        UPDATE upload SET material = :material, file = :file, used_at = :now
        WHERE id = :upload AND material IS NULL AND file IS NULL";
    END_UPLOAD = "DELETE FROM upload WHERE id = :upload";
    FORGET_UPLOADS = "DELETE FROM upload WHERE used_at < :before RETURNING id";
}

impl Store {
    /// Begins an upload. `uploads_too_many` for a person who has as many, or as large ones, open;
    /// `not_found` if there is no such meeting.
    pub async fn create_upload(&self, new: NewUpload) -> Result<Upload> {
        let now = self.now();
        self.write(move |connection| {
            let (count, bytes): (i64, i64) = connection
                .prepare_cached(OPEN_UPLOADS_OF)?
                .query_row(named_params! {":person": new.person.0}, |row| Ok((row.get(0)?, row.get(1)?)))?;
            if count >= UPLOADS_PER_PERSON || size(bytes) + new.size_bytes > UPLOAD_BYTES_PER_PERSON {
                let error = Error::new(Code::UploadsTooMany).with("most", UPLOADS_PER_PERSON);
                return Err(crate::failure::Failure::Known(error));
            }
            let inserted = connection.prepare_cached(INSERT_UPLOAD)?.execute(named_params! {
                ":person": new.person.0, ":meeting": new.meeting.0,
                ":assignment": new.assignment.map(|assignment| assignment.0), ":name": new.name,
                ":size_bytes": whole(new.size_bytes), ":now": now.0,
            });
            match inserted {
                Ok(_) => {}
                Err(error) if is_dangling(&error) => return Err(Code::NotFound.into()),
                Err(error) => return Err(error.into()),
            }
            let id = connection.last_insert_rowid();
            Ok(connection.prepare_cached(UPLOAD)?.query_row(named_params! {":upload": id}, from_row)?)
        })
        .await
    }

    /// The upload with this number.
    pub async fn upload(&self, upload: UploadId) -> Result<Option<Upload>> {
        self.read(move |connection| find(connection, upload)).await
    }

    /// Every upload, the one that nobody went on with for longest first.
    pub async fn uploads(&self) -> Result<Vec<Upload>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(UPLOADS)?;
            let rows = statement.query_map(named_params! {":after": i64::MIN}, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Notes that somebody goes on with an upload.
    pub async fn touch_upload(&self, upload: UploadId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let values = named_params! {":upload": upload.0, ":now": now.0};
            connection.prepare_cached(TOUCH_UPLOAD)?.execute(values)?;
            Ok(())
        })
        .await
    }

    /// Forgets an upload. Again is harmless.
    pub async fn end_upload(&self, upload: UploadId) -> Result<()> {
        self.write(move |connection| {
            connection.prepare_cached(END_UPLOAD)?.execute(named_params! {":upload": upload.0})?;
            Ok(())
        })
        .await
    }

    /// Forgets the uploads that nobody went on with since `before`, and returns their numbers.
    pub async fn forget_uploads(&self, before: Timestamp) -> Result<Vec<UploadId>> {
        self.follow_clock().await;
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(FORGET_UPLOADS)?;
            let rows =
                statement.query_map(named_params! {":before": before.0}, |row| row.get(0).map(UploadId))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }
}

pub(crate) fn find(connection: &Connection, upload: UploadId) -> Outcome<Option<Upload>> {
    let mut statement = connection.prepare_cached(UPLOAD)?;
    Ok(statement.query_row(named_params! {":upload": upload.0}, from_row).optional()?)
}

/// Notes which material an upload became. `upload_gone` if it is no longer open: it was given up, or
/// another request has completed it.
pub(crate) fn complete(
    connection: &Connection,
    upload: UploadId,
    material: MaterialId,
    now: Timestamp,
) -> Outcome<()> {
    became(connection, upload, Some(material), None, now)
}

/// Notes which file of an assignment or a submission an upload became, as [`complete`] does.
pub(crate) fn complete_file(
    connection: &Connection,
    upload: UploadId,
    file: FileId,
    now: Timestamp,
) -> Outcome<()> {
    became(connection, upload, None, Some(file), now)
}

fn became(
    connection: &Connection,
    upload: UploadId,
    material: Option<MaterialId>,
    file: Option<FileId>,
    now: Timestamp,
) -> Outcome<()> {
    let changed = connection.prepare_cached(UPLOAD_BECAME)?.execute(named_params! {
        ":upload": upload.0, ":material": material.map(|material| material.0),
        ":file": file.map(|file| file.0), ":now": now.0,
    })?;
    if changed == 0 { Err(Code::UploadGone.into()) } else { Ok(()) }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        id: UploadId(row.get("id")?),
        person: PersonId(row.get("person")?),
        meeting: MeetingId(row.get("meeting")?),
        assignment: row.get::<_, Option<i64>>("assignment")?.map(AssignmentId),
        name: row.get("name")?,
        size_bytes: size(row.get("size_bytes")?),
        created_at: Timestamp(row.get("created_at")?),
        used_at: Timestamp(row.get("used_at")?),
        material: row.get::<_, Option<i64>>("material")?.map(MaterialId),
        file: row.get::<_, Option<i64>>("file")?.map(FileId),
    })
}
