//! Reads an archive that anybody may have made. Everything that it says of itself is checked before a
//! byte of it is used: names that lead elsewhere, files that lie over each other, more than announced.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base::limits::{ARCHIVE_CHUNK_BYTES, ARCHIVE_LIST_BYTES};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// Bytes of a name with its folders.
const NAME_BYTES: usize = 1_024;

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// It is none at all, or its end is missing.
    #[error("no archive, or cut short: {0}")]
    NotAnArchive(String),
    /// It contradicts itself, or its bytes are not those that were put in.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A name that leads out of the archive, is twice there, or is none.
    #[error("a name that no program of ours gives: {0}")]
    Name(String),
    /// More files, or larger ones, than may be.
    #[error("too large: {0}")]
    TooLarge(String),
    /// What came out of it could not be written, or it could not be read from the card.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// A file in an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    index: usize,
    /// Bytes that it says it has.
    pub(crate) size_bytes: u64,
}

/// An archive whose list was checked.
pub(crate) struct Reader {
    zip: ZipArchive<BufReader<Bounded>>,
    entries: HashMap<String, Entry>,
}

impl Reader {
    /// Reads the list of `file`, which may name `most` files.
    pub(crate) fn open(file: File, most: usize) -> Result<Self, Broken> {
        let left = Arc::new(AtomicU64::new(ARCHIVE_LIST_BYTES));
        let bounded = Bounded { file, left: Arc::clone(&left) };
        let mut zip = ZipArchive::new(BufReader::new(bounded)).map_err(|error| match error {
            ZipError::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                Broken::TooLarge("its list of files".to_owned())
            }
            ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Broken::Io(error),
            other => Broken::NotAnArchive(other.to_string()),
        })?;
        if zip.len() > most {
            return Err(Broken::TooLarge(format!("{} files", zip.len())));
        }
        if zip.has_duplicate_names() {
            return Err(Broken::Name("one is there twice".to_owned()));
        }
        let mut entries = HashMap::with_capacity(zip.len());
        for index in 0..zip.len() {
            let file = zip.by_index_data(index).map_err(|error| damaged(&error))?;
            let name = file.name().map_err(|error| damaged(&error))?.into_owned();
            if file.is_dir() && file.size() == 0 && is_sound(name.trim_end_matches('/')) {
                continue;
            }
            if !is_sound(&name) {
                return Err(Broken::Name(name.escape_debug().to_string()));
            }
            let readable =
                matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated);
            if file.encrypted() || file.is_symlink() || !readable {
                return Err(Broken::Damaged(format!("{name} is no plain file")));
            }
            entries.insert(name, Entry { index, size_bytes: file.size() });
        }
        // The next bytes are those of files, as many as they are.
        left.store(u64::MAX, Ordering::Relaxed);
        if zip.has_overlapping_entries().map_err(|error| damaged(&error))? {
            return Err(Broken::Damaged("files lie over each other".to_owned()));
        }
        Ok(Self { zip, entries })
    }

    /// All files, in no order.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, Entry)> {
        self.entries.iter().map(|(name, entry)| (name.as_str(), *entry))
    }

    /// The file with this name.
    pub(crate) fn find(&self, name: &str) -> Option<Entry> {
        self.entries.get(name).copied()
    }

    /// Writes all of a file to `to`: as many bytes as it says it has and with their checksum, or an
    /// error.
    pub(crate) fn copy(&mut self, entry: Entry, to: &mut (impl Write + ?Sized)) -> Result<(), Broken> {
        let file = self.zip.by_index(entry.index).map_err(|error| damaged(&error))?;
        // One byte more shows what unpacks to more than it says.
        let mut file = file.take(entry.size_bytes + 1);
        let mut chunk = vec![0; ARCHIVE_CHUNK_BYTES];
        let mut copied = 0;
        loop {
            let read = file.read(&mut chunk).map_err(|error| Broken::Damaged(error.to_string()))?;
            if read == 0 {
                break;
            }
            copied += read as u64;
            if copied > entry.size_bytes {
                return Err(Broken::Damaged("a file is larger than it says".to_owned()));
            }
            to.write_all(&chunk[..read])?;
        }
        if copied == entry.size_bytes {
            Ok(())
        } else {
            Err(Broken::Damaged("a file is cut short".to_owned()))
        }
    }

    /// The bytes of a small file; `most` of them at most.
    pub(crate) fn bytes(&mut self, entry: Entry, most: u64) -> Result<Vec<u8>, Broken> {
        if entry.size_bytes > most {
            return Err(Broken::TooLarge(format!("{} bytes of a small file", entry.size_bytes)));
        }
        let mut bytes = Vec::new();
        self.copy(entry, &mut bytes)?;
        Ok(bytes)
    }
}

fn damaged(error: &ZipError) -> Broken {
    Broken::Damaged(error.to_string())
}

/// Whether it is a path below the archive, in names that every system can have.
fn is_sound(name: &str) -> bool {
    (1..=NAME_BYTES).contains(&name.len())
        && !name.chars().any(|character| character.is_control() || matches!(character, '\\' | ':'))
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// A file of which only so much is read while its list is looked for: the library keeps all of the
/// list in memory, however long somebody made it.
struct Bounded {
    file: File,
    left: Arc<AtomicU64>,
}

impl Read for Bounded {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(to)?;
        let left = self.left.load(Ordering::Relaxed);
        let left = left.checked_sub(read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        self.left.store(left, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
