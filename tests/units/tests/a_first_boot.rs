//! The first boot fills the card and keeps a machine id, wherever power is cut.

use std::fs;
use std::os::unix::fs::symlink;

use units::Card;

/// Sectors of the larger card that the image was flashed to. All is smaller than in truth.
const SECTORS: u32 = 64 * 2048;
const FLASHED: &str = "label: dos\nlabel-id: 0x4b454c41\n\
    start=2048, size=2048, type=c\nstart=4096, size=2048, type=c\nstart=6144, size=2048, type=c\n\
    start=8192, size=16384, type=5\nstart=10240, size=2048, type=83\n\
    start=14336, size=2048, type=83\nstart=18432, size=4096, type=83\n";
const GROWN: &str = "8192 122880\n10240 2048\n14336 2048\n18432 112640\n";

/// The places of the partitions from the fourth on.
const TABLE: &str =
    "sfdisk --dump /dev/vda | sed -n 's/.*vda[4567] : start= *\\([0-9]*\\), size= *\\([0-9]*\\).*/\\1 \\2/p'";
const MOUNT: &str = "mount -t tmpfs /dev/vda7 /data";
const FIRSTBOOT: &str = "/usr/lib/kelas/firstboot";
const MADE_UP: &str = "0123456789abcdef0123456789abcdef";
const KEPT: &str = "fedcba9876543210fedcba9876543210";

fn flashed() -> Card {
    let card = Card::new();
    card.place_partition(7, 18432, 4096);
    fs::create_dir_all(card.path("run/kelas/card")).expect("an own root");
    fs::write(card.path("run/kelas/card/disk"), "/sys/devices/vda\n").expect("an own root");
    fs::write(card.path("dev/vda7"), "").expect("an own root");
    symlink("/dev/vda7", card.path("run/kelas/card/data")).expect("an own root");
    fs::write(card.path("sys/devices/vda/size"), format!("{SECTORS}\n")).expect("an own root");
    fs::write(card.path("etc/machine-id"), format!("{MADE_UP}\n")).expect("an own root");
    card.succeeds(&format!("truncate -s 64M /dev/vda; printf '{FLASHED}' | sfdisk --quiet /dev/vda"));
    card
}

#[test]
fn partition_and_file_system_fill_the_card() {
    let card = flashed();
    let output = card.succeeds(&format!("{MOUNT}; {FIRSTBOOT}"));
    assert!(output.contains("partition 7 grows from 2 to 55 MiB"), "{output}");
    assert_eq!(card.succeeds(TABLE), GROWN);
    assert_eq!(card.calls("partx"), ["--update --nr 7 /dev/vda"]);
    assert_eq!(card.calls("systemd-growfs"), ["/data"]);
    assert_eq!(card.problems(), [""; 0]);
}

#[test]
fn what_is_done_is_not_done_again() {
    let card = flashed();
    card.succeeds(&format!("{MOUNT}; {FIRSTBOOT}"));
    let before = fs::read(card.path("dev/vda")).expect("a file");
    card.replace(
        "usr/sbin/sfdisk",
        "#!/bin/sh\n[ \"$1\" = --dump ] && exec /host/usr/sbin/sfdisk \"$@\"\necho refused >&2; exit 1\n",
    );
    card.succeeds(&format!("{MOUNT}; {FIRSTBOOT}"));
    assert_eq!(card.problems(), [""; 0]);
    assert!(fs::read(card.path("dev/vda")).expect("a file") == before);
}

#[test]
fn a_table_that_is_not_ours_is_left_alone() {
    for (from, to) in
        [("0x4b454c41", "0x12345678"), ("type=5", "type=c"), ("start=18432, size=4096, type=83\n", "")]
    {
        let card = flashed();
        let table = FLASHED.replace(from, to);
        card.run(&format!("printf '{table}' | sfdisk --quiet /dev/vda"));
        let before = fs::read(card.path("dev/vda")).expect("a file");
        card.succeeds(&format!("{MOUNT}; {FIRSTBOOT}"));
        assert_eq!(card.problems(), ["data-not-grown"], "{to}");
        let after = fs::read(card.path("dev/vda")).expect("a file");
        assert!(after == before || from.starts_with("start"), "{to}");
    }
}

