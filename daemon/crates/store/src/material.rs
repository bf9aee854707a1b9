//! Materials of a meeting: texts, links and files, in an order.

use base::clock::Timestamp;
use base::id::{FileId, MaterialId, MeetingId, UploadId};
use base::limits::MATERIALS_PER_MEETING;
use base::{Code, Error, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::{Failure, Outcome, is_dangling};
use crate::file::{self, NewFile, StoredFile};
use crate::statement::statements;
use crate::store::Store;
use crate::upload;
use crate::words::MaterialKind;

/// Something that a meeting gives to read, see or hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// The number.
    pub id: MaterialId,
    /// Where it stands.
    pub meeting: MeetingId,
    /// As shown above it.
    pub title: Option<String>,
    /// What it is.
    pub matter: Matter,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What a material is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Markdown.
    Text(String),
    /// The address of a link.
    Link(String),
    /// A file.
    File(StoredFile),
}

/// A material to be added.
#[derive(Clone, Debug)]
pub struct NewMaterial {
    /// As `base::text::title` returned it.
    pub title: Option<String>,
    /// What it is.
    pub matter: NewMatter,
}

/// What a new material is.
#[derive(Clone, Debug)]
pub enum NewMatter {
    /// Markdown, as `base::text::material` returned it.
    Text(String),
    /// An address, as `base::text::link` returned it.
    Link(String),
    /// A file whose bytes are on the card.
    File(NewFile),
}

/// Where a material goes among its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Before the one above.
    Up,
    /// After the one below.
    Down,
}

statements! {
    INSERT_MATERIAL = "
        INSERT INTO material (meeting, position, kind, title, text, file, created_at)
        VALUES (:meeting, :position, :kind, :title, :text, :file, :now)";
    LAST_POSITION = "
        SELECT count(*), coalesce(max(position), 0) FROM material WHERE meeting = :meeting";
    MATERIAL = "
        SELECT material.id, meeting, kind, title, text, material.created_at,
               file.id AS file_id, sha256, size_bytes, file.name AS file_name, media_type
        FROM material LEFT JOIN file ON file.id = material.file LEFT JOIN content ON content.id = file.content
        WHERE material.id = :material";
    MATERIALS_OF = "
        SELECT material.id, meeting, kind, title, text, material.created_at,
               file.id AS file_id, sha256, size_bytes, file.name AS file_name, media_type
        FROM material LEFT JOIN file ON file.id = material.file LEFT JOIN content ON content.id = file.content
        WHERE meeting = :meeting ORDER BY position";
    MATERIAL_IDS_OF = "SELECT id FROM material WHERE meeting = :meeting ORDER BY position";
    PLACE_MATERIAL = "UPDATE material SET position = :position WHERE id = :material";
    CHANGE_MATERIAL = "UPDATE material SET title = :title, text = :text WHERE id = :material AND kind = :kind";
    DELETE_MATERIAL = "DELETE FROM material WHERE id = :material";
    MATERIALS_TO_COPY = "
        SELECT position, kind, title, text, file FROM material WHERE meeting = :meeting ORDER BY position";
}

impl Store {
    /// Adds a material behind the others; of an upload, which is then complete, in the same step.
    /// `materials_too_many`; `upload_gone` if the upload is no longer open; `not_found` if there is
    /// no such meeting.
    pub async fn add_material(
        &self,
        meeting: MeetingId,
        new: NewMaterial,
        of: Option<UploadId>,
    ) -> Result<Material> {
        let now = self.now();
        self.write(move |connection| {
            let id = insert(connection, meeting, &new, now)?;
            if let Some(of) = of {
                upload::complete(connection, of, id, now)?;
            }
            let mut statement = connection.prepare_cached(MATERIAL)?;
            Ok(statement.query_row(named_params! {":material": id.0}, from_row)?)
        })
        .await
    }

