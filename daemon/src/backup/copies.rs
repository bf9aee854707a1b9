//! Copies of the database that the box makes by itself, once on each day that it is used: for the day
//! on which somebody deletes the wrong course. The contents of files stay on the card, so a copy costs
//! no more than the database.
//!
//! They lie on the same card, so they are no backup, and the page says so.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use base::clock::Timestamp;
use base::limits::{COPIES, COPIES_BYTES, COPY_EVERY_MS};
use base::{Code, Result};
use tokio_util::sync::CancellationToken;

use super::Backup;
use super::places::{self, Places};

/// How often it is looked whether one is due. The first look is one such while after the start, when a
/// class that begins is not disturbed any more.
const LOOK: Duration = Duration::from_mins(15);

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DailyCopy {
    /// It has one more than the copy before it.
    pub(crate) number: u32,
    /// When it was made, by the clock of then.
    pub(crate) made_at: Timestamp,
    /// How large it is.
    pub(crate) size_bytes: u64,
}

/// Makes copies until the daemon stops.
pub(crate) async fn watch(backup: Backup, stopping: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stopping.cancelled() => return,
        }
        if let Err(error) = backup.copy_if_due().await {
            tracing::warn!(%error, "the database was not copied");
        }
    }
}

impl Backup {
    /// The copies that there are, the newest first.
    pub(crate) async fn copies(&self) -> Result<Vec<DailyCopy>> {
        let places = self.0.places.clone();
        places::blocking(move || list(&places)).await
    }

    /// Where this copy lies. `not_found`.
    pub(crate) async fn copy_path(&self, number: u32) -> Result<PathBuf> {
        let known = self.copies().await?.into_iter().any(|copy| copy.number == number);
        if known { Ok(path(&self.0.places, number)) } else { Err(Code::NotFound.into()) }
    }

    /// Makes a copy unless the newest is young, or the card has no room; then old ones go.
    pub(super) async fn copy_if_due(&self) -> Result<()> {
        let copies = self.copies().await?;
        let now = self.now();
        // A copy from the future was made by a clock that was wrong.
        let age = copies.first().map(|newest| now.0.saturating_sub(newest.made_at.0));
        if age.is_some_and(|age| (0..COPY_EVERY_MS).contains(&age)) {
            return Ok(());
        }
        // As the page's backup does, in the same folder.
        let Ok(_permit) = self.0.making.try_acquire() else { return Ok(()) };
        match self.check_room_for_copy().await {
            Err(error) if error.code == Code::FilesFull => {
                tracing::warn!(%error, "the card has no room for a copy of the database");
                return Ok(());
            }
            checked => checked?,
        }
        let number = copies.first().map_or(1, |newest| newest.number.saturating_add(1));
        self.copy_database(self.0.places.copy_for_backup()).await?;
        let (places, parts) = (self.0.places.clone(), &self.0.parts);
        places::blocking(move || {
            let target = path(&places, number);
            let file = fs::File::options().write(true).open(places.copy_for_backup())?;
            // By our clock, not the kernel's.
            file.set_modified(UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0)))?;
            file.sync_all()?;
            fs::rename(places.copy_for_backup(), &target)?;
            places::sync_folder(&places.copies())?;
            forget_old(&places)
        })
        .await?;
        tracing::info!(number, bytes = parts.store.size_bytes(), "the database was copied");
        Ok(())
    }
}

fn path(places: &Places, number: u32) -> PathBuf {
    places.copies().join(format!("{number:06}.sqlite"))
}

fn list(places: &Places) -> io::Result<Vec<DailyCopy>> {
    let entries = match fs::read_dir(places.copies()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut copies = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Some(number) = number(&entry.path()) else { continue };
        let metadata = entry.metadata()?;
        let since = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let made_at = Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        copies.push(DailyCopy { number, made_at, size_bytes: metadata.len() });
    }
    copies.sort_by_key(|copy| std::cmp::Reverse(copy.number));
    Ok(copies)
}

fn number(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.strip_suffix(".sqlite")?.parse().ok()
}

/// Deletes all but the newest, which are few and not too large together; one stays in any case.
fn forget_old(places: &Places) -> io::Result<()> {
    let mut bytes = 0_u64;
    for (place, copy) in list(places)?.into_iter().enumerate() {
        bytes = bytes.saturating_add(copy.size_bytes);
        if place > 0 && (place >= COPIES || bytes > COPIES_BYTES) {
            places::remove_file(&path(places, copy.number))?;
        }
    }
    Ok(())
}
