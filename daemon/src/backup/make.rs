//! Makes a backup while it is sent. On the card lies no more of it than the copy of the database.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use axum::body::Body;
use base::clock::Timestamp;
use base::limits::{ARCHIVE_CHUNK_BYTES, BACKUP_KEY_BYTES, BACKUP_LOST, BACKUP_PAGE};
use base::{Code, Error, Result};
use data_encoding::HEXLOWER;
use sha2::Digest as _;
use store::{Sha256, StoredContent};

use super::Backup;
use super::manifest::{DATABASE, FORMAT, Fact, KEYS, KIND, MANIFEST, Manifest, object_name};
use super::places;
use crate::archive::{self, Writer};
use crate::files::{Files, Hold};
use crate::setup;

const README: &str = "\
Ini cadangan lengkap sebuah server Kelas. Isinya semua akun, kelas, pesan, nilai, berkas, dan kunci\r\n\
server: siapa pun yang memegangnya dapat membaca semuanya. Simpan di tempat yang aman.\r\n\
Untuk memulihkannya: di server Kelas dengan versi yang sama atau lebih baru, buka Setelan server >\r\n\
Cadangan. Jangan ubah isi berkas ini.\r\n\
\r\n\
This is a complete backup of a Kelas server: all accounts, classes, messages, scores, files and the\r\n\
server's keys. Whoever holds it can read everything. Keep it in a safe place.\r\n\
To restore it: on a Kelas server of the same or a newer version open Settings of the box > Backup.\r\n\
Do not change what is in this file.\r\n\
\r\n\
kelas.sqlite   database / basis data (SQLite)\r\n\
files/         each file under its SHA-256 / setiap berkas dengan nama SHA-256-nya\r\n\
trust/         keys and certificates / kunci dan sertifikat\r\n\
manifest.json  what belongs to it / daftar isi\r\n";

/// What goes into a backup, and keeps that in place until it is sent.
struct Made {
    copy: CopyFile,
    contents: Vec<StoredContent>,
    school: Option<String>,
    at: Timestamp,
    folder: PathBuf,
    files: Files,
    _hold: Hold,
    _permit: tokio::sync::OwnedSemaphorePermit,
}

/// A copy of the database that goes when nobody needs it any more.
struct CopyFile(PathBuf);

impl Drop for CopyFile {
    fn drop(&mut self) {
        if let Err(error) = places::remove_file(&self.0) {
            tracing::warn!(%error, "the copy of the database stays until the next backup");
        }
    }
}

impl Backup {
    /// A backup of this moment, as the body of an answer. `backup_busy` while another is made;
    /// `files_full` if there is no room for a copy of the database.
    pub(crate) async fn make(&self) -> Result<Body> {
        let permit = std::sync::Arc::clone(&self.0.making).try_acquire_owned();
        let permit = permit.map_err(|_| Error::new(Code::BackupBusy))?;
        let parts = &self.0.parts;
        self.check_room_for_copy().await?;
        // From here on no content goes that the copy of the database names.
        let hold = parts.files.hold().await;
        let copy = CopyFile(self.0.places.copy_for_backup());
        self.copy_database(copy.0.clone()).await?;
        let made = Made {
            copy,
            contents: self.contents().await?,
            school: setup::school(&parts.store).await?,
            at: self.now(),
            folder: self.data().to_owned(),
            files: parts.files.clone(),
            _hold: hold,
            _permit: permit,
        };
        Ok(archive::send(&parts.tasks, "backup", made.at, move |archive| write(archive, &made)))
    }

    /// `files_full` unless the card can take the database once more.
    pub(super) async fn check_room_for_copy(&self) -> Result<()> {
        self.check_room(self.0.parts.store.size_bytes()).await
    }

    /// A copy of the database at `target`, in place of what lies there.
    pub(super) async fn copy_database(&self, target: PathBuf) -> Result<()> {
        let (folder, old) = (self.0.places.copies(), target.clone());
        places::blocking(move || {
            places::make_folder(&folder)?;
            places::remove_file(&old)
        })
        .await?;
        self.0.parts.store.copy_database(target).await
    }

    async fn contents(&self) -> Result<Vec<StoredContent>> {
        let mut contents: Vec<StoredContent> = Vec::new();
        loop {
            let after = contents.last().map_or(0, |last| last.id);
            let page = self.0.parts.store.contents_after(after, BACKUP_PAGE).await?;
            if page.is_empty() {
                return Ok(contents);
            }
            contents.extend(page);
        }
    }
}

