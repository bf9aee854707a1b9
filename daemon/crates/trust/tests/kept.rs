//! What is kept over restarts, renewals, power cuts and damage.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use base::Code;
use support::{Board, NAMES, der_of, ips};
use trust::Issued;
use x509_parser::prelude::*;

fn public_key(board: &Board) -> Vec<u8> {
    let der = der_of(&board.path().join("leaf.pem"));
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    certificate.public_key().subject_public_key.data.to_vec()
}

fn mode(board: &Board, file: &str) -> u32 {
    fs::metadata(board.path().join(file)).unwrap().permissions().mode() & 0o7777
}

#[test]
fn keys_are_for_the_owner_alone() {
    let mut board = Board::new();
    board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
    assert_eq!(
        (mode(&board, ""), mode(&board, "authority.pem"), mode(&board, "leaf.pem")),
        (0o700, 0o600, 0o600)
    );
    for file in ["authority.pem", "leaf.pem"] {
        fs::set_permissions(board.path().join(file), fs::Permissions::from_mode(0o644)).unwrap();
    }
    board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
    assert_eq!((mode(&board, "authority.pem"), mode(&board, "leaf.pem")), (0o600, 0o600), "closed again");
}

#[test]
fn a_restart_changes_nothing() {
    let mut board = Board::new();
    let first = board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
    assert_eq!(first.issued, Issued::First);
    let files =
        |board: &Board| ["authority.pem", "leaf.pem"].map(|file| fs::read(board.path().join(file)).unwrap());
    let before = files(&board);
    let second = board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
    assert_eq!(second.issued, Issued::Kept);
    assert_eq!(before, files(&board));
    let mut left: Vec<_> = fs::read_dir(board.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["authority.pem", "leaf.pem"], "no temporary file stays");
}

#[test]
fn the_leaf_key_survives_every_renewal() {
    let mut board = Board::new();
    board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
    let key = public_key(&board);
    let changes: [(i64, &[&str], Issued); 6] = [
        (200, &["10.0.0.1"], Issued::Kept),
        (200, &["10.0.0.1", "192.168.5.5"], Issued::SubjectsChanged),
        (200, &["10.0.0.1"], Issued::Kept),
        (200 + 706, &["10.0.0.1"], Issued::Expiring),
        (5_000, &["10.0.0.1"], Issued::Expiring),
        (300, &["10.0.0.1"], Issued::ClockWentBack),
    ];
    for (day, addresses, expected) in changes {
        board.on_day(day);
        let leaf = board.leaf(&NAMES, addresses).unwrap();
        assert_eq!(leaf.issued, expected, "day {day}");
        assert_eq!(public_key(&board), key, "day {day}");
        assert!(leaf.valid_until > board.times.now);
    }
}

#[test]
fn a_box_between_two_networks_settles_on_one_certificate() {
    let mut board = Board::new();
    board.leaf(&NAMES, &["10.42.0.1"]).unwrap();
    assert_eq!(board.leaf(&NAMES, &["192.168.8.20"]).unwrap().issued, Issued::SubjectsChanged);
    for _ in 0..3 {
        let leaf = board.leaf(&NAMES, &["10.42.0.1"]).unwrap();
        assert_eq!((leaf.issued, leaf.addresses), (Issued::Kept, ips(&["192.168.8.20", "10.42.0.1"])));
        assert_eq!(board.leaf(&NAMES, &["192.168.8.20"]).unwrap().issued, Issued::Kept);
    }
}

#[test]
fn a_damaged_authority_is_an_error_that_names_the_file_and_changes_nothing() {
    let mut board = Board::new();
    board.authority().unwrap();
    let path = board.path().join("authority.pem");
    let good = fs::read(&path).unwrap();
    let other = {
        let mut other = Board::new();
        other.authority().unwrap();
        String::from_utf8(fs::read(other.path().join("authority.pem")).unwrap()).unwrap()
    };
    let text = String::from_utf8(good.clone()).unwrap();
    let certificate_at = text.find("-----BEGIN CERTIFICATE").unwrap();
    let foreign =
        format!("{}{}", &text[..certificate_at], &other[other.find("-----BEGIN CERTIFICATE").unwrap()..]);
    let leaf = {
        board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
        fs::read(board.path().join("leaf.pem")).unwrap()
    };
    let mut damaged: Vec<(String, Vec<u8>)> = vec![
        ("empty".into(), Vec::new()),
        ("zeroes, as a cut leaves them".into(), vec![0; good.len()]),
        ("key alone".into(), text[..certificate_at].into()),
        ("certificate alone".into(), text[certificate_at..].into()),
        ("another box's certificate".into(), foreign.into()),
        ("a leaf".into(), leaf),
        ("not text".into(), vec![0xff; 300]),
    ];
    for length in (1..good.len() - 1).step_by(37) {
        damaged.push((format!("cut after {length} bytes"), good[..length].to_vec()));
    }
    for position in (certificate_at + 60..good.len() - 40).step_by(53) {
        let mut bytes = good.clone();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        damaged.push((format!("byte {position} changed"), bytes));
    }
    for (what, bytes) in damaged {
        if bytes == good {
            continue;
        }
        fs::write(&path, &bytes).unwrap();
        let error = board.authority().expect_err(&what);
        assert_eq!(error.code, Code::KeyFileDamaged, "{what}");
        assert_eq!(error.args, [("file", path.display().to_string())], "{what}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{what}: left as it is");
    }
    fs::write(&path, &good).unwrap();
    board.authority().unwrap();
}

