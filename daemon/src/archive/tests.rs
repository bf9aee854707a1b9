//! What is written can be read, and what was made to do harm is told before it does.

use std::fs::File;
use std::io::{Cursor, Read as _, Seek as _, Write as _};

use base::clock::Timestamp;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

/// 2026-11-29, a Sunday.
const TODAY: Timestamp = Timestamp(1_795_950_000_000);

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    file.rewind().expect("at its beginning");
    file
}

/// An archive as others make it.
fn foreign(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).expect("a file");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
    foreign(files, CompressionMethod::Stored)
}

/// Every `from` becomes `to`, which is as long.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> =
        (0..=bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(!places.is_empty(), "nothing to replace");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn what_is_written_without_a_step_back_is_read_whole() {
    let mut writer = Writer::new(Vec::new(), TODAY);
    let large: Vec<u8> = (0..1_000_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    assert_eq!(writer.add("a/besar.bin", 1_000_000, &mut large.as_slice()).expect("written"), 1_000_000);
    writer.add_bytes("a/العربية.txt", b"abjad").expect("written");
    writer.add_bytes("kosong", b"").expect("written");
    let bytes = writer.finish().expect("an archive");
    let mut reader = Reader::open(file(&bytes), 3).expect("sound");
    let mut names: Vec<String> = reader.names().map(|(name, _)| name.to_owned()).collect();
    names.sort();
    assert_eq!(names, ["a/besar.bin", "a/العربية.txt", "kosong"]);
    let entry = reader.find("a/besar.bin").expect("there");
    assert!(reader.bytes(entry, 1_000_000).expect("whole") == large);
    assert!(matches!(reader.bytes(entry, 999_999), Err(Broken::TooLarge(_))));
    let entry = reader.find("a/العربية.txt").expect("there");
    assert_eq!(reader.bytes(entry, 10).expect("whole"), b"abjad");
    assert!(bytes.windows(9).any(|window| window == &large[..9]), "stored as it is");
}

#[test]
fn what_others_have_compressed_is_read_too_and_their_folders_are_none() {
    let bytes = foreign(&[("a.txt", &[b'a'; 5_000]), ("b/c.txt", b"c")], CompressionMethod::Deflated);
    assert!(bytes.len() < 1_000);
    let mut reader = Reader::open(file(&bytes), 10).expect("sound");
    let entry = reader.find("a.txt").expect("there");
    assert_eq!(reader.bytes(entry, 5_000).expect("whole"), vec![b'a'; 5_000]);
}

#[test]
fn names_that_lead_elsewhere_or_are_twice_there_are_refused() {
    let archive = stored(&[("aaaaaa", b"1"), ("bbbbbb", b"2")]);
    Reader::open(file(&archive), 2).expect("sound");
    for name in [
        "../aaa", "/aaaaa", "a/../b", "a\\aaaa", "C:aaaa", "aa//aa", "./aaaa", "aaaa/.", "aaa\0aa", "aaa\naa",
    ] {
        let spoiled = replaced(&archive, b"aaaaaa", name.as_bytes());
        assert!(matches!(Reader::open(file(&spoiled), 2), Err(Broken::Name(_))), "{name:?}");
    }
    let twice = replaced(&archive, b"bbbbbb", b"aaaaaa");
    assert!(matches!(Reader::open(file(&twice), 2), Err(Broken::Name(_))));
}

#[test]
fn more_files_than_may_be_are_refused() {
    let archive = stored(&[("a", b"1"), ("b", b"2")]);
    assert!(matches!(Reader::open(file(&archive), 1), Err(Broken::TooLarge(_))));
}

/// Where the list of files begins, and in it the entry with this number.
fn listed(archive: &[u8], number: usize) -> usize {
    let mut places = (0..archive.len() - 4).filter(|at| archive[*at..].starts_with(b"PK\x01\x02"));
    places.nth(number).expect("an entry")
}

#[test]
fn files_over_each_other_and_more_than_they_say_are_refused() {
    let archive = stored(&[("a", &[b'x'; 1_000]), ("b", b"2")]);
    let mut over = archive.clone();
    let at = listed(&over, 1) + 42;
    over[at..at + 4].copy_from_slice(&5_u32.to_le_bytes());
    assert!(Reader::open(file(&over), 2).is_err(), "the second lies within the first");

    let archive = foreign(&[("bom", &vec![0; 3_000_000])], CompressionMethod::Deflated);
    let mut lying = archive.clone();
    let at = listed(&lying, 0) + 24;
    lying[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    let told = Reader::open(file(&lying), 1).and_then(|mut reader| {
        let entry = reader.find("bom").expect("there");
        assert_eq!(entry.size_bytes, 1_000);
        reader.bytes(entry, 1_000)
    });
    assert!(matches!(told, Err(Broken::Damaged(_))), "{told:?}");
}

#[test]
fn a_flipped_bit_and_a_missing_end_are_told() {
    let archive = stored(&[("a", &[b'x'; 1_000])]);
    let spoiled = replaced(&archive, &[b'x'; 1_000], &[[b'x'; 999].as_slice(), b"y"].concat());
    let mut reader = Reader::open(file(&spoiled), 1).expect("its list is sound");
    let entry = reader.find("a").expect("there");
    assert!(matches!(reader.bytes(entry, 1_000), Err(Broken::Damaged(_))));
    for length in [0, 3, 500, archive.len() - 1] {
        let cut = Reader::open(file(&archive[..length]), 1);
        assert!(matches!(cut, Err(Broken::NotAnArchive(_))), "{length}");
    }
    assert!(matches!(Reader::open(file(b"%PDF-1.7"), 1), Err(Broken::NotAnArchive(_))));
}

#[tokio::test]
async fn an_archive_that_breaks_off_does_not_look_whole() {
    use http_body_util::BodyExt as _;
    let tasks = crate::tasks::Tasks::default();
    let whole = send(&tasks, "test", TODAY, |archive| archive.add_bytes("a", b"1"));
    let bytes = whole.collect().await.expect("all of it").to_bytes();
    let mut reader = Reader::open(file(&bytes), 1).expect("sound");
    let entry = reader.find("a").expect("there");
    assert_eq!(reader.bytes(entry, 1).expect("whole"), b"1");
    let broken = send(&tasks, "test", TODAY, |archive| {
        archive.add("a", 1, &mut std::io::repeat(0).take(1_000_000))?;
        Err(std::io::Error::other("the card is gone"))
    });
    broken.collect().await.expect_err("an error, not an end");
    let stopped = tasks.stop(std::time::Duration::from_secs(5)).await;
    assert_eq!(stopped, Vec::<&str>::new());
}
