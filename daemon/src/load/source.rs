//! A small file of the kernel that is read again and again: kept open, read into one buffer.
//!
//! Used by: everything in `load` that reads /proc and /sys.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

/// More is no file that we read: /proc/stat of a machine with hundreds of interrupts has 10 kB.
const MOST_BYTES: usize = 64 * 1024;

/// A file that is read whole each time.
#[derive(Debug)]
pub(super) struct Source {
    path: PathBuf,
    file: Option<File>,
    buffer: Vec<u8>,
    /// Its failure was told, and is not told again until it has worked.
    told: bool,
}

impl Source {
    pub(super) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), file: None, buffer: Vec::new(), told: false }
    }

    /// What `parse` makes of the file now. What is not there, or cannot be read or understood, is
    /// told once and has no value.
    pub(super) fn read<T>(&mut self, parse: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let read = match self.fill() {
            Ok(()) => parse(&self.buffer).ok_or_else(|| io::Error::other("not understood")),
            Err(error) => {
                // A device that went away has another file when it comes back.
                self.file = None;
                Err(error)
            }
        };
        match read {
            Ok(value) => {
                self.told = false;
                Some(value)
            }
            Err(error) => {
                if !std::mem::replace(&mut self.told, true) {
                    self.tell(&error);
                }
                None
            }
        }
    }

    /// The number that the file holds.
    pub(super) fn number(&mut self) -> Option<f64> {
        self.read(|bytes| std::str::from_utf8(bytes).ok()?.trim().parse::<i64>().ok()).map(as_float)
    }

    /// A machine that does not have it is no failure.
    fn tell(&self, error: &io::Error) {
        let path = self.path.display();
        if error.kind() == io::ErrorKind::NotFound || is_gone(error) {
            tracing::info!(%path, %error, "this machine does not tell a value of the load log");
        } else {
            tracing::warn!(%path, %error, "a value of the load log is left out");
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            closed => closed.insert(File::open(&self.path)?),
        };
        if self.buffer.is_empty() {
            self.buffer.resize(1_024, 0);
        }
        self.buffer.resize(self.buffer.capacity(), 0);
        let mut length = 0;
        loop {
            let read = file.read_at(&mut self.buffer[length..], length as u64)?;
            length += read;
            if read == 0 || length >= MOST_BYTES {
                break;
            }
            if length == self.buffer.len() {
                self.buffer.resize(2 * length, 0);
            }
        }
        self.buffer.truncate(length);
        Ok(())
    }
}

/// What the kernel answers when a device was pulled, or has no such sensor after all.
fn is_gone(error: &io::Error) -> bool {
    use nix::libc::{ENODATA, ENODEV, ENXIO, EOPNOTSUPP};
    error.raw_os_error().is_some_and(|code| [ENODATA, ENODEV, ENXIO, EOPNOTSUPP].contains(&code))
}

#[allow(clippy::cast_precision_loss, reason = "what the kernel counts is far below 2^53")]
pub(super) fn as_float(number: i64) -> f64 {
    number as f64
}
