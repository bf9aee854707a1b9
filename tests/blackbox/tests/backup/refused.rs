//! What is no backup, or not whole, or of tomorrow, is told by its name and changes nothing.

use crate::archive::Archive;
use crate::returns::until;
use crate::school::{School, objects, restore, rows, send_file, start};

/// Sentences of the codes, as far as they cannot be mistaken.
const FOREIGN: &str = "is no backup of Kelas";
const DAMAGED: &str = "is damaged or not complete";
const NEWER: &str = "was made by a newer Kelas";

fn flip(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 0x40;
    bytes
}

#[tokio::test]
async fn everything_is_verified_before_anything_is_replaced() {
    let school = School::open().await;
    let whole = school.backup().await;
    let archive = Archive::read(&whole);
    school.kelasd.stop().await;
    let data = school.folder.path().join("data");
    let (rows_before, objects_before) = (rows(&data.join("kelas.sqlite")), objects(&data));
    let object = archive.0.iter().find(|(name, _)| name.starts_with("files/")).expect("a file").0.clone();
    let renamed = |from: &str, to: &str| {
        let mut archive = archive.clone();
        archive.0.iter_mut().filter(|(name, _)| name == from).for_each(|(name, _)| to.clone_into(name));
        archive.bytes()
    };
    let without = |gone: &str| {
        let mut archive = archive.clone();
        archive.0.retain(|(name, _)| name != gone);
        archive.bytes()
    };
    let with = |name: &str, bytes: &[u8]| {
        let mut archive = archive.clone();
        archive.0.push((name.to_owned(), bytes.to_vec()));
        archive.bytes()
    };
    let mut garbled = archive.clone();
    garbled.get_mut(&object).reverse();
    let mut spoiled = archive.get("kelas.sqlite").to_vec();
    let middle = spoiled.len() / 2;
    spoiled[middle..middle + 4_096].fill(0xA5);
    let at_object = whole.windows(7).position(|window| window == b"F = m a").expect("stored as it is");
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", Vec::new(), FOREIGN),
        ("a letter", b"Selamat pagi, Bu. Ini cadangannya.".repeat(100), FOREIGN),
        ("a picture", [b"\x89PNG\r\n\x1a\n".to_vec(), vec![7; 10_000]].concat(), FOREIGN),
        ("somebody's documents", Archive(vec![("surat.txt".into(), b"Halo".to_vec())]).bytes(), FOREIGN),
        ("half", whole[..whole.len() / 2].to_vec(), DAMAGED),
        ("all but the last byte", whole[..whole.len() - 1].to_vec(), DAMAGED),
        ("a flipped bit in a file", flip(&whole, at_object), DAMAGED),
        ("another file's bytes", garbled.bytes(), DAMAGED),
        ("without its database", without("kelas.sqlite"), DAMAGED),
        ("without a file", without(&object), DAMAGED),
        ("without its manifest", without("manifest.json"), FOREIGN),
        ("with a stranger in it", with("run.sh", b"#!/bin/sh"), DAMAGED),
        ("a name that leads out", renamed("README.txt", "../../../etc/passwd"), DAMAGED),
        ("an absolute name", renamed("README.txt", "/etc/passwd"), DAMAGED),
        ("a key that leads out", renamed("trust/authority.pem", "trust/../authority.pem"), DAMAGED),
        ("a spoiled database", archive.clone().with_database(spoiled).bytes(), DAMAGED),
        ("another program's database", archive.clone().with_database(foreign_database()).bytes(), FOREIGN),
        ("tomorrow's schema", archive.clone().with_manifest(|it| it["schema"] = 9_999.into()).bytes(), NEWER),
        ("tomorrow's form", archive.clone().with_manifest(|it| it["format"] = 2.into()).bytes(), NEWER),
        (
            "another program's",
            archive.clone().with_manifest(|it| it["kind"] = "foto".into()).bytes(),
            FOREIGN,
        ),
    ];
    let file = school.folder.path().join("case.zip");
    for (what, bytes, told) in cases {
        std::fs::write(&file, bytes).expect("written");
        let done = restore(school.folder.path(), &file);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && said.contains(told), "{what}: {said}");
        assert_eq!(rows(&data.join("kelas.sqlite")), rows_before, "{what}");
        assert_eq!(objects(&data), objects_before, "{what}");
        assert!(!data.join("restore/phase.json").exists() && !data.join("restore/staged").exists(), "{what}");
    }
    let again = start(school.folder.path()).start().await;
    assert!(!again.data().join("restore").exists());
    again.stop().await;
    std::fs::write(&file, archive.bytes()).expect("written");
    let done = restore(school.folder.path(), &file);
    assert!(done.status.success(), "the whole one, packed anew: {}", String::from_utf8_lossy(&done.stderr));
}

fn foreign_database() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.sqlite");
    let connection = rusqlite::Connection::open(&path).expect("opened");
    connection.execute_batch("CREATE TABLE bookmark (id INTEGER)").expect("a table");
    drop(connection);
    std::fs::read(path).expect("a file")
}

#[tokio::test]
async fn a_page_tells_what_is_wrong_and_takes_another() {
    let school = School::open().await;
    let whole = school.backup().await;
    let technician = &school.technician;
    let half = &whole[..whole.len() / 2];
    let sent = send_file(technician, "/setup/restore", &[], "file", "kelas.zip", half).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let page = until(technician, "role=\"alert\"").await;
    assert!(page.contains("rusak atau tidak lengkap"), "{page}");
    let nothing = send_file(technician, "/setup/restore", &[], "file", "", b"").await;
    assert_eq!(nothing.status, 400, "{}", nothing.text());
    let sent = send_file(technician, "/setup/restore", &[], "file", "kelas.zip", &whole).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    until(technician, "/setup/restore/decide").await;
    let given_up = blackbox::submit(technician, "/setup/restore/give-up").await;
    assert_eq!(given_up.status, 303, "{}", given_up.text());
    assert!(!technician.get("/setup/restore").await.text().contains("/setup/restore/decide"));
}
