//! Every datagram of `corpus/`, whose name begins with what becomes of it, then each of them
//! cut at every length and changed in every bit.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::fs;
use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE;
use stun::{Answer, Outcome, REPLY_BYTES, answer};

/// The corpus as name and datagram; lines that begin with `#` say what it is.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let corpus: Vec<_> = files
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let hex: String = text.lines().filter(|line| !line.starts_with('#')).collect();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).unwrap())
        })
        .collect();
    assert!(corpus.len() > 20);
    corpus
}

/// What becomes of `datagram`, as the corpus calls it, after checking what must always hold.
fn fate(datagram: &[u8]) -> &'static str {
    let mut out = [0; REPLY_BYTES];
    match answer(datagram, "192.168.10.20:50000".parse().unwrap(), &mut out) {
        Answer::Ignore(_) => "ignored",
        Answer::Reply(length, outcome) => {
            assert!(5 * length <= 16 * datagram.len(), "{length} bytes for {}", datagram.len());
            assert_eq!(datagram[..2], [0, 1], "only a Binding request is answered");
            assert_eq!(out[4..20], datagram[4..20], "with its transaction id");
            match outcome {
                Outcome::Success => "success",
                Outcome::UnknownAttributes => "unknown",
            }
        }
    }
}

#[test]
fn each_datagram_meets_the_fate_in_its_name() {
    for (name, datagram) in corpus() {
        assert_eq!(Some(fate(&datagram)), name.split('-').next(), "{name}");
    }
}

#[test]
fn each_request_cut_short_is_ignored() {
    for (name, datagram) in corpus().into_iter().filter(|(name, _)| !name.starts_with("ignored")) {
        for length in 0..datagram.len() {
            assert_eq!(fate(&datagram[..length]), "ignored", "{name} cut after {length} bytes");
        }
    }
}

#[test]
fn each_datagram_with_one_bit_changed_is_survived() {
    for (_, datagram) in corpus() {
        for bit in 0..8 * datagram.len() {
            let mut changed = datagram.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            fate(&changed);
        }
    }
}

#[test]
fn our_own_replies_are_never_answered() {
    for (_, datagram) in corpus() {
        let mut out = [0; REPLY_BYTES];
        if let Answer::Reply(length, _) = answer(&datagram, "[fd00::1]:50000".parse().unwrap(), &mut out) {
            assert_eq!(fate(&out[..length]), "ignored", "or two servers would talk forever");
        }
    }
}
