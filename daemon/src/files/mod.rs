//! Files on the data partition: each content once, under its SHA-256, and what is on its way.
//!
//! `files/objects/ab/cd…` holds contents that are whole. Bytes are made durable there before a row
//! of the store names them, so that a power cut leaves at most an object that nobody names, which
//! the next start sweeps away. `files/incoming` holds what is on its way: under the number of its
//! upload what can be resumed, under `form-…` what ends with its request.
//!
//! May use: `base`, `store`, `space`, `tasks`. Used by: `backup`, `load`, `site`, `run`.
//!
//! Architecture invariant: memory for a file does not grow with its size.

mod cleanup;
mod hold;
mod incoming;
pub(crate) mod kind;
mod object;
mod serve;
#[cfg(test)]
mod tests;
mod turn;
mod unpacked;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base::clock::Clock;
use base::id::UploadId;
use base::{Code, Error, Result, limits};
use store::{Sha256, Store};
use tokio::sync::{Semaphore, oneshot};

use crate::space;
use crate::tasks::{self, Tasks};

pub(crate) use cleanup::watch;
pub(crate) use hold::Hold;
pub(crate) use incoming::{Arrived, Incoming};
pub(crate) use serve::{Asked, disposition};
pub(crate) use turn::Turn;

/// Kept files. Clones share everything.
#[derive(Clone)]
pub(crate) struct Files(Arc<Parts>);

struct Parts {
    /// `files` in the data folder.
    folder: PathBuf,
    store: Store,
    clock: Arc<dyn Clock>,
    tasks: Tasks,
    /// Bytes that all objects may have.
    most_bytes: u64,
    /// Bytes that all objects have.
    used_bytes: AtomicU64,
    /// Held while an object is made and named, or forgotten and deleted: in between, the same bytes
    /// must not be named by somebody else.
    naming: tokio::sync::Mutex<()>,
    /// How many copy all objects at the moment.
    holds: AtomicUsize,
    /// How many uploads are written at once.
    writers: Arc<Semaphore>,
    /// Who writes which upload.
    turns: Mutex<HashMap<UploadId, turn::Holder>>,
    /// Counts the forms that carry files.
    forms: AtomicU64,
    /// Bytes of files that have come since the start.
    received_bytes: Arc<AtomicU64>,
}

impl Files {
    /// Makes the folders in `data`, and sweeps away what a power cut left. `most_gb` gigabytes may
    /// be used; with 0 as much as the card has. On a card that cannot be written the class meets all
    /// the same; files are refused.
    pub(crate) async fn open(
        data: &Path,
        most_gb: usize,
        store: Store,
        clock: Arc<dyn Clock>,
        tasks: Tasks,
    ) -> Self {
        let files = Self::new(data, most_gb, store, clock, tasks);
        if let Err(error) = files.clean_up_at_start().await {
            tracing::error!(%error, "the files could not be looked through");
        }
        files
    }

    /// As they are, without a look at what is there.
    pub(crate) fn new(
        data: &Path,
        most_gb: usize,
        store: Store,
        clock: Arc<dyn Clock>,
        tasks: Tasks,
    ) -> Self {
        Self(Arc::new(Parts {
            folder: data.join("files"),
            store,
            clock,
            tasks,
            most_bytes: if most_gb == 0 { u64::MAX } else { most_gb as u64 * 1_000_000_000 },
            used_bytes: AtomicU64::new(0),
            naming: tokio::sync::Mutex::new(()),
            holds: AtomicUsize::new(0),
            writers: Arc::new(Semaphore::new(limits::UPLOAD_WRITERS)),
            turns: Mutex::default(),
            forms: AtomicU64::new(0),
            received_bytes: Arc::default(),
        }))
    }

    /// Bytes of files that people have sent since the start.
    pub(crate) fn received_bytes(&self) -> u64 {
        self.0.received_bytes.load(Ordering::Relaxed)
    }

    /// Bytes that files may still take, after what open uploads have announced.
    pub(crate) async fn room(&self) -> Result<u64> {
        let folder = self.0.folder.clone();
        let free = blocking(move || space::for_files(&folder)).await?;
        let used = self.0.used_bytes.load(Ordering::Relaxed);
        let mut announced = 0_u64;
        for upload in self.0.store.uploads().await?.into_iter().filter(|upload| !upload.is_complete()) {
            let path = self.upload_path(upload.id);
            let here = blocking(move || Ok(std::fs::metadata(path).map_or(0, |file| file.len()))).await?;
            announced = announced.saturating_add(upload.size_bytes.saturating_sub(here));
        }
        Ok(free.min(self.0.most_bytes.saturating_sub(used)).saturating_sub(announced))
    }

