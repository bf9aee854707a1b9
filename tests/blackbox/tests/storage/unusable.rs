//! A data folder or a database that cannot be used: one clear line, status 74, nothing changed.

use std::fs::{self, Permissions};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::Path;

use blackbox::{Configuration, Ended, Kelasd};
use rusqlite::Connection;

use crate::room::prepare;

/// Starts it without power over what belongs to others, also where the test runs as root: in a
/// user namespace where nobody has a name.
fn without_power(data: &Path) -> Configuration {
    Kelasd::configure().through(&["unshare", "--user"]).data(data)
}

/// What it said, if it was one line.
fn refusal(ended: &Ended) -> &str {
    assert_eq!(ended.status.code(), Some(74), "{}", ended.output);
    let told: Vec<_> = ended.output.lines().filter(|line| line.contains("not started")).collect();
    assert_eq!(told.len(), 1, "one clear line: {}", ended.output);
    told[0]
}

#[tokio::test]
async fn a_folder_of_somebody_else_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path()).await;
    fs::set_permissions(folder.path(), Permissions::from_mode(0o500)).expect("set");
    fs::set_permissions(folder.path().join("kelas.sqlite.lock"), Permissions::from_mode(0o400)).expect("set");
    let ended = without_power(folder.path()).run_to_end().await;
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).expect("set");
    let told = refusal(&ended);
    assert!(told.contains("cannot be written"), "{told}");
    assert!(told.contains(folder.path().to_str().expect("text")), "{told}");
}

#[tokio::test]
async fn a_database_that_may_only_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path()).await;
    let path = folder.path().join("kelas.sqlite");
    fs::set_permissions(&path, Permissions::from_mode(0o400)).expect("set");
    let before = fs::read(&path).expect("a file");
    let told = without_power(folder.path()).run_to_end().await;
    let told = refusal(&told);
    assert!(told.contains("kelas.sqlite") && told.contains("cannot be written"), "{told}");
    assert!(fs::read(&path).expect("a file") == before);
}

#[tokio::test]
async fn a_database_of_a_newer_kelasd_is_named_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path()).await;
    let path = folder.path().join("kelas.sqlite");
    let database = Connection::open(&path).expect("a database");
    database.pragma_update(None, "user_version", 99).expect("set");
    drop(database);
    let before = fs::read(&path).expect("a file");
    let ended = Kelasd::configure().data(folder.path()).run_to_end().await;
    assert!(refusal(&ended).contains("version 99"), "{}", ended.output);
    assert!(fs::read(&path).expect("a file") == before);
}

#[tokio::test]
async fn a_damaged_page_is_named_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path()).await;
    let path = folder.path().join("kelas.sqlite");
    let file = fs::OpenOptions::new().write(true).open(&path).expect("a file");
    file.write_all_at(&[0xa5; 4_096], 3 * 4_096).expect("written");
    let before = fs::read(&path).expect("a file");
    let ended = Kelasd::configure().data(folder.path()).run_to_end().await;
    assert!(refusal(&ended).contains("the database is damaged"), "{}", ended.output);
    assert!(fs::read(&path).expect("a file") == before);
}

#[tokio::test]
async fn a_folder_in_place_of_the_database_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("kelas.sqlite")).expect("made");
    let ended = Kelasd::configure().data(folder.path()).run_to_end().await;
    assert!(refusal(&ended).contains("kelas.sqlite"), "{}", ended.output);
}
