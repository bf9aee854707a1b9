//! A file while it arrives: hashed and written in batches, made durable now and then.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base::id::UploadId;
use base::{Code, Error, Result, limits};
use sha2::Digest as _;
use store::Sha256;
use tokio::sync::OwnedSemaphorePermit;

use super::{Files, blocking};

/// What stays of a file whose sender goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remains {
    /// What has arrived, to be resumed.
    All,
    /// Nothing.
    Nothing,
}

/// A file that arrives.
pub(crate) struct Incoming {
    /// Lent to the thread that writes, and given back.
    disk: Option<Disk>,
    batch: Vec<u8>,
    /// Bytes written; those of the batch come on top.
    written: u64,
    path: PathBuf,
    remains: Remains,
    /// Those of all files.
    received: Arc<AtomicU64>,
    _writer: OwnedSemaphorePermit,
}

pub(super) struct Disk {
    file: File,
    hash: sha2::Sha256,
    /// Bytes that went through the hash; fewer than there are after a resumption.
    pub(super) hashed: u64,
    unsynced: u64,
}

/// A file that has arrived and is durable, but has no name yet.
#[derive(Debug)]
pub(crate) struct Arrived {
    /// Its hash.
    pub(crate) sha256: Sha256,
    /// Its size.
    pub(crate) size_bytes: u64,
    /// How it begins, by which it is told what it is.
    pub(crate) beginning: Vec<u8>,
    pub(super) path: PathBuf,
    pub(super) remains: Remains,
}

impl Arrived {
    /// Deletes it.
    pub(super) fn discard(&self) {
        discard(&self.path);
    }
}

impl Drop for Arrived {
    fn drop(&mut self) {
        if self.remains == Remains::Nothing {
            self.discard();
        }
    }
}

/// What cannot be deleted is swept away at the next start; what became an object is not there.
fn discard(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::debug!(%error, "what arrived could not be deleted");
    }
}

impl Files {
    /// Bytes of an upload that are here, durably.
    pub(crate) async fn arrived_bytes(&self, upload: UploadId) -> Result<u64> {
        let path = self.upload_path(upload);
        blocking(move || match File::open(path) {
            Ok(file) => {
                file.sync_data()?;
                Ok(file.metadata()?.len())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        })
        .await
    }

    /// Goes on with an upload behind what is here. Waits while many others are written.
    pub(crate) async fn resume(&self, upload: UploadId) -> Result<Incoming> {
        self.incoming(self.upload_path(upload), Remains::All).await
    }

    /// Takes a file of a form, which ends with its request.
    pub(crate) async fn take(&self) -> Result<Incoming> {
        self.incoming(self.path_to_take(), Remains::Nothing).await
    }

    /// A place for a file that ends with its request, for [`Arrived::write`].
    pub(crate) fn path_to_take(&self) -> PathBuf {
        let number = self.0.forms.fetch_add(1, Ordering::Relaxed);
        self.incoming_folder().join(format!("form-{number}"))
    }

    /// Deletes what is here of an upload. Again is harmless.
    pub(crate) async fn give_up(&self, upload: UploadId) -> Result<()> {
        let path = self.upload_path(upload);
        blocking(move || match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }

    pub(super) fn upload_path(&self, upload: UploadId) -> PathBuf {
        self.incoming_folder().join(upload.to_string())
    }

    async fn incoming(&self, path: PathBuf, remains: Remains) -> Result<Incoming> {
        let closed = |error| Error::new(Code::Unavailable).because(error);
        let writer = Arc::clone(&self.0.writers).acquire_owned().await.map_err(closed)?;
        let opened = path.clone();
        let (disk, written) = blocking(move || {
            if let Some(folder) = opened.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file =
                OpenOptions::new().read(true).write(true).create(true).truncate(false).open(opened)?;
            let written = file.seek(SeekFrom::End(0))?;
            Ok((Disk::new(file), written))
        })
        .await?;
        let received = Arc::clone(&self.0.received_bytes);
        Ok(Incoming {
            disk: Some(disk),
            batch: Vec::new(),
            written,
            path,
            remains,
            received,
            _writer: writer,
        })
    }
}

impl Incoming {
    /// Bytes so far.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.written + self.batch.len() as u64
    }

    /// Takes more bytes.
    pub(crate) async fn push(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.received.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        while !bytes.is_empty() {
            let take = bytes.len().min(limits::UPLOAD_BATCH_BYTES - self.batch.len());
            self.batch.reserve_exact(limits::UPLOAD_BATCH_BYTES.saturating_sub(self.batch.len()));
            self.batch.extend_from_slice(&bytes[..take]);
            bytes = &bytes[take..];
            if self.batch.len() == limits::UPLOAD_BATCH_BYTES {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Makes everything durable that was pushed; the number of bytes.
    pub(crate) async fn sync(&mut self) -> Result<u64> {
        self.write().await?;
        self.with_disk(Disk::sync).await?;
        Ok(self.written)
    }

    /// Ends it: durable, and hashed whole.
    pub(crate) async fn finish(mut self) -> Result<Arrived> {
        let size_bytes = self.sync().await?;
        let (sha256, beginning) = self.with_disk(move |disk| disk.digest(size_bytes)).await?;
        let remains = std::mem::replace(&mut self.remains, Remains::All);
        Ok(Arrived { sha256, size_bytes, beginning, path: std::mem::take(&mut self.path), remains })
    }

    async fn write(&mut self) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let length = batch.len() as u64;
        self.batch = self
            .with_disk(move |disk| {
                disk.write(&batch)?;
                Ok(batch)
            })
            .await?;
        self.batch.clear();
        self.written += length;
        Ok(())
    }

    async fn with_disk<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Disk) -> io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let lost = || Error::new(Code::StorageFailed).because("an earlier write has failed");
        let mut disk = self.disk.take().ok_or_else(lost)?;
        let (disk, done) = blocking(move || {
            let done = work(&mut disk)?;
            Ok((disk, done))
        })
        .await?;
        self.disk = Some(disk);
        Ok(done)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.remains == Remains::Nothing {
            discard(&self.path);
        }
    }
}

impl Disk {
    pub(super) fn new(file: File) -> Self {
        Self { file, hash: sha2::Sha256::new(), hashed: 0, unsynced: 0 }
    }

    pub(super) fn write(&mut self, batch: &[u8]) -> io::Result<()> {
        self.file.write_all(batch)?;
        self.hash.update(batch);
        self.hashed += batch.len() as u64;
        self.unsynced += batch.len() as u64;
        if self.unsynced >= limits::UPLOAD_SYNC_BYTES { self.sync() } else { Ok(()) }
    }

    fn sync(&mut self) -> io::Result<()> {
        self.unsynced = 0;
        self.file.sync_data()
    }

    /// The hash of everything, which is read again if some of it came in an earlier request; and
    /// the beginning.
    pub(super) fn digest(&mut self, size_bytes: u64) -> io::Result<(Sha256, Vec<u8>)> {
        self.file.sync_all()?;
        self.file.seek(SeekFrom::Start(0))?;
        let mut beginning = Vec::new();
        (&self.file).take(super::kind::BEGINNING_BYTES).read_to_end(&mut beginning)?;
        if self.hashed != size_bytes {
            self.hash = sha2::Sha256::new();
            self.file.seek(SeekFrom::Start(0))?;
            let mut batch = vec![0; limits::UPLOAD_BATCH_BYTES];
            loop {
                match self.file.read(&mut batch)? {
                    0 => break,
                    read => self.hash.update(&batch[..read]),
                }
            }
        }
        Ok((Sha256(self.hash.clone().finalize().into()), beginning))
    }
}
