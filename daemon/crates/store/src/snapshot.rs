//! A copy of the whole database while it is used; and what a copy needs before a box runs by it.

use std::path::PathBuf;

use base::{Code, Error, Result};
use rusqlite::named_params;

use crate::failure::Outcome;
use crate::file::{Sha256, size};
use crate::migrate;
use crate::open;
use crate::statement::statements;
use crate::store::Store;

statements! {
    COPY_DATABASE = "VACUUM INTO :path";
    CONTENTS_AFTER = "SELECT id, sha256, size_bytes FROM content WHERE id > :after ORDER BY id LIMIT :most";
    // Of all: no moment is before the first.
    END_SESSIONS = "DELETE FROM session WHERE used_at >= :first";
    END_LINKS = "DELETE FROM sign_in_link WHERE expires_at >= :first";
    END_UPLOADS = "DELETE FROM upload WHERE used_at >= :first";
}

/// A content, and its number, by which the next ones are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredContent {
    /// The number.
    pub id: i64,
    /// Of its bytes.
    pub sha256: Sha256,
    /// How many they are.
    pub size_bytes: u64,
}

/// The schema version that this program makes of every database.
pub fn schema_version() -> u32 {
    migrate::latest()
}

impl Store {
    /// Copies the database as it is at one moment into the new file `target`, durably. Others read
    /// and write meanwhile: it is a reading connection of its own.
    ///
    /// Not `SQLite`'s backup API, which copies free pages too, and in them what was deleted.
    pub async fn copy_database(&self, target: PathBuf) -> Result<()> {
        let (path, index) = self.place();
        let copied = tokio::task::spawn_blocking(move || -> Outcome<()> {
            let connection = open::reader(&path, index)?;
            // It would refuse to write the copy, too.
            connection.pragma_update(None, "query_only", false)?;
            let failed = |error| Error::new(Code::StorageFailed).because(error);
            let file = open::create(&target).map_err(failed)?;
            let text = target.to_str().ok_or_else(|| Error::new(Code::Internal))?;
            connection.prepare(COPY_DATABASE)?.execute(named_params! {":path": text})?;
            file.sync_all().map_err(failed)?;
            Ok(())
        });
        copied.await.map_err(|panic| Error::new(Code::Internal).because(panic))?.map_err(Error::from)
    }

    /// About how large a copy of the database is: what lies in the WAL may be in the file too.
    pub fn size_bytes(&self) -> u64 {
        let path = self.place().0;
        open::size(&path) + open::size(&open::beside(&path, "-wal"))
    }

    /// At most `most` contents in the order of their numbers, from behind `after` on.
    pub async fn contents_after(&self, after: i64, most: u32) -> Result<Vec<StoredContent>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(CONTENTS_AFTER)?;
            let rows = statement.query_map(named_params! {":after": after, ":most": most}, |row| {
                Ok(StoredContent {
                    id: row.get("id")?,
                    sha256: Sha256(row.get("sha256")?),
                    size_bytes: size(row.get("size_bytes")?),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Looks at every page and every reference. What is wrong; nothing if all is well.
    pub async fn examine(&self) -> Result<Option<String>> {
        self.read(|connection| {
            let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if verdict != "ok" {
                return Ok(Some(verdict.replace('\n', " ")));
            }
            let dangling = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
            Ok(dangling.then(|| "rows name others which do not exist".to_owned()))
        })
        .await
    }

    /// Ends every session, link and upload: what of a database must not live on elsewhere, or again.
    pub async fn forget_visits(&self) -> Result<()> {
        self.write(|connection| {
            for forget in [END_SESSIONS, END_LINKS, END_UPLOADS] {
                connection.prepare_cached(forget)?.execute(named_params! {":first": i64::MIN})?;
            }
            Ok(())
        })
        .await
    }
}
