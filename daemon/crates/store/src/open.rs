//! Opens a database file, or says in one clear sentence why not.

use std::ffi::CStr;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::failure::is_full;
use crate::migrate::{self, MIGRATIONS};

/// "Kela": tells our files from other programs' databases.
const APPLICATION_ID: i32 = 0x4b65_6c61;
/// Up to this size every start checks the whole file; beyond it only a start after an unclean
/// end does. `quick_check` reads about 20 MB/s from a slow card: a second and a half at most.
const CHECK_ALWAYS_BYTES: u64 = 32 * 1024 * 1024;
/// Page cache of a reader, in KiB. What it does not hold is in the kernel's cache, which is
/// shared and given up under pressure; SQLite's default would be 2 MiB for each.
const READER_CACHE_KIB: i32 = 512;
/// Statements kept prepared per connection: more than there are.
pub(crate) const PREPARED_STATEMENTS: usize = 320;
/// How long another program (a person with a `SQLite` shell) may hold the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why the database cannot be used. Nothing was changed in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder is missing, or may not be written.
    #[error("{}: the folder or the file cannot be written: {cause}", path.display())]
    NotWritable {
        /// The database file.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// No room on the disk for a new database, or for what an older one must become.
    #[error("{}: the disk is full; free some space and start again", path.display())]
    DiskFull {
        /// The database file.
        path: PathBuf,
    },
    /// Another kelasd has it open.
    #[error("{}: another kelasd uses this database; stop it first", path.display())]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{}: this file is not an SQLite database; it was left as it is", path.display())]
    NotADatabase {
        /// The database file.
        path: PathBuf,
    },
    /// The file is another program's database.
    #[error("{}: this is a database of another program; it was left as it is", path.display())]
    Foreign {
        /// The database file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error(
        "{}: the database is damaged ({detail}); it was left as it is: \
         restore a backup, or move it and its -wal file away to start afresh",
        path.display()
    )]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What `SQLite` found.
        detail: String,
    },
    /// The schema is from the future.
    #[error(
        "{}: the database has version {found}, this kelasd knows up to {known}: \
         install the newer kelasd again",
        path.display()
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The highest version that this program knows.
        known: u32,
    },
    /// Anything else.
    #[error("{}: the database cannot be opened: {cause}", path.display())]
    Other {
        /// The database file.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
}

/// Where the connections share the WAL's index, which each of them needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Index {
    /// In a file beside the database, as usual.
    File,
    /// In memory, because the disk has no room for that file. The database can be read, and
    /// written as soon as there is room; other programs are locked out meanwhile.
    Memory,
}

impl Index {
    /// The part of `SQLite` that does it (<https://www.sqlite.org/vfs.html>, 2.1).
    const fn vfs(self) -> &'static CStr {
        match self {
            Self::File => c"unix",
            Self::Memory => c"unix-excl",
        }
    }
}

/// A database that passed every check.
pub(crate) struct Opened {
    /// The connection for the writer, with the right schema.
    pub(crate) writer: Connection,
    /// For the readers, which must do as the writer does.
    pub(crate) index: Index,
    /// Held for as long as the database is in use.
    pub(crate) lock: File,
}

/// Opens or creates the database at `path`, checks it, and brings it to this schema version.
pub(crate) fn database(path: &Path) -> Result<Opened, OpenError> {
    let lock = lock(path)?;
    let existed = path.exists();
    let unclean = size(&beside(path, "-wal")) > 0;
    if unclean && size(path) == 0 {
        // SQLite would take the WAL for a leftover and delete it, with all that is in it.
        let detail = "it is missing or empty, but its -wal file is not".into();
        return Err(OpenError::Damaged { path: path.into(), detail });
    }
    if !existed {
        create(path).map_err(|error| io_error(path, &error))?;
    }
    let (writer, index) = match prepare(path, existed, unclean, Index::File) {
        Err(OpenError::DiskFull { .. }) if existed => {
            let writer = prepare(path, existed, unclean, Index::Memory)?;
            tracing::warn!(path = %path.display(), "the disk is full: the database can only be read for now");
            (writer, Index::Memory)
        }
        prepared => (prepared?, Index::File),
    };
    if !existed {
        sync_folder(path).map_err(|error| io_error(path, &error))?;
    }
    Ok(Opened { writer, index, lock })
}

