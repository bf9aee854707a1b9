//! Everything that the box keeps as one file, and a box that runs by such a file from its next start.
//!
//! A backup is an archive with a copy of the database, each content under its SHA-256, the box's keys,
//! and a manifest that says what belongs to it. What comes back is looked through completely and laid
//! out beside what is in use (`stage`); then a file says that it shall take its place, and the next
//! start moves it there before anything is opened (`swap`). What was there before returns if the daemon
//! does not start with the new (docs/decisions/0019).
//!
//! May use: `base`, `store`, `archive`, `files`, `setup`, `space`, `tasks`. Used by: `site`, `restore`,
//! `run`.
//!
//! Architecture invariant: nothing in use changes before all of a backup was verified; a power cut at
//! any moment leaves the old or the new, whole.

mod copies;
mod make;
mod manifest;
mod origin;
mod places;
mod stage;
mod swap;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use base::clock::{Clock, Timestamp};
use base::{Code, Error, Result};
use store::Store;
use tokio::sync::Semaphore;

use crate::files::Files;
use crate::tasks::Tasks;

pub(crate) use copies::{DailyCopy, watch};
pub(crate) use manifest::Summary;
pub(crate) use places::Places;
pub(crate) use stage::{Source, Staging};
pub(crate) use swap::{Swapped, at_start, started};

/// Making backups, and bringing them back. Clones share everything.
#[derive(Clone)]
pub(crate) struct Backup(Arc<Inner>);

/// What it is made from.
pub(crate) struct Parts {
    /// Where everything is kept.
    pub(crate) data: PathBuf,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tasks: Tasks,
    /// Ends the process in order; whoever looks after it starts it again.
    pub(crate) start_again: Arc<dyn Fn() + Send + Sync>,
}

struct Inner {
    parts: Parts,
    places: Places,
    /// One backup at a time: each has a copy of the database on the card.
    making: Arc<Semaphore>,
    /// One that comes back at a time.
    restoring: Arc<Semaphore>,
    progress: Mutex<Progress>,
}

/// How far a backup is that shall come back.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    /// There is none.
    Idle,
    /// It is being looked through.
    Checking(Staging),
    /// It lies beside what is in use, and waits for a word.
    Ready(Summary),
    /// It cannot be used, or was not whole.
    Failed(Arc<Error>),
    /// The next start takes it.
    Going,
}

impl Backup {
    /// With what an earlier start has looked through, if nobody has decided since; and with what this
    /// start has to say of it.
    pub(crate) fn new(parts: Parts, swapped: Swapped) -> Self {
        let places = Places::new(&parts.data);
        let progress = match (swapped, Summary::read(&places)) {
            (Swapped::TakenBack, _) => Progress::Failed(Arc::new(Code::RestoreTakenBack.into())),
            (Swapped::Nothing, Some(summary)) => Progress::Ready(summary),
            (Swapped::Nothing | Swapped::Restored, _) => Progress::Idle,
        };
        Self(Arc::new(Inner {
            parts,
            places,
            making: Arc::new(Semaphore::new(1)),
            restoring: Arc::new(Semaphore::new(1)),
            progress: Mutex::new(progress),
        }))
    }

    /// How far a backup is that shall come back.
    pub(crate) fn progress(&self) -> Progress {
        self.0.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, progress: Progress) {
        *self.0.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// Where an uploaded backup may be written, by one at a time; `backup_busy` for others. What was
    /// there before is gone.
    pub(crate) async fn receive(&self) -> Result<Receiving> {
        let permit = Arc::clone(&self.0.restoring).try_acquire_owned();
        let permit = permit.map_err(|_| Error::new(Code::BackupBusy))?;
        let places = self.0.places.clone();
        let lock = places::blocking(move || {
            let lock = places.lock()?;
            places.clear()?;
            Ok(lock)
        })
        .await?;
        self.tell(Progress::Idle);
        Ok(Receiving { path: self.0.places.upload(), _permit: permit, _lock: lock })
    }

    /// Looks `source` through, as a task of its own that pages follow.
    pub(crate) fn begin(&self, source: Source, receiving: Receiving) {
        let staging = Staging::default();
        self.tell(Progress::Checking(staging.clone()));
        let backup = self.clone();
        self.0.parts.tasks.spawn("restore", async move {
            let (places, clock) = (&backup.0.places, Arc::clone(&backup.0.parts.clock));
            let stopping = backup.0.parts.tasks.stopping();
            let looked = tokio::select! {
                staged = stage::stage(places, source, clock, &staging) => staged,
                () = stopping.cancelled() => Err(Error::new(Code::Unavailable)),
            };
            let progress = match looked {
                Ok(summary) => Progress::Ready(summary),
                Err(error) => {
                    tracing::warn!(code = error.code.name(), %error, "a backup cannot come back");
                    let places = places.clone();
                    if let Err(error) = places::blocking(move || places.clear()).await {
                        tracing::warn!(%error, "what came of it could not be deleted");
                    }
                    Progress::Failed(Arc::new(error))
                }
            };
            backup.tell(progress);
            drop(receiving);
        });
    }

    /// Decides that the next start takes what was looked through. `restore_not_ready` if there is
    /// nothing, or a newer upload has taken its place.
    pub(crate) async fn decide(&self) -> Result<()> {
        let Progress::Ready(_) = self.progress() else { return Err(Code::RestoreNotReady.into()) };
        let places = self.0.places.clone();
        places::blocking(move || swap::decide(&places)).await?;
        self.tell(Progress::Going);
        (self.0.parts.start_again)();
        Ok(())
    }

    /// `files_full` unless `bytes` more fit on the card.
    pub(crate) async fn check_room(&self, bytes: u64) -> Result<()> {
        let places = self.0.places.clone();
        places::blocking(move || Ok(origin::check_room(&places, bytes))).await?
    }

    /// Deletes what was uploaded and looked through; `backup_busy` while it is being looked through.
    pub(crate) async fn give_up(&self) -> Result<()> {
        self.receive().await.map(drop)
    }

    /// About as many bytes as a backup has.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.0.parts.store.size_bytes() + self.0.parts.files.used_bytes()
    }

    fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    fn data(&self) -> &Path {
        &self.0.parts.data
    }
}

/// Looks `archive` through and decides that the next start of the daemon takes it, for a program that
/// is not the daemon. The errors are those of [`stage`], and `backup_busy`.
pub(crate) async fn restore(data: &Path, archive: PathBuf, clock: Arc<dyn Clock>) -> Result<Summary> {
    let places = Places::new(data);
    let there = places.clone();
    let lock = places::blocking(move || {
        let lock = there.lock()?;
        there.clear()?;
        Ok(lock)
    })
    .await?;
    let staged = stage::stage(&places, Source::Archive(archive), clock, &Staging::default()).await;
    let there = places.clone();
    match &staged {
        Ok(_) => places::blocking(move || swap::decide(&there)).await?,
        Err(_) => places::blocking(move || there.clear()).await?,
    }
    drop(lock);
    staged
}

/// The right to bring a backup back.
pub(crate) struct Receiving {
    /// Where what is uploaded goes.
    pub(crate) path: PathBuf,
    _permit: tokio::sync::OwnedSemaphorePermit,
    _lock: std::fs::File,
}