#[test]
fn a_damaged_leaf_is_made_again() {
    let mut board = Board::new();
    board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
    let path = board.path().join("leaf.pem");
    let good = fs::read(&path).unwrap();
    for bytes in [&b""[..], &good[..good.len() / 2], &[0xff; 100]] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(board.leaf(&NAMES, &["10.0.0.1"]).unwrap().issued, Issued::Damaged);
        assert_eq!(board.leaf(&NAMES, &["10.0.0.1"]).unwrap().issued, Issued::Kept);
    }
}

#[test]
fn a_new_authority_signs_the_old_leaf_key_anew() {
    let mut board = Board::new();
    board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
    let key = public_key(&board);
    fs::remove_file(board.path().join("authority.pem")).unwrap();
    assert_eq!(board.leaf(&NAMES, &["10.0.0.1"]).unwrap().issued, Issued::AuthorityChanged);
    assert_eq!(public_key(&board), key);
}

#[test]
fn what_a_power_cut_left_half_written_is_not_read_and_goes_away() {
    let mut board = Board::new();
    fs::create_dir(board.path()).unwrap();
    fs::write(board.path().join("authority.new"), "-----BEGIN PRIV").unwrap();
    let fingerprint = board.authority().unwrap().fingerprint();
    assert!(!board.path().join("authority.new").exists());
    assert_eq!(mode(&board, "authority.pem"), 0o600);
    fs::write(board.path().join("authority.new"), "-----BEGIN PRIV").unwrap();
    assert_eq!(board.authority().unwrap().fingerprint(), fingerprint);
}

#[test]
fn a_folder_that_cannot_be_used_is_an_error_that_names_the_file() {
    let mut board = Board::new();
    fs::write(board.path(), "a file where the folder should be").unwrap();
    let error = board.authority().unwrap_err();
    assert_eq!(error.code, Code::KeyFileFailed);
    assert_eq!(error.args, [("file", board.path().join("authority.pem").display().to_string())]);

    let mut board = Board::new();
    fs::create_dir_all(board.path().join("authority.pem")).unwrap();
    assert_eq!(board.authority().unwrap_err().code, Code::KeyFileFailed);

    let mut board = Board::new();
    fs::create_dir(board.path()).unwrap();
    fs::write(board.path().join("authority.pem"), vec![b'x'; 100_000]).unwrap();
    assert_eq!(board.authority().unwrap_err().code, Code::KeyFileFailed, "too large to be one");
}

#[test]
fn a_leaf_that_cannot_be_written_down_serves_with_the_key_that_was() {
    let mut board = Board::new();
    board.leaf(&NAMES, &["10.0.0.1"]).unwrap();
    let (before, key) = (fs::read(board.path().join("leaf.pem")).unwrap(), public_key(&board));
    // Where the new file would be written.
    fs::create_dir(board.path().join("leaf.new")).unwrap();
    let leaf = board.leaf(&NAMES, &["10.0.0.1", "10.0.0.2"]).unwrap();
    assert_eq!((leaf.issued, &leaf.addresses), (Issued::SubjectsChanged, &ips(&["10.0.0.1", "10.0.0.2"])));
    assert!(leaf.unstored.unwrap().contains("leaf.pem"));
    assert_eq!(fs::read(board.path().join("leaf.pem")).unwrap(), before, "the old one stays");

    fs::remove_dir(board.path().join("leaf.new")).unwrap();
    let leaf = board.leaf(&NAMES, &["10.0.0.1", "10.0.0.2"]).unwrap();
    assert_eq!((leaf.unstored, public_key(&board)), (None, key));
}
