//! Looks a backup through and lays it out beside what is in use. Nothing in use is touched.
//!
//! The order is that of trust: the archive's list, what it says of itself, the database, and then
//! every content that the database names.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base::clock::Clock;
use base::limits::BACKUP_PAGE;
use base::{Code, Error, Result};
use store::{OpenError, Store};

use super::manifest::{DATABASE, Manifest, Summary};
use super::origin::Origin;
use super::places::{self, Places};
use crate::setup::{self, Goal};

/// Where the data comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A backup, in this file.
    Archive(PathBuf),
    /// A copy of the database that the box made by itself, in this file; its contents are those that
    /// lie on the card.
    Copy(PathBuf),
}

/// How much of a backup was looked through, in bytes. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Staging(Arc<(AtomicU64, AtomicU64)>);

impl Staging {
    /// In hundredths.
    pub(crate) fn percent(&self) -> u64 {
        let all = self.0.1.load(Ordering::Relaxed);
        (self.0.0.load(Ordering::Relaxed) * 100).checked_div(all).unwrap_or(0).min(100)
    }

    pub(super) fn expect(&self, bytes: u64) {
        self.0.1.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Lays `source` out, and says what it is. `backup_foreign`, `backup_damaged`, `backup_newer`,
/// `files_full`.
pub(super) async fn stage(
    places: &Places,
    source: Source,
    clock: Arc<dyn Clock>,
    staging: &Staging,
) -> Result<Summary> {
    let made_at = made_at(&source, clock.as_ref());
    let (there, told) = (places.clone(), staging.clone());
    let (origin, manifest) = blocking(move || Origin::open(&there, &source, &told)).await?;
    let store = open_copy(places.staged().join(DATABASE), clock).await?;
    let own = keys_are_own(places).await?;
    let lost = contents(origin, places, &store, manifest.as_ref(), staging).await?;
    let school = setup::school(&store).await?;
    store.forget_visits().await?;
    setup::arrive(&store, if own { Goal::SameBox } else { Goal::OtherBox }).await?;
    store.close().await?;
    let ours = || env!("CARGO_PKG_VERSION").to_owned();
    let summary = Summary {
        school,
        created_at: manifest.as_ref().map_or(made_at, |manifest| manifest.created_at),
        version: manifest.as_ref().map_or_else(ours, |manifest| manifest.version.clone()),
        files: manifest.as_ref().map_or(0, |manifest| manifest.files),
        lost,
        own,
        names: replaced(places, manifest.is_some()),
    };
    let (places, whole) = (places.clone(), summary.clone());
    places::blocking(move || finish(&places, &whole)).await?;
    Ok(summary)
}

/// When a copy that the box has made itself was made; of a backup its manifest says it.
fn made_at(source: &Source, clock: &dyn Clock) -> i64 {
    let (Source::Copy(path) | Source::Archive(path)) = source;
    let modified = fs::metadata(path).and_then(|file| file.modified()).ok();
    let since = modified.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(clock.now().0)
}

/// Opens the copy, which brings it to this version, and looks at every page of it.
async fn open_copy(path: PathBuf, clock: Arc<dyn Clock>) -> Result<Store> {
    let store = blocking(move || Store::open(path, clock).map_err(|error| unusable(&error))).await?;
    match store.examine().await? {
        None => Ok(store),
        Some(detail) => {
            store.close().await?;
            Err(damaged(detail))
        }
    }
}

fn unusable(error: &OpenError) -> Error {
    let code = match error {
        OpenError::Newer { .. } => return newer("?").because(error.to_string()),
        OpenError::NotADatabase { .. } | OpenError::Foreign { .. } => Code::BackupForeign,
        OpenError::Damaged { .. } | OpenError::Other { .. } => Code::BackupDamaged,
        OpenError::DiskFull { .. } => Code::StorageFull,
        OpenError::NotWritable { .. } | OpenError::InUse { .. } => Code::StorageFailed,
    };
    Error::new(code).because(error.to_string())
}

/// Lays out every content that the database names; how many are nowhere.
async fn contents(
    mut origin: Origin,
    places: &Places,
    store: &Store,
    manifest: Option<&Manifest>,
    staging: &Staging,
) -> Result<u64> {
    let lost: HashSet<String> = manifest.iter().flat_map(|manifest| manifest.lost.iter().cloned()).collect();
    let lost = Arc::new(lost);
    let (mut gone, mut after) = (0, 0);
    loop {
        let page = store.contents_after(after, BACKUP_PAGE).await?;
        let Some(newest) = page.last() else { return Ok(gone) };
        after = newest.id;
        let (places, staging, lost) = (places.clone(), staging.clone(), Arc::clone(&lost));
        let taken = blocking(move || {
            let mut nowhere = 0;
            for content in page {
                nowhere += u64::from(!origin.take(&places, &content, &lost)?);
                staging.add(content.size_bytes);
            }
            Ok((origin, nowhere))
        });
        let (back, missing) = taken.await?;
        origin = back;
        gone += missing;
    }
}

/// Whether the backup is of this box: then the network is the one that it was made with.
async fn keys_are_own(places: &Places) -> Result<bool> {
    let (there, here) =
        (places.staged().join("trust/authority.pem"), places.data().join("trust/authority.pem"));
    places::blocking(move || {
        // A copy of the database alone is always of this box.
        Ok(!there.try_exists()? || fs::read(&there).ok() == fs::read(&here).ok())
    })
    .await
}

/// What of the data folder makes way.
fn replaced(places: &Places, with_keys: bool) -> Vec<String> {
    let mut names: Vec<String> =
        ["kelas.sqlite-wal", "kelas.sqlite-shm", "kelas.sqlite", "files"].map(str::to_owned).into();
    if with_keys && places.staged().join("trust/authority.pem").exists() {
        names.push("trust".to_owned());
    }
    names
}

/// Everything is on the card before the file is there that says so.
fn finish(places: &Places, summary: &Summary) -> io::Result<()> {
    let staged = places.staged();
    for left in ["kelas.sqlite.lock", "kelas.sqlite-wal", "kelas.sqlite-shm"] {
        places::remove_file(&staged.join(left))?;
    }
    nix::unistd::syncfs(File::open(&staged)?)?;
    places::write_whole(&places.summary(), &serde_json::to_vec(summary)?)?;
    places::remove_file(&places.upload())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match crate::tasks::blocking(work).await {
        Ok(done) => done,
        Err(panicked) => Err(Error::new(Code::Internal).because(panicked)),
    }
}

pub(super) fn newer(version: &str) -> Error {
    Error::new(Code::BackupNewer).with("theirs", version).with("ours", env!("CARGO_PKG_VERSION"))
}

pub(super) fn damaged(detail: impl Into<String>) -> Error {
    Error::new(Code::BackupDamaged).because(detail.into())
}
