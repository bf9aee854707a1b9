//! Where a backup comes from, its outside checked: the archive's list, what it says of itself, the
//! database and the keys; and its contents, one after the other.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::Path;

use base::limits::{BACKUP_KEY_BYTES, BACKUP_LOST, BACKUP_MANIFEST_BYTES};
use base::{Code, Error, Result};
use data_encoding::HEXLOWER;
use sha2::Digest as _;
use store::StoredContent;

use super::make::{hash_of, is_key};
use super::manifest::{Claimed, DATABASE, FILES, FORMAT, Fact, KEYS, KIND, MANIFEST, Manifest, object_name};
use super::places::{self, Places};
use super::stage::{Source, Staging, damaged, newer};
use crate::archive::{Broken, Entry, Reader};
use crate::files::megabytes;
use crate::space;

/// Files that the archive of a backup may have.
const MOST_FILES: usize = 1_000_000;

/// Where contents come from.
pub(super) enum Origin {
    Archive(Box<Reader>),
    /// The card itself.
    Card,
}

impl Origin {
    /// Checks the outside of `source`, and lays the database and the keys out.
    pub(super) fn open(
        places: &Places,
        source: &Source,
        staging: &Staging,
    ) -> Result<(Self, Option<Manifest>)> {
        let staged = places.staged();
        places::remove_folder(&staged).map_err(places::failed)?;
        for folder in [staged.join("files/objects"), staged.join("files/incoming")] {
            places::make_folder(&folder).map_err(places::failed)?;
        }
        let path = match source {
            Source::Copy(path) => {
                let size_bytes = fs::metadata(path).map_err(places::failed)?.len();
                check_room(places, 2 * size_bytes)?;
                fs::copy(path, staged.join(DATABASE)).map_err(places::failed)?;
                return Ok((Self::Card, None));
            }
            Source::Archive(path) => path,
        };
        let mut reader = read_list(path)?;
        let manifest = read_manifest(&mut reader)?;
        let all: u64 = reader.names().map(|(_, entry)| entry.size_bytes).fold(0, u64::saturating_add);
        staging.expect(all);
        check_room(places, needed(places, &reader, &manifest))?;
        let database = reader.find(DATABASE).ok_or(Code::BackupDamaged)?;
        extract(&mut reader, database, &manifest.database, &staged.join(DATABASE))?;
        staging.add(manifest.database.size_bytes);
        places::make_folder(&staged.join("trust")).map_err(places::failed)?;
        for (name, fact) in &manifest.keys {
            let entry = reader.find(&format!("{KEYS}{name}")).ok_or(Code::BackupDamaged)?;
            if !is_key(name) || entry.size_bytes > BACKUP_KEY_BYTES {
                return Err(damaged(format!("{name} is no key")));
            }
            extract(&mut reader, entry, fact, &staged.join("trust").join(name))?;
        }
        Ok((Self::Archive(Box::new(reader)), Some(manifest)))
    }

    /// Lays a content out; whether it is anywhere.
    pub(super) fn take(
        &mut self,
        places: &Places,
        content: &StoredContent,
        lost: &HashSet<String>,
    ) -> Result<bool> {
        let hash = HEXLOWER.encode(&content.sha256.0);
        let below = Path::new("files/objects").join(&hash[..2]).join(&hash[2..]);
        let (target, here) = (places.staged().join(&below), places.data().join(&below));
        let folder = target.parent().unwrap_or(&target);
        places::make_folder(folder).map_err(places::failed)?;
        // What lies on the card already needs no more room, if it is what it should be.
        let same_size = fs::metadata(&here).is_ok_and(|file| file.len() == content.size_bytes);
        let is_here = same_size && hash_of(&here).is_ok_and(|found| found == content.sha256.0);
        if let Self::Archive(reader) = self
            && !lost.contains(&hash)
        {
            let entry = reader.find(&object_name(&hash));
            let entry = entry.ok_or_else(|| damaged(format!("{hash} is missing")))?;
            let fact = Fact { size_bytes: content.size_bytes, sha256: hash };
            if !is_here {
                return extract(reader, entry, &fact, &target).map(|()| true);
            }
            // A backup that is damaged is told also where it is not needed.
            verify(reader, entry, &fact, io::sink())?;
        }
        if is_here {
            fs::hard_link(&here, &target).map_err(places::failed)?;
        }
        Ok(is_here)
    }
}