/// The whole archive, the manifest last: it says what really came before it.
fn write<W: Write>(archive: &mut Writer<W>, made: &Made) -> io::Result<()> {
    archive.add_bytes("README.txt", README.as_bytes())?;
    let database = add_file(archive, DATABASE, &made.copy.0)?;
    let keys = add_keys(archive, &made.folder.join("trust"))?;
    let (mut files, mut files_bytes, mut lost) = (0, 0, Vec::new());
    for content in &made.contents {
        let hash = HEXLOWER.encode(&content.sha256.0);
        if add_content(archive, &made.files, content, &object_name(&hash))? {
            files += 1;
            files_bytes += content.size_bytes;
        } else {
            tracing::error!(hash, "a file cannot be read from the card: it is not in the backup");
            lost.push(hash);
        }
        if lost.len() > BACKUP_LOST {
            return Err(io::Error::other("too many files cannot be read from the card"));
        }
    }
    let manifest = Manifest {
        kind: KIND.to_owned(),
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: store::schema_version(),
        created_at: made.at.0,
        school: made.school.clone(),
        database,
        keys,
        files,
        files_bytes,
        lost,
    };
    archive.add_bytes(MANIFEST, &serde_json::to_vec_pretty(&manifest)?)
}

fn add_file<W: Write>(archive: &mut Writer<W>, name: &str, path: &Path) -> io::Result<Fact> {
    let file = File::open(path)?;
    let size_bytes = file.metadata()?.len();
    let mut hashing = Hashing::new(file);
    archive.add(name, size_bytes, &mut hashing)?;
    match hashing.trouble.take() {
        Some(error) => Err(error),
        None => Ok(Fact { size_bytes: hashing.bytes, sha256: HEXLOWER.encode(&hashing.hash()) }),
    }
}

/// Keys and certificates: the box's own, and the school's.
fn add_keys<W: Write>(archive: &mut Writer<W>, folder: &Path) -> io::Result<BTreeMap<String, Fact>> {
    let mut keys = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(keys),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let metadata = entry.metadata()?;
        if is_key(&name) && metadata.is_file() && metadata.len() <= BACKUP_KEY_BYTES {
            let fact = add_file(archive, &format!("{KEYS}{name}"), &entry.path())?;
            keys.insert(name, fact);
        }
    }
    Ok(keys)
}

/// Whether a file of the folder of keys has such a name.
pub(super) fn is_key(name: &str) -> bool {
    let stem = name.strip_suffix(".pem").unwrap_or_default();
    !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Whether all of the content was there. What was not read to its end, or is not what it was, lies in
/// the archive too, but nobody will take it.
fn add_content<W: Write>(
    archive: &mut Writer<W>,
    files: &Files,
    content: &StoredContent,
    name: &str,
) -> io::Result<bool> {
    let Ok(object) = files.open_object_now(content.sha256) else { return Ok(false) };
    let mut hashing = Hashing::new(object.take(content.size_bytes + 1));
    archive.add(name, content.size_bytes, &mut hashing)?;
    let whole = hashing.trouble.is_none() && hashing.bytes == content.size_bytes;
    Ok(whole && Sha256(hashing.hash()) == content.sha256)
}

/// Reads on, and hashes what goes by. An error of the card ends the file and is told afterwards, so
/// that it is not taken for one of the archive.
struct Hashing<R> {
    from: R,
    hash: sha2::Sha256,
    bytes: u64,
    trouble: Option<io::Error>,
}

impl<R: Read> Hashing<R> {
    fn new(from: R) -> Self {
        Self { from, hash: sha2::Sha256::new(), bytes: 0, trouble: None }
    }

    fn hash(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self.from.read(to) {
            Ok(read) => {
                self.hash.update(&to[..read]);
                self.bytes += read as u64;
                Ok(read)
            }
            Err(error) => {
                self.trouble = Some(error);
                Ok(0)
            }
        }
    }
}

/// The hash of a file that lies on the card.
pub(super) fn hash_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut hashing = Hashing::new(File::open(path)?);
    let mut chunk = vec![0; ARCHIVE_CHUNK_BYTES];
    while hashing.read(&mut chunk)? > 0 {}
    match hashing.trouble.take() {
        Some(error) => Err(error),
        None => Ok(hashing.hash()),
    }
}