    /// The material with this number.
    pub async fn material(&self, material: MaterialId) -> Result<Option<Material>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(MATERIAL)?;
            Ok(statement.query_row(named_params! {":material": material.0}, from_row).optional()?)
        })
        .await
    }

    /// The materials of a meeting, in their order.
    pub async fn materials_of(&self, meeting: MeetingId) -> Result<Vec<Material>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(MATERIALS_OF)?;
            let rows = statement.query_map(named_params! {":meeting": meeting.0}, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Gives a text or link another title and text, a file another title. `not_found` if it is not
    /// there, or of another kind.
    pub async fn change_material(
        &self,
        material: MaterialId,
        kind: MaterialKind,
        title: Option<String>,
        text: Option<String>,
    ) -> Result<()> {
        self.write(move |connection| {
            let changed = connection.prepare_cached(CHANGE_MATERIAL)?.execute(named_params! {
                ":material": material.0, ":kind": kind, ":title": title, ":text": text,
            })?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Moves a material past its neighbour; at the end it stays where it is.
    pub async fn shift_material(&self, meeting: MeetingId, material: MaterialId, shift: Shift) -> Result<()> {
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(MATERIAL_IDS_OF)?;
            let rows = statement.query_map(named_params! {":meeting": meeting.0}, |row| row.get(0))?;
            let mut ids: Vec<i64> = rows.collect::<rusqlite::Result<_>>()?;
            if !ids.contains(&material.0) {
                return Err(Code::NotFound.into());
            }
            shift.apply(&mut ids, material.0);
            let mut place = connection.prepare_cached(PLACE_MATERIAL)?;
            for (position, id) in (1_i64..).zip(ids) {
                place.execute(named_params! {":material": id, ":position": position})?;
            }
            Ok(())
        })
        .await
    }

    /// Deletes a material and its file. Again is harmless.
    pub async fn delete_material(&self, material: MaterialId) -> Result<()> {
        self.write(move |connection| {
            connection.prepare_cached(DELETE_MATERIAL)?.execute(named_params! {":material": material.0})?;
            Ok(())
        })
        .await
    }
}

impl Shift {
    /// Moves `one` past its neighbour in `all`; at the end it stays where it is.
    pub(crate) fn apply(self, all: &mut [i64], one: i64) {
        let Some(at) = all.iter().position(|id| *id == one) else { return };
        match self {
            Self::Up if at > 0 => all.swap(at - 1, at),
            Self::Down if at + 1 < all.len() => all.swap(at, at + 1),
            Self::Up | Self::Down => {}
        }
    }
}

/// Adds a material behind the others of its meeting.
pub(crate) fn insert(
    connection: &Connection,
    meeting: MeetingId,
    new: &NewMaterial,
    now: Timestamp,
) -> Outcome<MaterialId> {
    let (count, last): (i64, i64) = connection
        .prepare_cached(LAST_POSITION)?
        .query_row(named_params! {":meeting": meeting.0}, |row| Ok((row.get(0)?, row.get(1)?)))?;
    if count >= file::whole(MATERIALS_PER_MEETING as u64) {
        let error = Error::new(Code::MaterialsTooMany).with("most", MATERIALS_PER_MEETING);
        return Err(Failure::Known(error));
    }
    let (kind, text, file) = match &new.matter {
        NewMatter::Text(text) => (MaterialKind::Text, Some(text), None),
        NewMatter::Link(address) => (MaterialKind::Link, Some(address), None),
        NewMatter::File(new) => (MaterialKind::File, None, Some(file::insert(connection, new, now)?)),
    };
    let inserted = connection.prepare_cached(INSERT_MATERIAL)?.execute(named_params! {
        ":meeting": meeting.0, ":position": last + 1, ":kind": kind, ":title": new.title, ":text": text,
        ":file": file.map(|file| file.0), ":now": now.0,
    });
    match inserted {
        Ok(_) => Ok(MaterialId(connection.last_insert_rowid())),
        Err(error) if is_dangling(&error) => Err(Code::NotFound.into()),
        Err(error) => Err(error.into()),
    }
}

/// Gives another meeting the same materials; the bytes of files are not copied.
pub(crate) fn copy(connection: &Connection, from: MeetingId, to: MeetingId, now: Timestamp) -> Outcome<()> {
    let mut statement = connection.prepare_cached(MATERIALS_TO_COPY)?;
    let mut rows = statement.query(named_params! {":meeting": from.0})?;
    while let Some(row) = rows.next()? {
        let file: Option<i64> = row.get("file")?;
        let file = file.map(|held| file::copy(connection, FileId(held), now)).transpose()?;
        connection.prepare_cached(INSERT_MATERIAL)?.execute(named_params! {
            ":meeting": to.0,
            ":position": row.get::<_, i64>("position")?,
            ":kind": row.get::<_, MaterialKind>("kind")?,
            ":title": row.get::<_, Option<String>>("title")?,
            ":text": row.get::<_, Option<String>>("text")?,
            ":file": file.map(|file| file.0),
            ":now": now.0,
        })?;
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Material> {
    let matter = match row.get("kind")? {
        MaterialKind::Text => Matter::Text(row.get("text")?),
        MaterialKind::Link => Matter::Link(row.get("text")?),
        MaterialKind::File => Matter::File(file::from_row(row)?),
    };
    Ok(Material {
        id: MaterialId(row.get("id")?),
        meeting: MeetingId(row.get("meeting")?),
        title: row.get("title")?,
        matter,
        created_at: Timestamp(row.get("created_at")?),
    })
}