/// Somebody's archive that is cut short is told from what is none.
fn read_list(path: &Path) -> Result<Reader> {
    let file = File::open(path).map_err(places::failed)?;
    let mut beginning = Vec::new();
    (&file).take(4).read_to_end(&mut beginning).map_err(places::failed)?;
    Reader::open(file, MOST_FILES).map_err(|broken| match broken {
        Broken::NotAnArchive(_) if beginning != b"PK\x03\x04" => {
            Error::new(Code::BackupForeign).because(broken)
        }
        other => refused(other),
    })
}

fn read_manifest(reader: &mut Reader) -> Result<Manifest> {
    let foreign = || Error::new(Code::BackupForeign);
    let entry = reader.find(MANIFEST).ok_or_else(foreign)?;
    let bytes = reader.bytes(entry, BACKUP_MANIFEST_BYTES).map_err(refused)?;
    let claimed: Claimed = serde_json::from_slice(&bytes).map_err(|error| foreign().because(error))?;
    if claimed.kind != KIND {
        return Err(foreign());
    }
    if claimed.format > FORMAT {
        return Err(newer(&claimed.version));
    }
    let manifest: Manifest =
        serde_json::from_slice(&bytes).map_err(|error| Error::new(Code::BackupDamaged).because(error))?;
    if manifest.schema > store::schema_version() {
        return Err(newer(&manifest.version));
    }
    if manifest.lost.len() > BACKUP_LOST {
        return Err(damaged("it has lost more files than it may"));
    }
    let known = |name: &str| {
        [MANIFEST, DATABASE, "README.txt"].contains(&name)
            || name.strip_prefix(KEYS).is_some_and(|key| manifest.keys.contains_key(key))
            || name.strip_prefix(FILES).is_some_and(is_object)
    };
    match reader.names().find(|(name, _)| !known(name)) {
        Some((name, _)) => Err(damaged(format!("{name:?} does not belong to it"))),
        None => Ok(manifest),
    }
}

fn is_object(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() == 65
        && bytes[2] == b'/'
        && bytes
            .iter()
            .enumerate()
            .all(|(place, byte)| place == 2 || byte.is_ascii_digit() || (b'a'..=b'f').contains(byte))
}

/// Bytes that it takes on the card; what lies there already is not counted.
fn needed(places: &Places, reader: &Reader, manifest: &Manifest) -> u64 {
    let objects = places.data().join("files/objects");
    let new = reader.names().filter_map(|(name, entry)| {
        let object = name.strip_prefix(FILES)?;
        let here = fs::metadata(objects.join(object)).is_ok_and(|file| file.len() == entry.size_bytes);
        (!here).then_some(entry.size_bytes)
    });
    // The database may grow while it is brought to this version.
    new.fold(2 * manifest.database.size_bytes, u64::saturating_add)
}

/// `files_full` unless so much more fits on the card.
pub(super) fn check_room(places: &Places, needed: u64) -> Result<()> {
    let free = space::for_files(places.data()).map_err(places::failed)?;
    if needed <= free {
        return Ok(());
    }
    Err(Error::new(Code::FilesFull).with("free", megabytes(free)).with("needed", megabytes(needed).max(1)))
}

/// Writes a file of the archive, which must be what `fact` says.
fn extract(reader: &mut Reader, entry: Entry, fact: &Fact, target: &Path) -> Result<()> {
    let file = places::create(target).map_err(places::failed)?;
    verify(reader, entry, fact, file)
}

/// Copies a file of the archive to `to`, which must be what `fact` says.
fn verify(reader: &mut Reader, entry: Entry, fact: &Fact, to: impl Write) -> Result<()> {
    if entry.size_bytes != fact.size_bytes {
        return Err(damaged(format!("{} has another size", fact.sha256)));
    }
    let mut hashed = Hashed { to, hash: sha2::Sha256::new() };
    reader.copy(entry, &mut hashed).map_err(refused)?;
    if HEXLOWER.encode(&hashed.hash.finalize()) == fact.sha256 {
        Ok(())
    } else {
        Err(damaged(format!("{} is not what it was", fact.sha256)))
    }
}

struct Hashed<W> {
    to: W,
    hash: sha2::Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// What a broken archive means.
fn refused(broken: Broken) -> Error {
    match broken {
        Broken::Io(error) => places::failed(error),
        other => Error::new(Code::BackupDamaged).because(other),
    }
}