    /// `files_full` unless `bytes` more have room, `file_too_large` where they never have.
    pub(crate) async fn check_room(&self, bytes: u64) -> Result<()> {
        if bytes > limits::FILE_BYTES {
            return Err(Error::new(Code::FileTooLarge).with("most", megabytes(limits::FILE_BYTES)));
        }
        let room = self.room().await?;
        if bytes > room {
            return Err(Error::new(Code::FilesFull)
                .with("free", megabytes(room))
                .with("needed", megabytes(bytes).max(1)));
        }
        Ok(())
    }

    /// Makes objects of what has arrived, and names them by `commit`, which gets their hashes and
    /// sizes in the same order. Both happen even if whoever waits for it goes away meanwhile. Without
    /// the commit nothing stays.
    pub(crate) async fn keep<T, C>(&self, arrived: Vec<Arrived>, commit: C) -> Result<T>
    where
        T: Send + 'static,
        C: Future<Output = Result<T>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let files = self.clone();
        self.0.tasks.spawn("file", async move {
            // A caller that went away has no use for the answer.
            let _ = answer.send(files.keep_now(arrived, commit).await);
        });
        answered.await.map_err(|gone| Error::new(Code::Internal).because(gone))?
    }

    async fn keep_now<T>(&self, arrived: Vec<Arrived>, commit: impl Future<Output = Result<T>>) -> Result<T> {
        let _naming = self.0.naming.lock().await;
        let folder = self.0.folder.clone();
        let placed = blocking(move || object::place(&folder, &arrived)).await?;
        match commit.await {
            Ok(done) => {
                let new: u64 = placed.iter().map(|(_, size)| size).sum();
                self.0.used_bytes.fetch_add(new, Ordering::Relaxed);
                Ok(done)
            }
            Err(error) => {
                let folder = self.0.folder.clone();
                // Whether it was committed is not known if the store failed in between; then the row
                // may be there, and the object must be.
                for (sha256, _) in placed {
                    if !self.0.store.keeps_content(sha256).await.unwrap_or(true) {
                        let folder = folder.clone();
                        blocking(move || object::remove(&folder, sha256)).await?;
                    }
                }
                Err(error)
            }
        }
    }

    /// Deletes the bytes that nobody holds any longer. To be called after what held some was
    /// deleted; whatever is missed is swept away later.
    pub(crate) async fn clean_up(&self) -> Result<()> {
        let _naming = self.0.naming.lock().await;
        if self.is_held() {
            return Ok(());
        }
        for (sha256, size_bytes) in self.0.store.forget_unused_contents().await? {
            let folder = self.0.folder.clone();
            blocking(move || object::remove(&folder, sha256)).await?;
            self.0.used_bytes.fetch_sub(size_bytes, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Opens the bytes of a content, for a reader that may take its time.
    pub(crate) async fn open_object(&self, sha256: Sha256) -> Result<std::fs::File> {
        let path = object::path(&self.0.folder, sha256);
        blocking(move || std::fs::File::open(path)).await
    }

    /// As [`Self::open_object`], for a thread that may wait for the card.
    pub(crate) fn open_object_now(&self, sha256: Sha256) -> io::Result<std::fs::File> {
        std::fs::File::open(object::path(&self.0.folder, sha256))
    }

    /// Bytes of all files that are kept.
    pub(crate) fn used_bytes(&self) -> u64 {
        self.0.used_bytes.load(Ordering::Relaxed)
    }

    fn turns(&self) -> std::sync::MutexGuard<'_, HashMap<UploadId, turn::Holder>> {
        self.0.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn incoming_folder(&self) -> PathBuf {
        self.0.folder.join("incoming")
    }
}

/// Whole megabytes, as cards are sold.
pub(crate) fn megabytes(bytes: u64) -> u64 {
    bytes / 1_000_000
}

/// Runs what waits for the card where it holds up nobody.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    match tasks::blocking(work).await {
        Ok(result) => result.map_err(failed),
        Err(panicked) => Err(Error::new(Code::Internal).because(panicked)),
    }
}

/// What an error of the card means.
pub(crate) fn failed(error: io::Error) -> Error {
    let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    Error::new(if full { Code::StorageFull } else { Code::StorageFailed }).because(error)
}