/// Opens a connection that reads, on a database that [`database`] has opened.
pub(crate) fn reader(path: &Path, index: Index) -> rusqlite::Result<Connection> {
    // Not SQLITE_OPEN_READ_ONLY: a reader of a WAL database takes part in its shared index.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags_and_vfs(path, flags, index.vfs())?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn prepare(path: &Path, existed: bool, unclean: bool, index: Index) -> Result<Connection, OpenError> {
    let fail = |error: rusqlite::Error| sqlite_error(path, &error);
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags_and_vfs(path, flags, index.vfs()).map_err(fail)?;
    if connection.is_readonly("main").map_err(fail)? {
        // SQLite would go on without a word and refuse the first message.
        return Err(OpenError::NotWritable { path: path.into(), cause: "it may only be read".into() });
    }
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fail)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    // Until all checks are passed: closing would move the WAL into the main file, which is
    // not leaving a damaged or foreign database as it is.
    let untouched = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    connection.set_db_config(untouched, true).map_err(fail)?;
    recognise(&connection, path)?;
    if existed && (unclean || size(path) <= CHECK_ALWAYS_BYTES) {
        check(&connection, path)?;
    }
    connection.set_db_config(untouched, false).map_err(fail)?;
    configure(&connection).map_err(fail)?;
    migrate::apply(&mut connection, MIGRATIONS).map_err(fail)?;
    Ok(connection)
}

/// Makes sure that the database is empty or ours, and not from the future. Only reads.
fn recognise(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let fail = |error: rusqlite::Error| sqlite_error(path, &error);
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(fail)?;
    let objects: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fail)?;
    let found = migrate::version(connection).map_err(fail)?;
    let empty = application == 0 && objects == 0 && found == 0;
    if !empty && application != APPLICATION_ID {
        return Err(OpenError::Foreign { path: path.into() });
    }
    if found > migrate::latest() {
        return Err(OpenError::Newer { path: path.into(), found, known: migrate::latest() });
    }
    Ok(())
}

/// Looks at every page. It does not hold indexes against their tables, which would take
/// several times as long; damage by a card hits whole pages.
fn check(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let detail: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| sqlite_error(path, &error))?;
    // The report has a heading and a line for what was found; the journal gets one line.
    let detail = detail.replace('\n', " ");
    if detail == "ok" { Ok(()) } else { Err(OpenError::Damaged { path: path.into(), detail }) }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION_ID {
        // Only then: a full disk must not keep a daemon from starting that only reads at first.
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // Every COMMIT waits until the card has it.
    connection.pragma_update(None, "synchronous", "full")?;
    // After a rush the WAL is cut back to this, so that it does not hold the card's space.
    connection.pragma_update_and_check(None, "journal_size_limit", 4 * 1024 * 1024, |_| Ok(()))?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// Two daemons on one database would each believe to be the only one that knows who is in a
/// room. The lock is the kernel's and goes with the process, however it ends.
fn lock(path: &Path) -> Result<File, OpenError> {
    let file = create(&beside(path, ".lock")).map_err(|error| io_error(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.into() }),
        Err(TryLockError::Error(error)) => Err(io_error(path, &error)),
    }
}

/// Opens a file for its owner alone, as it holds people's names and hashes of their passwords;
/// `SQLite` gives the WAL the same permissions.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// Makes the new file's name itself outlive a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

pub(crate) fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}

fn io_error(path: &Path, error: &io::Error) -> OpenError {
    let path = path.to_path_buf();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => OpenError::DiskFull { path },
        io::ErrorKind::PermissionDenied
        | io::ErrorKind::ReadOnlyFilesystem
        | io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::IsADirectory => OpenError::NotWritable { path, cause: error.to_string() },
        _ => OpenError::Other { path, cause: error.to_string() },
    }
}

pub(crate) fn sqlite_error(path: &Path, error: &rusqlite::Error) -> OpenError {
    let path = path.to_path_buf();
    let cause = error.to_string();
    if is_full(error) {
        return OpenError::DiskFull { path };
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotADatabase { path },
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged { path, detail: cause },
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            OpenError::NotWritable { path, cause }
        }
        _ => OpenError::Other { path, cause },
    }
}