#[test]
fn a_card_no_larger_than_the_image_has_nothing_to_grow() {
    let card = flashed();
    fs::write(card.path("sys/devices/vda/size"), format!("{}\n", 8192 + 16384)).expect("an own root");
    card.succeeds(&format!("{MOUNT}; {FIRSTBOOT}; /usr/lib/kelas/grow-partitions /dev/vda 24576"));
    assert_eq!(card.problems(), [""; 0]);
    assert!(card.succeeds(TABLE).contains("18432 4096\n"));
}

#[test]
fn memory_in_the_place_of_the_partition_lets_nothing_grow() {
    let card = flashed();
    card.succeeds(&format!("mount -t tmpfs kelas-data-fallback /data; {FIRSTBOOT}"));
    assert_eq!(card.problems(), [""; 0]);
    assert!(card.succeeds(TABLE).contains("18432 4096\n"));
}

#[test]
fn the_first_machine_id_is_kept() {
    let card = flashed();
    let kept = card.succeeds(&format!(
        "{MOUNT}; {FIRSTBOOT} >&2; cat /data/system/machine-id /etc/machine-id /data/system/layout"
    ));
    assert_eq!(kept, format!("{MADE_UP}\n{MADE_UP}\n1\n"));
    let kept = card.succeeds(&format!(
        "{MOUNT}; mkdir /data/system; echo {KEPT} >/data/system/machine-id; {FIRSTBOOT} >&2
        cat /data/system/machine-id /etc/machine-id; readlink /run/log/journal/{KEPT}"
    ));
    assert_eq!(kept, format!("{KEPT}\n{KEPT}\n{MADE_UP}\n"));
    // What is not an id is replaced.
    let kept = card.succeeds(&format!(
        "{MOUNT}; mkdir /data/system; echo {KEPT}0 >/data/system/machine-id; {FIRSTBOOT} >&2
        cat /data/system/machine-id /etc/machine-id"
    ));
    assert_eq!(kept, format!("{MADE_UP}\n{MADE_UP}\n"));
}

#[test]
fn a_full_partition_is_told_and_stops_nothing() {
    let card = flashed();
    card.succeeds(&format!(
        "mount -t tmpfs -o size=64k /dev/vda7 /data; cat /dev/vda >/data/full || true; {FIRSTBOOT}"
    ));
    assert_eq!(card.problems(), ["data-full"]);
    let detail = card.text("run/kelas/problems/data-full");
    assert!(detail.contains("0 KiB of 64 are free"), "{detail}");
}

/// Cuts the power everywhere, and once more after that; each time the next boot has to finish: on a
/// new card, and on one that has a machine id. Prints how often it was cut, and every state that is
/// not the end.
const CUTS: &str = r#"
cp /dev/vda /flashed
mount -t tmpfs /dev/vda7 /data
state() {
  sfdisk --dump /dev/vda | sed -n 's/.*start=//p'
  cat /data/system/machine-id /data/system/layout /etc/machine-id
  ls /run/kelas/problems 2>/dev/null || true
}
power_off() {
  while grep -q ' /etc/machine-id ' /proc/mounts; do umount /etc/machine-id; done
  rm -rf /run/log
}
new() { rm -rf /data/system; }
known() { mkdir -p -m 0700 /data/system; rm -f /data/system/*; echo "$kept" >/data/system/machine-id; }
cut_everywhere() {
  $1; cp /flashed /dev/vda
  /usr/lib/kelas/firstboot >/dev/null
  state >/expected
  ended=no
  count=0
  while [ $ended = no ]; do
    power_off
    $1; cp /flashed /dev/vda
    count=$((count + 1))
    if cut_at $count /usr/lib/kelas/firstboot; then ended=yes; fi
    power_off
    sfdisk --dump /dev/vda >/dev/null || echo "cut $count left no partition table"
    /usr/lib/kelas/firstboot >/dev/null
    state >/now
    cmp -s /now /expected || { echo "$1, cut $count:"; cat /now; }
  done
  power_off
  cuts=$((cuts + count))
}
cuts=0
cut_everywhere new
cut_everywhere known
echo "$cuts cuts"
"#;

#[test]
fn a_first_boot_that_was_cut_anywhere_is_finished_by_the_next() {
    let card = flashed();
    let commands = "sfdisk partx mv sync mount ln cat sed mkdir df tail grep expr";
    let cuts = card.cut_everywhere(commands, &format!("kept={KEPT}; {CUTS}"));
    assert!(cuts >= 30, "only {cuts} commands were seen");
}
