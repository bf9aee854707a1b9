//! The certificate that a school brings: every mistake has its own name, a good one serves its
//! names alone and outlives a restart.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use base::{Code, Error};
use rcgen::{ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use support::school::{NAME, Wish, World, leaf};
use support::{BUILT, Board, DAY_MS, NAMES, handshake};
use trust::{LeafResolver, SchoolCertificate, Times};

const BOX: [&str; 3] = ["kelas.internal", NAME, "kelas.local"];

/// Day 200 after the build.
fn today() -> Times {
    Times { now: BUILT.plus(200 * DAY_MS), built: BUILT }
}

fn check(chain: &str, key: &str) -> Result<SchoolCertificate, Error> {
    SchoolCertificate::check(chain, key, &BOX, today())
}

#[track_caller]
fn refused(code: Code, chain: &str, key: &str) -> Error {
    let error = check(chain, key).expect_err("refused");
    assert_eq!(error.code, code, "{error}");
    error
}

#[test]
fn a_good_one_is_taken_in_any_order_and_from_one_file() {
    let world = World::new();
    let key = KeyPair::generate().unwrap();
    let (leaf, key) = (world.sign(&key, &Wish::default()), key.serialize_pem());
    let (leaf, middle, root) = (leaf.pem(), world.middle.pem(), world.root.pem());
    let other = World::new().middle.pem();
    for (chain, key) in [
        (format!("{leaf}{middle}"), key.clone()),
        (format!("{leaf}{middle}{root}"), key.clone()),
        (format!("{root}{middle}{leaf}"), key.clone()),
        (format!("{middle}{other}\nsubject=CN = kelas\n{leaf}{leaf}"), format!("\u{feff}{key}")),
        (format!("{key}{leaf}{middle}"), String::new()),
        (String::new(), format!("{leaf}{key}{middle}")),
        (format!("{key}{leaf}{middle}"), key.clone()),
        (format!("{leaf}{middle}").replace('\n', "\r\n"), key.replace('\n', "  \r\n   ")),
    ] {
        let certificate = check(&chain, &key).unwrap();
        assert_eq!(certificate.names, [NAME]);
        assert_eq!(certificate.issuer, "Dunia Menengah");
        assert_eq!(certificate.valid_from.0 / DAY_MS, BUILT.plus(100 * DAY_MS).0 / DAY_MS);
    }
}

#[test]
fn rsa_and_all_names_of_the_box_that_it_covers() {
    let world = World::new();
    let (text, same) = (include_str!("data/rsa-2048-pkcs8.pem"), include_str!("data/rsa-2048.pem"));
    let key = KeyPair::from_pem(text).unwrap();
    let wish = Wish { names: vec!["*.SMAN1.sch.id", "kelas.local", "www.example.com"], ..Wish::default() };
    let chain = world.sign(&key, &wish).pem() + &world.middle.pem();
    for key in [text, same] {
        let certificate = check(&chain, key).unwrap();
        assert_eq!(certificate.names, [NAME, "kelas.local"]);
        let board = Board::new();
        certificate.keep(&board.path()).unwrap();
        SchoolCertificate::load(&board.path(), &BOX, today()).unwrap().expect("the same form of key");
    }
}

#[test]
fn what_is_no_certificate_or_no_key_is_named() {
    let world = World::new();
    let (chain, key) = world.issue(&Wish::default());
    let cut = &chain[..chain.len() - 200];
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let garbled = chain.replace("MII", "M!!");
    let no_der = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let request = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
    for (code, chain, key) in [
        (Code::CertificateMissing, "", key.as_str()),
        (Code::CertificateMissing, "halo", &key),
        (Code::CertificateMissing, request, &key),
        (Code::CertificateUnreadable, cut, &key),
        (Code::CertificateUnreadable, &garbled, &key),
        (Code::CertificateUnreadable, no_der, &key),
        (Code::KeyMissing, &chain, ""),
        (Code::KeyMissing, &chain, "halo"),
        (Code::KeyEncrypted, &chain, encrypted),
        (Code::KeyEncrypted, &chain, old),
        (Code::KeyUnreadable, &chain, &key[..key.len() / 2]),
        (Code::KeyUnreadable, &chain, &format!("{key}{}", KeyPair::generate().unwrap().serialize_pem())),
        (Code::KeyTypeUnsupported, &chain, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        (Code::KeyTypeUnsupported, &chain, include_str!("data/rsa-1024.pem")),
        (Code::KeyMismatch, &chain, &KeyPair::generate().unwrap().serialize_pem()),
    ] {
        refused(code, chain, key);
    }
    let ed25519 = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let chain = world.sign(&ed25519, &Wish::default()).pem() + &world.middle.pem();
    refused(Code::KeyTypeUnsupported, &chain, &ed25519.serialize_pem());
}

#[test]
fn too_much_is_not_even_read() {
    let world = World::new();
    let (chain, key) = world.issue(&Wish::default());
    refused(Code::CertificateTooLarge, &"x".repeat(33 * 1024), &key);
    refused(Code::CertificateTooLarge, &chain, &"x".repeat(33 * 1024));
    let many: String = (0..7).map(|_| world.root.pem()).collect();
    refused(Code::CertificateTooLarge, &(chain + &many), &key);
}

#[test]
fn a_chain_that_does_not_hold_is_named() {
    let world = World::new();
    let key = KeyPair::generate().unwrap();
    let text = key.serialize_pem();
    let good = world.sign(&key, &Wish::default()).pem();
    let error = refused(Code::ChainIncomplete, &good, &text);
    assert_eq!(error.args, [("issuer", "Dunia Menengah".to_owned())]);
    refused(Code::ChainIncomplete, &(good.clone() + &world.root.pem()), &text);
    // Another authority of the same name did not sign it.
    refused(Code::ChainBroken, &(good + &World::new().middle.pem()), &text);

    let alone = leaf(&Wish::default()).self_signed(&key).unwrap();
    refused(Code::CertificateSelfSigned, &alone.pem(), &text);
    let authority = Wish { is_ca: IsCa::Ca(rcgen::BasicConstraints::Unconstrained), ..Wish::default() };
    let chain = world.sign(&key, &authority).pem() + &world.middle.pem();
    refused(Code::CertificateIsAuthority, &chain, &text);
    let mail = Wish { purpose: ExtendedKeyUsagePurpose::EmailProtection, ..Wish::default() };
    let chain = world.sign(&key, &mail).pem() + &world.middle.pem();
    refused(Code::ChainBroken, &chain, &text);

    // A school's certificate may not sign another.
    let issuer = Issuer::new(leaf(&Wish::default()), KeyPair::generate().unwrap());
    let false_issuer = world.sign(issuer.key(), &Wish::default());
    let below = leaf(&Wish { names: vec![NAME, "kelas.local"], ..Wish::default() });
    let mut below = below;
    below.distinguished_name.push(rcgen::DnType::CommonName, "di bawah");
    let below = below.signed_by(&key, &issuer).unwrap();
    let chain = below.pem() + &false_issuer.pem() + &world.middle.pem();
    refused(Code::ChainBroken, &chain, &text);
}

#[test]
fn dates_are_those_of_the_whole_chain_by_the_boxs_clock() {
    let world = World::new();
    let (chain, key) = world.issue(&Wish::default());
    for (day, expected) in [
        (99, Some(Code::CertificateNotYetValid)),
        (101, None),
        (299, None),
        (301, Some(Code::CertificateExpired)),
    ] {
        let times = Times { now: BUILT.plus(day * DAY_MS), built: BUILT };
        let result = SchoolCertificate::check(&chain, &key, &BOX, times);
        assert_eq!(result.err().map(|error| error.code), expected, "day {day}");
    }
    // A clock without a battery that was never set counts as the build.
    let never_set = Times { now: base::clock::Timestamp(0), built: BUILT };
    let error = SchoolCertificate::check(&chain, &key, &BOX, never_set).unwrap_err();
    assert_eq!(error.code, Code::CertificateNotYetValid);
    assert_eq!(error.args[1], ("today", "2026-09-21".to_owned()));

    let (chain, key) = World::lasting(150).issue(&Wish::default());
    refused(Code::CertificateExpired, &chain, &key);
}

#[test]
fn a_certificate_for_other_names_says_for_which() {
    let world = World::new();
    let (chain, key) =
        world.issue(&Wish { names: vec!["www.sman1.sch.id", "sman1.sch.id"], ..Wish::default() });
    let error = refused(Code::CertificateNameForeign, &chain, &key);
    assert_eq!(error.args[0], ("names", "www.sman1.sch.id, sman1.sch.id".to_owned()));
    assert_eq!(error.args[1], ("box", BOX.join(", ")));
    // The common name counts for no browser.
    let key = KeyPair::generate().unwrap();
    let mut nameless = leaf(&Wish::default());
    nameless.subject_alt_names.clear();
    let issuer_key = KeyPair::generate().unwrap();
    let authority = leaf(&Wish {
        names: vec!["Otoritas"],
        is_ca: IsCa::Ca(rcgen::BasicConstraints::Unconstrained),
        ..Wish::default()
    });
    let authority_pem = authority.self_signed(&issuer_key).unwrap().pem();
    let nameless = nameless.signed_by(&key, &Issuer::new(authority, issuer_key)).unwrap();
    refused(Code::CertificateNameForeign, &(nameless.pem() + &authority_pem), &key.serialize_pem());
}

#[test]
fn it_is_kept_for_the_owner_alone_and_checked_again() {
    let board = Board::new();
    let folder = board.path();
    assert!(SchoolCertificate::load(&folder, &BOX, today()).unwrap().is_none());
    SchoolCertificate::remove(&folder).unwrap();
    let (chain, key) = World::new().issue(&Wish::default());
    check(&chain, &key).unwrap().keep(&folder).unwrap();
    let path = folder.join("school.pem");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);

    let kept = SchoolCertificate::load(&folder, &BOX, today()).unwrap().unwrap();
    assert_eq!(kept.names, [NAME]);
    let later = Times { now: BUILT.plus(400 * DAY_MS), built: BUILT };
    let code = |result: Result<Option<SchoolCertificate>, Error>| result.unwrap_err().code;
    assert_eq!(code(SchoolCertificate::load(&folder, &BOX, later)), Code::CertificateExpired);
    assert_eq!(kept.is_current(later).unwrap_err().code, Code::CertificateExpired);
    assert_eq!(code(SchoolCertificate::load(&folder, &NAMES, today())), Code::CertificateNameForeign);

    let good = fs::read(&path).unwrap();
    fs::write(&path, &good[..good.len() / 2]).unwrap();
    SchoolCertificate::load(&folder, &BOX, today()).expect_err("half of it");
    fs::write(&path, [0xff; 90]).unwrap();
    assert_eq!(code(SchoolCertificate::load(&folder, &BOX, today())), Code::KeyFileDamaged);
    SchoolCertificate::remove(&folder).unwrap();
    assert!(!path.exists());
}

#[test]
fn nothing_printed_of_it_has_the_key() {
    let (chain, key) = World::new().issue(&Wish::default());
    let printed = format!("{:?}", check(&chain, &key).unwrap());
    assert_eq!(
        printed,
        r#"SchoolCertificate { names: ["kelas.sman1.sch.id"], issuer: "Dunia Menengah", .. }"#
    );
}

#[test]
fn it_serves_its_own_names_and_the_boxs_leaf_serves_the_rest() {
    let mut board = Board::new();
    let leaf = board.leaf(&NAMES, &["10.42.0.1"]).unwrap();
    let own = board.authority().unwrap().certificate_der().to_vec();
    let world = World::new();
    let (chain, key) = world.issue(&Wish::default());
    let resolver = Arc::new(LeafResolver::new(&leaf));
    let now = board.times.now;
    let served = |authority: &[u8], name| handshake(authority, &resolver, name, now).is_ok();

    assert!(!served(world.root.der(), NAME));
    resolver.swap_school(Some(Arc::new(check(&chain, &key).unwrap())));
    assert!(served(world.root.der(), NAME), "a device that trusts the world, nothing installed");
    assert!(served(&own, "10.42.0.1") && served(&own, "kelas.internal"), "the box's own");
    assert!(!served(world.root.der(), "kelas.internal"));
    resolver.swap_school(None);
    assert!(!served(world.root.der(), NAME));
    assert!(served(&own, "kelas.local"));
}
