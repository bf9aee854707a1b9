//! Backup, wipe, restore.

use std::path::Path;
use std::time::{Duration, Instant};

use blackbox::{Client, Kelasd};
use rusqlite::Connection;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::archive::{Archive, hash};
use crate::school::{School, objects, restore, rows, send_file, start, token};

/// Loads the page of the way back until it shows `text`.
pub(crate) async fn until(client: &Client, text: &str) -> String {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let page = client.get("/setup/restore").await.text();
        if page.contains(text) {
            return page;
        }
        assert!(Instant::now() < deadline, "{text} never came: {page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_backup_of_one_box_makes_another_the_same_by_row_and_by_file() {
    let school = School::open().await;
    let bytes = school.backup().await;
    let backup = Archive::read(&bytes);
    let (authority, kept) = (school.kelasd.ca.clone(), objects(school.kelasd.data()));
    let School { kelasd, folder: first, .. } = school;
    let people = "SELECT group_concat(name) FROM person";
    kelasd.stop().await;
    assert_eq!(kept.len(), 3, "the same bytes are kept once");

    let folder = tempfile::tempdir().expect("a folder");
    let fresh = start(folder.path()).start().await;
    let somebody = fresh.client();
    assert!(somebody.get("/setup/claim").await.text().contains("href=\"/setup/restore\""));
    let sent = send_file(&somebody, "/setup/restore", &[], "file", "kelas.zip", &bytes).await;
    assert_eq!((sent.status, sent.header("location")), (303, Some("/setup/restore")), "{}", sent.text());
    let page = until(&somebody, "/setup/restore/decide").await;
    assert!(page.contains(">3<"), "{page}");
    let decided = somebody.post_form("/setup/restore/decide", &[("form_token", &token(&page))]).await;
    assert_eq!(decided.status, 200, "{}", decided.text());
    let ended = fresh.ended().await;
    assert!(ended.status.success(), "{}", ended.output);

    // As it was made, before the daemon writes into it.
    let staged = folder.path().join("data/restore/staged");
    let made = folder.path().join("made.sqlite");
    std::fs::write(&made, backup.get("kelas.sqlite")).expect("written");
    let (expected, found) = (rows(&made), rows(&staged.join("kelas.sqlite")));
    assert!(expected["person"].len() >= 3 && expected["material"].len() >= 4, "{expected:?}");
    assert_eq!(expected, found);
    for (table, rows) in rows(&first.path().join("data/kelas.sqlite")) {
        // The load log went on.
        assert!(table.starts_with("load") || table == "sqlite_sequence" || rows == found[&table], "{table}");
    }

    let again = start(folder.path()).start().await;
    assert_eq!(objects(again.data()), kept);
    assert!(kept.iter().all(|(name, bytes)| *name == hash(bytes)));
    assert_eq!(again.ca, authority, "devices trust it as before");
    assert!(!again.data().join("restore").exists(), "nothing is left of it");
    assert_eq!(again.client().get("/setup/claim").await.code(), "sign_in_required", "it is somebody's");
    again.stop().await;
    let one = |data: &Path| {
        let connection = Connection::open(data.join("data/kelas.sqlite")).expect("a database");
        connection.query_row(people, [], |row| row.get::<_, String>(0)).expect("people")
    };
    assert_eq!(one(folder.path()), one(first.path()));
}

#[tokio::test]
async fn sessions_links_and_uploads_end_and_the_old_data_goes_with_the_first_start() {
    let school = School::open().await;
    let bytes = school.backup().await;
    let School { kelasd, technician, folder } = school;
    let file = folder.path().join("kelas.zip");
    std::fs::write(&file, &bytes).expect("written");
    let before = objects(kelasd.data());
    kelasd.stop().await;
    let done = restore(folder.path(), &file);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(told.contains("3 files, all verified"), "{told}");
    let again = start(folder.path()).start().await;
    let cookie = technician.cookies();
    let client = again.client();
    let (name, value) = cookie.split_once('=').expect("a session");
    client.set_cookie(name, value.split(';').next().expect("a value"));
    assert_eq!(client.get("/setup/backup").await.status, 401, "everybody signs in anew");
    assert_eq!(objects(again.data()), before);
    again.stop().await;
}

#[tokio::test]
async fn a_database_of_the_first_schema_comes_back_in_todays() {
    let school = School::open().await;
    let backup = Archive::read(&school.backup().await);
    school.kelasd.stop().await;
    let old = school.folder.path().join("old.sqlite");
    let connection = Connection::open(&old).expect("a database");
    connection
        .execute_batch(include_str!("../../../../daemon/crates/store/migrations/0001_first.sql"))
        .expect("1");
    connection
        .execute_batch(include_str!("../../../../daemon/crates/store/src/tests/data/0001.sql"))
        .expect("data");
    connection.pragma_update(None, "application_id", 0x4b65_6c61).expect("ours");
    connection.pragma_update(None, "user_version", 1).expect("version 1");
    let people: i64 =
        connection.query_row("SELECT count(*) FROM person", [], |row| row.get(0)).expect("people");
    drop(connection);
    let mut archive = backup.with_database(std::fs::read(&old).expect("a file"));
    archive.0.retain(|(name, _)| !name.starts_with("files/"));
    let archive = archive.with_manifest(|manifest| {
        manifest["schema"] = 1.into();
        manifest["version"] = "0.0.1".into();
    });
    let file = school.folder.path().join("old.zip");
    archive.write(&file);
    let done = restore(school.folder.path(), &file);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let again = start(school.folder.path()).start().await;
    again.stop().await;
    let found = Connection::open(school.folder.path().join("data/kelas.sqlite")).expect("a database");
    let count: i64 = found.query_row("SELECT count(*) FROM person", [], |row| row.get(0)).expect("people");
    assert_eq!(count, people);
    let version: i64 = found.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a version");
    assert!(version > 1);
}

/// Kilobytes that the daemon's memory may grow by.
const MOST_KB: u64 = 10_000;
const LARGE: usize = 40_000_000;

#[tokio::test]
async fn a_large_backup_goes_out_with_flat_memory_and_only_to_a_technician() {
    let school = School::open().await;
    let stranger = school.kelasd.client();
    assert_eq!(stranger.get("/setup/backup").await.code(), "sign_in_required");
    let pupil = blackbox::student(&school.kelasd, "Ani").await;
    assert_eq!(blackbox::submit(&pupil, "/setup/backup").await.code(), "not_allowed");
    let meeting = school.kelasd.announced.meeting.expect("--demo");
    let large = vec![7_u8; LARGE];
    let path = format!("/meetings/{meeting}/materials/files");
    let sent = send_file(&school.technician, &path, &[], "files", "Film.bin", &large).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    drop(large);
    // The first answers pay for what all share.
    download(&school, 0).await;
    let before = own_memory_kb(&school.kelasd);
    let (received, most) = download(&school, before).await;
    assert!(received > LARGE, "{received}");
    println!("{before} kB before, {most} kB at most with {received} bytes");
    assert!(most - before < MOST_KB, "{before} kB before, {most} kB at most");
}

/// Bytes of a backup, header and all, let go as they come; and the most memory meanwhile.
async fn download(school: &School, before: u64) -> (usize, u64) {
    let client = &school.technician;
    let token = token(&client.get("/setup/backup").await.text());
    let body = format!("form_token={token}");
    let head = format!(
        "POST /setup/backup HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: {}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        client.origin().split_once("://").expect("an origin").1,
        client.origin(),
        client.cookies(),
        body.len(),
    );
    let mut stream = client.connect().await.expect("connected");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let (mut buffer, mut received, mut looked, mut most) = (vec![0; 1_000_000], 0, 0, before);
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        received += read;
        if received - looked > 2_000_000 {
            looked = received;
            most = most.max(own_memory_kb(&school.kelasd));
        }
    }
    (received, most)
}

/// Heap and stacks, in proportion; pages of the binary are no memory of a backup.
fn own_memory_kb(kelasd: &Kelasd) -> u64 {
    let path = format!("/proc/{}/smaps_rollup", kelasd.announced.pid);
    let text = std::fs::read_to_string(path).expect("our own child");
    let line = text.lines().find_map(|line| line.strip_prefix("Pss_Anon:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
