//! What every file of `buildroot-overlay/` has to be.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use units::overlay;

/// Files whose format has no place for a comment.
const WITHOUT_COMMENT: [&str; 2] = ["etc/hostname", "etc/machine-id"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable"));
    let found = entries.flat_map(|entry| {
        let kind = entry.file_type().expect("readable");
        if kind.is_dir() {
            files(&entry.path())
        } else if kind.is_file() {
            vec![entry.path()]
        } else {
            vec![]
        }
    });
    found.collect()
}

fn programs() -> Vec<PathBuf> {
    files(&overlay().join("usr/lib/kelas"))
}

#[test]
fn every_file_begins_by_saying_why_it_exists() {
    for path in files(&overlay()) {
        let name = path.strip_prefix(overlay()).expect("below it").to_str().expect("text");
        let text = fs::read_to_string(&path).expect("text");
        let text = text.strip_prefix("#!/bin/sh\n").unwrap_or(&text);
        let says = text.starts_with("# ") || name == "usr/lib/clock-epoch";
        assert!(says != WITHOUT_COMMENT.contains(&name), "{name}");
    }
}

#[test]
fn every_program_is_one_for_the_cards_shell() {
    assert!(programs().len() > 5);
    for path in programs() {
        let name = path.display();
        let text = fs::read_to_string(&path).expect("text");
        assert!(text.starts_with("#!/bin/sh\n# ") && text.contains("\nset -eu\n"), "{name}");
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o111, 0o111, "{name}");
        for shell in [["busybox", "sh"], ["dash", "-n"]] {
            let parsed = Command::new(shell[0]).arg(shell[1]).arg("-n").arg(&path).output();
            let parsed = parsed.expect("the shell is installed");
            assert!(parsed.status.success(), "{name}: {}", String::from_utf8_lossy(&parsed.stderr));
        }
    }
}

#[test]
fn every_program_that_a_unit_starts_is_there() {
    let units = units::units();
    let started: Vec<&str> = units
        .iter()
        .flat_map(|unit| ["ExecStart", "ExecStop"].map(|key| unit.values(key)))
        .flatten()
        .filter_map(|line| line.split(' ').next())
        // The daemon's own, and a package's.
        .filter(|program| !["/usr/bin/kelasd", "/usr/sbin/dnsmasq"].contains(program))
        .collect();
    assert!(started.len() > 5);
    for program in started {
        assert!(overlay().join(&program[1..]).is_file(), "{program}");
    }
}

#[test]
fn nothing_offers_a_login() {
    for unit in [
        "getty@",
        "serial-getty@",
        "autovt@",
        "console-getty",
        "container-getty@",
        "debug-shell",
        "emergency",
        "rescue",
    ] {
        let link = overlay().join(format!("etc/systemd/system/{unit}.service"));
        assert_eq!(fs::read_link(link).expect("a link"), Path::new("/dev/null"), "{unit}");
    }
}
