//! A file that cannot be used is told in one clear sentence and left as it is.

use std::fs;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::support::{Fixture, message};
use crate::{OpenError, Store};

const PAGE_BYTES: u64 = 4_096;

/// A closed database with a few hundred messages.
async fn filled() -> Fixture {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    for key in 0..200 {
        let new = message(meeting, teacher.id, &key.to_string(), &"Halo ".repeat(40));
        fixture.store.append_message(new).await.expect("stored");
    }
    fixture.store.close().await.expect("closed");
    fixture
}

/// Opens, expects to fail, and makes sure that no file was changed.
fn refusal(fixture: &Fixture, path: &Path) -> OpenError {
    let files = || {
        let mut files: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(fixture.folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| !path.to_string_lossy().ends_with("-shm"))
            .map(|path| (path.clone(), fs::read(path).expect("a file")))
            .filter(|(path, bytes)| !(bytes.is_empty() && path.to_string_lossy().ends_with("-wal")))
            .collect();
        files.sort();
        files
    };
    let before = files();
    let error = Store::open(path, fixture.clock.clone()).expect_err("it cannot be used");
    assert!(files() == before, "a file was changed although: {error}");
    assert!(!error.to_string().contains('\n'), "one line: {error}");
    error
}

fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    let file = fs::OpenOptions::new().write(true).open(path).expect("a file");
    file.write_all_at(bytes, offset).expect("written");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let fixture = filled().await;
    overwrite(&fixture.path(), 0, b"This is a letter");
    let error = refusal(&fixture, &fixture.path());
    assert!(matches!(error, OpenError::NotADatabase { .. }), "{error:?}");
}

#[tokio::test]
async fn a_damaged_page_is_found_when_opening() {
    let fixture = filled().await;
    overwrite(&fixture.path(), 10 * PAGE_BYTES, &[0xa5; 4_096]);
    let error = refusal(&fixture, &fixture.path());
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn a_file_that_was_cut_short_is_damaged() {
    let fixture = filled().await;
    let file = fs::OpenOptions::new().write(true).open(fixture.path()).expect("a file");
    file.set_len(5 * PAGE_BYTES).expect("cut");
    let error = refusal(&fixture, &fixture.path());
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn damage_is_found_and_the_wal_kept_after_an_unclean_end() {
    let fixture = filled().await;
    // Another connection that is still open keeps the WAL from being moved into the file.
    let store = Store::open(fixture.path(), fixture.clock.clone()).expect("opened");
    let other = Connection::open(fixture.path()).expect("opened");
    other.query_row("SELECT count(*) FROM person", [], |_| Ok(())).expect("read");
    store.set_setting("key", &"value".repeat(2_000)).await.expect("written to the WAL");
    let wal = fixture.folder.path().join("kelas.sqlite-wal");
    let saved = fs::read(&wal).expect("a WAL");
    assert!(!saved.is_empty());
    store.close().await.expect("closed");
    drop(other);
    overwrite(&fixture.path(), 10 * PAGE_BYTES, &[0xa5; 4_096]);
    fs::write(&wal, saved).expect("as a power cut leaves it");
    let error = refusal(&fixture, &fixture.path());
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn a_wal_without_its_database_is_not_thrown_away() {
    let fixture = filled().await;
    fs::remove_file(fixture.path()).expect("lost");
    fs::write(fixture.folder.path().join("kelas.sqlite-wal"), b"what was written last").expect("a WAL");
    let error = refusal(&fixture, &fixture.path());
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_from_a_newer_program_is_refused() {
    let fixture = filled().await;
    let connection = Connection::open(fixture.path()).expect("opened");
    connection.pragma_update(None, "user_version", 99).expect("set");
    drop(connection);
    let error = refusal(&fixture, &fixture.path());
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error:?}");
    assert!(error.to_string().contains("version 99"));
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let fixture = filled().await;
    let path = fixture.folder.path().join("other.sqlite");
    let connection = Connection::open(&path).expect("opened");
    connection.execute_batch("CREATE TABLE bookmark (id INTEGER)").expect("a table");
    drop(connection);
    fs::write(fixture.folder.path().join("other.sqlite.lock"), b"").expect("there before and after");
    let error = refusal(&fixture, &path);
    assert!(matches!(error, OpenError::Foreign { .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_is_open_in_one_place_only() {
    let fixture = Fixture::new();
    let error = refusal(&fixture, &fixture.path());
    assert!(matches!(error, OpenError::InUse { .. }), "{error:?}");
    fixture.store.close().await.expect("closed");
    let again = Store::open(fixture.path(), fixture.clock.clone()).expect("free after closing");
    again.health().await.expect("well");
}

#[tokio::test]
async fn a_folder_that_is_missing_or_takes_no_files_is_told() {
    let fixture = Fixture::new();
    let missing = fixture.folder.path().join("missing/kelas.sqlite");
    // Nobody, root included, can make files in sysfs.
    for path in [missing, "/sys/kelas.sqlite".into(), "/dev/null/kelas.sqlite".into()] {
        let error = refusal(&fixture, &path);
        assert!(matches!(error, OpenError::NotWritable { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_folder_in_place_of_the_file_is_told() {
    let fixture = Fixture::new();
    let path = fixture.folder.path().join("folder.sqlite");
    fs::create_dir(&path).expect("a folder");
    let error = Store::open(&path, fixture.clock.clone()).expect_err("a folder");
    assert!(matches!(error, OpenError::NotWritable { .. }), "{error:?}");
}

#[tokio::test]
async fn opening_a_database_of_this_version_writes_nothing_so_a_full_disk_does_not_prevent_it() {
    let fixture = filled().await;
    let before = fs::read(fixture.path()).expect("a file");
    let store = Store::open(fixture.path(), fixture.clock.clone()).expect("opened");
    assert!(fs::read(fixture.path()).expect("a file") == before);
    let wal = fs::metadata(fixture.folder.path().join("kelas.sqlite-wal"));
    assert_eq!(wal.map_or(0, |wal| wal.len()), 0);
    drop(store);
}

#[tokio::test]
async fn nobody_else_on_the_machine_may_read_what_is_stored() {
    let fixture = Fixture::new();
    fixture.store.set_setting("key", "value").await.expect("written");
    let mut names = Vec::new();
    for entry in fs::read_dir(fixture.folder.path()).expect("a folder") {
        let entry = entry.expect("an entry");
        assert_eq!(entry.metadata().expect("a file").permissions().mode() & 0o077, 0, "{entry:?}");
        names.push(entry.file_name());
    }
    assert_eq!(names.len(), 4, "the database, its WAL, the WAL's index and the lock: {names:?}");
}

#[tokio::test]
async fn every_connection_commits_to_the_card_and_checks_references() {
    let fixture = Fixture::new();
    let pragma = |name: &'static str| {
        fixture.store.write(move |connection| {
            let sql = format!("PRAGMA {name}");
            let value = connection.query_row(&sql, [], |row| row.get::<_, rusqlite::types::Value>(0))?;
            Ok(value)
        })
    };
    assert_eq!(pragma("journal_mode").await.expect("read"), "wal".to_owned().into());
    assert_eq!(pragma("synchronous").await.expect("read"), 2.into(), "FULL");
    assert_eq!(pragma("foreign_keys").await.expect("read"), 1.into());
    assert_eq!(pragma("journal_size_limit").await.expect("read"), (4 * 1024 * 1024).into());
}
