//! What `SQLite` reports, turned into our codes in one place.

use base::{Code, Error};
use rusqlite::ErrorCode;
use rusqlite::ffi::{
    SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE,
    SQLITE_IOERR_SHMSIZE,
};

/// Why a piece of work on a connection did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Expected and named.
    Known(Error),
    /// From `SQLite`; [`code`] says what it means.
    Sqlite(rusqlite::Error),
}

/// A result inside the store.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Known(Error::new(code))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Known(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Known(error) => error,
            Failure::Sqlite(error) => Self::new(code(&error)).because(error),
        }
    }
}

/// The code for an error of `SQLite` (<https://www.sqlite.org/rescode.html>).
pub(crate) fn code(error: &rusqlite::Error) -> Code {
    if is_full(error) {
        return Code::StorageFull;
    }
    match error.sqlite_error_code() {
        Some(
            // SQLITE_IOERR: read, write or fsync failed; a dying or pulled card.
            ErrorCode::SystemIoFailure
            // SQLITE_READONLY: the file system went read-only, as ext4 does after an error.
            | ErrorCode::ReadOnly
            // SQLITE_CORRUPT: a page does not hold what it should.
            | ErrorCode::DatabaseCorrupt
            // SQLITE_NOTADB: the header is not SQLite's.
            | ErrorCode::NotADatabase
            // SQLITE_CANTOPEN: the WAL or its index cannot be made or opened.
            | ErrorCode::CannotOpen
            // SQLITE_PERM: the file may not be accessed in the way asked for.
            | ErrorCode::PermissionDenied
            // SQLITE_NOLFS: over the largest file that the file system can hold.
            | ErrorCode::NoLargeFileSupport
            // SQLITE_PROTOCOL: the WAL's locks could not be taken.
            | ErrorCode::FileLockingProtocolFailed,
        ) => Code::StorageFailed,
        Some(
            // SQLITE_BUSY, SQLITE_LOCKED: another program held the database for longer than
            // the busy timeout, for example a person with a SQLite shell.
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked
            // SQLITE_NOMEM: it may pass.
            | ErrorCode::OutOfMemory,
        ) => Code::Unavailable,
        // SQLITE_CONSTRAINT that its caller did not expect, SQLITE_ERROR, SQLITE_SCHEMA,
        // SQLITE_MISMATCH, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_TOOBIG, SQLITE_INTERRUPT,
        // SQLITE_ABORT, SQLITE_AUTH and rusqlite's own complaints: our mistake.
        _ => Code::Internal,
    }
}

/// Whether the card, or the quota, has no room: for another page, or for the WAL's index, of which
/// `SQLite` says only that it could not be made larger.
pub(crate) fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull) || extended(error) == Some(SQLITE_IOERR_SHMSIZE)
}

/// Whether a UNIQUE or PRIMARY KEY constraint refused the row.
pub(crate) fn is_duplicate(error: &rusqlite::Error) -> bool {
    matches!(extended(error), Some(SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY))
}

/// Whether a row that this one names does not exist.
pub(crate) fn is_dangling(error: &rusqlite::Error) -> bool {
    extended(error) == Some(SQLITE_CONSTRAINT_FOREIGNKEY)
}

fn extended(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn what_sqlite_reports_has_a_code_of_ours_extended_or_not() {
        let cases = [
            (ffi::SQLITE_FULL, Code::StorageFull),
            (ffi::SQLITE_IOERR_SHMSIZE, Code::StorageFull),
            (ffi::SQLITE_IOERR, Code::StorageFailed),
            (ffi::SQLITE_IOERR_FSYNC, Code::StorageFailed),
            (ffi::SQLITE_READONLY, Code::StorageFailed),
            (ffi::SQLITE_READONLY_DBMOVED, Code::StorageFailed),
            (ffi::SQLITE_CORRUPT, Code::StorageFailed),
            (ffi::SQLITE_NOTADB, Code::StorageFailed),
            (ffi::SQLITE_CANTOPEN, Code::StorageFailed),
            (ffi::SQLITE_BUSY, Code::Unavailable),
            (ffi::SQLITE_BUSY_SNAPSHOT, Code::Unavailable),
            (ffi::SQLITE_NOMEM, Code::Unavailable),
            (ffi::SQLITE_CONSTRAINT_CHECK, Code::Internal),
            (ffi::SQLITE_ERROR, Code::Internal),
            (ffi::SQLITE_MISUSE, Code::Internal),
        ];
        for (number, expected) in cases {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(number), None);
            assert_eq!(code(&error), expected, "{number}");
        }
        assert_eq!(code(&rusqlite::Error::QueryReturnedNoRows), Code::Internal);
    }
}
