//! Whatever is wrong with a card is noted for the site and the console, and leaves a `/data` that
//! can be written.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use units::Card;

/// A file system on the data partition, and one on the first.
const FORMAT: &str = "truncate -s 8M /dev/vda7; mke2fs -q -t ext4 /dev/vda7";

/// Mounts as on a sound card, without a kernel that would mount files.
const MOUNTS: &str = "mount -t tmpfs firmware /boot/firmware; mount -t tmpfs /dev/vda7 /data";

const CHECK: &str = "/usr/lib/kelas/card";
const JUDGE: &str = "/usr/lib/kelas/data-fallback";

fn formatted() -> Card {
    let card = Card::new();
    card.add_partition(1);
    card.add_partition(7);
    card.succeeds(FORMAT);
    card
}

/// Where a link of the check leads to.
fn link(card: &Card, name: &str) -> Option<String> {
    let target = fs::read_link(card.path("run/kelas/card").join(name)).ok()?;
    Some(target.to_str().expect("text").to_owned())
}

#[test]
fn the_partitions_of_the_roots_own_disk_are_mounted() {
    let card = formatted();
    // A second card, in a reader.
    fs::create_dir_all(card.path("sys/devices/vdb/vdb7")).expect("an own root");
    fs::write(card.path("sys/devices/vdb/vdb7/partition"), "7\n").expect("an own root");
    card.succeeds(CHECK);
    assert_eq!(link(&card, "data").as_deref(), Some("/dev/vda7"));
    assert_eq!(link(&card, "firmware").as_deref(), Some("/dev/vda1"));
    assert_eq!(card.problems(), [""; 0]);
    assert_eq!(card.text("dev/kmsg"), "");
}

#[test]
fn what_a_power_cut_leaves_is_repaired() {
    let card = formatted();
    for damage in ["write /etc/hosts file", "sif file links_count 3", "ssv state 0"] {
        card.succeeds(&format!("debugfs -w -R '{damage}' /dev/vda7"));
    }
    let output = card.succeeds(CHECK);
    assert!(output.contains("ref count is 3, should be 1.  FIXED"), "{output}");
    assert_eq!(card.problems(), [""; 0]);
    assert!(link(&card, "data").is_some());
    card.succeeds("e2fsck -fn /dev/vda7");
}

#[test]
fn what_needs_a_decision_is_left_as_it_is() {
    let card = formatted();
    // A full megabyte: all copies of the superblock of a file system of this size, and more.
    for (from, count) in [(0, 1), (0, 8)] {
        card.succeeds(&format!(
            "dd if=/host/dev/urandom of=/dev/vda7 bs=1M seek={from} count={count} conv=notrunc"
        ));
        let before = fs::read(card.path("dev/vda7")).expect("a file");
        card.succeeds(&format!("rm -rf /run/kelas; {CHECK}"));
        assert_eq!(link(&card, "data"), None);
        assert_eq!(card.problems(), ["data-damaged"]);
        assert!(fs::read(card.path("dev/vda7")).expect("a file") == before, "not even a byte");
    }
}

#[test]
fn a_card_that_was_not_flashed_to_its_end_has_no_data_partition() {
    let card = Card::new();
    card.add_partition(1);
    card.succeeds(CHECK);
    assert_eq!(card.problems(), ["data-missing"]);
    card.succeeds(&format!(
        "{JUDGE}; echo kept >/data/file; grep -q '^kelas-data-fallback /data tmpfs rw' /proc/mounts"
    ));
    assert_eq!(card.problems(), ["boot-unreadable", "data-missing"]);
}

#[test]
fn a_sound_card_is_left_alone() {
    let card = formatted();
    card.succeeds(CHECK);
    for contents in [
        "true",
        "mkdir /data/lost+found",
        "mkdir /data/system",
        "mkdir /data/kelas; touch /data/else",
        "mkdir /data/system; echo 1 >/data/system/layout; touch /data/else",
    ] {
        card.succeeds(&format!("{MOUNTS}; {contents}; {JUDGE}; [ $(grep -c ' /data ' /proc/mounts) = 1 ]; grep -q '^/dev/vda7 /data ' /proc/mounts"));
        assert_eq!(card.problems(), [""; 0], "{contents}");
    }
}

#[test]
fn memory_stands_in_for_what_cannot_be_used() {
    let mount = "mount -t tmpfs firmware /boot/firmware";
    for (state, code) in [
        (mount.to_owned(), "data-damaged"),
        (format!("{MOUNTS}; mount -o remount,ro /data"), "data-damaged"),
        (format!("{MOUNTS}; touch /data/homework"), "data-foreign"),
        (format!("{MOUNTS}; touch /data/.hidden"), "data-foreign"),
        (format!("{MOUNTS}; mkdir -p /data/kelas /data/system; echo 2 >/data/system/layout"), "data-foreign"),
    ] {
        let card = formatted();
        card.succeeds(CHECK);
        card.succeeds(&format!("{state}; {JUDGE}; touch /data/file; ! grep /dev/vda7 /proc/mounts"));
        assert_eq!(card.problems(), [code], "{state}");
    }
}

#[test]
fn a_check_that_was_killed_is_a_damaged_card() {
    let card = formatted();
    card.replace("usr/sbin/e2fsck", "#!/bin/sh\nkill -9 $PPID\n");
    assert!(!card.run(CHECK).status.success());
    card.succeeds(&format!("mount -t tmpfs firmware /boot/firmware; {JUDGE}"));
    assert_eq!(card.problems(), ["data-damaged"]);
}

#[test]
fn a_problem_is_told_to_the_console_once() {
    let card = Card::new();
    let problem = "/usr/lib/kelas/problem data-full '3 KiB' are \u{1b}free";
    card.succeeds(&format!("{problem}; {problem}"));
    assert_eq!(card.text("run/kelas/problems/data-full"), "3 KiB are free\n");
    assert_eq!(card.text("dev/kmsg"), "<2>kelas: card: data-full: 3 KiB are free\n");
}

#[test]
fn a_kelas_toml_that_is_left_out_is_told_with_its_first_mistake() {
    let card = Card::new();
    fs::remove_file(card.path("usr/bin/kelasd")).expect("an own root");
    symlink(
        Path::new("/host").join(blackbox::binary().strip_prefix("/").expect("absolute")),
        card.path("usr/bin/kelasd"),
    )
    .expect("an own root");
    let settings = card.path("boot/firmware/kelas.toml");
    fs::write(&settings, "names = [\"kelas.test\"]\n").expect("an own root");
    card.succeeds("/usr/lib/kelas/settings");
    assert_eq!(card.problems(), [""; 0]);

    fs::write(&settings, "nmaes = 7\n[listen]\nhttp = \"nowhere\"\n").expect("an own root");
    card.succeeds("/usr/lib/kelas/settings; /usr/lib/kelas/settings");
    assert_eq!(card.problems(), ["settings-ignored"]);
    let mistake = "/boot/firmware/kelas.toml: nmaes: there is no such setting; did you mean names?\n";
    assert_eq!(card.text("run/kelas/problems/settings-ignored"), mistake);
    assert_eq!(card.text("dev/kmsg"), format!("<2>kelas: card: settings-ignored: {mistake}"), "once");

    // What keeps the daemon from starting is another matter.
    card.succeeds(
        "rm -r /run/kelas; mkdir -p /usr/share/kelas; echo 'demo = 7' >/usr/share/kelas/kelasd.toml",
    );
    card.succeeds("/usr/lib/kelas/settings");
    assert_eq!(card.problems(), [""; 0]);
}
