//! Where what has to do with backups lies in the data folder.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base::{Code, Error, Result};

use crate::tasks;

/// Paths below the data folder.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    data: PathBuf,
}

impl Places {
    /// Of this data folder.
    pub(crate) fn new(data: &Path) -> Self {
        Self { data: data.to_owned() }
    }

    /// What is in use.
    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// All that is on its way back.
    pub(super) fn restore(&self) -> PathBuf {
        self.data.join("restore")
    }

    /// A backup that somebody has uploaded.
    pub(super) fn upload(&self) -> PathBuf {
        self.restore().join("upload.zip")
    }

    /// What takes the place of what is in use.
    pub(super) fn staged(&self) -> PathBuf {
        self.restore().join("staged")
    }

    /// What was in use before.
    pub(super) fn before(&self) -> PathBuf {
        self.restore().join("before")
    }

    /// What was in use in between, and the daemon did not start with.
    pub(super) fn failed(&self) -> PathBuf {
        self.restore().join("failed")
    }

    /// Says what is staged, as its last part.
    pub(super) fn summary(&self) -> PathBuf {
        self.restore().join("staged.json")
    }

    /// Says that it shall take its place, and how far that is.
    pub(super) fn phase(&self) -> PathBuf {
        self.restore().join("phase.json")
    }

    /// Copies of the database that the box makes by itself.
    pub(super) fn copies(&self) -> PathBuf {
        self.data.join("copies")
    }

    /// The copy of the database that goes into a backup.
    pub(super) fn copy_for_backup(&self) -> PathBuf {
        self.copies().join("backup.sqlite")
    }

    /// The right to write below [`Self::restore`], for one program at a time.
    pub(super) fn lock(&self) -> io::Result<File> {
        let lock = create(&self.data.join("restore.lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(fs::TryLockError::WouldBlock) => {
                Err(io::Error::new(io::ErrorKind::ResourceBusy, "another program brings a backup back"))
            }
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Deletes what is on its way back, unless it is about to take its place.
    pub(super) fn clear(&self) -> io::Result<()> {
        if self.phase().try_exists()? {
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, "it is about to take its place"));
        }
        remove_folder(&self.restore())?;
        make_folder(&self.restore())
    }
}

/// A folder for the daemon's own user alone, and those above it.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// A new file for the daemon's own user alone.
pub(super) fn create(path: &Path) -> io::Result<File> {
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Deletes a folder with all that is in it. Again is harmless.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Deletes a file. Again is harmless.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a small file so that after a power cut it is there whole, or as it was before.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    sync_folder(path.parent().unwrap_or(path))
}

/// What a folder lists is durable only when the folder itself is written.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Runs what waits for the card where it holds up nobody.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    match tasks::blocking(work).await {
        Ok(done) => done.map_err(failed),
        Err(panicked) => Err(Error::new(Code::Internal).because(panicked)),
    }
}

/// What an error of the card means.
pub(super) fn failed(error: io::Error) -> Error {
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::StorageFull,
        io::ErrorKind::ResourceBusy => Code::BackupBusy,
        _ => Code::StorageFailed,
    };
    Error::new(code).because(error)
}
